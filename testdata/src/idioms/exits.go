package idioms

import (
	"errors"
	"log"
	"net/http"
	"os"
	"testing"
)

// fatal ends the process.
func fatal(err error) {
	log.Printf("fatal: %v", err)
	os.Exit(1)
}

// Process ends it with the transaction.
func (c Cases) Process() {
	tx, err := c.p.DB.Begin()
	if err != nil {
		fatal(err)
	}
	if err := add(tx, "one"); err != nil {
		fatal(err)
	}
	_ = tx.Commit()
}

// ProcessMaybe ends it for some errors only.
func (c Cases) ProcessMaybe() {
	tx, err := c.p.DB.Begin()
	if err != nil {
		fatal(err)
	}
	if err := add(tx, "one"); err != nil {
		if errors.Is(err, errQuota) {
			fatal(err)
		}
		return // want `return leaves transaction tx open`
	}
	_ = tx.Commit()
}

// TestExits ends the test with it.
func (c Cases) TestExits(t *testing.T) {
	tx, err := c.p.DB.Begin()
	require(t, err)
	require(t, add(tx, "one"))
	require(t, tx.Commit())
}

// TestExitsNot goes on to a return.
func (c Cases) TestExitsNot(t *testing.T) {
	tx, err := c.p.DB.Begin()
	require(t, err)
	if err := add(tx, "one"); err != nil {
		expect(t, err)
		return // want `return leaves transaction tx open`
	}
	require(t, tx.Commit())
}

// require ends the test when there is an error.
func require(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// expect only says so.
func expect(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Error(err)
	}
}

// abort leaves the handler; the server goes on.
func abort(w http.Header, status string) {
	w.Set("Status", status)
	panic(http.ErrAbortHandler)
}

// Handler rolls back first.
func (c Cases) Handler() {
	w := http.Header{}
	tx, err := c.p.DB.Begin()
	if err != nil {
		abort(w, "503")
	}
	if err := add(tx, "one"); err != nil {
		_ = tx.Rollback()
		abort(w, "500")
	}
	if err := tx.Commit(); err != nil {
		abort(w, "500")
	}
	abort(w, "200")
}

// HandlerAborts leaves with the transaction.
func (c Cases) HandlerAborts() {
	w := http.Header{}
	tx, err := c.p.DB.Begin()
	if err != nil {
		abort(w, "503")
		return // not reached
	}
	if err := add(tx, "one"); err != nil {
		abort(w, "500") // want `abort leaves transaction tx open`
		return          // not reached
	}
	_ = tx.Commit()
}

// HandlerDefers has a deferred rollback for it.
func (c Cases) HandlerDefers() {
	w := http.Header{}
	tx, err := c.p.DB.Begin()
	if err != nil {
		abort(w, "503")
	}
	defer tx.Rollback()
	if err := add(tx, "one"); err != nil {
		abort(w, "500")
	}
	_ = tx.Commit()
}
