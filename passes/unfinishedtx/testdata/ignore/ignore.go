// Package ignore holds directives.
package ignore

import "database/sql"

func silenced(db *sql.DB, stop, again, third bool) error {
	tx, err := db.Begin()
	if err != nil {
		return err
	}
	if stop {
		return nil //txcheck:ignore the server closes this session
	}
	if again {
		//txcheck:ignore and this one
		return nil
	}
	if third {
		return nil // want `return leaves transaction tx open`
	}
	return tx.Commit()
}

func unjustified(db *sql.DB, stop bool) error {
	tx, err := db.Begin()
	if err != nil {
		return err
	}
	if stop {
		/* want `needs a reason` */ //txcheck:ignore
		return nil                  // want `return leaves transaction tx open`
	}
	return tx.Commit()
}

/* want `silences nothing` */ //txcheck:ignore there is nothing to silence here

//txcheckignore is no directive

/* want `//txcheck:ignroe is no directive: there is only //txcheck:ignore` */ //txcheck:ignroe a slip of the pen
