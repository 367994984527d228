// Package vendored gets to a library through a vendored module of a vendored module.
package vendored

import "example.com/store"

func Leak(s *store.Store, stop bool) error {
	tx, err := s.Open()
	if err != nil || stop {
		return err
	}
	s.Shut(tx)
	return nil
}
