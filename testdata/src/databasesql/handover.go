package databasesql

import (
	"context"
	"database/sql"
	"errors"
	"sync"
)

// Returned gives the transaction to its caller.
func (c Cases) Returned(ctx context.Context) (*sql.Tx, error) {
	tx, err := c.p.DB.BeginTx(ctx, nil)
	if err != nil {
		return nil, err
	}
	if _, err := tx.ExecContext(ctx, "SET LOCAL lock_timeout = '1s'"); err != nil {
		_ = tx.Rollback()
		return nil, err
	}
	return tx, nil
}

// ReturnedOrLost gives it to the caller, except when it fails itself.
func (c Cases) ReturnedOrLost(ctx context.Context) (*sql.Tx, error) {
	tx, err := c.p.DB.BeginTx(ctx, nil)
	if err != nil {
		return nil, err
	}
	if _, err := tx.ExecContext(ctx, "SET LOCAL lock_timeout = '1s'"); err != nil {
		return nil, err // want `return leaves transaction tx open`
	}
	return tx, nil
}

// ReturnedStraight returns the results of Begin as they are.
func (c Cases) ReturnedStraight() (*sql.Tx, error) {
	return c.p.DB.Begin()
}

// unit is a transaction and what was done in it.
type unit struct {
	tx   *sql.Tx
	done []string
}

// end rolls the unit back.
func (u *unit) end() error { return u.tx.Rollback() }

// Wrapped returns it inside a struct.
func (c Cases) Wrapped() (*unit, error) {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return nil, err
	}
	return &unit{tx: tx}, nil
}

// settings are copied, and then hold a transaction.
type settings struct {
	tx    *sql.Tx
	quiet bool
	log   func(string)
}

type client struct{ settings }

// WrappedInCopy puts the transaction into a copy of a struct.
func (c Cases) WrappedInCopy() (*client, error) {
	parent := &client{settings{quiet: true}}
	return c.derive(parent)
}

func (c Cases) derive(parent *client) (*client, error) {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return nil, err
	}
	own := parent.settings
	own.tx = tx
	return &client{settings: own}, nil
}

// WrappedInCopyLost returns a copy that was made too early.
func (c Cases) WrappedInCopyLost() (*client, error) {
	return c.deriveLost(&client{settings{quiet: true}})
}

func (c Cases) deriveLost(parent *client) (*client, error) {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return nil, err
	}
	own := parent.settings
	early := own
	own.tx = tx
	return &client{settings: early}, nil // want `return leaves transaction tx open`
}

// WrappedTooLate fails before there is a struct.
func (c Cases) WrappedTooLate() (*unit, error) {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return nil, err
	}
	if _, err := tx.Exec("SELECT 1"); err != nil {
		return nil, err // want `return leaves transaction tx open`
	}
	u := &unit{}
	u.tx = tx
	return u, nil
}

// WrappedHere wraps it in a struct that nobody else sees.
func (c Cases) WrappedHere() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	u := unit{tx: tx}
	if _, err := u.tx.Exec("SELECT 1"); err != nil {
		return err // want `return leaves transaction tx open`
	}
	return u.tx.Commit()
}

// WrappedHereEnds ends it through the struct.
func (c Cases) WrappedHereEnds() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	u := unit{tx: tx}
	if _, err := u.tx.Exec("SELECT 1"); err != nil {
		_ = u.tx.Rollback()
		return err
	}
	return tx.Commit()
}

// FieldFromBegin has Begin store straight into the struct.
func (c Cases) FieldFromBegin() (err error) {
	var u unit
	u.tx, err = c.p.DB.Begin()
	if err != nil {
		return err
	}
	defer u.end()
	_, err = u.tx.Exec("SELECT 1")
	return err
}

// ReturnedClosure returns the function that ends it.
func (c Cases) ReturnedClosure() (done func() error, err error) {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return nil, err
	}
	return func() error { return tx.Commit() }, nil
}

