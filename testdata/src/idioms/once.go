package idioms

import (
	"database/sql"
	"sync"
	"sync/atomic"
)

// An album begins its transaction when it is first asked for it.
type album struct {
	db    *sql.DB
	once  sync.Once
	asked atomic.Int32
	shut  sync.Once
	tx    *sql.Tx
	err   error
}

func (a *album) get() (*sql.Tx, error) {
	a.once.Do(func() { a.tx, a.err = a.db.Begin() })
	return a.tx, a.err
}

func (a *album) count() (*sql.Tx, error) {
	if a.asked.Add(1) == 1 {
		a.tx, a.err = a.db.Begin()
	}
	return a.tx, a.err
}

func (a *album) end(err error) error {
	if a.tx == nil {
		return err
	}
	if err != nil {
		_ = a.tx.Rollback()
		return err
	}
	return a.tx.Commit()
}

// Close rolls back, the first time.
func (a *album) Close() {
	a.shut.Do(func() {
		if a.tx != nil {
			_ = a.tx.Rollback()
		}
	})
}

// OnceRounds asks for it in each round.
func (c Cases) OnceRounds(names []string) error {
	a := &album{db: c.p.DB}
	for _, name := range names {
		tx, err := a.get()
		if err != nil {
			return err
		}
		if err := add(tx, name); err != nil {
			return a.end(err)
		}
	}
	return a.end(nil)
}

// OnceRoundsForgets leaves a round with it.
func (c Cases) OnceRoundsForgets(names []string) error {
	a := &album{db: c.p.DB}
	for _, name := range names {
		tx, err := a.get()
		if err != nil {
			return err
		}
		if err := add(tx, name); err != nil {
			return err // want `return leaves transaction tx open`
		}
	}
	return a.end(nil)
}

// OnceTwice looks whether it works before it is needed.
func (c Cases) OnceTwice() error {
	a := &album{db: c.p.DB}
	if _, err := a.get(); err != nil {
		return err
	}
	tx, err := a.get()
	if err != nil {
		return err // not reached
	}
	return a.end(add(tx, "cover"))
}

// OnceCounted counts who asks.
func (c Cases) OnceCounted(names []string) error {
	a := &album{db: c.p.DB}
	for _, name := range names {
		tx, err := a.count()
		if err != nil {
			return err
		}
		if err := add(tx, name); err != nil {
			return a.end(err)
		}
	}
	return a.end(nil)
}

// OnceInPlace has a Once of its own.
func (c Cases) OnceInPlace(names []string) (err error) {
	var (
		once sync.Once
		tx   *sql.Tx
	)
	for _, name := range names {
		once.Do(func() { tx, err = c.p.DB.Begin() })
		if err != nil {
			return err
		}
		if err := add(tx, name); err != nil {
			_ = tx.Rollback()
			return err
		}
	}
	if tx == nil {
		return nil
	}
	return tx.Commit()
}

// OnceInPlaceForgets commits nothing when the last name fails.
func (c Cases) OnceInPlaceForgets(names []string) (err error) {
	var (
		once sync.Once
		tx   *sql.Tx
	)
	for _, name := range names {
		once.Do(func() { tx, err = c.p.DB.Begin() })
		if err != nil {
			return err
		}
		if err := add(tx, name); err != nil {
			return err // want `return leaves transaction tx open`
		}
	}
	if tx == nil {
		return nil
	}
	return tx.Commit()
}

// OnceClosed closes it twice.
func (c Cases) OnceClosed() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	a := &album{tx: tx}
	defer a.Close()
	if err := c.log(); err != nil {
		a.Close()
		return err
	}
	return tx.Commit()
}

// OnceForAll has one Once for the transactions of all rounds.
func (c Cases) OnceForAll() error {
	var once sync.Once
	for range 3 {
		tx, err := c.p.DB.Begin()
		if err != nil {
			return err
		}
		if err := c.log(); err != nil {
			once.Do(func() { _ = tx.Rollback() })
			continue // want `next iteration leaves transaction tx open`
		}
		if err := tx.Commit(); err != nil {
			return err
		}
	}
	return nil // want `return leaves transaction tx open`
}

// OnceEach has one for each.
func (c Cases) OnceEach(names []string) error {
	for _, name := range names {
		var once sync.Once
		tx, err := c.p.DB.Begin()
		if err != nil {
			return err
		}
		if err := add(tx, name); err != nil {
			once.Do(func() { _ = tx.Rollback() })
			continue
		}
		if err := tx.Commit(); err != nil {
			return err
		}
	}
	return nil
}
