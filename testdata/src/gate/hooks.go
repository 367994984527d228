package gate

import (
	"database/sql"
	"errors"
	"fmt"
	"io"
)

// Hooks that see the transaction on its way, and makers of what works in it.

// logged is a hook, which LogTo replaces.
var logged = func(conn any, text string) { fmt.Fprintln(io.Discard, conn, text) }

// LogTo sends the log of statements elsewhere.
func LogTo(log func(conn any, text string)) { logged = log }

// Logged tells a hook of the transaction.
func (c Cases) Logged() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	logged(tx, "begin")
	if err := touch(tx); err != nil {
		_ = tx.Rollback()
		return err
	}
	return tx.Commit()
}

// LoggedForgets goes on with it, and nothing ends it.
func (c Cases) LoggedForgets() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	logged(tx, "begin")
	return touch(tx) // want `return leaves transaction tx open`
}

// A planner plans within a transaction.
type planner interface{ plan() error }

type tables struct{ tx *sql.Tx }

func (t *tables) plan() error { return touch(t.tx) }

// A dialect makes planners.
type dialect interface {
	open(tx *sql.Tx) (planner, error)
}

type strict struct{}

func (strict) open(tx *sql.Tx) (planner, error) {
	if err := touch(tx); err != nil {
		return nil, err
	}
	return &tables{tx}, nil
}

type lenient struct{}

func (lenient) open(tx *sql.Tx) (planner, error) { return &tables{tx}, nil }

type migration struct {
	dialect dialect
	planner planner
}

func (m *migration) run(db *sql.DB) (err error) {
	tx, err := db.Begin()
	if err != nil {
		return err
	}
	if m.planner, err = m.dialect.open(tx); err != nil {
		return errors.Join(err, tx.Rollback())
	}
	if err := m.planner.plan(); err != nil {
		return errors.Join(err, tx.Rollback())
	}
	return tx.Commit()
}

func (m *migration) runForgets(db *sql.DB) (err error) {
	tx, err := db.Begin()
	if err != nil {
		return err
	}
	if m.planner, err = m.dialect.open(tx); err != nil {
		return err // want `return leaves transaction tx open`
	}
	if err := m.planner.plan(); err != nil {
		return errors.Join(err, tx.Rollback())
	}
	return tx.Commit()
}

func (c Cases) migration() *migration {
	m := &migration{dialect: lenient{}}
	if c.p.Choose() {
		m.dialect = strict{}
	}
	return m
}

// Planned keeps what has been made for the transaction in a field.
func (c Cases) Planned() error { return c.migration().run(c.p.DB) }

// PlannedForgets leaves it open where there is nothing to keep.
func (c Cases) PlannedForgets() error { return c.migration().runForgets(c.p.DB) }

// A keeper is given a transaction, and ends it when it is told how the work went.
type keeper interface {
	Attach(tx *sql.Tx)
	End(err error) error
}

type oneKeeper struct{ tx *sql.Tx }

func (k *oneKeeper) Attach(tx *sql.Tx) { k.tx = tx }

func (k *oneKeeper) End(err error) error {
	if err != nil {
		return errors.Join(err, k.tx.Rollback())
	}
	return k.tx.Commit()
}

type countingKeeper struct {
	oneKeeper
	n int
}

func (k *countingKeeper) Attach(tx *sql.Tx) { k.tx, k.n = tx, k.n+1 }

func attach(db *sql.DB, k keeper) error {
	tx, err := db.Begin()
	if err != nil {
		return err
	}
	k.Attach(tx)
	return k.End(touch(tx))
}

// Attached gives the transaction away, and uses it before the other one ends it.
func (c Cases) Attached() error {
	if c.p.Choose() {
		return attach(c.p.DB, &countingKeeper{})
	}
	return attach(c.p.DB, &oneKeeper{})
}

// serving has what is told of a transaction, and what ends the one that was told of.
type serving struct {
	tell func(tx *sql.Tx)
	end  func(err error) error
}

func (s *serving) run(db *sql.DB) error {
	tx, err := db.Begin()
	if err != nil {
		return err
	}
	s.tell(tx)
	return s.end(touch(tx))
}

// Served ends it by another function of the object that has been told of it.
func (c Cases) Served() error {
	k := &oneKeeper{}
	return (&serving{tell: k.Attach, end: k.End}).run(c.p.DB)
}

// A starter starts to work within a transaction, which it ends if it cannot.
type starter interface {
	start(tx *sql.Tx) (planner, error)
}

func (strict) start(tx *sql.Tx) (planner, error) {
	if err := touch(tx); err != nil {
		return nil, errors.Join(err, tx.Rollback())
	}
	return &tables{tx}, nil
}

func (lenient) start(tx *sql.Tx) (planner, error) { return &tables{tx}, nil }

type started struct {
	starter starter
	planner planner
}

