package quay

import (
	"txcases/quay/berth"
	"txcases/quay/ropes"
)

// Handles that are passed by value, and functions that a third package has made.

// HoldsValue commits by a method of a value.
func (c Cases) HoldsValue() error {
	s, err := berth.Open(c.p.DB)
	if err != nil {
		return err
	}
	defer s.Close()
	if err := s.Touch(); err != nil {
		return err
	}
	return s.Commit()
}

// HoldsValueForgets does nothing where it fails.
func (c Cases) HoldsValueForgets() error {
	s, err := berth.Open(c.p.DB)
	if err != nil {
		return err
	}
	if err := s.Touch(); err != nil {
		return err // want `return leaves transaction s open`
	}
	return s.Commit()
}

// HoldsDeps passes a struct that leads to it.
func (c Cases) HoldsDeps() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	return berth.End(berth.Deps{Name: "all", Unit: &berth.Unit{Tx: tx}})
}

// HoldsBegun ends it by functions of a third package.
func (c Cases) HoldsBegun() error {
	tx, commit, undo, err := berth.Begin(c.p.DB)
	if err != nil {
		return err
	}
	if err := touch(tx); err != nil {
		undo()
		return err
	}
	return commit()
}

// HoldsUndoable has one function for it.
func (c Cases) HoldsUndoable() error {
	tx, undo, err := berth.Undoable(c.p.DB)
	if err != nil {
		return err
	}
	if c.p.Choose() {
		return errFull // want `return leaves transaction tx open`
	}
	defer undo()
	if err := touch(tx); err != nil {
		return err
	}
	return tx.Commit()
}

// HoldsDone has it called by a third package.
func (c Cases) HoldsDone() error {
	tx, done, err := berth.Start(c.p.DB)
	if err != nil {
		return err
	}
	return ropes.Done(done, touch(tx))
}
