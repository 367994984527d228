package databasesql

import (
	"context"
	"database/sql"
	"errors"
)

func touch(tx *sql.Tx) error {
	_, err := tx.Exec("UPDATE items SET seen = 1")
	return err
}

// LastIfGoesOn ends a round with an if whose two ways do the same: each is a way
// to go round, though the compiler makes one of them.
func (c Cases) LastIfGoesOn() error {
	for range c.p.Pick(3) {
		tx, err := c.p.DB.Begin()
		if err != nil {
			return err
		}
		if err := touch(tx); err != nil {
			continue // want `next iteration leaves transaction tx open`
		}
	} // want `next iteration leaves transaction tx open`
	return nil // want `return leaves transaction tx open`
}

// LastIfOfIterator does so in the body of a range over a function.
func (c Cases) LastIfOfIterator() (err error) {
	for range upTo(c.p.Pick(3)) {
		tx, failed := c.p.DB.Begin()
		if failed != nil {
			return failed
		}
		if err = touch(tx); err != nil {
			continue // want `next iteration leaves transaction tx open`
		}
	} // want `next iteration leaves transaction tx open`
	return err // want `return leaves transaction tx open`
}

// LastSwitchGoesOn does so with the clauses of a switch.
func (c Cases) LastSwitchGoesOn() error {
	for range c.p.Pick(3) {
		tx, err := c.p.DB.Begin()
		if err != nil {
			return err
		}
		switch err := touch(tx); {
		case errors.Is(err, errStock):
			_ = tx.Rollback()
		case err != nil:
			continue // want `next iteration leaves transaction tx open`
		default:
		}
	} // want `next iteration leaves transaction tx open`
	return nil // want `return leaves transaction tx open`
}

// LastIfKnown decides the last if ahead of it: only one way goes round.
func (c Cases) LastIfKnown() error {
	for range c.p.Pick(3) {
		tx, err := c.p.DB.Begin()
		if err != nil {
			return err
		}
		if err != nil {
			continue
		}
		_ = touch(tx)
	} // want `next iteration leaves transaction tx open`
	return nil // want `return leaves transaction tx open`
}

// OuterRound comes to the Begin again by way of the outer loop.
func (c Cases) OuterRound() error {
	for range c.p.Pick(3) {
		for c.p.Choose() {
			tx, err := c.p.DB.Begin()
			if err != nil {
				return err
			}
			if err := touch(tx); err != nil {
				_ = tx.Rollback()
				return err
			}
		} // want `next iteration leaves transaction tx open`
	}
	return nil // want `return leaves transaction tx open`
}

// InnerRounds goes round an inner loop that begins nothing.
func (c Cases) InnerRounds() {
	for range c.p.Pick(3) {
		tx, err := c.p.DB.BeginTx(context.Background(), nil)
		if err != nil {
			break
		}
		for range c.p.Pick(2) {
			if touch(tx) != nil {
				continue
			}
		}
	} // want `next iteration leaves transaction tx open`
} // want `end of function leaves transaction tx open`

// BreakGoesOn leaves the inner loop, and so goes round the outer one.
func (c Cases) BreakGoesOn() error {
	for range c.p.Pick(3) {
		for {
			tx, err := c.p.DB.Begin()
			if err != nil {
				return err
			}
			if c.p.Choose() {
				break
			}
			_ = tx.Rollback()
		}
	} // want `next iteration leaves transaction tx open`
	return nil // want `return leaves transaction tx open`
}

// ManyRounds has more ways round than an iterator's body is usually run for.
func (c Cases) ManyRounds(own bool) error {
	for range upTo(c.p.Pick(3)) {
		tx, err := c.p.DB.Begin()
		if err != nil {
			continue
		}
		if own {
			continue // want `next iteration leaves transaction tx open`
		}
		if _, err := tx.Exec("UPDATE items SET seen = 1"); err != nil {
			if _, err = tx.Exec("UPDATE items SET seen = 2"); err != nil {
				continue // want `next iteration leaves transaction tx open`
			}
		}
	} // want `next iteration leaves transaction tx open`
	return nil // want `return leaves transaction tx open`
}

