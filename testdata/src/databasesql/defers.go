package databasesql

import (
	"database/sql"
	"errors"
	"log"
)

// DeferBeforeBegin registers a closure over a variable that Begin sets later.
func (c Cases) DeferBeforeBegin() (err error) {
	var tx *sql.Tx
	defer func() {
		if tx != nil {
			_ = tx.Rollback()
		}
	}()
	if _, err = c.p.DB.Exec("SELECT 1"); err != nil {
		return err
	}
	tx, err = c.p.DB.Begin()
	if err != nil {
		return err
	}
	if _, err = tx.Exec("DELETE FROM carts"); err != nil {
		return err
	}
	return tx.Commit()
}

// DeferBeforeOther closes over the wrong one of two variables.
func (c Cases) DeferBeforeOther() (err error) {
	var old *sql.Tx
	defer func() {
		if old != nil {
			_ = old.Rollback()
		}
	}()
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	if _, err = tx.Exec("DELETE FROM carts"); err != nil {
		return err // want `return leaves transaction tx open`
	}
	return tx.Commit()
}

// DeferredFilter rolls back, and speaks up unless it was done already.
func (c Cases) DeferredFilter() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	defer func() {
		if err := tx.Rollback(); err != nil && !errors.Is(err, sql.ErrTxDone) {
			log.Printf("rollback: %v", err)
		}
	}()
	if _, err := tx.Exec("DELETE FROM carts"); err != nil {
		return err
	}
	return tx.Commit()
}

// DeferredLog only talks about it.
func (c Cases) DeferredLog() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			log.SetPrefix("not rolled back ")
		}
	}()
	if _, err = tx.Exec("DELETE FROM carts"); err != nil {
		return err // want `return leaves transaction tx open`
	}
	return tx.Commit()
}

// DeferredCommit commits whatever happens.
func (c Cases) DeferredCommit() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	defer tx.Commit()
	_, err = tx.Exec("DELETE FROM carts")
	return err
}

// BoundRollback keeps the method value and defers that.
func (c Cases) BoundRollback() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	rollback := tx.Rollback
	defer rollback()
	_, err = tx.Exec("DELETE FROM carts")
	if err != nil {
		return err
	}
	return tx.Commit()
}

// BoundNeverCalled keeps it and forgets it.
func (c Cases) BoundNeverCalled() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	rollback := tx.Rollback
	_, err = tx.Exec("DELETE FROM carts")
	if err != nil {
		_ = rollback
		return err // want `return leaves transaction tx open`
	}
	return tx.Commit()
}

// BoundCalled calls the method value on the way out.
func (c Cases) BoundCalled() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	rollback := tx.Rollback
	_, err = tx.Exec("DELETE FROM carts")
	if err != nil {
		return errors.Join(err, rollback())
	}
	return tx.Commit()
}

// MethodExpression calls Rollback as a function of the transaction.
func (c Cases) MethodExpression() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	defer (*sql.Tx).Rollback(tx)
	end := (*sql.Tx).Commit
	if _, err = tx.Exec("DELETE FROM carts"); err != nil {
		return err
	}
	return end(tx)
}

// ChosenEnd picks the method to call at the end.
func (c Cases) ChosenEnd() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	end := tx.Commit
	if _, err := tx.Exec("DELETE FROM carts"); err != nil {
		end = tx.Rollback
	}
	return end()
}

// LocalFinisher names its rollback.
func (c Cases) LocalFinisher() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	fail := func(err error) error {
		_ = tx.Rollback()
		return err
	}
	if _, err := tx.Exec("DELETE FROM carts"); err != nil {
		return fail(err)
	}
	if _, err := tx.Exec("DELETE FROM orders"); err != nil {
		return fail(err)
	}
	return tx.Commit()
}

// LocalFinisherUnused goes round it once.
func (c Cases) LocalFinisherUnused() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	fail := func(err error) error {
		_ = tx.Rollback()
		return err
	}
	if _, err := tx.Exec("DELETE FROM carts"); err != nil {
		return fail(err)
	}
	if _, err := tx.Exec("DELETE FROM orders"); err != nil {
		return err // want `return leaves transaction tx open`
	}
	return tx.Commit()
}

// LastInFirstOut has a deferred function that changes what the next one reads.
func (c Cases) LastInFirstOut() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	done := false
	defer func() {
		if done {
			_ = tx.Rollback()
		}
	}()
	defer func() { done = true }()
	_, err = tx.Exec("DELETE FROM carts")
	return err
}

