package databasesql

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
)

// ShadowedErr declares a new err in an if: the deferred function never sees it.
func (c Cases) ShadowedErr(id int) error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_ = tx.Rollback()
		}
	}()
	if _, err := tx.Exec("UPDATE users SET seen = 1 WHERE id = ?", id); err != nil {
		return err // want `return leaves transaction tx open`
	}
	err = tx.Commit()
	return err
}

// OuterErr assigns to the err that the deferred function reads.
func (c Cases) OuterErr(id int) error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_ = tx.Rollback()
		}
	}()
	if _, err = tx.Exec("UPDATE users SET seen = 1 WHERE id = ?", id); err != nil {
		return err
	}
	err = tx.Commit()
	return err
}

// NamedErr returns through the named result, which shadowing cannot hide.
func (c Cases) NamedErr(id int) (err error) {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_ = tx.Rollback()
		}
	}()
	if _, err := tx.Exec("UPDATE users SET seen = 1 WHERE id = ?", id); err != nil {
		return fmt.Errorf("mark user %d: %w", id, err)
	}
	return tx.Commit()
}

// NamedErrNil returns nil early, which the deferred function takes for success.
func (c Cases) NamedErrNil(id int) (err error) {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_ = tx.Rollback()
		}
	}()
	res, err := tx.Exec("UPDATE users SET seen = 1 WHERE id = ?", id)
	if err != nil {
		return err
	}
	if n, _ := res.RowsAffected(); n == 0 {
		return nil // want `return leaves transaction tx open`
	}
	return tx.Commit()
}

// NamedErrNilCommits does the same where the deferred function commits.
func (c Cases) NamedErrNilCommits(id int) (err error) {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_ = tx.Rollback()
		} else {
			err = tx.Commit()
		}
	}()
	res, err := tx.Exec("UPDATE users SET seen = 1 WHERE id = ?", id)
	if err != nil {
		return err
	}
	if n, _ := res.RowsAffected(); n == 0 {
		return nil
	}
	return nil
}

// OtherError returns an error that is not in err.
func (c Cases) OtherError() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_ = tx.Rollback()
		}
	}()
	var stock int
	if err = tx.QueryRow("SELECT stock FROM items FOR UPDATE").Scan(&stock); err != nil {
		return err
	}
	if stock == 0 {
		return errStock // want `return leaves transaction tx open`
	}
	err = tx.Commit()
	return err
}

// OtherErrorAssigned puts it there first.
func (c Cases) OtherErrorAssigned() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_ = tx.Rollback()
		}
	}()
	var stock int
	if err = tx.QueryRow("SELECT stock FROM items FOR UPDATE").Scan(&stock); err != nil {
		return err
	}
	if stock == 0 {
		err = errStock
		return err
	}
	err = tx.Commit()
	return err
}

// SecondName keeps the second error in a variable of its own.
func (c Cases) SecondName(ctx context.Context) error {
	tx, err := c.p.DB.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_ = tx.Rollback()
		}
	}()
	_, err = tx.ExecContext(ctx, "DELETE FROM carts")
	if err != nil {
		return err
	}
	_, auditErr := tx.ExecContext(ctx, "INSERT INTO audit (what) VALUES ('carts')")
	if auditErr != nil {
		return auditErr // want `return leaves transaction tx open`
	}
	err = tx.Commit()
	return err
}

// ResetErr clears err after it was handled.
func (c Cases) ResetErr() (err error) {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_ = tx.Rollback()
		}
	}()
	var name string
	err = tx.QueryRow("SELECT name FROM users").Scan(&name)
	if errors.Is(err, sql.ErrNoRows) {
		err = nil
		return // want `return leaves transaction tx open`
	}
	if err != nil {
		return
	}
	err = tx.Commit()
	return
}

// KeptErr leaves it as it is.
func (c Cases) KeptErr() (err error) {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_ = tx.Rollback()
		}
	}()
	var name string
	err = tx.QueryRow("SELECT name FROM users").Scan(&name)
	if errors.Is(err, sql.ErrNoRows) {
		return
	}
	if err != nil {
		return
	}
	err = tx.Commit()
	return
}

// BeginFails holds nothing when its Begin failed.
func (c Cases) BeginFails() error {
	tx, err := c.p.DB.Begin()
	if err == nil {
		return tx.Commit()
	}
	return err
}

// WrongWayRound tests the error the wrong way round.
func (c Cases) WrongWayRound() error {
	tx, err := c.p.DB.Begin()
	if err == nil {
		return nil // want `return leaves transaction tx open`
	}
	_ = tx
	return err
}

