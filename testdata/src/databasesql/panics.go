package databasesql

import (
	"fmt"
	"log"
	"net/http"
	"os"
	"runtime"
	"testing"
)

// RecoverOnly rolls back after a panic and not after an error.
func (c Cases) RecoverOnly() (err error) {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	defer func() {
		if r := recover(); r != nil {
			_ = tx.Rollback()
			err = fmt.Errorf("panic: %v", r)
		}
	}()
	if c.p.Choose() {
		panic("no such table")
	}
	if _, err := tx.Exec("DELETE FROM carts"); err != nil {
		return err // want `return leaves transaction tx open`
	}
	return tx.Commit()
}

// RecoverAndErrors rolls back after both.
func (c Cases) RecoverAndErrors() (err error) {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	defer func() {
		if r := recover(); r != nil {
			_ = tx.Rollback()
			err = fmt.Errorf("panic: %v", r)
		}
	}()
	if c.p.Choose() {
		panic("no such table")
	}
	if _, err := tx.Exec("DELETE FROM carts"); err != nil {
		_ = tx.Rollback()
		return err
	}
	return tx.Commit()
}

// Repanic is the classic in three arms.
func (c Cases) Repanic() (err error) {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	defer func() {
		if p := recover(); p != nil {
			_ = tx.Rollback()
			panic(p)
		} else if err != nil {
			_ = tx.Rollback()
		} else {
			err = tx.Commit()
		}
	}()
	if c.p.Choose() {
		panic("no such table")
	}
	_, err = tx.Exec("DELETE FROM carts")
	return err
}

// RepanicTwoArms lacks the arm for errors.
func (c Cases) RepanicTwoArms() (err error) {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	defer func() {
		if p := recover(); p != nil {
			_ = tx.Rollback()
			panic(p)
		} else if err == nil {
			err = tx.Commit()
		}
	}()
	if c.p.Choose() {
		panic("no such table")
	}
	_, err = tx.Exec("DELETE FROM carts")
	return err // want `return leaves transaction tx open`
}

// PanicMeansBug leaves a transaction to the panic of a bug, which is no exit.
func (c Cases) PanicMeansBug() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	if c.p.Choose() {
		panic("unreachable")
	}
	return tx.Commit()
}

// AbortHandler leaves it to the panic that net/http recovers by design.
func (c Cases) AbortHandler() {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return
	}
	if _, err := tx.Exec("DELETE FROM carts"); err != nil {
		panic(http.ErrAbortHandler) // want `panic leaves transaction tx open`
	}
	_ = tx.Commit()
}

// AbortHandlerDeferred has a deferred rollback for it.
func (c Cases) AbortHandlerDeferred() {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return
	}
	defer tx.Rollback()
	if _, err := tx.Exec("DELETE FROM carts"); err != nil {
		panic(http.ErrAbortHandler)
	}
	_ = tx.Commit()
}

// FatalEndsIt ends the process, which ends everything.
func (c Cases) FatalEndsIt() {
	tx, err := c.p.DB.Begin()
	if err != nil {
		log.Fatal(err)
	}
	if _, err := tx.Exec("DELETE FROM carts"); err != nil {
		log.Fatalf("clear carts: %v", err)
	}
	if c.p.Choose() {
		os.Exit(3)
	}
	if err := tx.Commit(); err != nil {
		log.Fatalln(err)
	}
}

// PrintInstead only says that it failed.
func (c Cases) PrintInstead() {
	tx, err := c.p.DB.Begin()
	if err != nil {
		log.Fatal(err)
	}
	if _, err := tx.Exec("DELETE FROM carts"); err != nil {
		log.SetPrefix(err.Error())
		return // want `return leaves transaction tx open`
	}
	if err := tx.Commit(); err != nil {
		log.Fatal(err)
	}
}

// die always ends the process.
func die(err error) {
	log.SetPrefix("fatal: ")
	log.Fatal(err)
}

// dieIf ends it sometimes.
func dieIf(err error) {
	if err != nil {
		die(err)
	}
}

