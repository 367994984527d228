package databasesql

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
)

// LengthTwice asks twice whether there is work.
func (c Cases) LengthTwice(ids []int) (err error) {
	var tx *sql.Tx
	if len(ids) > 0 {
		if tx, err = c.p.DB.Begin(); err != nil {
			return err
		}
	}
	c.p.Choose()
	if len(ids) > 0 {
		return tx.Commit()
	}
	return nil
}

// LengthApart asks two questions that are not the same.
func (c Cases) LengthApart(ids []int) (err error) {
	var tx *sql.Tx
	if len(ids) > 0 {
		if tx, err = c.p.DB.Begin(); err != nil {
			return err
		}
	}
	if len(ids) > 1 {
		return tx.Commit()
	}
	return nil // want `return leaves transaction tx open`
}

// options of a run.
type options struct {
	write bool
	retry int
}

// FieldTwice reads a field of a parameter twice.
func (c Cases) FieldTwice(write bool) error {
	return c.fieldTwice(options{write: write})
}

func (c Cases) fieldTwice(o options) (err error) {
	var tx *sql.Tx
	if o.write {
		if tx, err = c.p.DB.Begin(); err != nil {
			return err
		}
	}
	if _, err = c.p.DB.Exec("SELECT 1"); err != nil && !o.write {
		return err
	}
	if o.write {
		return tx.Commit()
	}
	return nil
}

// FieldTurned asks for the opposite the second time.
func (c Cases) FieldTurned(write bool) error {
	return c.fieldTurned(options{write: write})
}

func (c Cases) fieldTurned(o options) (err error) {
	var tx *sql.Tx
	if o.write {
		if tx, err = c.p.DB.Begin(); err != nil {
			return err
		}
	}
	if !o.write {
		return nil
	}
	if _, err = tx.Exec("SELECT 1"); err != nil {
		return err // want `return leaves transaction tx open`
	}
	return tx.Commit()
}

// FlagInStruct keeps its flag in a struct.
func (c Cases) FlagInStruct() error {
	var state struct{ done bool }
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	defer func() {
		if !state.done {
			_ = tx.Rollback()
		}
	}()
	if _, err := tx.Exec("SELECT 1"); err != nil {
		return err
	}
	state.done = true
	return tx.Commit()
}

// FlagByClosure lets a function literal raise the flag.
func (c Cases) FlagByClosure() error {
	done := false
	commit := func(tx *sql.Tx) error {
		done = true
		return tx.Commit()
	}
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	defer func() {
		if !done {
			_ = tx.Rollback()
		}
	}()
	if _, err := tx.Exec("SELECT 1"); err != nil {
		return err
	}
	return commit(tx)
}

// ErrByClosure lets one assign the error.
func (c Cases) ErrByClosure() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	exec := func(query string) {
		if err == nil {
			_, err = tx.Exec(query)
		}
	}
	exec("UPDATE a SET n = 1")
	exec("UPDATE b SET n = 1")
	if err != nil {
		_ = tx.Rollback()
		return err
	}
	return tx.Commit()
}

// ErrByClosureForgotten forgets the rollback after it.
func (c Cases) ErrByClosureForgotten() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	exec := func(query string) {
		if err == nil {
			_, err = tx.Exec(query)
		}
	}
	exec("UPDATE a SET n = 1")
	exec("UPDATE b SET n = 1")
	if err != nil {
		return err // want `return leaves transaction tx open`
	}
	return tx.Commit()
}

// NotBoth negates a conjunction.
func (c Cases) NotBoth(a, b bool) error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	if !(a && b) {
		_ = tx.Rollback()
	}
	if a && b {
		return tx.Commit()
	}
	return nil
}

// NotEither leaves out the case of one.
func (c Cases) NotEither(a, b bool) error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	if !(a || b) {
		_ = tx.Rollback()
	}
	if a && b {
		return tx.Commit()
	}
	return nil // want `return leaves transaction tx open`
}

// MappedErr gives the Begin's error more words before it tests it.
func (c Cases) MappedErr() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		err = fmt.Errorf("begin: %w", err)
	}
	if err != nil {
		return err
	}
	return tx.Commit()
}

// ElseScope keeps the transaction in the scope of an if.
func (c Cases) ElseScope() error {
	if tx, err := c.p.DB.Begin(); err != nil {
		return err
	} else if _, err = tx.Exec("SELECT 1"); err != nil {
		_ = tx.Rollback()
		return err
	} else if err = tx.Commit(); err != nil {
		return err
	}
	return nil
}

// ElseScopeFalls falls out of the scope with the transaction open.
func (c Cases) ElseScopeFalls() error {
	if tx, err := c.p.DB.Begin(); err != nil {
		return err
	} else if _, err = tx.Exec("SELECT 1"); err == nil {
		return tx.Commit()
	}
	return nil // want `return leaves transaction tx open`
}

// BeginInPost begins in the head of a for.
func (c Cases) BeginInPost() {
	for tx, err := c.p.DB.Begin(); err == nil; tx, err = c.p.DB.Begin() {
		if tx.Commit() != nil {
			break
		}
	}
}

