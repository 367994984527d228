package databasesql

import (
	"database/sql"
	"reflect"
	"time"
)

// A sale has the time at which it was paid.
type sale struct {
	id   int
	paid time.Time
}

// PaidAt rolls back what has no such time when it leaves (T2).
func (c Cases) PaidAt(id int) error {
	s := sale{id: id}
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	defer func() {
		if s.paid.IsZero() {
			_ = tx.Rollback()
		}
	}()
	if err := touch(tx); err != nil {
		return err
	}
	err = tx.Commit()
	s.paid = time.Now()
	return err
}

// PaidEarly sets it before that is so.
func (c Cases) PaidEarly(id int) error {
	s := sale{id: id}
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	defer func() {
		if s.paid.IsZero() {
			_ = tx.Rollback()
		}
	}()
	s.paid = time.Now()
	if err := touch(tx); err != nil {
		return err // want `return leaves transaction tx open`
	}
	return tx.Commit()
}

// A lease is held until a time.
type lease struct {
	until time.Time
	tx    *sql.Tx
}

func (l *lease) drop() error {
	if l.until.IsZero() {
		return nil
	}
	return l.tx.Rollback()
}

// LeaseHeld drops what it holds for a minute (T2).
func (c Cases) LeaseHeld() (err error) {
	l := &lease{}
	l.tx, err = c.p.DB.Begin()
	if err != nil {
		return err
	}
	l.until = time.Now().Add(time.Minute).UTC()
	return l.drop()
}

// LeaseNotHeld sets no time.
func (c Cases) LeaseNotHeld() (err error) {
	l := &lease{}
	l.tx, err = c.p.DB.Begin()
	if err != nil {
		return err
	}
	return l.drop() // want `return leaves transaction`
}

type item struct {
	id   int
	name string
}

func findItem(tx *sql.Tx, id int) (item, error) {
	if err := touch(tx); err != nil {
		return item{}, err
	}
	return item{id, "lamp"}, nil
}

// ItemMissing goes by what it got, when it has rolled back for that.
func (c Cases) ItemMissing() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	found, err := findItem(tx, 1)
	if err != nil {
		_ = tx.Rollback()
	}
	if found == (item{}) {
		return errStock
	}
	return tx.Commit()
}

// ItemMissingOpen does not.
func (c Cases) ItemMissingOpen() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	found, _ := findItem(tx, 1)
	if found == (item{}) {
		return errStock // want `return leaves transaction tx open`
	}
	return tx.Commit()
}

// ItemAsked asks before it begins and after.
func (c Cases) ItemAsked() error {
	return c.orderAny(item{id: c.p.Pick(2)})
}

func (c Cases) orderAny(it item) error {
	if it == (item{}) {
		return errStock
	}
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	if it == (item{}) {
		return errStock // not reached
	}
	return tx.Commit()
}

// ItemAskedLate asks when it has begun.
func (c Cases) ItemAskedLate() error {
	it := item{id: c.p.Pick(2)}
	return c.order(it)
}

func (c Cases) order(it item) error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	if it.none() {
		return errStock // want `return leaves transaction tx open`
	}
	return tx.Commit()
}

func (it item) none() bool { return it == item{} }

// ItemChanged asks for another one.
func (c Cases) ItemChanged() error {
	it := item{id: c.p.Pick(2)}
	if it == (item{}) {
		return errStock
	}
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	it = item{id: c.p.Pick(2)}
	if it == (item{}) {
		return errStock // want `return leaves transaction tx open`
	}
	return tx.Commit()
}

// ItemUnchanged compares what there is with what there was, twice.
func (c Cases) ItemUnchanged() error {
	return c.replace(&item{id: c.p.Pick(2)}, &item{})
}

func (c Cases) replace(was, is *item) error {
	if reflect.DeepEqual(was, is) {
		return nil
	}
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	if reflect.DeepEqual(was, is) {
		return nil // not reached
	}
	return tx.Commit()
}

// ItemUnchangedOpen compares when it has begun.
func (c Cases) ItemUnchangedOpen() error {
	return c.replaceOpen(&item{id: c.p.Pick(2)}, &item{})
}

func (c Cases) replaceOpen(was, is *item) error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	if reflect.DeepEqual(was, is) {
		return nil // want `return leaves transaction tx open`
	}
	return tx.Commit()
}

// A plan has what decides deep inside.
type plan struct {
	shop struct {
		desk struct {
			till struct {
				drawer struct{ own bool }
			}
		}
	}
}

// PlanCopied asks a copy.
func (c Cases) PlanCopied() error {
	var p plan
	p.shop.desk.till.drawer.own = c.p.Choose()
	if !p.shop.desk.till.drawer.own {
		return nil
	}
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	if copied := p; copied.shop.desk.till.drawer.own {
		return tx.Commit()
	}
	return nil // not reached
}

// PlanItself asks itself.
func (c Cases) PlanItself() error {
	var p plan
	p.shop.desk.till.drawer.own = c.p.Choose()
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	if p.shop.desk.till.drawer.own {
		return tx.Commit()
	}
	return nil // want `return leaves transaction tx open`
}
