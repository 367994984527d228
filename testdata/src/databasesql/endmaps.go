package databasesql

import "database/sql"

// EndsByName ends by what it finds under a name, or not at all.
func (c Cases) EndsByName() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	ends := map[string]func() error{"keep": tx.Commit, "drop": tx.Rollback}
	if c.p.Choose() {
		return errStock // want `return leaves transaction tx open`
	}
	return ends["keep"]()
}

// EndsByNameAlways looks there on each path.
func (c Cases) EndsByNameAlways() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	ends := map[bool]func() error{
		true:  func() error { return tx.Commit() },
		false: func() error { return tx.Rollback() },
	}
	end := ends[c.p.Choose()]
	if err := touch(tx); err != nil {
		return ends[false]()
	}
	return end()
}

// A ward has two transactions.
type ward struct {
	read, write *sql.Tx
	name        string
}

// FieldSteps looks up a step that works on a field of a variable, and rolls back.
func (c Cases) FieldSteps(kind string) error {
	var w ward
	var err error
	if w.write, err = c.p.DB.Begin(); err != nil {
		return err
	}
	defer func() { _ = w.write.Rollback() }()
	steps := map[string]func() error{
		"":  func() error { return nil },
		"a": func() error { return touch(w.write) },
	}
	if err := steps[kind](); err != nil {
		return err
	}
	return w.write.Commit()
}

// FieldStepsOpen does not where the step fails.
func (c Cases) FieldStepsOpen(kind string) error {
	var w ward
	var err error
	if w.write, err = c.p.DB.Begin(); err != nil {
		return err
	}
	steps := map[string]func() error{
		"":  func() error { return nil },
		"a": func() error { return touch(w.write) },
	}
	if err := steps[kind](); err != nil {
		return err // want `return leaves transaction w.write open`
	}
	return w.write.Commit()
}

// FieldStepsEnd has a step that ends it.
func (c Cases) FieldStepsEnd() error {
	var w ward
	var err error
	if w.write, err = c.p.DB.Begin(); err != nil {
		return err
	}
	steps := map[string]func() error{
		"a":   func() error { return touch(w.write) },
		"end": func() error { return w.write.Commit() },
	}
	if err := steps["a"](); err != nil {
		return w.write.Rollback()
	}
	return steps["end"]()
}

// FieldStepsMove has one that ends it by another field.
func (c Cases) FieldStepsMove() error {
	var w ward
	var err error
	if w.write, err = c.p.DB.Begin(); err != nil {
		return err
	}
	steps := map[string]func() error{
		"move": func() error { w.read, w.write = w.write, nil; return nil },
		"end":  func() error { return w.read.Commit() },
	}
	if err := steps["move"](); err != nil {
		return err // not reached
	}
	return steps["end"]()
}

// FieldStepsLent has one that lends it to a struct which ends it.
func (c Cases) FieldStepsLent() error {
	var w ward
	var err error
	if w.write, err = c.p.DB.Begin(); err != nil {
		return err
	}
	steps := map[string]func() error{
		"end": func() error { return w.end() },
	}
	if w.name = "north"; w.name == "" {
		return errStock // not reached
	}
	return steps["end"]()
}

func (w *ward) end() error { return w.write.Commit() }
