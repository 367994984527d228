package databasesql

import (
	"database/sql"
	"log"
)

// Committed rolls back unless a flag says that it has committed.
func (c Cases) Committed() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	committed := false
	defer func() {
		if !committed {
			_ = tx.Rollback()
		}
	}()
	if _, err := tx.Exec("INSERT INTO orders DEFAULT VALUES"); err != nil {
		return err
	}
	if err := tx.Commit(); err != nil {
		return err
	}
	committed = true
	return nil
}

// CommittedTooEarly raises the flag before there is anything to be proud of.
func (c Cases) CommittedTooEarly() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	committed := false
	defer func() {
		if !committed {
			_ = tx.Rollback()
		}
	}()
	committed = true
	if _, err := tx.Exec("INSERT INTO orders DEFAULT VALUES"); err != nil {
		return err // want `return leaves transaction tx open`
	}
	return tx.Commit()
}

// NeedsRollback lowers a flag when there is nothing to roll back any more.
func (c Cases) NeedsRollback() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	needsRollback := true
	defer func() {
		if needsRollback {
			_ = tx.Rollback()
		}
	}()
	if _, err := tx.Exec("INSERT INTO orders DEFAULT VALUES"); err != nil {
		return err
	}
	needsRollback = false
	return tx.Commit()
}

// OwnTx begins under a condition and ends under the same.
func (c Cases) OwnTx(own bool) error {
	var tx *sql.Tx
	var err error
	if own {
		if tx, err = c.p.DB.Begin(); err != nil {
			return err
		}
	}
	_, err = c.p.DB.Exec("UPDATE stock SET n = n - 1")
	if own {
		if err != nil {
			_ = tx.Rollback()
			return err
		}
		return tx.Commit()
	}
	return err
}

// OwnTxForgotten returns the error before it looks at the condition again.
func (c Cases) OwnTxForgotten(own bool) error {
	var tx *sql.Tx
	var err error
	if own {
		if tx, err = c.p.DB.Begin(); err != nil {
			return err
		}
	}
	_, err = c.p.DB.Exec("UPDATE stock SET n = n - 1")
	if err != nil {
		return err // want `return leaves transaction tx open`
	}
	if own {
		return tx.Commit()
	}
	return nil
}

// NilGuard ends the transaction if there is one.
func (c Cases) NilGuard(wanted bool) (err error) {
	var tx *sql.Tx
	if wanted {
		tx, err = c.p.DB.Begin()
		if err != nil {
			return err
		}
	}
	if tx != nil {
		_, err = tx.Exec("UPDATE stock SET n = n - 1")
		if err != nil {
			_ = tx.Rollback()
			return err
		}
	}
	if tx != nil {
		return tx.Commit()
	}
	return nil
}

// NilGuardTurned has the guard the wrong way round.
func (c Cases) NilGuardTurned(wanted bool) (err error) {
	var tx *sql.Tx
	if wanted {
		tx, err = c.p.DB.Begin()
		if err != nil {
			return err
		}
	}
	if tx == nil {
		return nil
	}
	_, err = tx.Exec("UPDATE stock SET n = n - 1")
	if err != nil && tx == nil {
		_ = tx.Rollback()
	}
	if err != nil {
		return err // want `return leaves transaction tx open`
	}
	return tx.Commit()
}

// HandleInsteadOfErr knows a failed Begin by its nil handle.
func (c Cases) HandleInsteadOfErr() bool {
	tx, _ := c.p.DB.Begin()
	if tx == nil {
		return false
	}
	defer tx.Rollback()
	_, err := tx.Exec("UPDATE stock SET n = n - 1")
	return err == nil && tx.Commit() == nil
}

// ShortCircuit commits only if nothing failed before it.
func (c Cases) ShortCircuit() bool {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return false
	}
	_, err = tx.Exec("UPDATE stock SET n = n - 1")
	return err == nil && tx.Commit() == nil // want `return leaves transaction tx open`
}

// ShortCircuitEnds rolls back on the other side.
func (c Cases) ShortCircuitEnds() bool {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return false
	}
	_, err = tx.Exec("UPDATE stock SET n = n - 1")
	return err == nil && tx.Commit() == nil || tx.Rollback() == nil
}

// BothMustFail rolls back only if both fail.
func (c Cases) BothMustFail() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	_, err1 := tx.Exec("UPDATE stock SET n = n - 1")
	_, err2 := tx.Exec("UPDATE sold SET n = n + 1")
	if err1 != nil && err2 != nil {
		_ = tx.Rollback()
		return err1
	}
	if err1 != nil {
		return err1 // want `return leaves transaction tx open`
	}
	if err2 != nil {
		return err2 // want `return leaves transaction tx open`
	}
	return tx.Commit()
}

// EitherMayFail rolls back if one of them fails.
func (c Cases) EitherMayFail() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	_, err1 := tx.Exec("UPDATE stock SET n = n - 1")
	_, err2 := tx.Exec("UPDATE sold SET n = n + 1")
	if err1 != nil || err2 != nil {
		_ = tx.Rollback()
	}
	if err1 != nil {
		return err1
	}
	if err2 != nil {
		return err2
	}
	return tx.Commit()
}

// DeferredOnlyIfVerbose defers under a condition that has nothing to do with it.
func (c Cases) DeferredOnlyIfVerbose(verbose bool) error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	if verbose {
		defer func() {
			log.SetPrefix("tx ")
			_ = tx.Rollback()
		}()
	}
	if _, err := tx.Exec("UPDATE stock SET n = n - 1"); err != nil {
		return err // want `return leaves transaction tx open`
	}
	return tx.Commit()
}

