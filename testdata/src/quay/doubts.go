package quay

import (
	"database/sql"
	"log"
	"sync"
)

// Questions that nobody here can answer, and on which nothing hangs.

func touch(tx *sql.Tx) error {
	_, err := tx.Exec("UPDATE quay SET n = 1")
	return err
}

// A tally is counted by goroutines.
type tally struct {
	sync.Mutex
	failed int
}

// DoubtLogs tells what a goroutine has counted, and forgets the rollback.
func (c Cases) DoubtLogs() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	var t tally
	var wg sync.WaitGroup
	wg.Add(1)
	go func() {
		defer wg.Done()
		if c.step() != nil {
			t.failed++
		}
	}()
	wg.Wait()
	if t.failed > 0 {
		log.SetPrefix("some failed: ")
	}
	if err := touch(tx); err != nil {
		return err // want `return leaves transaction tx open`
	}
	return tx.Commit()
}

// DoubtDecides rolls back by it.
func (c Cases) DoubtDecides() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	failed := false
	var wg sync.WaitGroup
	wg.Add(1)
	go func() {
		defer wg.Done()
		failed = c.step() != nil
	}()
	wg.Wait()
	if failed {
		_ = tx.Rollback()
	}
	if failed {
		return errFull
	}
	return tx.Commit()
}

// DoubtInCall asks in a function of its own.
func (c Cases) DoubtInCall() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	var t tally
	var wg sync.WaitGroup
	wg.Add(1)
	go func() {
		defer wg.Done()
		t.failed = len(c.list().(*list).text())
	}()
	wg.Wait()
	t.tell(tx)
	return errFull // want `return leaves transaction tx open`
}

func (l *list) text() string {
	if l.err != nil {
		return l.err.Error()
	}
	return ""
}

func (t *tally) tell(tx *sql.Tx) {
	if t.failed > 0 && touch(tx) != nil {
		log.SetPrefix("not told: ")
	}
}

// DoubtReturns leaves early by it, where both ways end the transaction.
func (c Cases) DoubtReturns() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	var t tally
	var wg sync.WaitGroup
	wg.Add(1)
	go func() {
		defer wg.Done()
		if c.step() != nil {
			t.failed++
		}
	}()
	wg.Wait()
	if t.failed > 0 {
		return tx.Rollback()
	}
	return tx.Commit()
}

func (c Cases) step() error {
	if c.p.Choose() {
		return errFull
	}
	return nil
}

// DoubtCounts leaves where a goroutine has counted something.
func (c Cases) DoubtCounts() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	failed := 0
	var wg sync.WaitGroup
	wg.Add(1)
	go func() {
		defer wg.Done()
		if c.step() != nil {
			failed++
		}
	}()
	wg.Wait()
	if failed > 0 {
		return errFull // want `return leaves transaction tx open`
	}
	return tx.Commit()
}
