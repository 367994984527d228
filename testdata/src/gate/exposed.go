package gate

import (
	"context"
	"database/sql"
	"sync"
	"testing"

	"txcases/yard"
)

// A porter has a transaction at times.
type porter struct{ tx *sql.Tx }

func (p *porter) stop() {
	if p.tx != nil {
		_ = p.tx.Rollback()
	}
}

// A lodge knows its porters.
type lodge struct {
	byName map[string]*porter
	list   []*porter
	any    sync.Map
}

func (l *lodge) stop() {
	for _, p := range l.byName {
		p.stop()
	}
	for _, p := range l.list {
		p.stop()
	}
	l.any.Range(func(_, p any) bool { p.(*porter).stop(); return true })
}

func (c Cases) lodge() *lodge {
	l := &lodge{byName: make(map[string]*porter)}
	c.p.After(l.stop)
	return l
}

// InMap begins for one that is in a map already.
func (c Cases) InMap() error { return c.lodge().enter(c) }

func (l *lodge) enter(c Cases) error {
	p := &porter{}
	l.byName["night"] = p
	tx, err := c.p.DB.Begin()
	if err != nil {
		delete(l.byName, "night")
		return err
	}
	p.tx = tx
	return nil
}

// InList begins for one that is in a list.
func (c Cases) InList() error { return c.lodge().enlist(c) }

func (l *lodge) enlist(c Cases) (err error) {
	p := &porter{}
	l.list = append(l.list, p)
	p.tx, err = c.p.DB.Begin()
	return err
}

// InAny begins for one that is in a sync.Map.
func (c Cases) InAny() error { return c.lodge().hire(c) }

func (l *lodge) hire(c Cases) (err error) {
	p := &porter{}
	l.any.Store("night", p)
	p.tx, err = c.p.DB.Begin()
	return err
}

type porterKey struct{}

// InContext begins for one that a context has got.
func (c Cases) InContext(ctx context.Context) error {
	ctx, err := c.shift(ctx)
	defer ctx.Value(porterKey{}).(*porter).stop()
	return err
}

func (c Cases) shift(ctx context.Context) (context.Context, error) {
	p := &porter{}
	ctx = context.WithValue(ctx, porterKey{}, p)
	tx, err := c.p.DB.Begin()
	if err != nil {
		return ctx, err
	}
	p.tx = tx
	return ctx, nil
}

// Cleaned is cleaned up by the test, which is told so before.
func (c Cases) Cleaned(t *testing.T) {
	var tx *sql.Tx
	t.Cleanup(func() {
		if tx != nil {
			_ = tx.Rollback()
		}
	})
	tx, err := c.p.DB.Begin()
	if err != nil {
		t.Fatal(err)
	}
	_, _ = tx.Exec("SELECT 1")
}

// CleanedNot is only logged.
func (c Cases) CleanedNot(t *testing.T) {
	var tx *sql.Tx
	t.Cleanup(func() { t.Log(tx) })
	tx, err := c.p.DB.Begin()
	if err != nil {
		t.Fatal(err)
	}
	_, _ = tx.Exec("SELECT 1")
} // want `end of function leaves transaction tx open`

// CleanedPorter gives a method away.
func (c Cases) CleanedPorter(t *testing.T) {
	p := &porter{}
	t.Cleanup(p.stop)
	var err error
	if p.tx, err = c.p.DB.Begin(); err != nil {
		t.Fatal(err)
	}
}

// Closed is closed by a group that has been told so before.
func (c Cases) Closed() error {
	var closers yard.Closers
	defer closers.Close()
	p := &porter{}
	closers.Add(p.stop)
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	p.tx = tx
	return nil
}

// ClosedOther is another one.
func (c Cases) ClosedOther() error {
	var closers yard.Closers
	defer closers.Close()
	p, other := &porter{}, &porter{}
	closers.Add(p.stop)
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	other.tx = tx
	return nil // want `return leaves transaction .* open`
}

func assertFails(t *testing.T, err error) {
	t.Helper()
	if err == nil {
		t.Fatal("it worked")
	}
}

// MustFail expects a Begin to fail.
func (c Cases) MustFail(t *testing.T) {
	_, err := c.p.DB.Begin()
	assertFails(t, err)
}

// MustFailNot does not look.
func (c Cases) MustFailNot(t *testing.T) {
	_, err := c.p.DB.Begin() // want `discarding leaves the transaction`
	if err == nil {
		t.Log("it worked")
	}
}

// Beside has a goroutine end what is there, and begins again.
func (c Cases) Beside() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	done := make(chan struct{})
	go func() {
		_ = tx.Rollback()
		close(done)
	}()
	<-done
	tx, err = c.p.DB.Begin()
	return err // want `return leaves transaction tx open`
}