// DryRun rolls back or commits by a parameter.
func (c Cases) DryRun(dry bool) error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	if !dry {
		defer tx.Commit()
	} else {
		defer tx.Rollback()
	}
	_, err = tx.Exec("UPDATE stock SET n = n - 1")
	return err
}

// NotNot computes its flag from another.
func (c Cases) NotNot(dry bool) error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	write := !dry
	if write {
		return tx.Commit()
	}
	if dry {
		return tx.Rollback()
	}
	return nil // not reached
}

// Debugging is a constant that is off.
func (c Cases) Debugging() error {
	const debugging = false
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	if !debugging {
		return tx.Commit()
	}
	return nil // not reached
}

// A purchase has a transaction of its own, or shares one.
type purchase struct {
	tx    *sql.Tx
	own   bool
	lines []string
}

// A receipt has fields like that.
type receipt struct {
	tx      *sql.Tx
	printed bool
	lines   []string
}

// A label belongs to somebody.
type label struct {
	tx  *sql.Tx
	own bool
}

func (l *label) mark(times int) {
	for range times {
		l.own = false
	}
}

func (r *receipt) print(lines ...string) {
	for _, l := range lines {
		r.lines = append(r.lines, l)
		r.printed = true
	}
}

func (p *purchase) add(lines ...string) {
	for _, l := range lines {
		p.lines = append(p.lines, l)
		p.own = false
	}
}

func (p *purchase) begin(db *sql.DB) (tx *sql.Tx, err error) {
	if !p.own {
		return p.tx, nil
	}
	return db.Begin()
}

func (p *purchase) finish(db *sql.DB, r *receipt) error {
	tx, err := p.begin(db)
	if err != nil {
		return err
	}
	r.print("total")
	new(label).mark(2)
	_, err = tx.Exec("UPDATE items SET sold = 1")
	if !p.own {
		return err
	}
	if err != nil {
		_ = tx.Rollback()
		return err
	}
	return tx.Commit()
}

func (p *purchase) finishAdding(db *sql.DB, lines ...string) error {
	tx, err := p.begin(db)
	if err != nil {
		return err
	}
	p.add(lines...)
	_, err = tx.Exec("UPDATE items SET sold = 1")
	if !p.own {
		return err // want `return leaves transaction tx open`
	}
	if err != nil {
		_ = tx.Rollback()
		return err
	}
	return tx.Commit()
}

func (c Cases) purchase(do func(p *purchase) error) error {
	if c.p.Choose() {
		return do(&purchase{own: true})
	}
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	defer tx.Rollback()
	return do(&purchase{tx: tx})
}

// FlagBeside is set for one object, and another one has such a field, too.
func (c Cases) FlagBeside() error {
	return c.purchase(func(p *purchase) error { return p.finish(c.p.DB, &receipt{}) })
}

// FlagItself is reset in between.
func (c Cases) FlagItself() error {
	return c.purchase(func(p *purchase) error {
		if c.p.Choose() {
			return p.finishAdding(c.p.DB, "tea")
		}
		return p.finishAdding(c.p.DB)
	})
}

// The state of a shift, by bits.
const (
	shiftOpen uint16 = 1 << iota
	shiftBusy
	shiftLate
)

type shift struct {
	tx    *sql.Tx
	state uint16
}

func (c Cases) startShift() (*shift, error) {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return nil, err
	}
	return &shift{tx: tx, state: shiftOpen}, nil
}

func (s *shift) work(query string) error {
	s.state |= shiftBusy
	_, err := s.tx.Exec(query)
	return err
}

func (s *shift) end() error {
	if s.state&shiftOpen == 0 {
		return errNoTx
	}
	s.state &^= shiftOpen
	if s.state&shiftLate != 0 {
		return s.tx.Rollback()
	}
	return s.tx.Commit()
}

// ShiftLoop sets another bit in a loop.
func (c Cases) ShiftLoop(names []string) error {
	s, err := c.startShift()
	if err != nil {
		return err
	}
	for _, name := range names {
		if c.p.Choose() {
			s.state |= shiftLate
		}
		_ = s.work("INSERT INTO shifts VALUES ('" + name + "')")
	}
	return s.end()
}

// ShiftLoopLost clears the bit that the end asks for.
func (c Cases) ShiftLoopLost(names []string) error {
	s, err := c.startShift()
	if err != nil {
		return err
	}
	for _, name := range names {
		if s.work("INSERT INTO shifts VALUES ('"+name+"')") != nil {
			s.state &^= shiftOpen
		}
	}
	return s.end() // want `return leaves transaction s open`
}

// ShiftGiven asks for bits that the caller has given, whatever else is set.
func (c Cases) ShiftGiven(state int) error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	if state&1 == 0 {
		defer func() { _ = tx.Rollback() }()
	}
	state |= 2
	if _, err := tx.Exec("DELETE FROM shifts"); err != nil && state&1 == 0 {
		return err
	}
	if state&3 == 2 {
		return nil
	}
	return tx.Commit()
}

// ShiftGivenOther asks for the wrong one.
func (c Cases) ShiftGivenOther(state int) error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	if state&1 == 0 {
		defer func() { _ = tx.Rollback() }()
	}
	state &^= 1
	if state&1 == 0 {
		return nil // want `return leaves transaction tx open`
	}
	return tx.Commit() // not reached
}