// CheckedContext looks at its context between two statements.
func (c Cases) CheckedContext(ctx context.Context) error {
	tx, err := c.p.DB.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	select {
	case <-ctx.Done():
		_ = tx.Rollback()
		return ctx.Err() // not reached
	default:
	}
	return tx.Commit()
}

// Sentinel knows more than one kind of success.
func (c Cases) Sentinel() (int, error) {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return 0, err
	}
	defer func() {
		if err != nil && !errors.Is(err, sql.ErrNoRows) {
			_ = tx.Rollback()
		}
	}()
	var n int
	err = tx.QueryRow("SELECT n FROM stock").Scan(&n)
	if errors.Is(err, sql.ErrNoRows) {
		return 0, nil // want `return leaves transaction tx open`
	}
	if err != nil {
		return 0, err
	}
	err = tx.Commit()
	return n, err
}

// JoinedCommit keeps the first of two errors.
func (c Cases) JoinedCommit() (err error) {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	defer func() {
		if e := tx.Commit(); err == nil {
			err = e
		}
	}()
	_, err = tx.Exec("SELECT 1")
	return err
}

// FirstRoundOnly begins in the first round of a loop and commits after it.
func (c Cases) FirstRoundOnly(ids []int) error {
	var tx *sql.Tx
	for _, id := range ids {
		if tx == nil {
			var err error
			if tx, err = c.p.DB.Begin(); err != nil {
				return err
			}
			defer tx.Rollback()
		}
		if _, err := tx.Exec("DELETE FROM items WHERE id = ?", id); err != nil {
			return err
		}
	}
	if tx == nil {
		return nil
	}
	return tx.Commit()
}

// FirstRoundOnlyOpen does so and forgets the error.
func (c Cases) FirstRoundOnlyOpen(ids []int) error {
	var tx *sql.Tx
	for _, id := range ids {
		if tx == nil {
			var err error
			if tx, err = c.p.DB.Begin(); err != nil {
				return err
			}
		}
		if _, err := tx.Exec("DELETE FROM items WHERE id = ?", id); err != nil {
			return err // want `return leaves transaction tx open`
		}
	}
	if tx == nil {
		return nil
	}
	return tx.Commit()
}

// Chunks commits every second row and the rest after the loop.
func (c Cases) Chunks(ids []int) (err error) {
	var tx *sql.Tx
	for i, id := range ids {
		if tx == nil {
			if tx, err = c.p.DB.Begin(); err != nil {
				return err
			}
		}
		if _, err = tx.Exec("DELETE FROM items WHERE id = ?", id); err != nil {
			_ = tx.Rollback()
			return err
		}
		if i%2 == 1 {
			if err = tx.Commit(); err != nil {
				return err
			}
			tx = nil
		}
	}
	if tx != nil {
		return tx.Commit()
	}
	return nil
}

// AskedOutside has a literal with a transaction of its own, whose condition the function
// around it has tested: in the literal nothing is known of that.
func (c Cases) AskedOutside(dry bool) error {
	run := func(n int) (err error) {
		var tx *sql.Tx
		if n > 0 {
			if tx, err = c.p.DB.Begin(); err != nil {
				return err
			}
		}
		if dry {
			return nil /* limit L23 invents */ // want `return leaves transaction tx open`
		}
		return tx.Commit()
	}
	if dry {
		return run(0)
	}
	return run(1)
}

// AskedOnce has a literal that is called once, with what the function around it has tested, and
// writes the variable itself.
func (c Cases) AskedOnce() error {
	_, err := c.p.DB.Exec("SELECT 1")
	if err != nil {
		return err
	}
	run := func() error {
		tx, e := c.p.DB.Begin()
		if e != nil {
			return e
		}
		if err != nil {
			return err // not reached
		}
		_, err = tx.Exec("DELETE FROM items")
		if err != nil {
			return errors.Join(err, tx.Rollback())
		}
		return tx.Commit()
	}
	return run()
}

// AskedEachTime calls it again, after it has written the variable.
func (c Cases) AskedEachTime() error {
	_, err := c.p.DB.Exec("SELECT 1")
	if err != nil {
		return err
	}
	run := func() error {
		tx, e := c.p.DB.Begin()
		if e != nil {
			return e
		}
		if err != nil {
			return err // want `return leaves transaction tx open`
		}
		_, err = tx.Exec("DELETE FROM items")
		if err != nil {
			return errors.Join(err, tx.Rollback())
		}
		return tx.Commit()
	}
	for range 2 {
		_ = run()
	}
	return nil
}

// Narrowed commits unless the number fills a byte to the brim.
func (c Cases) Narrowed() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	for _, n := range []int{255, 256} {
		if n == 256 && uint8(n) != 0 {
			return errStock // not reached
		}
	}
	return tx.Commit()
}

// WrapsAround goes below zero.
func (c Cases) WrapsAround() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	var n uint8
	if n--; n < 255 {
		return errStock // not reached
	}
	return tx.Commit()
}

// WrapsAroundForgets takes the wrapped number for the one below zero.
func (c Cases) WrapsAroundForgets() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	var n uint8
	if n--; n == 255 {
		return errStock // want `return leaves transaction tx open`
	}
	return tx.Commit() // not reached
}
