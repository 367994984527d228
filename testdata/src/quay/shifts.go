package quay

import (
	"context"

	"txcases/quay/shift"
)

// Shifted ends with the shift.
func (c Cases) Shifted(ctx context.Context) error {
	s := shift.Start(ctx)
	defer s.Leave()
	tx, err := c.p.DB.BeginTx(s.Within(), nil)
	if err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, "UPDATE berths SET n = 1"); err != nil {
		return err
	}
	return tx.Commit()
}

// ShiftedItself is begun with the shift.
func (c Cases) ShiftedItself(ctx context.Context) error {
	s := shift.Start(ctx)
	defer func() { s.Leave() }()
	tx, err := c.p.DB.BeginTx(s, nil)
	if err != nil {
		return err
	}
	if _, err := tx.ExecContext(s, "UPDATE berths SET n = 1"); err != nil {
		return err
	}
	return tx.Commit()
}

// ShiftedOutside is begun with another context.
func (c Cases) ShiftedOutside(ctx context.Context) error {
	s := shift.Start(ctx)
	defer s.Leave()
	tx, err := c.p.DB.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	if _, err := tx.ExecContext(s.Within(), "UPDATE berths SET n = 1"); err != nil {
		return err // want `return leaves transaction tx open`
	}
	return tx.Commit()
}

// ShiftedNever leaves no shift.
func (c Cases) ShiftedNever(ctx context.Context) error {
	s := shift.Start(ctx)
	s.Rename("night")
	tx, err := c.p.DB.BeginTx(s.Within(), nil)
	if err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, "UPDATE berths SET n = 1"); err != nil {
		return err // want `return leaves transaction tx open`
	}
	return tx.Commit()
}
