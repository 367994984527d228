package idioms

// TokenFull leaves when it finds what it has put aside before.
func (c Cases) TokenFull() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	ready := make(chan int, 1)
	if c.p.Choose() {
		ready <- 1
	}
	select {
	case <-ready:
		return nil // want `return leaves transaction tx open`
	default:
	}
	return tx.Commit()
}

// TokenEmpty leaves when it finds nothing.
func (c Cases) TokenEmpty() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	ready := make(chan struct{}, 1)
	if c.p.Choose() {
		ready <- struct{}{}
	}
	select {
	case <-ready:
	default:
		return nil // want `return leaves transaction tx open`
	}
	return tx.Commit()
}

// TokenOnce takes its turn, which comes but once.
func (c Cases) TokenOnce() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	turn := make(chan bool, 1)
	turn <- true
	if c.p.Choose() {
		<-turn
		_ = tx.Rollback()
	}
	select {
	case <-turn:
		return tx.Commit()
	default:
		return nil
	}
}

// TokenTwice has room for one, and knows what it has put there.
func (c Cases) TokenTwice() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	room := make(chan error, 1)
	for range 2 {
		select {
		case room <- err:
		default:
			_ = tx.Rollback()
			return errInput
		}
	}
	return nil // not reached
}

// TokenTwiceRoomy has room for both.
func (c Cases) TokenTwiceRoomy() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	room := make(chan error, 2)
	for range 2 {
		select {
		case room <- err:
		default:
			_ = tx.Rollback()
			return errInput // not reached
		}
	}
	return nil // want `return leaves transaction tx open`
}

// TokenEither goes on with the one of two that has something.
func (c Cases) TokenEither() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	left, right := make(chan int, 1), make(chan int, 1)
	if c.p.Choose() {
		left <- 1
	} else {
		right <- 1
	}
	select {
	case <-left:
		return tx.Commit()
	case <-right:
		return errInput // want `return leaves transaction tx open`
	}
}

// TokenEitherEmpty can go on with one of them alone.
func (c Cases) TokenEitherEmpty() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	left, right := make(chan int, 1), make(chan int, 1)
	if c.p.Choose() {
		left <- 1
	}
	select {
	case <-left:
		return tx.Commit()
	case <-right:
		return errInput // not reached
	default:
		_ = tx.Rollback()
		return nil
	}
}

// TokenOfOthers hands on the channel to somebody else, who puts something into it.
func (c Cases) TokenOfOthers() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	ready, out := make(chan int, 1), make(chan chan int, 1)
	select {
	case out <- ready:
	default:
		return tx.Rollback() // not reached
	}
	(<-out) <- 1
	<-ready
	if c.p.Choose() {
		return errInput // want `return leaves transaction tx open`
	}
	return tx.Commit()
}
