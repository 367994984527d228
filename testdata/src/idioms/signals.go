package idioms

import "database/sql"

// A roll is closed once, by whoever comes first.
type roll struct {
	tx   *sql.Tx
	done chan struct{}
}

func (c Cases) unroll() (*roll, error) {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return nil, err
	}
	return &roll{tx, make(chan struct{})}, nil
}

// Close rolls back what was not kept.
func (r *roll) Close() error {
	select {
	case <-r.done:
		return nil
	default:
		close(r.done)
		return r.tx.Rollback()
	}
}

// Keep commits.
func (r *roll) Keep() error {
	close(r.done)
	return r.tx.Commit()
}

// SignalClosed closes the roll on its way out.
func (c Cases) SignalClosed() error {
	r, err := c.unroll()
	if err != nil {
		return err
	}
	defer r.Close()
	if err := add(r.tx, "picture"); err != nil {
		return err
	}
	return r.Keep()
}

// SignalEarly has closed it too early.
func (c Cases) SignalEarly() error {
	r, err := c.unroll()
	if err != nil {
		return err
	}
	defer r.Close()
	if err := add(r.tx, "picture"); err != nil {
		close(r.done)
		return err // want `return leaves transaction r open`
	}
	return r.Keep()
}

// SignalForgets does not close it.
func (c Cases) SignalForgets() error {
	r, err := c.unroll()
	if err != nil {
		return err
	}
	if err := add(r.tx, "picture"); err != nil {
		return err // want `return leaves transaction r open`
	}
	return r.Keep()
}

// SignalCommitted asks at the end whether it was committed.
func (c Cases) SignalCommitted() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	committed := make(chan struct{})
	defer func() {
		select {
		case <-committed:
		default:
			_ = tx.Rollback()
		}
	}()
	if err := add(tx, "picture"); err != nil {
		return err
	}
	if err := tx.Commit(); err != nil {
		return err
	}
	close(committed)
	return nil
}

// SignalStopped stops between two rounds, or within one.
func (c Cases) SignalStopped() error {
	stop := make(chan struct{})
	for range 2 {
		tx, err := c.p.DB.Begin()
		if err != nil {
			return err
		}
		if err := add(tx, "picture"); err != nil {
			close(stop)
		}
		select {
		case <-stop:
			return nil // want `return leaves transaction tx open`
		default:
		}
		if err := tx.Commit(); err != nil {
			return err
		}
	}
	return nil
}

// SignalOutside gives the signal to somebody else, who may have stopped it by then.
func (c Cases) SignalOutside() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	stop := make(chan struct{})
	stopped := make(chan bool)
	go func() {
		close(stop)
		stopped <- true
	}()
	<-stopped
	select {
	case <-stop:
		return nil // want `return leaves transaction tx open`
	default:
	}
	return tx.Commit() // not reached
}
