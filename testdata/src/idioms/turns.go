package idioms

import (
	"database/sql"
	"fmt"
	"time"
)

// TicksOpen leaves the transaction of one tick to the next.
func (c Cases) TicksOpen() error {
	ticks := make(chan time.Time, 2)
	stop := make(chan bool)
	for range 2 {
		if c.p.Choose() {
			close(stop)
		} else {
			ticks <- time.Time{}
		}
		select {
		case <-stop:
			return nil // want `return leaves transaction tx open`
		case <-ticks:
			tx, err := c.p.DB.Begin()
			if err != nil {
				continue
			}
			if err := add(tx, "tick"); err != nil {
				continue // want `next iteration leaves transaction tx open`
			}
			_ = tx.Commit()
		}
	}
	return nil // want `return leaves transaction tx open`
}

// better makes an error better, and nil of nil.
func better(err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("idioms: %w", err)
}

// Mapped looks at the error of the Begin after it was made better.
func (c Cases) Mapped() error {
	tx, err := c.p.DB.Begin()
	if err = better(err); err != nil {
		return err
	}
	if err = better(add(tx, "one")); err != nil {
		_ = tx.Rollback()
		return err
	}
	return better(tx.Commit())
}

// MappedOnly makes them better and no more.
func (c Cases) MappedOnly() error {
	tx, err := c.p.DB.Begin()
	if err = better(err); err != nil {
		return err
	}
	if err = better(add(tx, "one")); err != nil {
		return err // want `return leaves transaction tx open`
	}
	return better(tx.Commit())
}

// commitWith commits after the hooks, if they let it.
func commitWith(tx *sql.Tx, hooks ...func() error) error {
	for _, hook := range hooks {
		if err := hook(); err != nil {
			return err
		}
	}
	return tx.Commit()
}

// Hooks rolls back when the hooks do not let it.
func (c Cases) Hooks() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	defer tx.Rollback()
	return commitWith(tx, c.check)
}

// HooksOnly trusts the hooks.
func (c Cases) HooksOnly() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	return commitWith(tx, c.check) // want `return leaves transaction tx open`
}

// Goto leaves the transaction and then its code.
func (c Cases) Goto() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	if err = add(tx, "one"); err != nil {
		_ = tx.Rollback()
		goto out
	}
	err = tx.Commit()
out:
	return better(err)
}

// GotoOnly leaves the code.
func (c Cases) GotoOnly() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	if err = add(tx, "one"); err != nil {
		goto out
	}
	err = tx.Commit()
out:
	return better(err) // want `return leaves transaction tx open`
}
