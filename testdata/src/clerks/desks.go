package clerks

import (
	"errors"

	"txcases/vault"
)

// Desks tell by bits of one number what they are.

// DeskCloses closes the desk.
func (c Cases) DeskCloses() error {
	d, err := vault.Staff(c.p.DB)
	if err != nil {
		return err
	}
	return d.Close()
}

// DeskServes serves there before.
func (c Cases) DeskServes(names []string) error {
	d, err := vault.Staff(c.p.DB)
	if err != nil {
		return err
	}
	for _, name := range names {
		_ = d.Serve(name)
	}
	return d.Close()
}

// DeskServesOnly does not close it when that fails.
func (c Cases) DeskServesOnly() error {
	d, err := vault.Staff(c.p.DB)
	if err != nil {
		return err
	}
	if err := d.Serve("ann"); err != nil {
		return err // want `return leaves transaction d open`
	}
	return d.Close()
}

// DeskWith has more flags.
func (c Cases) DeskWith() error {
	d, err := vault.StaffWith(c.p.DB, vault.Busy)
	if err != nil {
		return err
	}
	return d.Close()
}

// DeskLocked closes a desk that is locked only if it is not.
func (c Cases) DeskLocked() error {
	d, err := vault.Staff(c.p.DB)
	if err != nil {
		return err
	}
	if c.p.Choose() {
		d.Lock()
	}
	return d.CloseUnlocked() // want `return leaves transaction d open`
}

// DeskAsked asks whether it is.
func (c Cases) DeskAsked() error {
	d, err := vault.Staff(c.p.DB)
	if err != nil {
		return err
	}
	if c.p.Choose() {
		d.Lock()
	}
	if d.IsLocked() {
		return d.Close()
	}
	return d.CloseUnlocked()
}

// DeskCleared takes the flag that says that somebody is there.
func (c Cases) DeskCleared() error {
	d, err := vault.Staff(c.p.DB)
	if err != nil {
		return err
	}
	d.Set(vault.Busy | vault.Locked)
	return d.Close() // want `return leaves transaction d open`
}

// DeskSet sets flags that nobody knows.
func (c Cases) DeskSet(n int) error {
	d, err := vault.Staff(c.p.DB)
	if err != nil {
		return err
	}
	d.Set(vault.Flags(n*2) | vault.Staffed)
	return d.Close()
}

// DeskTwice closes it in any case.
func (c Cases) DeskTwice() error {
	d, err := vault.Staff(c.p.DB)
	if err != nil {
		return err
	}
	defer d.Close()
	if err := d.Serve("ann"); err != nil {
		return err
	}
	return d.Close()
}

// DeskIs asks for a flag by a constant that it passes.
func (c Cases) DeskIs() error {
	d, err := vault.Staff(c.p.DB)
	if err != nil {
		return err
	}
	if !d.Is(vault.Staffed) {
		return vault.ErrUnstaffed // not reached
	}
	return d.Close()
}

// DeskIsOther leaves it open for a flag that another call sets.
func (c Cases) DeskIsOther() error {
	d, err := vault.Staff(c.p.DB)
	if err != nil {
		return err
	}
	if c.p.Choose() {
		d.Lock()
	}
	if d.Is(vault.Locked) {
		return nil // want `return leaves transaction d open`
	}
	return d.Close()
}

// DeskHas asks for flags by constants.
func (c Cases) DeskHas() error {
	d, err := vault.Staff(c.p.DB)
	if err != nil {
		return err
	}
	d.Lock()
	if !d.Has(vault.Staffed) {
		return vault.ErrUnstaffed // not reached
	}
	if !d.Has(vault.Staffed | vault.Locked) {
		return vault.ErrUnstaffed // not reached
	}
	return d.Close()
}

// DeskHasBoth asks for two, of which it has one at times.
func (c Cases) DeskHasBoth() error {
	d, err := vault.Staff(c.p.DB)
	if err != nil {
		return err
	}
	if c.p.Choose() {
		d.Lock()
	}
	if !d.Has(vault.Staffed | vault.Locked) {
		return vault.ErrUnstaffed // want `return leaves transaction d open`
	}
	return d.Close()
}

// DeskTurned locks it, and unlocks it again.
func (c Cases) DeskTurned() error {
	d, err := vault.Staff(c.p.DB)
	if err != nil {
		return err
	}
	d.Turn()
	if err := d.Serve("ann"); err != nil {
		return errors.Join(err, d.Close())
	}
	d.Turn()
	return d.CloseUnlocked()
}

// DeskTurnedOnce does not unlock it.
func (c Cases) DeskTurnedOnce() error {
	d, err := vault.Staff(c.p.DB)
	if err != nil {
		return err
	}
	d.Turn()
	return d.CloseUnlocked() // want `return leaves transaction d open`
}
