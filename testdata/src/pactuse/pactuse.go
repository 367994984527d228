// Package pactuse works on the interfaces of pact alone: nothing that it imports leads
// to a library of transactions.
package pactuse

import "txcases/pact"

// A Service writes names.
type Service struct{ Storage pact.Storage }

// Write has a defer.
func (s *Service) Write(name string) error {
	tx, err := s.Storage.Begin()
	if err != nil {
		return err
	}
	defer drop(tx)
	if err := tx.Put(name); err != nil {
		return err
	}
	return tx.Commit()
}

// Forget has none.
func (s *Service) Forget(name string) error {
	tx, err := s.Storage.Begin()
	if err != nil {
		return err
	}
	if err := tx.Put(name); err != nil {
		return err // want `return leaves transaction tx open`
	}
	return tx.Commit()
}

// Start begins for its caller.
func (s *Service) Start() (pact.Tx, error) { return s.Storage.Begin() }

func drop(tx pact.Tx) { _ = tx.Rollback() }

// Fill ends the unit that it begins.
func Fill(u pact.Unit) error {
	if err := u.Begin(); err != nil {
		return err
	}
	if err := u.Put("ink"); err != nil {
		_ = u.Rollback()
		return err
	}
	return u.Commit()
}

// FillForgets does not always.
func FillForgets(u pact.Unit) error {
	if err := u.Begin(); err != nil {
		return err
	}
	if err := u.Put("ink"); err != nil {
		return err // want `return leaves transaction u open`
	}
	return u.Commit()
}

// Sell ends what the shop has begun.
func Sell(s pact.Shop) error {
	tx, err := s.BeginTx()
	if err != nil {
		return err
	}
	defer tx.RollbackTx()
	if err := tx.Put("ink"); err != nil {
		return err
	}
	return tx.CommitTx()
}

// SellForgets does not always.
func SellForgets(s pact.Shop) error {
	tx, err := s.BeginTx()
	if err != nil {
		return err
	}
	if err := tx.Put("ink"); err != nil {
		return err // want `return leaves transaction tx open`
	}
	return tx.CommitTx()
}
