package generic

import (
	"units/iface"
	"units/store"
)

func Into(b store.Box[*store.Handle]) *store.Handle { return b.V }

func Of[T store.Finisher](t T) []T { return []T{t} }

func Unit(u iface.Unit) { _ = u.Rollback() }

func Piece(u iface.Unit) map[string]iface.Unit { return map[string]iface.Unit{"": u} }

func Leak(s iface.Source, stop bool) error {
	u, err := s.Begin()
	if err != nil {
		return err
	}
	if stop {
		return nil
	}
	return u.Commit()
}
