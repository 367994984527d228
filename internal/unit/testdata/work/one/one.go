// Package one is of a module that has the other one from the workspace.
package one

import "example.com/two"

func Leak(s *two.Store, stop bool) error {
	tx, err := s.Open()
	if err != nil || stop {
		return err
	}
	return tx.Commit()
}
