package databasesql

import (
	"database/sql"
	"errors"
	"log"
	"sync"
)

// Functions here end their transactions as the house does: by its helper, by what has begun
// them, or by what they have deferred further down.

// closeTx is the house's own: what is over already is no news.
func closeTx(tx *sql.Tx) {
	if err := tx.Rollback(); err != nil && !errors.Is(err, sql.ErrTxDone) {
		log.Print("close transaction: ", err)
	}
}

// HouseCloses defers it.
func (c Cases) HouseCloses() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	defer closeTx(tx)
	if c.p.Choose() {
		return errStock
	}
	return tx.Commit()
}

// HouseForgets does not.
func (c Cases) HouseForgets() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	if c.p.Choose() {
		return errStock // want `return leaves transaction tx open`
	}
	return tx.Commit()
}

// prepare begins, and yields what ends the transaction beside it.
func prepare(db *sql.DB) (tx *sql.Tx, commit func() error, rollback func(), err error) {
	tx, err = db.Begin()
	if err != nil {
		return nil, nil, nil, err
	}
	return tx, tx.Commit, func() { _ = tx.Rollback() }, nil
}

// HousePrepares defers what it has got.
func (c Cases) HousePrepares() error {
	tx, commit, rollback, err := prepare(c.p.DB)
	if err != nil {
		return err
	}
	defer rollback()
	if err := touch(tx); err != nil {
		return err
	}
	return commit()
}

// HousePreparesLate does so too late.
func (c Cases) HousePreparesLate() error {
	tx, commit, rollback, err := prepare(c.p.DB)
	if err != nil {
		return err
	}
	if c.p.Choose() {
		return errStock // want `return leaves transaction tx open`
	}
	// What is not committed is undone.
	defer rollback()
	if err := touch(tx); err != nil {
		return err
	}
	return commit()
}

// HousePreparesNameless has no name for the transaction itself.
func (c Cases) HousePreparesNameless() error {
	_, commit, rollback, err := prepare(c.p.DB)
	if err != nil {
		return err
	}
	if c.p.Choose() {
		return errStock // want `return leaves transaction commit open`
	}
	defer rollback()
	if c.p.Choose() {
		return errStock
	}
	return commit()
}

// open begins, and yields what is told by an error how to end.
func open(db *sql.DB) (*sql.Tx, func(*error), error) {
	tx, err := db.Begin()
	if err != nil {
		return nil, nil, err
	}
	return tx, func(err *error) {
		if *err != nil {
			_ = tx.Rollback()
			return
		}
		*err = tx.Commit()
	}, nil
}

// HouseTells tells of its error.
func (c Cases) HouseTells() (err error) {
	tx, end, err := open(c.p.DB)
	if err != nil {
		return err
	}
	defer end(&err)
	return touch(tx)
}

// HouseTellsLate fails before it does.
func (c Cases) HouseTellsLate() (err error) {
	tx, end, err := open(c.p.DB)
	if err != nil {
		return err
	}
	if c.p.Choose() {
		return sql.ErrNoRows // want `return leaves transaction tx open`
	}
	defer end(&err)
	return touch(tx)
}

// HouseTellsOfNothing is done before it does: nobody has asked for a commit there.
func (c Cases) HouseTellsOfNothing() (err error) {
	tx, end, err := open(c.p.DB)
	if err != nil {
		return err
	}
	if c.p.Choose() {
		return nil // want `return leaves transaction tx open`
	}
	defer end(&err)
	return touch(tx)
}

// rollbackInto adds what goes wrong to an error.
func rollbackInto(tx *sql.Tx, err *error) {
	if failed := tx.Rollback(); failed != nil && !errors.Is(failed, sql.ErrTxDone) {
		*err = errors.Join(*err, failed)
	}
}

// HouseJoinsLate defers it too late.
func (c Cases) HouseJoinsLate() (err error) {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	if c.p.Choose() {
		return errStock // want `return leaves transaction tx open`
	}
	defer rollbackInto(tx, &err)
	return tx.Commit()
}

// HouseJoins defers it in time.
func (c Cases) HouseJoins() (err error) {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	defer rollbackInto(tx, &err)
	if c.p.Choose() {
		return errStock
	}
	return tx.Commit()
}

// HouseUnlocksLate lets go of more there than it has got hold of before.
func (c Cases) HouseUnlocksLate() error {
	var mu sync.Mutex
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	if c.p.Choose() {
		return errStock // want `return leaves transaction tx open`
	}
	mu.Lock()
	defer func() {
		_ = tx.Rollback()
		mu.Unlock()
	}()
	if err := touch(tx); err != nil {
		return err
	}
	return tx.Commit()
}

