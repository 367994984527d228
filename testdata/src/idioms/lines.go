package idioms

import "database/sql"

// Line is a connection that is its own transaction: what Begin returns is the line
// once more.
type Line interface {
	Begin() (Ender, error)
	Do(query string) error
	Commit() error
	Rollback() error
}

// Ender is how a driver shows it.
type Ender interface {
	Commit() error
	Rollback() error
}

// wire is a Line on a database.
type wire struct {
	db *sql.DB
	tx *sql.Tx
}

// Begin begins on the line.
func (w *wire) Begin() (Ender, error) {
	tx, err := w.db.Begin()
	if err != nil {
		return nil, err
	}
	w.tx = tx
	return w, nil
}

// Do does something there.
func (w *wire) Do(query string) error {
	_, err := w.tx.Exec(query)
	return err
}

// Commit commits it.
func (w *wire) Commit() error { return w.tx.Commit() }

// Rollback rolls it back.
func (w *wire) Rollback() error { return w.tx.Rollback() }

// trunk is another Line.
type trunk struct{ *wire }

// line is one or the other.
func (c Cases) line() Line {
	w := &wire{db: c.p.DB}
	if c.p.Choose() {
		return trunk{w}
	}
	return w
}

// OnLine asks only whether it has begun, and ends it by the line.
func (c Cases) OnLine() error {
	line := c.line()
	if _, err := line.Begin(); err != nil {
		return err
	}
	if err := line.Do("UPDATE t SET a = 1"); err != nil {
		_ = line.Rollback()
		return err
	}
	return line.Commit()
}

// OnLineOnly forgets to.
func (c Cases) OnLineOnly() error {
	line := c.line()
	if _, err := line.Begin(); err != nil {
		return err
	}
	if err := line.Do("UPDATE t SET a = 1"); err != nil {
		return err // want `return leaves transaction line open`
	}
	return line.Commit()
}

// OnLineNamed gives what was begun a name, and ends it by the line.
func (c Cases) OnLineNamed() error {
	line := c.line()
	tx, err := line.Begin()
	if err != nil {
		return err
	}
	if tx == nil {
		return nil // not reached
	}
	if err := line.Do("UPDATE t SET a = 1"); err != nil {
		_ = line.Rollback()
		return err
	}
	return line.Commit()
}
