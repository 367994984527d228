package clerks

import (
	"database/sql"

	"txcases/plumb"
	"txcases/vault"
)

// Behind an assertion what it is given is right.

// AssertOwn begins where nobody else has, and is not to be called otherwise.
func (c Cases) AssertOwn(own bool) error {
	if own {
		tx, err := c.p.DB.Begin()
		if err != nil {
			return err
		}
		_, err = tx.Exec("UPDATE stock SET counted = 1")
		plumb.Assert(!own, "nobody owns it")
		return err // not reached
	}
	return nil
}

// AssertOther asserts what says nothing of that.
func (c Cases) AssertOther(own bool) error {
	if own {
		tx, err := c.p.DB.Begin()
		if err != nil {
			return err
		}
		_, err = tx.Exec("UPDATE stock SET counted = 1")
		plumb.Assert(own, "we own it")
		return err // want `return leaves transaction tx open`
	}
	return nil
}

// NoErrorBehind commits where it has worked, and asserts that it has.
func (c Cases) NoErrorBehind() (n int, err error) {
	tx, err := c.p.DB.Begin()
	plumb.NoError(err)
	if _, err = tx.Exec("UPDATE stock SET counted = 1"); err == nil {
		n = 1
		err = tx.Commit()
	}
	plumb.NoError(err)
	return n, nil
}

// NoErrorBefore asserts it before it works.
func (c Cases) NoErrorBefore() (n int, err error) {
	tx, err := c.p.DB.Begin()
	plumb.NoError(err)
	if _, err = tx.Exec("UPDATE stock SET counted = 1"); err == nil {
		n = 1
		err = tx.Commit()
	}
	return n, nil // want `return leaves transaction tx open`
}

// FatalBehind ends the process where it has not worked.
func (c Cases) FatalBehind() {
	tx, err := c.p.DB.Begin()
	plumb.Fatal(err)
	if _, err = tx.Exec("UPDATE stock SET counted = 1"); err == nil {
		err = tx.Commit()
	}
	plumb.Fatal(err)
}

// FatalOther does for another error.
func (c Cases) FatalOther() {
	tx, err := c.p.DB.Begin()
	plumb.Fatal(err)
	other := c.work(tx)
	if _, err = tx.Exec("UPDATE stock SET counted = 1"); err == nil {
		err = tx.Commit()
	}
	plumb.Fatal(other)
} // want `end of function leaves transaction tx open`

func (c Cases) work(tx *sql.Tx) error {
	_, err := tx.Exec("SELECT counted FROM stock")
	return err
}

// MustBehind begins, and works, or panics.
func (c Cases) MustBehind() (err error) {
	tx := plumb.Must(c.p.DB.Begin())
	res, err := tx.Exec("UPDATE stock SET counted = 1")
	if err == nil {
		err = tx.Commit()
	}
	_ = plumb.Must(res, err)
	return err
}

// PositiveBehind begins for numbers that are refused afterwards.
func (c Cases) PositiveBehind(n int) error {
	if n < 1 {
		tx, err := c.p.DB.Begin()
		if err != nil {
			return err
		}
		_, _ = tx.Exec("UPDATE stock SET counted = 1")
	}
	plumb.Positive(n)
	return nil
}

// PositiveOther does for others.
func (c Cases) PositiveOther(n int) error {
	if n >= 1 {
		tx, err := c.p.DB.Begin()
		if err != nil {
			return err
		}
		_, _ = tx.Exec("UPDATE stock SET counted = 1")
	}
	plumb.Positive(n)
	return nil // want `return leaves transaction tx open`
}

// DoorShut asserts that the door is open before it shuts it.
func (c Cases) DoorShut() error {
	door, err := vault.OpenDoor(c.p.DB)
	if err != nil {
		return err
	}
	door.MustBeOpen()
	return door.Shut()
}

// DoorLeft asserts it, and leaves it so.
func (c Cases) DoorLeft() error {
	door, err := vault.OpenDoor(c.p.DB)
	if err != nil {
		return err
	}
	door.MustBeOpen()
	if c.p.Choose() {
		return errClosed // want `return leaves transaction door open`
	}
	return door.Shut()
}

// DoorSwung asserts it of a door of which that is not known.
func (c Cases) DoorSwung(times int) error {
	door, err := vault.OpenDoor(c.p.DB)
	if err != nil {
		return err
	}
	door.Swing(times)
	door.MustBeOpen()
	if c.p.Choose() {
		return errClosed // want `return leaves transaction door open`
	}
	return door.Shut()
}
