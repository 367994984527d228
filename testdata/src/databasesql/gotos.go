package databasesql

import "errors"

// GotoFail shares one rollback between all errors.
func (c Cases) GotoFail() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	if _, err = tx.Exec("UPDATE accounts SET n = n - 1"); err != nil {
		goto fail
	}
	if _, err = tx.Exec("UPDATE accounts SET n = n + 1"); err != nil {
		goto fail
	}
	return tx.Commit()
fail:
	return errors.Join(err, tx.Rollback())
}

// GotoFailForgotten shares everything but the rollback.
func (c Cases) GotoFailForgotten() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	if _, err = tx.Exec("UPDATE accounts SET n = n - 1"); err != nil {
		goto fail
	}
	if err = tx.Commit(); err != nil {
		goto fail
	}
	return nil
fail:
	return errors.Join(errLocked, err) // want `return leaves transaction tx open`
}

// LabelledBreak leaves two loops at once, past the commit.
func (c Cases) LabelledBreak() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
rows:
	for range 2 {
		for range 2 {
			if _, err = tx.Exec("DELETE FROM queue LIMIT 10"); err != nil {
				break rows
			}
		}
	}
	if err == nil {
		err = tx.Commit()
	}
	return err // want `return leaves transaction tx open`
}

// LabelledBreakEnds rolls back on the way.
func (c Cases) LabelledBreakEnds() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
rows:
	for range 2 {
		for range 2 {
			if _, err = tx.Exec("DELETE FROM queue LIMIT 10"); err != nil {
				_ = tx.Rollback()
				break rows
			}
		}
	}
	if err == nil {
		err = tx.Commit()
	}
	return err
}

// Worker works for ever, one transaction for each round.
func (c Cases) Worker() {
	for {
		tx, err := c.p.DB.Begin()
		if err != nil {
			return
		}
		if _, err := tx.Exec("DELETE FROM queue LIMIT 10"); err != nil {
			_ = tx.Rollback()
			continue
		}
		_ = tx.Commit()
	}
}

// WorkerOpen forgets one round after a failure.
func (c Cases) WorkerOpen() {
	for {
		tx, err := c.p.DB.Begin()
		if err != nil {
			return
		}
		if _, err := tx.Exec("DELETE FROM queue LIMIT 10"); err == nil {
			_ = tx.Commit()
		}
	} // want `next iteration leaves transaction tx open`
}

// ElseChain ends it in each branch but one.
func (c Cases) ElseChain(kind string) (string, error) {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return "", err
	} else if kind == "" {
		return "none", tx.Rollback()
	} else if _, err := tx.Exec("UPDATE kinds SET n = n + 1"); err != nil {
		return "", err // want `return leaves transaction tx open`
	} else {
		return kind, tx.Commit()
	}
}

// ElseChainEnds ends it in each.
func (c Cases) ElseChainEnds(kind string) (string, error) {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return "", err
	} else if kind == "" {
		return "none", tx.Rollback()
	} else if _, err := tx.Exec("UPDATE kinds SET n = n + 1"); err != nil {
		return "", errors.Join(err, tx.Rollback())
	} else {
		return kind, tx.Commit()
	}
}

// CommitInCondition commits in the condition of an if.
func (c Cases) CommitInCondition() string {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return "busy"
	}
	if _, err := tx.Exec("UPDATE kinds SET n = n + 1"); err != nil || tx.Commit() != nil {
		if err != nil {
			_ = tx.Rollback()
		}
		return "failed"
	}
	return "done"
}