// A till is closed by others, and rolled back by itself.
type till struct{ tx *sql.Tx }

func openTill(db *sql.DB) (*till, error) {
	tx, err := db.Begin()
	if err != nil {
		return nil, err
	}
	return &till{tx}, nil
}

func (t *till) Commit() error { return t.tx.Commit() }

func (t *till) Close() error { return t.rollback() }

func (t *till) rollback() error { return t.tx.Rollback() }

// HouseTill closes it.
func (c Cases) HouseTill() error {
	t, err := openTill(c.p.DB)
	if err != nil {
		return err
	}
	defer t.Close()
	if c.p.Choose() {
		return errStock
	}
	return t.Commit()
}

// HouseTillLeft closes it on one way only.
func (c Cases) HouseTillLeft() error {
	t, err := openTill(c.p.DB)
	if err != nil {
		return err
	}
	if err := touch(t.tx); err != nil {
		_ = t.Close()
		return err
	}
	if c.p.Choose() {
		return errStock // want `return leaves transaction t open`
	}
	return t.Commit()
}

// A guarded transaction is ended under its lock.
type guarded struct {
	mu sync.Mutex
	tx *sql.Tx
}

func guard(db *sql.DB) (*guarded, error) {
	tx, err := db.Begin()
	if err != nil {
		return nil, err
	}
	return &guarded{tx: tx}, nil
}

func (g *guarded) Commit() error { return g.tx.Commit() }

// Close is for everybody, rollback for who has the lock.
func (g *guarded) Close() error {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.rollback()
}

func (g *guarded) rollback() error { return g.tx.Rollback() }

// HouseGuards closes it.
func (c Cases) HouseGuards() error {
	g, err := guard(c.p.DB)
	if err != nil {
		return err
	}
	defer g.Close()
	if c.p.Choose() {
		return errStock
	}
	return g.Commit()
}

// HouseGuardsNot closes it on one way only.
func (c Cases) HouseGuardsNot() error {
	g, err := guard(c.p.DB)
	if err != nil {
		return err
	}
	if err := touch(g.tx); err != nil {
		_ = g.Close()
		return err
	}
	if c.p.Choose() {
		return errStock // want `return leaves transaction g open`
	}
	return g.Commit()
}

// HouseLocks ends the transaction under the lock that it has begun it under.
func (c Cases) HouseLocks() (*sql.Tx, func(), error) {
	var mu sync.Mutex
	mu.Lock()
	tx, err := c.p.DB.Begin()
	if err != nil {
		mu.Unlock()
		return nil, nil, err
	}
	if err := touch(tx); err != nil {
		_ = tx.Rollback()
		mu.Unlock()
		return nil, nil, err
	}
	return tx, mu.Unlock, nil
}

// HouseUnlocks gives back nothing but the lock.
func (c Cases) HouseUnlocks() (*sql.Tx, func(), error) {
	var mu sync.Mutex
	mu.Lock()
	tx, err := c.p.DB.Begin()
	if err != nil {
		mu.Unlock()
		return nil, nil, err
	}
	if err := touch(tx); err != nil {
		mu.Unlock()
		return nil, nil, err // want `return leaves transaction tx open`
	}
	return tx, mu.Unlock, nil
}

// join begins where nobody has.
func join(db *sql.DB, tx *sql.Tx) (*sql.Tx, bool, error) {
	if tx != nil {
		return tx, false, nil
	}
	tx, err := db.Begin()
	if err != nil {
		return nil, false, err
	}
	return tx, true, nil
}

func (c Cases) joined(outer *sql.Tx) error {
	tx, own, err := join(c.p.DB, outer)
	if err != nil {
		return err
	}
	if err := touch(tx); err != nil {
		if own {
			_ = tx.Rollback()
		}
		return err
	}
	if c.p.Choose() {
		return errStock // want `return leaves transaction tx open`
	}
	if own {
		return tx.Commit()
	}
	return nil
}

// HouseJoinsNobody is alone.
func (c Cases) HouseJoinsNobody() error { return c.joined(nil) }

// HouseJoinsIn is in a transaction of its caller's.
func (c Cases) HouseJoinsIn() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	defer closeTx(tx)
	if err := c.joined(tx); err != nil {
		return err
	}
	if err := touch(tx); err != nil {
		return err
	}
	return tx.Commit()
}
