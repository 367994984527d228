// Package tied has fixes that must mind what hangs on the transaction, and what the
// transaction hangs on.
package tied

import (
	"context"
	"database/sql"
	"errors"
	"log"
	"testing"
	"time"
)

var errEarly = errors.New("early")

// inGoroutine commits when it has returned: nothing may be deferred.
func inGoroutine(db *sql.DB, early bool) error {
	tx, err := db.Begin()
	if err != nil {
		return err
	}
	if early {
		return errEarly // want `return leaves transaction tx open`
	}
	go func() {
		if _, err := tx.Exec("A"); err != nil {
			_ = tx.Rollback()
			return
		}
		_ = tx.Commit()
	}()
	return nil
}

func afterwards(db *sql.DB, early bool) error {
	tx, err := db.Begin()
	if err != nil {
		return err
	}
	if early {
		return errEarly // want `return leaves transaction tx open`
	}
	time.AfterFunc(time.Second, func() { _ = tx.Commit() })
	return nil
}

func future(db *sql.DB, early bool) chan error {
	tx, err := db.Begin()
	if err != nil {
		return nil
	}
	if early {
		return nil // want `return leaves transaction tx open`
	}
	done := make(chan error, 1)
	go func() { done <- tx.Commit() }()
	return done
}

// rows live as long as their transaction: no fix would leave them readable.
func rows(db *sql.DB) (*sql.Rows, error) {
	tx, err := db.Begin()
	if err != nil {
		return nil, err
	}
	rows, err := tx.Query("A")
	if err != nil {
		return nil, err // want `return leaves transaction tx open`
	}
	return rows, nil // want `return leaves transaction tx open`
}

func statement(db *sql.DB, early bool) (*sql.Stmt, error) {
	tx, err := db.Begin()
	if err != nil {
		return nil, err
	}
	if early {
		return nil, errEarly // want `return leaves transaction tx open`
	}
	return tx.Prepare("A") // want `return leaves transaction tx open`
}

// closesConn waits in Close for the end of the transaction.
func closesConn(ctx context.Context, db *sql.DB) error {
	conn, err := db.Conn(ctx)
	if err != nil {
		return err
	}
	tx, err := conn.BeginTx(ctx, nil)
	if err != nil {
		_ = conn.Close()
		return err
	}
	if _, err := tx.ExecContext(ctx, "A"); err != nil {
		_ = conn.Close()
		return err // want `return leaves transaction tx open`
	}
	if err := tx.Commit(); err != nil {
		_ = conn.Close()
		return err
	}
	return conn.Close()
}

// parallel goes on when the test function has returned.
func parallel(t *testing.T, db *sql.DB) {
	tx, err := db.Begin()
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"a", "b"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if _, err := tx.Exec(name); err != nil {
				t.Error(err)
			}
		})
	}
} // want `end of function leaves transaction tx open`

// logs tells of the error before it asks for it.
func logs(db *sql.DB, early bool) error {
	tx, err := db.Begin()
	log.Println("begun", err)
	if err != nil {
		return err
	}
	if early {
		return errEarly // want `return leaves transaction tx open`
	}
	return tx.Commit()
}

// switches asks for the error in a switch.
func switches(db *sql.DB, early bool) error {
	tx, err := db.Begin()
	switch {
	case err == sql.ErrConnDone:
		return nil
	case err != nil:
		return err
	}
	if early {
		return errEarly // want `return leaves transaction tx open`
	}
	return tx.Commit()
}

// either asks for more than the error.
func either(db *sql.DB, early bool) error {
	tx, err := db.Begin()
	if err != nil || tx == nil {
		return err
	}
	if early {
		return errEarly // want `return leaves transaction tx open`
	}
	return tx.Commit()
}

func mustBegin(db *sql.DB) *sql.Tx {
	tx, err := db.Begin()
	if err != nil {
		panic(err)
	}
	return tx
}

// must has a Begin that cannot fail.
func must(db *sql.DB, early bool) error {
	tx := mustBegin(db)
	if early {
		return errEarly // want `return leaves transaction tx open`
	}
	return tx.Commit()
}

// batch begins the next transaction in the variable of the last one.
func batch(db *sql.DB, ids []int) error {
	tx, err := db.Begin()
	if err != nil {
		return err
	}
	for i, id := range ids {
		if _, err := tx.Exec("A", id); err != nil {
			return err // want `return leaves transaction tx open: db.Begin on line \d+` `return leaves transaction tx open: db.Begin on line \d+`
		}
		if i%2 == 1 {
			if err := tx.Commit(); err != nil {
				return err
			}
			tx, err = db.Begin()
			if err != nil {
				return err
			}
		}
	}
	return tx.Commit()
}
