package vault

import (
	"database/sql"
	"errors"
)

// Flags of a desk.
type Flags uint8

// What a desk can be.
const (
	Staffed Flags = 1 << iota
	Busy
	Locked
)

// ErrUnstaffed is returned by a desk where nobody is.
var ErrUnstaffed = errors.New("nobody is at the desk")

// A Desk has a transaction as long as somebody is there.
type Desk struct {
	tx    *sql.Tx
	flags Flags
}

// Staff begins.
func Staff(db *sql.DB) (*Desk, error) {
	tx, err := db.Begin()
	if err != nil {
		return nil, err
	}
	d := &Desk{tx: tx}
	d.flags |= Staffed
	return d, nil
}

// StaffWith begins with more flags.
func StaffWith(db *sql.DB, flags Flags) (*Desk, error) {
	tx, err := db.Begin()
	if err != nil {
		return nil, err
	}
	return &Desk{tx: tx, flags: flags | Staffed}, nil
}

// Serve works.
func (d *Desk) Serve(who string) error {
	d.flags |= Busy
	_, err := d.tx.Exec("INSERT INTO served VALUES (?)", who)
	return err
}

// Lock locks it.
func (d *Desk) Lock() { d.flags |= Locked }

// Set sets flags of any kind.
func (d *Desk) Set(flags Flags) { d.flags = flags }

// Is reports whether the desk has one of some flags.
func (d *Desk) Is(flag Flags) bool { return d.flags&flag != 0 }

// Has reports whether the desk has all of some flags.
func (d *Desk) Has(flags Flags) bool { return d.flags&flags == flags }

// Turn locks and unlocks it.
func (d *Desk) Turn() { d.flags ^= Locked }

// IsLocked reports whether it is locked.
func (d *Desk) IsLocked() bool { return d.flags&Locked == Locked }

// Close commits where somebody is there.
func (d *Desk) Close() error {
	if d.flags&Staffed == 0 {
		return ErrUnstaffed
	}
	d.flags &^= Staffed | Busy
	return d.tx.Commit()
}

// CloseUnlocked commits unless it is locked.
func (d *Desk) CloseUnlocked() error {
	if d.flags&(Staffed|Locked) != Staffed {
		return ErrUnstaffed
	}
	d.flags &^= Staffed
	return d.tx.Commit()
}