// FirstInFirstOut has them the other way round.
func (c Cases) FirstInFirstOut() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	done := false
	defer func() { done = true }()
	defer func() {
		if done {
			_ = tx.Rollback()
		}
	}()
	_, err = tx.Exec("DELETE FROM carts")
	return err // want `return leaves transaction tx open`
}

// CommitInDefer decides by the named result, both ways.
func (c Cases) CommitInDefer() (n int64, err error) {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return 0, err
	}
	defer func() {
		switch err {
		case nil:
			err = tx.Commit()
		default:
			_ = tx.Rollback()
		}
	}()
	res, err := tx.Exec("DELETE FROM carts")
	if err != nil {
		return 0, err
	}
	return res.RowsAffected()
}

// CommitInDeferOnly decides one way.
func (c Cases) CommitInDeferOnly() (n int64, err error) {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return 0, err
	}
	defer func() {
		if err == nil {
			err = tx.Commit()
		}
	}()
	res, err := tx.Exec("DELETE FROM carts")
	if err != nil {
		return 0, err // want `return leaves transaction tx open`
	}
	return res.RowsAffected() // want `return leaves transaction tx open`
}

// DeferInBlock is deferred on one branch and not needed on the other.
func (c Cases) DeferInBlock(write bool) error {
	if write {
		tx, err := c.p.DB.Begin()
		if err != nil {
			return err
		}
		defer tx.Rollback()
		if _, err := tx.Exec("DELETE FROM carts"); err != nil {
			return err
		}
		if err := tx.Commit(); err != nil {
			return err
		}
	}
	_, err := c.p.DB.Exec("SELECT 1")
	return err
}

// NestedLiteral rolls back two functions deep.
func (c Cases) NestedLiteral() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	defer func() {
		func() {
			_ = tx.Rollback()
		}()
	}()
	_, err = tx.Exec("DELETE FROM carts")
	return err
}

// BeginInLiteral opens in a function literal what the function around it ends.
func (c Cases) BeginInLiteral() error {
	var tx *sql.Tx
	open := func() (err error) {
		tx, err = c.p.DB.Begin()
		return err
	}
	if err := open(); err != nil {
		return err
	}
	if _, err := tx.Exec("DELETE FROM carts"); err != nil {
		_ = tx.Rollback()
		return err
	}
	return tx.Commit()
}

// LiteralReturns forgets the rollback inside a function literal.
func (c Cases) LiteralReturns() error {
	clear := func() error {
		tx, err := c.p.DB.Begin()
		if err != nil {
			return err
		}
		if _, err := tx.Exec("DELETE FROM carts"); err != nil {
			return err // want `return leaves transaction tx open`
		}
		return tx.Commit()
	}
	return clear()
}

// LateForgets defers the rollback below the first way out.
func (c Cases) LateForgets() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	if err := touch(tx); err != nil {
		return err // want `return leaves transaction tx open`
	}
	defer tx.Rollback()
	if c.p.Choose() {
		return errStock
	}
	return tx.Commit()
}

// LateOther defers that of another one there.
func (c Cases) LateOther() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	if c.p.Choose() {
		return errStock // want `return leaves transaction tx open`
	}
	if err := tx.Commit(); err != nil {
		return err
	}
	if tx, err = c.p.DB.Begin(); err != nil {
		return err
	}
	defer tx.Rollback()
	return touch(tx)
}

// LoopedHooks defers what is told of a failure, and tells it on.
func (c Cases) LoopedHooks() error {
	return c.hooked([]func(error) error{
		func(err error) error { return err },
		func(err error) error { return errors.Join(err, nil) },
	})
}

func (c Cases) hooked(hooks []func(error) error) (err error) {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_ = tx.Rollback()
		}
	}()
	for _, hook := range hooks {
		defer func() { err = hook(err) }()
	}
	if err := touch(tx); err != nil {
		return err
	}
	return tx.Commit()
}

// LoopedNotes defers what takes the failure back.
func (c Cases) LoopedNotes(notes []string) (err error) {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_ = tx.Rollback()
		}
	}()
	for _, note := range notes {
		defer func() {
			log.Print(note, err)
			err = nil
		}()
	}
	if err := touch(tx); err != nil {
		return err // want `return leaves transaction tx open`
	}
	return tx.Commit()
}