// JoinedErr wraps the error of the Begin before it tests it.
func (c Cases) JoinedErr() error {
	tx, err := c.p.DB.Begin()
	begun := err
	if begun != nil {
		return fmt.Errorf("begin: %w", begun)
	}
	_, err = tx.Exec("DELETE FROM sessions")
	if err != nil {
		return errors.Join(err, tx.Rollback())
	}
	return tx.Commit()
}

// StaleErr tests the Begin's error again after err has become another's.
func (c Cases) StaleErr() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	_, err = tx.Exec("DELETE FROM sessions")
	if err != nil {
		return err // want `return leaves transaction tx open`
	}
	return tx.Commit()
}

// CommitFailed has nothing left to end.
func (c Cases) CommitFailed() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	if err := tx.Commit(); err != nil {
		return fmt.Errorf("commit: %w", err)
	}
	return nil
}

// DeferredByValue gives the deferred function the err of the moment.
func (c Cases) DeferredByValue() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	defer func(err error) {
		if err != nil {
			_ = tx.Rollback()
		}
	}(err)
	if _, err = tx.Exec("DELETE FROM sessions"); err != nil {
		return err // want `return leaves transaction tx open`
	}
	return tx.Commit()
}

// DeferredByPointer gives it the place where err lives.
func (c Cases) DeferredByPointer() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	defer func(err *error) {
		if *err != nil {
			_ = tx.Rollback()
		}
	}(&err)
	if _, err = tx.Exec("DELETE FROM sessions"); err != nil {
		return err
	}
	err = tx.Commit()
	return err
}

// DoneAlready rolls back what failed, unless that is over.
func (c Cases) DoneAlready() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	_, err = tx.Exec("DELETE FROM sessions")
	if err == nil {
		err = tx.Commit()
	} else if !errors.Is(err, sql.ErrTxDone) {
		_ = tx.Rollback()
	}
	return err
}

// DoneAlreadySwitch asks with a switch.
func (c Cases) DoneAlreadySwitch() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	switch _, err = tx.Exec("DELETE FROM sessions"); err {
	case nil:
		return tx.Commit()
	case sql.ErrTxDone:
	default:
		_ = tx.Rollback()
	}
	return err
}

// DoneInverted rolls back only what is over.
func (c Cases) DoneInverted() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	if _, err = tx.Exec("DELETE FROM sessions"); err != nil {
		if errors.Is(err, sql.ErrTxDone) {
			_ = tx.Rollback()
		}
		return err // want `return leaves transaction tx open`
	}
	return tx.Commit()
}

// A takenError says that there is such a row.
type takenError struct{ key string }

func (e *takenError) Error() string { return e.key + " is taken" } // not reached

// TakenTwice asks for the type of an error with two variables.
func (c Cases) TakenTwice() (err error) {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	defer func() {
		var taken *takenError
		if err != nil && !errors.As(err, &taken) {
			_ = tx.Rollback()
		}
	}()
	err = touch(tx)
	var taken *takenError
	if errors.As(err, &taken) {
		_ = tx.Rollback()
		return err // not reached
	}
	if err != nil {
		return err
	}
	return tx.Commit()
}

// TakenOther asks for another type in the end.
func (c Cases) TakenOther() (err error) {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	defer func() {
		var other interface{ Timeout() bool }
		if errors.As(err, &other) {
			_ = tx.Rollback()
		}
	}()
	err = touch(tx)
	var taken *takenError
	if errors.As(err, &taken) {
		_ = tx.Rollback()
		return err // not reached
	}
	if err != nil {
		return err // want `return leaves transaction tx open`
	}
	return tx.Commit()
}

// TakenWrapped asks again when it has said more.
func (c Cases) TakenWrapped(id int) error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	err = touch(tx)
	if errors.Is(err, sql.ErrConnDone) {
		_ = tx.Rollback()
	}
	if err != nil {
		err = fmt.Errorf("item %d: %w", id, err)
		if !errors.Is(err, sql.ErrConnDone) {
			_ = tx.Rollback()
		}
		return err
	}
	return tx.Commit()
}

// TakenHidden says more in a way that nobody can ask for.
func (c Cases) TakenHidden(id int) error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	err = touch(tx)
	if err != nil && !errors.Is(err, sql.ErrConnDone) {
		err = fmt.Errorf("item %d: %v", id, err)
		if errors.Is(err, sql.ErrNoRows) {
			_ = tx.Rollback()
		}
		return err // want `return leaves transaction tx open`
	}
	if err != nil {
		_ = tx.Rollback()
		return err // not reached
	}
	return tx.Commit()
}
