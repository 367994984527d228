package style

import "database/sql"

// Each of its jumps is found by a try of its own, which the fixes of others do not wait for.
func stubborn(db *sql.DB, k int) (err error) {
	for {
		tx, err := db.Begin()
		if err != nil {
			return err
		}
		if k == 0 {
			goto out
		}
		if k == 1 {
			goto out
		}
		if k == 2 {
			goto out
		}
		if k == 3 {
			goto out
		}
		if k == 4 {
			goto out
		}
		if k == 5 {
			goto out
		}
		if k == 6 {
			goto out
		}
		if k == 7 {
			goto out
		}
		if k == 8 {
			goto out
		}
		if k == 9 {
			goto out
		}
		if k == 10 {
			goto out
		}
		if err := tx.Commit(); err != nil {
			return err
		}
	}
out:
	return nil // want `return leaves transaction tx open`
}
