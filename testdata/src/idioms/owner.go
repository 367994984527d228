package idioms

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
)

// traced returns what it is given, with a better error.
func traced[T any](what string, v T, err error) (T, error) {
	if err != nil {
		err = fmt.Errorf("%s: %w", what, err)
	}
	return v, err
}

// Returned gives the transaction to its caller through another function.
func (c Cases) Returned() (*sql.Tx, error) {
	tx, err := c.p.DB.Begin()
	return traced("begin", tx, err)
}

// ReturnedMaybe gives it to its caller when the check lets it.
func (c Cases) ReturnedMaybe() (*sql.Tx, error) {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return nil, err
	}
	if err := c.check(); err != nil {
		return traced[*sql.Tx]("check", nil, err) // want `return leaves transaction tx open`
	}
	return traced("begin", tx, nil)
}

// tree is a transaction and where it works.
type tree struct {
	tx   *sql.Tx
	root int
	size int
}

// commit ends it well.
func (t *tree) commit() error { return t.tx.Commit() }

// close ends it.
func (t *tree) close() { _ = t.tx.Rollback() }

// Wrapped returns the transaction with what it has read.
func (c Cases) Wrapped() (*tree, error) {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return nil, err
	}
	t := &tree{tx: tx}
	if err := tx.QueryRow("SELECT root FROM trees").Scan(&t.root); err != nil {
		t.close()
		return nil, err
	}
	return t, nil
}

// WrappedMaybe returns nothing when there is nothing to read.
func (c Cases) WrappedMaybe() (*tree, error) {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return nil, err
	}
	t := &tree{tx: tx}
	if err := tx.QueryRow("SELECT root FROM trees").Scan(&t.root); err != nil {
		return nil, err // want `return leaves transaction tx open`
	}
	return t, nil
}

// WrappedUsed uses what such a function returns.
func (c Cases) WrappedUsed() error {
	t, err := c.Wrapped()
	if err != nil {
		return err
	}
	defer t.close()
	if t.size > 0 {
		return errQuota // not reached
	}
	return t.commit()
}

// WrappedLost returns before it closes that.
func (c Cases) WrappedLost() error {
	t, err := c.Wrapped()
	if err != nil {
		return err
	}
	if t.root == 0 {
		return errQuota // want `return leaves transaction .* open`
	}
	return t.commit()
}

// KeptLast stores it in a field that outlives the call.
func (c Cases) KeptLast() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	c.kept.last = tx
	return add(tx, "one")
}

// KeptLastLate stores it after the first statement.
func (c Cases) KeptLastLate() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	if err := add(tx, "one"); err != nil {
		return err // want `return leaves transaction tx open`
	}
	c.kept.last = tx
	return nil
}

// Set keeps anything under a name, as the context of a request does.
func (k *kept) Set(name string, v any) {
	if tx, ok := v.(*sql.Tx); ok {
		k.byName[name] = tx
	}
}

// Get returns what is kept under a name.
func (k *kept) Get(name string) any { return k.byName[name] }

// Request puts it into the context of a request.
func (c Cases) Request(ctx context.Context) error {
	tx, err := c.p.DB.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	c.kept.Set("tx", tx)
	return nil
}

// RequestMaybe does not when the request is bad.
func (c Cases) RequestMaybe(ctx context.Context, name string) error {
	tx, err := c.p.DB.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	if name == "" {
		return errInput // want `return leaves transaction tx open`
	}
	c.kept.Set(name, tx)
	return nil
}

// Handed gives it to a goroutine that ends it.
func (c Cases) Handed() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	go finish(tx, "handed")
	return nil
}

// finish ends it after a last statement.
func finish(tx *sql.Tx, name string) {
	if err := add(tx, name); err != nil {
		_ = tx.Rollback()
		return
	}
	_ = tx.Commit()
}

// HandedMaybe does not when the check fails.
func (c Cases) HandedMaybe() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	if err := c.check(); err != nil {
		return err // want `return leaves transaction tx open`
	}
	go finish(tx, "handed")
	return nil
}

// node returns two handles for one transaction.
func (c Cases) node() (*tree, *sql.Tx, error) {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return nil, nil, err
	}
	return &tree{tx: tx}, tx, nil
}

// TwoHandles ends it through either.
func (c Cases) TwoHandles() error {
	t, tx, err := c.node()
	if err != nil {
		return err
	}
	defer t.close()
	if err := add(tx, "one"); err != nil {
		return err
	}
	return tx.Commit()
}

// TwoHandlesNeither uses the one and forgets the other.
func (c Cases) TwoHandlesNeither() error {
	t, tx, err := c.node()
	if err != nil {
		return err
	}
	if err := add(tx, "one"); err != nil {
		return err // want `return leaves transaction .* open`
	}
	return t.commit()
}

// errFresh says that a tree has no root yet.
var errFresh = errors.New("tree is fresh")

// grow returns a live tree with errFresh.
func (c Cases) grow() (*tree, error) {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return nil, err
	}
	t := &tree{tx: tx}
	if err := tx.QueryRow("SELECT root FROM trees").Scan(&t.root); err != nil {
		return t, errFresh
	}
	return t, nil
}

// Fresh closes the tree whatever the error is.
func (c Cases) Fresh() error {
	t, err := c.grow()
	if t != nil {
		defer t.close()
	}
	if err != nil {
		return err
	}
	return t.commit()
}

// FreshLost believes that there is no tree when there is an error.
func (c Cases) FreshLost() error {
	t, err := c.grow()
	if err != nil {
		return err // want `return leaves transaction .* open`
	}
	defer t.close()
	return t.commit()
}

// Several collects transactions, and ends them all when one is missing.
func (c Cases) Several() (all []*sql.Tx, err error) {
	for range 2 {
		tx, err := c.p.DB.Begin()
		if err != nil {
			for _, tx := range all {
				_ = tx.Rollback()
			}
			return nil, err
		}
		all = append(all, tx)
	}
	return all, nil
}

// An outlet is a transaction with what was asked last.
type outlet struct {
	tx   *sql.Tx
	rows *sql.Rows
	err  error
}

func (o *outlet) close() {
	_ = o.rows.Close()
	_ = o.tx.Rollback()
}

func (c Cases) outlet() (*outlet, error) {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return nil, err
	}
	o := &outlet{tx: tx}
	if o.rows, err = tx.Query("SELECT name FROM items"); err != nil {
		return nil, err // want `return leaves transaction tx open`
	}
	return o, nil
}

// outletErr keeps the error as well.
func (c Cases) outletErr() (*outlet, error) {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return nil, err
	}
	o := &outlet{tx: tx}
	o.rows, o.err = tx.Query("SELECT name FROM items")
	if o.err != nil {
		return nil, o.err // want `return leaves transaction tx open`
	}
	return o, nil
}

// outletMinded ends it.
func (c Cases) outletMinded() (*outlet, error) {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return nil, err
	}
	o := &outlet{tx: tx}
	if o.rows, err = tx.Query("SELECT name FROM items"); err != nil {
		_ = tx.Rollback()
		return nil, err
	}
	return o, nil
}

// Outlets have three of them, one after the other.
func (c Cases) Outlets() error {
	for _, open := range []func() (*outlet, error){c.outlet, c.outletErr, c.outletMinded} {
		o, err := open()
		if err != nil {
			return err
		}
		o.close()
	}
	return nil
}
