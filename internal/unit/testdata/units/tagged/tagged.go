// Package tagged is one package or another by build tags.
package tagged

import "units/store"

func Leak(s *store.Store, stop bool) error {
	tx, err := begin(s)
	if err != nil || stop {
		return err
	}
	return tx.Commit()
}
