package databasesql

import "database/sql"

// order is what is asked about.
type order struct {
	n     int
	lines []string
	marks [2]bool
	flags map[string]bool
}

func newOrder(n int) *order {
	o := &order{flags: map[string]bool{}}
	o.n = n
	if n > 0 {
		o.lines = append(o.lines, "line")
		o.marks[0] = true
	}
	return o
}

func (o *order) next() { o.n++ }

func (o *order) empty() { o.lines = nil }

// ParityMoves asks for what follows from a field that a method has written since (T2).
func (c Cases) ParityMoves(n int) (err error) {
	o := newOrder(n)
	var tx *sql.Tx
	if o.n%2 == 0 {
		if tx, err = c.p.DB.Begin(); err != nil {
			return err
		}
	}
	o.next()
	if o.n%2 == 0 && tx != nil {
		return tx.Rollback() // not reached
	}
	return nil // want `return leaves transaction tx open`
}

// ParityStays makes another one, which says nothing of the first.
func (c Cases) ParityStays(n int) (err error) {
	o := newOrder(n)
	var tx *sql.Tx
	if o.n%2 == 0 {
		if tx, err = c.p.DB.Begin(); err != nil {
			return err
		}
	}
	other := newOrder(1)
	if other.n = 3; o.n%2 == 0 {
		return tx.Rollback()
	}
	return nil
}

// LinesGone empties a list between two looks at its length.
func (c Cases) LinesGone(n int) (err error) {
	o := newOrder(n)
	var tx *sql.Tx
	if len(o.lines) > 0 {
		if tx, err = c.p.DB.Begin(); err != nil {
			return err
		}
	}
	o.empty()
	if len(o.lines) > 0 {
		return tx.Rollback() // not reached
	}
	return nil // want `return leaves transaction tx open`
}

// FlagAdded counts the entries of a map, and adds one.
func (c Cases) FlagAdded(n int) (err error) {
	flags := newOrder(n).flags
	var tx *sql.Tx
	if len(flags) == 0 {
		if tx, err = c.p.DB.Begin(); err != nil {
			return err
		}
	}
	flags["seen"] = true
	if len(flags) == 0 {
		return tx.Rollback() // not reached
	}
	return nil // want `return leaves transaction tx open`
}

// FlagKnown looks up what it has stored, whatever is stored for other keys.
func (c Cases) FlagKnown(n int) (err error) {
	flags := newOrder(n).flags
	if flags["done"] = c.p.Choose(); !flags["done"] {
		return nil
	}
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	flags["seen"] = true
	if flags["done"] {
		_ = tx.Rollback()
	}
	delete(flags, "done")
	if flags["done"] {
		panic("it is gone")
	}
	return nil
}

// MarkTwice asks for an element of an array in a struct.
func (c Cases) MarkTwice(n int) (err error) {
	o := newOrder(n)
	var tx *sql.Tx
	if o.marks[0] {
		if tx, err = c.p.DB.Begin(); err != nil {
			return err
		}
	}
	o.marks[1] = true
	if o.marks[0] {
		return tx.Rollback()
	}
	return nil
}

// MarkSomewhere writes one of the elements.
func (c Cases) MarkSomewhere(n int) (err error) {
	o := newOrder(n)
	var tx *sql.Tx
	if !o.marks[0] {
		if tx, err = c.p.DB.Begin(); err != nil {
			return err
		}
	}
	o.marks[n] = true
	if !o.marks[0] {
		return tx.Rollback() // not reached
	}
	return nil // want `return leaves transaction tx open`
}

// EmptyName knows that a text without a length is the empty one.
func (c Cases) EmptyName(name string) (err error) {
	var tx *sql.Tx
	if len(name) > 0 {
		if tx, err = c.p.DB.Begin(); err != nil {
			return err
		}
	}
	if name == "" {
		return nil
	}
	return tx.Commit()
}

// ErrorsListed ends early where a list of errors has one.
func (c Cases) ErrorsListed() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	var all []error
	if _, err := tx.Exec("DELETE FROM items"); err != nil {
		all = append(all, err, tx.Rollback())
	}
	if len(all) > 0 {
		return all[0]
	}
	return tx.Commit()
}

// WrongListed goes through what has failed, if there is anything, when that is undone.
func (c Cases) WrongListed(names []string) error {
	wrong := map[string]error{}
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	for _, name := range names {
		if err := touch(tx); err != nil {
			wrong[name] = err
		}
	}
	if len(wrong) > 0 {
		_ = tx.Rollback()
	}
	for _, err := range wrong {
		if err != nil {
			return err
		}
	}
	return tx.Commit()
}

// WrongListedFirst goes through it before it asks.
func (c Cases) WrongListedFirst(names []string) error {
	wrong := map[string]error{}
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	for _, name := range names {
		if err := touch(tx); err != nil {
			wrong[name] = err
		}
	}
	for range wrong {
		_ = tx.Rollback()
		break
	}
	if len(wrong) != 0 {
		return errLocked
	}
	return tx.Commit()
}

// RightListed asks the other way round.
func (c Cases) RightListed(names []string) error {
	wrong := map[string]error{}
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	for _, name := range names {
		if err := touch(tx); err != nil {
			wrong[name] = err
		}
	}
	if len(wrong) == 0 {
		return tx.Commit()
	}
	for _, err := range wrong {
		_ = tx.Rollback()
		return err
	}
	return nil // not reached
}

// WrongForgotten goes on behind what has failed.
func (c Cases) WrongForgotten(names []string) error {
	wrong := map[string]error{}
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	for _, name := range names {
		if err := touch(tx); err != nil {
			wrong[name] = err
		}
	}
	if len(wrong) == 0 {
		return tx.Commit()
	}
	for _, err := range wrong {
		if err != nil {
			return err // want `return leaves transaction tx open`
		}
	}
	return tx.Rollback() // not reached
}
