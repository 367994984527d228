package databasesql

import (
	"context"
	"database/sql"
)

// What begins in the arms of a branch, and is checked behind it.

// ArmsForget begins in one of two ways, and checks once.
func (c Cases) ArmsForget(ctx context.Context, reads bool) error {
	var tx *sql.Tx
	var err error
	if reads {
		tx, err = c.p.DB.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	} else {
		tx, err = c.p.DB.BeginTx(ctx, nil)
	}
	if err != nil {
		return err
	}
	if err := touch(tx); err != nil {
		return err // want `return leaves transaction tx open` `return leaves transaction tx open`
	}
	return tx.Commit()
}

// ArmsEnd rolls back.
func (c Cases) ArmsEnd(ctx context.Context, reads bool) error {
	var tx *sql.Tx
	var err error
	if reads {
		tx, err = c.p.DB.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	} else {
		tx, err = c.p.DB.BeginTx(ctx, nil)
	}
	if err != nil {
		return err
	}
	if err := touch(tx); err != nil {
		_ = tx.Rollback()
		return err
	}
	return tx.Commit()
}

// CasesForget does so in a switch.
func (c Cases) CasesForget(ctx context.Context, mode int) (err error) {
	var tx *sql.Tx
	switch mode {
	case 0:
		tx, err = c.p.DB.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
	case 1:
		tx, err = c.p.DB.BeginTx(ctx, nil)
	default:
		return errStock // not reached
	}
	if err != nil {
		return err
	}
	if err := touch(tx); err != nil {
		return err // want `return leaves transaction tx open` `return leaves transaction tx open`
	}
	return tx.Commit()
}

// ArmWithout begins in one of three ways, one of which is none.
func (c Cases) ArmWithout(mode int) (err error) {
	var tx *sql.Tx
	switch mode {
	case 0:
		tx, err = c.p.DB.Begin()
	case 1:
		if c.p.Choose() {
			break
		}
		tx, err = c.p.DB.Begin()
	default:
		return errStock // not reached
	}
	if err != nil {
		return err
	}
	if tx != nil && touch(tx) != nil {
		return errStock // want `return leaves transaction tx open` `return leaves transaction tx open`
	}
	if tx == nil {
		return nil
	}
	return tx.Commit()
}
