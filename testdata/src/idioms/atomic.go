package idioms

import (
	"database/sql"
	"sync/atomic"
)

// onceTx rolls back once.
type onceTx struct {
	*sql.Tx
	done atomic.Bool
}

func (t *onceTx) Rollback() error {
	if t.done.Swap(true) {
		return nil
	}
	return t.Tx.Rollback()
}

func (c Cases) swapped() (*onceTx, error) {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return nil, err
	}
	t := &onceTx{Tx: tx}
	if err := c.log(); err != nil {
		_ = t.Rollback()
		return nil, err
	}
	return t, nil
}

// Swapped rolls back through the wrapper, twice.
func (c Cases) Swapped() error {
	t, err := c.swapped()
	if err != nil {
		return err
	}
	defer t.Rollback()
	if err := c.log(); err != nil {
		_ = t.Rollback()
		return err
	}
	return t.Commit()
}

// SwappedForgotten forgets to.
func (c Cases) SwappedForgotten() error {
	t, err := c.swapped()
	if err != nil {
		return err
	}
	if err := c.log(); err != nil {
		return err // want `return leaves transaction t open`
	}
	return t.Rollback()
}

// SwappedLooked asks whether it is done.
func (c Cases) SwappedLooked() error {
	t, err := c.swapped()
	if err != nil {
		return err
	}
	defer func() {
		if !t.done.Load() {
			_ = t.Rollback()
		}
	}()
	if err := c.log(); err != nil {
		return err
	}
	t.done.Store(true)
	return t.Commit()
}

// A switched writer has transactions of its own while that is switched on.
type switched struct {
	db    *sql.DB
	owns  atomic.Bool
	calls atomic.Int32
}

func (s *switched) own() bool { return s.owns.Load() }

// use switches it off after many calls.
func (s *switched) use(calls int) {
	for range calls {
		if s.calls.Add(1) > 2 {
			s.owns.Store(false)
		}
	}
}

func (s *switched) begin(shared *sql.Tx) (*sql.Tx, error) {
	if s.own() {
		return s.db.Begin()
	}
	return shared, nil
}

func (s *switched) write(shared *sql.Tx) error {
	tx, err := s.begin(shared)
	if err != nil {
		return err
	}
	_, err = tx.Exec("UPDATE items SET n = 1")
	if s.own() {
		if err != nil {
			_ = tx.Rollback()
			return err
		}
		return tx.Commit()
	}
	return err
}

func (s *switched) writeHasty(shared *sql.Tx) error {
	tx, err := s.begin(shared)
	if err != nil {
		return err
	}
	if _, err := tx.Exec("UPDATE items SET n = 1"); err != nil {
		return err // want `return leaves transaction tx open`
	}
	if s.owns.Load() {
		return tx.Commit()
	}
	return nil
}

func (s *switched) writeUsed(shared *sql.Tx, calls int) error {
	tx, err := s.begin(shared)
	if err != nil {
		return err
	}
	_, err = tx.Exec("UPDATE items SET n = 1")
	s.use(calls)
	switch {
	case !s.own():
		return err // want `return leaves transaction tx open`
	case err != nil:
		_ = tx.Rollback()
		return err
	}
	return tx.Commit()
}

func (c Cases) switched(write func(s *switched, shared *sql.Tx) error) error {
	s := &switched{db: c.p.DB}
	if c.p.Choose() {
		s.owns.Store(true)
		return write(s, nil)
	}
	shared, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	defer shared.Rollback()
	return write(s, shared)
}

// FlagOwn asks twice whether it has a transaction of its own.
func (c Cases) FlagOwn() error { return c.switched((*switched).write) }

// FlagOwnHasty forgets the failure.
func (c Cases) FlagOwnHasty() error { return c.switched((*switched).writeHasty) }

// FlagOwnUsed is switched off in between.
func (c Cases) FlagOwnUsed() error {
	calls := 0
	if c.p.Choose() {
		calls = 3
	}
	return c.switched(func(s *switched, shared *sql.Tx) error { return s.writeUsed(shared, calls) })
}
