package databasesql

import (
	"context"
	"database/sql"
	"fmt"
)

// StopAfterBegin forgets the rollback when there is nothing to do.
func (c Cases) StopAfterBegin() bool {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return false
	}
	if c.p.Choose() {
		return false // want `return leaves transaction tx open`
	}
	return tx.Commit() == nil
}

// StopAfterBeginMended rolls back first.
func (c Cases) StopAfterBeginMended() bool {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return false
	}
	if c.p.Choose() {
		_ = tx.Rollback()
		return false
	}
	return tx.Commit() == nil
}

// RenameUser forgets one of two error returns.
func (c Cases) RenameUser(id int, name string) error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	if _, err = tx.Exec("UPDATE users SET name = ? WHERE id = ?", name, id); err != nil {
		tx.Rollback()
		return err
	}
	if _, err = tx.Exec("INSERT INTO audit (user_id) VALUES (?)", id); err != nil {
		return err // want `return leaves transaction tx open: c.p.DB.Begin on line .* when err != nil`
	}
	return tx.Commit()
}

// RenameUserDeferred leaves all of that to a deferred rollback.
func (c Cases) RenameUserDeferred(id int, name string) error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	defer tx.Rollback()
	if _, err = tx.Exec("UPDATE users SET name = ? WHERE id = ?", name, id); err != nil {
		return err
	}
	if _, err = tx.Exec("INSERT INTO audit (user_id) VALUES (?)", id); err != nil {
		return err
	}
	return tx.Commit()
}

// DeferTooLate checks something between the Begin and the defer.
func (c Cases) DeferTooLate(ctx context.Context, id int) error {
	tx, err := c.p.DB.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	if id == 0 {
		return errStock // want `return leaves transaction tx open`
	}
	defer tx.Rollback()
	if _, err := tx.ExecContext(ctx, "DELETE FROM items WHERE id = ?", id); err != nil {
		return fmt.Errorf("delete: %w", err)
	}
	return tx.Commit()
}

// DeferInTime checks it before the Begin.
func (c Cases) DeferInTime(ctx context.Context, id int) error {
	if id == 0 {
		return errStock
	}
	tx, err := c.p.DB.BeginTx(ctx, &sql.TxOptions{Isolation: sql.LevelSerializable})
	if err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	defer tx.Rollback()
	if _, err := tx.ExecContext(ctx, "DELETE FROM items WHERE id = ?", id); err != nil {
		return fmt.Errorf("delete: %w", err)
	}
	return tx.Commit()
}

// NeverFinished only ever opens.
func (c Cases) NeverFinished() {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return
	}
	_, _ = tx.Exec("UPDATE counters SET n = n + 1")
} // want `end of function leaves transaction tx open`

// FinishedAtTheEnd commits as its last act.
func (c Cases) FinishedAtTheEnd() {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return
	}
	_, _ = tx.Exec("UPDATE counters SET n = n + 1")
	_ = tx.Commit()
}
