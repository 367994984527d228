package idioms

// RoutineForgets leaves it to a goroutine that returns before the commit.
func (c Cases) RoutineForgets() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	done := make(chan error, 1)
	go func() {
		if err := add(tx, "far"); err != nil {
			done <- err
			return
		}
		done <- tx.Commit()
	}()
	return <-done // want `return leaves transaction tx open`
}

// RoutineEnds ends it on each way.
func (c Cases) RoutineEnds() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	done := make(chan error, 1)
	go func() {
		if err := add(tx, "far"); err != nil {
			_ = tx.Rollback()
			done <- err
			return
		}
		done <- tx.Commit()
	}()
	return <-done
}

// RoutineHalf ends here what the goroutine leaves.
func (c Cases) RoutineHalf() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	done := make(chan error, 1)
	go func() {
		if err := add(tx, "far"); err != nil {
			done <- err
			return
		}
		done <- tx.Commit()
	}()
	err = <-done
	if err != nil {
		_ = tx.Rollback()
	}
	return err
}

// RoutineGuarded has a rollback deferred.
func (c Cases) RoutineGuarded() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	defer tx.Rollback()
	done := make(chan error, 1)
	go func() {
		if err := add(tx, "far"); err != nil {
			done <- err
			return
		}
		done <- tx.Commit()
	}()
	return <-done
}

// RoutineOther has a second goroutine for the rest.
func (c Cases) RoutineOther() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	failed, done := make(chan error, 1), make(chan error, 1)
	go func() {
		err := add(tx, "far")
		if err == nil {
			err = tx.Commit()
			failed <- nil
			done <- err
			return
		}
		failed <- err
	}()
	go func() {
		if err := <-failed; err != nil {
			_ = tx.Rollback()
			done <- err
		}
	}()
	return <-done
}
