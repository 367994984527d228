package clerks

import (
	"database/sql"

	"txcases/plumb"
)

func note(tx *sql.Tx) error {
	_, err := tx.Exec("INSERT INTO notes VALUES (1)")
	return err
}

// Boxed ends what is in a box.
func (c Cases) Boxed() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	b := plumb.NewBox(tx)
	if err := note(b.Get()); err != nil {
		_ = b.Get().Rollback()
		return err
	}
	return b.Get().Commit()
}

// BoxedDeferred ends it when it leaves.
func (c Cases) BoxedDeferred() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	b := plumb.NewBox(tx)
	defer func() { _ = b.Get().Rollback() }()
	return note(tx)
}

// BoxedForgets ends it when all went well.
func (c Cases) BoxedForgets() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	b := plumb.NewBox(tx)
	if err := note(b.Get()); err != nil {
		return err // want `return leaves transaction tx open`
	}
	return b.Get().Commit()
}

// ResultBoxed takes the transaction out of a result.
func (c Cases) ResultBoxed() error {
	tx, err := plumb.ResultOf(c.p.DB.Begin()).Get()
	if err != nil {
		return err
	}
	defer tx.Rollback()
	if err := note(tx); err != nil {
		return err
	}
	return tx.Commit()
}

// ResultLeft has no defer.
func (c Cases) ResultLeft() error {
	tx, err := plumb.ResultOf(c.p.DB.Begin()).Get()
	if err != nil {
		return err
	}
	if err := note(tx); err != nil {
		return err // want `return leaves transaction of .* open`
	}
	return tx.Commit()
}

// ResultAsked asks for the error first.
func (c Cases) ResultAsked() error {
	res := plumb.ResultOf(c.p.DB.Begin())
	if err := res.Err(); err != nil {
		return err
	}
	tx, _ := res.Get()
	if err := note(tx); err != nil {
		_ = tx.Rollback()
		return err
	}
	return tx.Commit()
}

// OptionTaken ends it if it is there.
func (c Cases) OptionTaken() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	o := plumb.Some(tx)
	err = note(tx)
	if tx, ok := o.Get(); ok {
		_ = tx.Rollback()
	}
	return err
}

// OptionLeft ends it if it is not.
func (c Cases) OptionLeft() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	o := plumb.Some(tx)
	if _, ok := o.Get(); ok {
		return note(tx) // want `return leaves transaction tx open`
	}
	return tx.Rollback() // not reached
}

// Crated ends what is in a box for anything.
func (c Cases) Crated() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	b := plumb.NewCrate(tx)
	err = note(tx)
	_ = b.Open().(*sql.Tx).Rollback()
	return err
}

// CratedForgets leaves it there.
func (c Cases) CratedForgets() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	b := plumb.NewCrate(tx)
	if err := note(tx); err != nil {
		return err // want `return leaves transaction tx open`
	}
	return b.Open().(*sql.Tx).Commit()
}

// ResultMatched ends it in one of two functions.
func (c Cases) ResultMatched() error {
	return plumb.ResultOf(c.p.DB.Begin()).Match(
		func(tx *sql.Tx) error { return tx.Commit() },
		func(err error) error { return err },
	)
}

// GuardedEnds ends it below a lock.
func (c Cases) GuardedEnds() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	return plumb.Guard(tx).With(func(tx *sql.Tx) error {
		if err := note(tx); err != nil {
			_ = tx.Rollback()
			return err
		}
		return tx.Commit()
	})
}

// GuardedForgets ends it later.
func (c Cases) GuardedForgets() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	if err := plumb.Guard(tx).With(note); err != nil {
		return err // want `return leaves transaction tx open`
	}
	return tx.Commit()
}