// ReturnedBound returns its Rollback.
func (c Cases) ReturnedBound() (*sql.Tx, func() error, error) {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return nil, nil, err
	}
	return tx, tx.Rollback, nil
}

// Queued sends it to a worker.
func (c Cases) Queued() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	if _, err := tx.Exec("SELECT 1"); err != nil {
		_ = tx.Rollback()
		return err
	}
	queue <- tx
	return nil
}

// QueuedOrLost does not send what failed.
func (c Cases) QueuedOrLost() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	if _, err := tx.Exec("SELECT 1"); err != nil {
		return err // want `return leaves transaction tx open`
	}
	queue <- tx
	return nil
}

// Kept puts it into a map that outlives the call.
func (c Cases) Kept(name string) error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	kept[name] = tx
	return nil
}

// KeptOrLost does not keep what has no name.
func (c Cases) KeptOrLost(name string) error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	if name == "" {
		return errStock // want `return leaves transaction tx open`
	}
	kept[name] = tx
	return nil
}

// Collected returns several at once.
func (c Cases) Collected() ([]*sql.Tx, error) {
	a, err := c.p.DB.Begin()
	if err != nil {
		return nil, err
	}
	b, err := c.p.DB.Begin()
	if err != nil {
		_ = a.Rollback()
		return nil, err
	}
	return []*sql.Tx{a, b}, nil
}

// CollectedHalf forgets the first when the second fails.
func (c Cases) CollectedHalf() ([]*sql.Tx, error) {
	a, err := c.p.DB.Begin()
	if err != nil {
		return nil, err
	}
	b, err := c.p.DB.Begin()
	if err != nil {
		return nil, err // want `return leaves transaction a open`
	}
	return []*sql.Tx{a, b}, nil
}

// Background gives it to a goroutine that ends it.
func (c Cases) Background() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	go func() {
		if _, err := tx.Exec("SELECT 1"); err != nil {
			_ = tx.Rollback()
			return
		}
		_ = tx.Commit()
	}()
	return nil
}

// BackgroundUse lends it to a goroutine and ends it after that.
func (c Cases) BackgroundUse() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	var wg sync.WaitGroup
	wg.Add(1)
	go func() {
		defer wg.Done()
		_, _ = tx.Exec("SELECT 1")
	}()
	wg.Wait()
	return tx.Commit()
}

// BackgroundUseOnly lends it to a goroutine and ends it nowhere.
func (c Cases) BackgroundUseOnly() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	var wg sync.WaitGroup
	wg.Add(1)
	go func() {
		defer wg.Done()
		_, _ = tx.Exec("SELECT 1")
	}()
	wg.Wait()
	if c.p.Choose() {
		return errLocked // want `return leaves transaction tx open`
	}
	return tx.Commit()
}

// execer is what a repository needs.
type execer interface {
	Exec(query string, args ...any) (sql.Result, error)
}

// repo works on whatever it is given.
type repo struct{ db execer }

// add writes one row.
func (r repo) add(name string) error {
	_, err := r.db.Exec("INSERT INTO names (name) VALUES (?)", name)
	return err
}

// note only uses the transaction.
func note(tx *sql.Tx, what string) error {
	_, err := tx.Exec("INSERT INTO audit (what) VALUES (?)", what)
	return err
}

// Lent lends it to a function, which ends nothing.
func (c Cases) Lent() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	if err := note(tx, "lent"); err != nil {
		return err // want `return leaves transaction tx open`
	}
	return tx.Commit()
}

// LentEnds takes it back and ends it.
func (c Cases) LentEnds() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	if err := note(tx, "lent"); err != nil {
		return errors.Join(err, tx.Rollback())
	}
	return tx.Commit()
}

// LentToRepo lends it to a value that dies with the call.
func (c Cases) LentToRepo() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	names := repo{db: tx}
	if err := names.add("lent"); err != nil {
		return err // want `return leaves transaction tx open`
	}
	return tx.Commit()
}
