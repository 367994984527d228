package quay

import (
	"database/sql"
	"strings"

	"txcases/quay/watch"
)

// Lists and maps of what is wrong, in objects of this package and of others.

// A form has what is wrong with its fields.
type form struct {
	wrong map[string]string
}

func (f *form) fail(field string) { f.wrong[field] = "bad" }
func (f *form) ok() bool          { return len(f.wrong) == 0 }

// ListsForm leaves where something is wrong.
func (c Cases) ListsForm(name string) error {
	f := &form{wrong: make(map[string]string)}
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	if name == "" {
		f.fail("name")
	}
	if !f.ok() {
		return errFull // want `return leaves transaction tx open`
	}
	return tx.Commit()
}

// ListsFormUndoes has rolled back.
func (c Cases) ListsFormUndoes(name string) error {
	f := &form{wrong: map[string]string{}}
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	if name == "" {
		f.fail("name")
		_ = tx.Rollback()
	}
	if len(f.wrong) > 0 {
		return errFull
	}
	if f.wrong["name"] != "" {
		return errFull // not reached
	}
	return tx.Commit()
}

// ListsFormEarly asks before it begins.
func (c Cases) ListsFormEarly(name string) error {
	f := &form{wrong: map[string]string{}}
	if name == "" {
		f.fail("name")
	}
	if len(f.wrong) > 0 {
		return errFull
	}
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	if c.p.Choose() {
		return errFull // want `return leaves transaction tx open`
	}
	return tx.Commit()
}

// ListsErrs gathers in another package.
func (c Cases) ListsErrs() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	var errs watch.Errs
	errs.Add(touch(tx))
	errs.Add(touch(tx))
	if err := errs.Err(); err != nil {
		return err // want `return leaves transaction tx open`
	}
	return tx.Commit()
}

// ListsErrsUndoes rolls back by how many there are.
func (c Cases) ListsErrsUndoes() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	errs := &watch.Errs{}
	defer func() {
		if errs.Len() > 0 {
			_ = tx.Rollback()
		}
	}()
	if err := touch(tx); err != nil {
		errs.Add(err)
		return err
	}
	return tx.Commit()
}

// ListsKept has an error stored by another package.
func (c Cases) ListsKept() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	var first error
	err = touch(tx)
	watch.Keep(&first, err)
	if err != nil {
		_ = tx.Rollback()
	}
	if first != nil {
		return first
	}
	return tx.Commit()
}

// ListsKeptFirst has it stored by a function that has another one do that.
func (c Cases) ListsKeptFirst() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	var first error
	err = touch(tx)
	watch.KeepFirst(&first, err)
	if err != nil {
		_ = tx.Rollback()
	}
	if first != nil {
		return first
	}
	return tx.Commit()
}

// ListsKeptOnly does nothing but keep it.
func (c Cases) ListsKeptOnly() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	var first error
	watch.KeepFirst(&first, touch(tx))
	if first != nil {
		return first // want `return leaves transaction tx open`
	}
	return tx.Commit()
}

// A batch gathers rows beside its transaction.
type batch struct {
	tx   *sql.Tx
	rows strings.Builder
}

func (b *batch) add(row string) { b.rows.WriteString(row) }

// ListsBatch writes what it has gathered.
func (c Cases) ListsBatch() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	b := &batch{tx: tx}
	b.add("a")
	if b.rows.Len() > 0 {
		if _, err := b.tx.Exec(b.rows.String()); err != nil {
			return err // want `return leaves transaction tx open`
		}
	}
	return b.tx.Commit()
}

// ListsDone notes in a map that it has committed.
func (c Cases) ListsDone() error {
	done := map[string]struct{}{}
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	defer func() {
		if _, ok := done["commit"]; !ok {
			_ = tx.Rollback()
		}
	}()
	if c.p.Choose() {
		return errFull
	}
	if err := tx.Commit(); err != nil {
		return err
	}
	done["commit"] = struct{}{}
	return nil
}

// ListsNamed gathers errors by name.
func (c Cases) ListsNamed() error {
	wrong := map[string]error{}
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	for _, name := range []string{"a", "b"} {
		if err := touch(tx); err != nil {
			wrong[name] = err
		}
	}
	if len(wrong) > 0 {
		_ = tx.Rollback()
	}
	for _, err := range wrong {
		return err
	}
	return tx.Commit()
}

// ListsFirst returns the first of what has failed.
func (c Cases) ListsFirst() (err error) {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_ = tx.Rollback()
		}
	}()
	var wrong []error
	for range 2 {
		if err := touch(tx); err != nil {
			wrong = append(wrong, err)
		}
	}
	if len(wrong) > 0 {
		return wrong[0]
	}
	if c.p.Choose() {
		return nil // want `return leaves transaction tx open`
	}
	return tx.Commit()
}