func (s *started) run(db *sql.DB) (err error) {
	tx, err := db.Begin()
	if err != nil {
		return err
	}
	if s.planner, err = s.starter.start(tx); err != nil {
		return err
	}
	if err := s.planner.plan(); err != nil {
		return errors.Join(err, tx.Rollback())
	}
	return tx.Commit()
}

// Started leaves a failure to those that it starts by.
func (c Cases) Started() error {
	if c.p.Choose() {
		return (&started{starter: strict{}}).run(c.p.DB)
	}
	return (&started{starter: lenient{}}).run(c.p.DB)
}

// A sheet is closed by who has asked for it, also where that has failed.
type sheet struct{ tx *sql.Tx }

func (s *sheet) Close() error { return s.tx.Rollback() }

func newSheet(tx *sql.Tx) (*sheet, error) { return &sheet{tx}, touch(tx) }

type writer struct {
	open  func(tx *sql.Tx) (*sheet, error)
	sheet *sheet
}

func (w *writer) begin(db *sql.DB) error {
	tx, err := db.Begin()
	if err != nil {
		return err
	}
	if w.sheet, err = w.open(tx); err != nil {
		return errors.Join(err, w.sheet.Close())
	}
	return nil
}

// Sheeted closes what comes beside an error.
func (c Cases) Sheeted() error {
	w := &writer{open: newSheet}
	if err := w.begin(c.p.DB); err != nil {
		return err
	}
	return w.sheet.Close()
}

// outcomes has what is told how a transaction went, which ends it.
type outcomes struct {
	onError    func(tx *sql.Tx, err error) error
	onComplete func(tx *sql.Tx) error
}

func (o *outcomes) run(db *sql.DB) error {
	tx, err := db.Begin()
	if err != nil {
		return err
	}
	if err := touch(tx); err != nil {
		return o.onError(tx, err)
	}
	return o.onComplete(tx)
}

func (o *outcomes) runTwice(db *sql.DB) error {
	tx, err := db.Begin()
	if err != nil {
		return err
	}
	if err := touch(tx); err != nil {
		return err // want `return leaves transaction tx open`
	}
	if err := touch(tx); err != nil {
		return o.onError(tx, err)
	}
	return o.onComplete(tx)
}

func (c Cases) outcomes() *outcomes {
	return &outcomes{
		onError:    func(tx *sql.Tx, err error) error { return errors.Join(err, tx.Rollback()) },
		onComplete: (*sql.Tx).Commit,
	}
}

// ToldOutcome has functions that end it, of which one is named like an end.
func (c Cases) ToldOutcome() error { return c.outcomes().run(c.p.DB) }

// ToldOutcomeOnce tells nobody of the first failure.
func (c Cases) ToldOutcomeOnce() error { return c.outcomes().runTwice(c.p.DB) }

func (o *outcomes) runOwn(db *sql.DB) error {
	tx, err := db.Begin()
	if err != nil {
		return err
	}
	if err := touch(tx); err != nil {
		return o.onError(tx, err) // want `return leaves transaction tx open`
	}
	return tx.Commit()
}

// ToldFailure ends it itself where nothing has failed.
func (c Cases) ToldFailure() error {
	return (&outcomes{onError: func(_ *sql.Tx, err error) error { return err }}).runOwn(c.p.DB)
}

// observed tells its observers of a transaction, the last of which ends it.
type observed struct{ observers []func(tx *sql.Tx, err error) }

func (o *observed) run(db *sql.DB) error {
	tx, err := db.Begin()
	if err != nil {
		return err
	}
	err = touch(tx)
	for _, tell := range o.observers {
		tell(tx, err)
	}
	return err
}

func (o *observed) runHasty(db *sql.DB) error {
	tx, err := db.Begin()
	if err != nil {
		return err
	}
	if err := touch(tx); err != nil {
		return err // want `return leaves transaction tx open`
	}
	for _, tell := range o.observers {
		tell(tx, nil)
	}
	return nil
}

func (o *observed) runItself(db *sql.DB) error {
	tx, err := db.Begin()
	if err != nil {
		return err
	}
	if err = touch(tx); err == nil {
		err = tx.Commit()
	}
	for _, tell := range o.observers {
		tell(tx, err)
	}
	return err // want `return leaves transaction tx open`
}

func (c Cases) observed() *observed {
	return &observed{[]func(*sql.Tx, error){
		func(_ *sql.Tx, err error) { logged(err, "observed") },
		func(tx *sql.Tx, err error) {
			if err != nil {
				_ = tx.Rollback()
			} else {
				_ = tx.Commit()
			}
		},
	}}
}

// Observed leaves the end to those that it tells.
func (c Cases) Observed() error { return c.observed().run(c.p.DB) }

// ObservedHasty tells nobody of a failure.
func (c Cases) ObservedHasty() error { return c.observed().runHasty(c.p.DB) }

// ObservedItself ends it itself at times.
func (c Cases) ObservedItself() error { return (&observed{}).runItself(c.p.DB) }
