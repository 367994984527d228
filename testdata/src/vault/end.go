package vault

import "database/sql"

// A Transaction is what all of them have.
type Transaction interface {
	Commit() error
	Rollback() error
}

// End commits or rolls back.
func End(tx Transaction, ok *bool) {
	if *ok {
		_ = tx.Commit()
		return
	}
	_ = tx.Rollback()
}

// Quiet rolls back.
func Quiet(tx interface{ Rollback() error }) { _ = tx.Rollback() }

// Drop rolls back whatever can be rolled back.
func Drop[T interface{ Rollback() error }](tx T) { _ = tx.Rollback() }

// Note writes a line.
func Note(tx interface {
	Exec(query string, args ...any) (sql.Result, error)
	Rollback() error
}) error {
	_, err := tx.Exec("INSERT INTO notes VALUES (1)")
	return err
}

// Settle ends the transaction in a variable.
func Settle(tx **sql.Tx, err *error) {
	if *err != nil {
		_ = (*tx).Rollback()
		return
	}
	*err = (*tx).Commit()
}

// Undo rolls back what it is given, if it can.
func Undo(v any) {
	if tx, ok := v.(interface{ Rollback() error }); ok {
		_ = tx.Rollback()
	}
}

// UndoAll rolls back each.
func UndoAll(all []*sql.Tx) {
	for _, tx := range all {
		_ = tx.Rollback()
	}
}

// Run does some work in what begin begins.
func Run(begin func() (*sql.Tx, error), work func(*sql.Tx) error) error {
	tx, err := begin()
	if err != nil {
		return err
	}
	defer tx.Rollback()
	if err := work(tx); err != nil {
		return err
	}
	return tx.Commit()
}
