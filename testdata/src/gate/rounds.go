package gate

import "database/sql"

func exists(tx *sql.Tx) (bool, error) {
	var found bool
	err := tx.QueryRow("SELECT true").Scan(&found)
	return found, err
}

// Existing goes on by a flag that came with an error.
func (c Cases) Existing() error {
	for range 2 {
		tx, err := c.p.DB.Begin()
		if err != nil {
			return err
		}
		ok, err := exists(tx)
		if err != nil {
			_ = tx.Rollback()
			return err
		}
		if ok {
			continue // want `next iteration leaves transaction tx open`
		}
		_ = tx.Commit()
	}
	return nil // want `return leaves transaction tx open`
}

// ExistingElse asks in one statement.
func (c Cases) ExistingElse() error {
	for range 2 {
		tx, err := c.p.DB.Begin()
		if err != nil {
			return err
		}
		if ok, err := exists(tx); err != nil {
			_ = tx.Rollback()
			return err
		} else if !ok {
			continue // want `next iteration leaves transaction tx open`
		}
		if err := tx.Commit(); err != nil {
			return err
		}
	}
	return nil // want `return leaves transaction tx open`
}

// Flagged goes on by a flag that an inner loop sets.
func (c Cases) Flagged(gates, bars []int) error {
	for _, gate := range gates {
		tx, err := c.p.DB.Begin()
		if err != nil {
			return err
		}
		var failed bool
		for _, bar := range bars {
			if _, err := tx.Exec("UPDATE gates SET bar = ?", gate, bar); err != nil {
				failed = true
				break
			}
		}
		if failed {
			continue // want `next iteration leaves transaction tx open`
		}
		if err := tx.Commit(); err != nil {
			return err
		}
	}
	return nil // want `return leaves transaction tx open`
}

// InHead has the condition in the head of the statement.
func (c Cases) InHead() error {
	for range 2 {
		tx, err := c.p.DB.Begin()
		if err != nil {
			return err
		}
		if skip := c.p.Choose(); skip {
			continue // want `next iteration leaves transaction tx open`
		}
		if err := tx.Commit(); err != nil {
			_ = tx.Rollback()
			continue
		}
	}
	return nil // want `return leaves transaction tx open`
}

// Seen looks into a map.
func (c Cases) Seen() error {
	seen := map[int]bool{c.p.Pick(2): true}
	for i := range 2 {
		tx, err := c.p.DB.Begin()
		if err != nil {
			return err
		}
		if seen[i] {
			continue // want `next iteration leaves transaction tx open`
		}
		if err := tx.Commit(); err != nil {
			return err
		}
	}
	return nil // want `return leaves transaction tx open`
}

// SeenAt looks for a key.
func (c Cases) SeenAt() error {
	seen := map[int]string{c.p.Pick(2): "gate"}
	for i := range 2 {
		tx, err := c.p.DB.Begin()
		if err != nil {
			return err
		}
		if _, ok := seen[i]; !ok {
			continue // want `next iteration leaves transaction tx open`
		}
		if err := tx.Commit(); err != nil {
			return err
		}
	}
	return nil // want `return leaves transaction tx open`
}