// must panics for a bug.
func must(err error) {
	if err != nil {
		panic(err)
	}
}

// HelperEndsIt calls a helper that never comes back.
func (c Cases) HelperEndsIt() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		die(err)
	}
	if _, err := tx.Exec("DELETE FROM carts"); err != nil {
		die(err)
	}
	return tx.Commit()
}

// HelperMayEndIt calls one that comes back if all is well.
func (c Cases) HelperMayEndIt() error {
	tx, err := c.p.DB.Begin()
	dieIf(err)
	if _, err = tx.Exec("DELETE FROM carts"); err != nil {
		return err // want `return leaves transaction tx open`
	}
	dieIf(tx.Commit())
	return nil
}

// MustHelpers panic instead of returning.
func (c Cases) MustHelpers() {
	tx, err := c.p.DB.Begin()
	must(err)
	_, err = tx.Exec("DELETE FROM carts")
	must(err)
	must(tx.Commit())
}

// DieIfBehind commits where it has worked, and ends the process where it has not.
func (c Cases) DieIfBehind() {
	tx, err := c.p.DB.Begin()
	dieIf(err)
	if _, err = tx.Exec("DELETE FROM carts"); err == nil {
		err = tx.Commit()
	}
	dieIf(err)
}

// MustBehind panics there.
func (c Cases) MustBehind() (n int) {
	tx, err := c.p.DB.Begin()
	must(err)
	if _, err = tx.Exec("DELETE FROM carts"); err == nil {
		n, err = 1, tx.Commit()
	}
	must(err)
	return n
}

// MustBefore panics only before that.
func (c Cases) MustBefore() (n int) {
	tx, err := c.p.DB.Begin()
	must(err)
	if _, err = tx.Exec("DELETE FROM carts"); err == nil {
		n, err = 1, tx.Commit()
	}
	return n // want `return leaves transaction tx open`
}

// Goexit ends its goroutine.
func (c Cases) Goexit() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	if c.p.Choose() {
		runtime.Goexit()
	}
	return tx.Commit()
}

// TestFatal ends the test.
func (c Cases) TestFatal(t *testing.T) {
	tx, err := c.p.DB.Begin()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := tx.Exec("DELETE FROM carts"); err != nil {
		t.Fatal(err)
	}
	if c.p.Choose() {
		t.Skip("no carts")
	}
	if err := tx.Commit(); err != nil {
		t.FailNow()
	}
}

// TestError goes on to the end of the test.
func (c Cases) TestError(t *testing.T) {
	tx, err := c.p.DB.Begin()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := tx.Exec("DELETE FROM carts"); err != nil {
		t.Error(err)
		return // want `return leaves transaction tx open`
	}
	if err := tx.Commit(); err != nil {
		t.Error(err)
	}
}

// TestCleanup leaves the end to the test.
func (c Cases) TestCleanup(t *testing.T) {
	tx, err := c.p.DB.Begin()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = tx.Rollback() })
	if _, err := tx.Exec("DELETE FROM carts"); err != nil {
		t.Error(err)
		return
	}
}

// orPanic panics with an error.
func orPanic(err error) {
	if err != nil {
		panic(err)
	}
}

// MustRecovered makes errors of what orPanic panics with, and forgets the transaction.
func (c Cases) MustRecovered() (err error) {
	tx, err := c.p.DB.Begin()
	orPanic(err)
	defer func() {
		if v := recover(); v != nil {
			err = v.(error)
		}
	}()
	_, err = tx.Exec("DELETE FROM carts")
	orPanic(err) // the option panics reports it
	orPanic(tx.Commit())
	return nil
}

// MustRecoveredEnds rolls back as well.
func (c Cases) MustRecoveredEnds() (err error) {
	tx, err := c.p.DB.Begin()
	orPanic(err)
	defer func() {
		if v := recover(); v != nil {
			_ = tx.Rollback()
			err = v.(error)
		}
	}()
	_, err = tx.Exec("DELETE FROM carts")
	orPanic(err)
	orPanic(tx.Commit())
	return nil
}