// FuncInIterator returns a finisher from inside an iterator's body: what is left
// open is the body's, and said once.
func (c Cases) FuncInIterator() (func(), error) {
	for range upTo(c.p.Pick(3)) {
		tx, err := c.p.DB.Begin()
		if err != nil {
			break
		}
		if err := touch(tx); err != nil {
			return func() { _ = tx.Rollback() }, nil
		}
	} // want `next iteration leaves transaction tx open`
	return nil, errStock // want `return leaves transaction tx open`
}

// opened begins one transaction, and finishes it; then another, which it returns.
func (c Cases) openedTwice() (*sql.Tx, error) {
	first, err := c.openTouched()
	if err != nil {
		return nil, err
	}
	stop := c.p.Choose()
	if stop {
		_ = first.Rollback()
	}
	second, err := c.openTouched()
	if err != nil {
		if !stop {
			_ = first.Rollback()
		}
		return nil, err
	}
	if !stop {
		_ = first.Rollback()
	}
	return second, nil
}

func (c Cases) openTouched() (*sql.Tx, error) {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return nil, err
	}
	if err := touch(tx); err != nil {
		_ = tx.Rollback()
		return nil, err
	}
	return tx, nil
}

// OpenedTwice gets the second of two transactions that the same helper begins: no
// loop begins again.
func (c Cases) OpenedTwice() bool {
	tx, err := c.openedTwice()
	if err != nil {
		return false
	}
	defer tx.Rollback()
	return true
}

// JoinedErrors returns an error that is made of several: it is nil when all are.
func (c Cases) JoinedErrors() (err error) {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_ = tx.Rollback()
		}
	}()
	if err := touch(tx); err != nil {
		return errors.Join(errStock, err)
	}
	first, second := touch(tx), touch(tx)
	if err := errors.Join(first, second); err != nil {
		return err
	}
	if first != nil || second != nil {
		return nil // not reached
	}
	return tx.Commit()
}

// either returns a transaction, at times the second that it begins.
func (c Cases) either() (*sql.Tx, error) {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return nil, err
	}
	if c.p.Choose() {
		if err := tx.Rollback(); err != nil {
			return nil, err
		}
		return c.p.DB.Begin()
	}
	return tx, nil
}

// RoundEither goes on without the transaction of a round, and may fail in the next
// one before it comes to the same Begin.
func (c Cases) RoundEither() error {
	for range 2 {
		tx, err := c.either()
		if err != nil {
			return err
		}
		if c.p.Choose() {
			continue // want `next iteration leaves transaction tx open`
		}
		if err := tx.Commit(); err != nil {
			return err
		}
	}
	return nil // want `return leaves transaction tx open`
}

// RoundEitherEnds rolls back where it goes on.
func (c Cases) RoundEitherEnds() error {
	for range 2 {
		tx, err := c.either()
		if err != nil {
			return err
		}
		if c.p.Choose() {
			tx.Rollback()
			continue
		}
		if err := tx.Commit(); err != nil {
			return err
		}
	}
	return nil
}

// RoundQuiet skips by a variable, which has no place of its own in SSA form.
func (c Cases) RoundQuiet(quiet bool) (n int) {
	for range 2 {
		tx, err := c.p.DB.Begin()
		if err != nil {
			return n
		}
		if quiet {
			continue // want `next iteration leaves transaction tx open: .* when quiet;`
		}
		n++
		_ = tx.Commit()
	}
	return n // want `return leaves transaction tx open`
}

// RoundLoud skips by one of several.
func (c Cases) RoundLoud(quiet, loud bool) (n int) {
	for i := range 2 {
		tx, err := c.p.DB.Begin()
		switch {
		case err != nil:
			return n
		case i > 0 && !quiet || loud:
			continue // want `next iteration leaves transaction tx open: .* when i > 0 && !quiet \|\| loud;`
		}
		n++
		_ = tx.Commit()
	}
	return n // want `return leaves transaction tx open`
}

// RoundQuietEnds ends what it skips.
func (c Cases) RoundQuietEnds(quiet, loud bool) (n int) {
	for i := range 2 {
		tx, err := c.p.DB.Begin()
		if err != nil {
			return n
		}
		if i == 0 && quiet || loud {
			_ = tx.Rollback()
			continue
		}
		if !quiet {
			n++
		}
		_ = tx.Commit()
	}
	return n
}

