package gate

import (
	"database/sql"
	"sync"

	"txcases/gate/relay"
)

// Objects that run a function for somebody, and are asked afterwards how that went.

func touch(tx *sql.Tx) error {
	_, err := tx.Exec("UPDATE gate SET n = 1")
	return err
}

// team is relay.Group, in this package.
type team struct {
	wg   sync.WaitGroup
	once sync.Once
	err  error
}

func (t *team) Go(f func() error) {
	t.wg.Add(1)
	go func() {
		defer t.wg.Done()
		if err := f(); err != nil {
			t.once.Do(func() { t.err = err })
		}
	}()
}

func (t *team) Wait() error {
	t.wg.Wait()
	return t.err
}

// RunsGroup waits for a group of another package.
func (c Cases) RunsGroup() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	var g relay.Group
	g.Go(func() error { return touch(tx) })
	if err := g.Wait(); err != nil {
		return err // want `return leaves transaction tx open`
	}
	return tx.Commit()
}

// RunsGroupUndoes rolls back.
func (c Cases) RunsGroupUndoes() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	g := &relay.Group{}
	g.Go(func() error { return touch(tx) })
	if err := g.Wait(); err != nil {
		_ = tx.Rollback()
		return err
	}
	return tx.Commit()
}

// RunsTeam waits for a group of this package.
func (c Cases) RunsTeam() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	var t team
	t.Go(func() error { return touch(tx) })
	if err := t.Wait(); err != nil {
		return err // want `return leaves transaction tx open`
	}
	return tx.Commit()
}

// RunsTeamBefore has begun to run before the transaction is there.
func (c Cases) RunsTeamBefore() error {
	t := &team{}
	t.Go(func() error { _, err := c.p.DB.Exec("SELECT 1"); return err })
	tx, err := c.p.DB.Begin()
	if err != nil {
		_ = t.Wait()
		return err
	}
	if err := t.Wait(); err != nil {
		return err // want `return leaves transaction tx open`
	}
	return tx.Commit()
}

// RunsSeq asks for the error of a sequence.
func (c Cases) RunsSeq() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	var s relay.Seq
	s.Call(func() error { return touch(tx) })
	s.Call(func() error { return touch(tx) })
	if s.Err() != nil {
		return s.Err() // want `return leaves transaction tx open`
	}
	return tx.Commit()
}

// RunsSeqUndoes rolls back where the sequence has failed.
func (c Cases) RunsSeqUndoes() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	var s relay.Seq
	defer func() {
		if s.Err() != nil {
			_ = tx.Rollback()
		}
	}()
	s.Call(func() error { return touch(tx) })
	if s.Err() != nil {
		return s.Err()
	}
	s.Call(tx.Commit)
	return s.Err()
}

// RunsCounter asks a field.
func (c Cases) RunsCounter() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	var k relay.Counter
	k.Run(func() error { return touch(tx) })
	if k.Err != nil {
		return k.Err // want `return leaves transaction tx open`
	}
	return tx.Commit()
}

// RunsCounterBegins begins in what is run.
func (c Cases) RunsCounterBegins() error {
	var k relay.Counter
	var tx *sql.Tx
	k.Run(func() (err error) {
		tx, err = c.p.DB.Begin()
		return err
	})
	if k.Err != nil {
		return k.Err
	}
	return tx.Commit()
}

// RunsField stores the error in a struct that two share.
func (c Cases) RunsField() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	var res struct {
		err error
	}
	var wg sync.WaitGroup
	wg.Add(1)
	go func() {
		defer wg.Done()
		res.err = touch(tx)
	}()
	wg.Wait()
	if res.err != nil {
		return res.err // want `return leaves transaction tx open`
	}
	return tx.Commit()
}
