package style

import "database/sql"

type basket struct {
	tx    *sql.Tx
	items int
}

// What the function asks before it commits is not yet so at the return: no fix asks that.
func asksLater(db *sql.DB, counts []int) error {
	for _, n := range counts {
		var b basket
		if n > 0 {
			tx, err := db.Begin()
			if err != nil {
				return err
			}
			b.tx = tx
		}
		if n > 1 {
			return nil // want `return leaves transaction tx open`
		}
		b.items = n
		if b.items > 0 {
			if err := b.tx.Commit(); err != nil {
				return err
			}
		}
	}
	return nil
}