// RoundByType goes on after any error, by a clause that does nothing else.
func (c Cases) RoundByType() {
	for range upTo(c.p.Pick(3)) {
		tx, err := c.p.DB.Begin()
		if err != nil {
			return
		}
		_, err = tx.Exec("DELETE FROM items")
		switch err.(type) {
		case error:
			continue // want `next iteration leaves transaction tx open`
		}
	} // want `next iteration leaves transaction tx open`
} // want `end of function leaves transaction tx open`

// RoundAskedNext goes on after an error, which the next round asks for before it begins.
func (c Cases) RoundAskedNext() error {
	var tx *sql.Tx
	var err error
	for range c.p.Pick(3) {
		if err != nil {
			return nil // want `return leaves transaction tx open`
		}
		if tx, err = c.p.DB.Begin(); err != nil {
			break
		}
		_, err = c.p.DB.Exec("DELETE FROM items")
		if err != nil {
			continue
		}
	} // want `next iteration leaves transaction tx open`
	if tx != nil {
		_ = tx.Rollback()
	}
	return err
}

// RoundInner has another loop at its end, which the round ends behind.
func (c Cases) RoundInner() error {
outer:
	for range c.p.Pick(3) {
		tx, err := c.p.DB.Begin()
		if err != nil {
			return err
		}
		for range c.p.Pick(2) {
			switch {
			case c.p.Choose():
				_ = tx.Rollback()
				continue outer
			}
		}
	} // want `next iteration leaves transaction tx open`
	return nil // want `return leaves transaction tx open`
}

// RoundAsked goes on by what a variable was told before.
func (c Cases) RoundAsked() {
	for range c.p.Pick(3) {
		tx, err := c.p.DB.Begin()
		if err != nil {
			return
		}
		late := c.p.Choose()
		if late {
			_ = tx.Rollback()
			continue
		}
	} // want `next iteration leaves transaction tx open: .* when !late;`
} // want `end of function leaves transaction tx open`

// RoundList rolls back what a list names.
func (c Cases) RoundList() error {
	first, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	second, err := c.p.DB.Begin()
	if err != nil {
		_ = first.Rollback()
		return err
	}
	defer func() {
		for _, tx := range []*sql.Tx{first, second} {
			_ = tx.Rollback()
		}
	}()
	if err := touch(second); err != nil {
		return err
	}
	return second.Commit()
}

// RoundListShort names one of the two.
func (c Cases) RoundListShort() error {
	first, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	second, err := c.p.DB.Begin()
	if err != nil {
		_ = first.Rollback()
		return err
	}
	for _, tx := range []*sql.Tx{nil, second} {
		if tx != nil {
			_ = tx.Rollback()
		}
	}
	return nil // want `return leaves transaction first open`
}

// openAfterLoop returns the transaction that it began before the loop, whose own
// ones nobody ends.
func (c Cases) openAfterLoop() (*sql.Tx, error) {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return nil, err
	}
	for range c.p.Pick(3) {
		lost, err := c.p.DB.Begin()
		if err != nil {
			break
		}
		_ = touch(lost)
	} // want `next iteration leaves transaction lost open`
	return tx, nil // want `return leaves transaction lost open`
}

// LoopOfOpener ends what it is given: the rounds of the opener are not its own.
func (c Cases) LoopOfOpener() error {
	tx, err := c.openAfterLoop()
	if err != nil {
		return err
	}
	return tx.Commit()
}

// AskedBefore goes round where a variable says so that was asked before the loop.
func (c Cases) AskedBefore() error {
	quiet := c.p.Choose()
	if quiet {
		return nil
	}
	for range c.p.Pick(3) {
		tx, err := c.p.DB.Begin()
		if err != nil {
			return err
		}
		if !quiet {
			continue // want `next iteration leaves transaction tx open`
		}
		_ = tx.Commit()
	}
	return nil // want `return leaves transaction tx open`
}

// AskedBeforeNever goes round where it does not.
func (c Cases) AskedBeforeNever() error {
	quiet := c.p.Choose()
	if quiet {
		return nil
	}
	for range c.p.Pick(3) {
		tx, err := c.p.DB.Begin()
		if err != nil {
			return err
		}
		if quiet {
			continue
		}
		_ = tx.Commit()
	}
	return nil
}
