package vault

import "database/sql"

// A Door is open as long as it has a transaction to end.
type Door struct {
	tx   *sql.Tx
	shut bool
}

// OpenDoor begins.
func OpenDoor(db *sql.DB) (*Door, error) {
	tx, err := db.Begin()
	if err != nil {
		return nil, err
	}
	return &Door{tx: tx}, nil
}

// Swing opens and shuts it.
func (d *Door) Swing(times int) { d.shut = times%2 != 0 }

// MustBeOpen panics where it is not.
func (d *Door) MustBeOpen() {
	if d.shut {
		panic("the door is shut")
	}
}

// Shut commits.
func (d *Door) Shut() error {
	d.shut = true
	return d.tx.Commit()
}
