package idioms

import (
	"database/sql"
	"fmt"
)

// TableSteps gathers what is to be done.
func (c Cases) TableSteps() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	var steps []func() error
	steps = append(steps, func() error { return add(tx, "first") })
	if c.p.Choose() {
		steps = append(steps, func() error { return add(tx, "second") })
	}
	for _, step := range steps {
		if err := step(); err != nil {
			return err // want `return leaves transaction tx open`
		}
	}
	return tx.Commit()
}

// TableStepsEnded rolls back when one fails.
func (c Cases) TableStepsEnded(names []string) error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	var steps []func() error
	for _, name := range names {
		steps = append(steps, func() error { return add(tx, name) })
	}
	for _, step := range steps {
		if err := step(); err != nil {
			_ = tx.Rollback()
			return err
		}
	}
	return tx.Commit()
}

// TableLast has the end among the steps.
func (c Cases) TableLast() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	var steps []func() error
	steps = append(steps, func() error {
		if err := add(tx, "first"); err != nil {
			_ = tx.Rollback()
			return err
		}
		return tx.Commit()
	})
	steps = append(steps, func() error { return c.log() })
	for _, step := range steps {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

// TableEnds has its end in a list with a step that comes too late.
func (c Cases) TableEnds() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	var steps []func() error
	steps = append(steps, tx.Commit)
	steps = append(steps, func() error {
		return add(tx, "first") // not reached
	})
	return steps[0]()
}

// TableCounted goes by what its steps have counted.
func (c Cases) TableCounted() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	failed := 0
	var steps []func()
	steps = append(steps, func() {
		if add(tx, "first") != nil {
			failed++
		}
	})
	for _, step := range steps {
		step()
	}
	if failed > 0 {
		_ = tx.Rollback()
		return errInput
	}
	return tx.Commit()
}

// TableByName looks up what is to be done.
func (c Cases) TableByName(name string) error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	steps := map[string]func() error{
		"a": func() error { return add(tx, "first") },
	}
	step, ok := steps[name]
	if !ok {
		return errInput // want `return leaves transaction tx open`
	}
	if err := step(); err != nil {
		_ = tx.Rollback()
		return err
	}
	return tx.Commit()
}

// TableByEnd looks up how to end.
func (c Cases) TableByEnd(ok bool) error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	steps := map[bool]func() error{
		true:  func() error { return add(tx, "first") },
		false: func() error { return tx.Rollback() },
	}
	if !ok {
		return steps[ok]()
	}
	if err := steps[ok](); err != nil {
		_ = tx.Rollback()
		return err
	}
	return tx.Commit()
}

// TableEach tries each way to end one that it knows.
func (c Cases) TableEach() error {
	for name, end := range map[string]func(*sql.Tx) error{"commit": (*sql.Tx).Commit} {
		tx, err := c.p.DB.Begin()
		if err != nil {
			return err
		}
		if err := end(tx); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	return nil
}

func addFirst(tx *sql.Tx) error { return add(tx, "first") }

func addAndEnd(tx *sql.Tx) error {
	if err := add(tx, "last"); err != nil {
		_ = tx.Rollback()
		return err
	}
	return tx.Commit()
}

// TableAdds takes a function that ends nothing.
func (c Cases) TableAdds(name string) error {
	adds := map[string]func(*sql.Tx) error{"a": addFirst, "first": addFirst}
	add, ok := adds[name]
	if !ok {
		return errInput
	}
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	if err := add(tx); err != nil {
		return err // want `return leaves transaction tx open`
	}
	return tx.Commit()
}

// TableOne takes the one that ends it.
func (c Cases) TableOne() error {
	adds := map[string]func(*sql.Tx) error{"a": addFirst, "z": addAndEnd}
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	if err := adds["z"](tx); err != nil {
		return fmt.Errorf("end: %w", err)
	}
	return nil
}
