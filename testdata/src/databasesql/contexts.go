package databasesql

import (
	"context"
	"database/sql"
	"time"
)

// CancelDeferred cancels the transaction's context when it returns, which rolls
// back.
func (c Cases) CancelDeferred(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	tx, err := c.p.DB.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, "DELETE FROM carts"); err != nil {
		return err
	}
	return tx.Commit()
}

// TimeoutDeferred does so with a deadline.
func (c Cases) TimeoutDeferred(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, time.Hour)
	defer cancel()
	tx, err := c.p.DB.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, "DELETE FROM carts"); err != nil {
		return err
	}
	return tx.Commit()
}

// CancelOther cancels a context that is not the transaction's.
func (c Cases) CancelOther(ctx context.Context) error {
	short, cancel := context.WithTimeout(ctx, time.Hour)
	defer cancel()
	tx, err := c.p.DB.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	if _, err := tx.ExecContext(short, "DELETE FROM carts"); err != nil {
		return err // want `return leaves transaction tx open`
	}
	return tx.Commit()
}

// CancelOtherEnds ends the transaction by hand.
func (c Cases) CancelOtherEnds(ctx context.Context) error {
	short, cancel := context.WithTimeout(ctx, time.Hour)
	defer cancel()
	tx, err := c.p.DB.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	if _, err := tx.ExecContext(short, "DELETE FROM carts"); err != nil {
		return err
	}
	return tx.Commit()
}

// CallersContext is cancelled by nobody in sight.
func (c Cases) CallersContext(ctx context.Context) error {
	tx, err := c.p.DB.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		_ = tx.Rollback()
		return err // not reached
	}
	if _, err := tx.ExecContext(ctx, "DELETE FROM carts"); err != nil {
		return err // want `return leaves transaction tx open`
	}
	return tx.Commit()
}

// DerivedContext begins with a value of the cancelled context's.
func (c Cases) DerivedContext(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	type user struct{}
	tx, err := c.p.DB.BeginTx(context.WithValue(ctx, user{}, 1), nil)
	if err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, "DELETE FROM carts"); err != nil {
		return err
	}
	return tx.Commit()
}

// OnConn begins on a connection of its own.
func (c Cases) OnConn(ctx context.Context) error {
	conn, err := c.p.DB.Conn(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	tx, err := conn.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback()
	if _, err := tx.ExecContext(ctx, "DELETE FROM carts"); err != nil {
		return err
	}
	return tx.Commit()
}

// OnConnHangs leaves it open: the deferred Close then waits for ever.
func (c Cases) OnConnHangs(ctx context.Context) error {
	conn, err := c.p.DB.Conn(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()
	tx, err := conn.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, "DELETE FROM carts"); err != nil {
		return err // want `return leaves transaction tx open`
	}
	return tx.Commit()
}

// CancelParent cancels what the transaction's context was made of (T9).
func (c Cases) CancelParent(ctx context.Context) error {
	parent, cancel := context.WithCancel(ctx)
	defer cancel()
	short, stop := context.WithTimeout(parent, time.Hour)
	_ = stop // the parent's end is enough
	tx, err := c.p.DB.BeginTx(short, nil)
	if err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, "DELETE FROM carts"); err != nil {
		return err
	}
	return tx.Commit()
}

// CancelChild cancels a context that was made of the transaction's.
func (c Cases) CancelChild(ctx context.Context) error {
	parent, stop := context.WithCancel(ctx)
	short, cancel := context.WithTimeout(parent, time.Hour)
	defer cancel()
	tx, err := c.p.DB.BeginTx(parent, nil)
	if err != nil {
		stop()
		return err
	}
	if _, err := tx.ExecContext(short, "DELETE FROM carts"); err != nil {
		return err // want `return leaves transaction tx open`
	}
	defer stop()
	return tx.Commit()
}

// CancelDetached begins with a context that outlives the cancelled one.
func (c Cases) CancelDetached(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	tx, err := c.p.DB.BeginTx(context.WithoutCancel(ctx), nil)
	if err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, "DELETE FROM carts"); err != nil {
		return err // want `return leaves transaction tx open`
	}
	return tx.Commit()
}

// A span is what a tracer makes of a context.
type span struct{ name string }

func trace(ctx context.Context, name string) (context.Context, *span) {
	s := &span{name}
	return context.WithValue(ctx, s, name), s
}

// CancelTraced begins with a context that a function of this package derives.
func (c Cases) CancelTraced(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	ctx, s := trace(ctx, "carts")
	tx, err := c.p.DB.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, "DELETE FROM carts", s.name); err != nil {
		return err
	}
	return tx.Commit()
}

// limited returns a context of its own, and what ends it.
func limited() (context.Context, func()) {
	return context.WithTimeout(context.Background(), time.Hour)
}

// beginLimited begins with such a context, which its caller ends.
func (c Cases) beginLimited() (*sql.Tx, func(), error) {
	ctx, cancel := limited()
	tx, err := c.p.DB.BeginTx(ctx, nil)
	if err != nil {
		cancel()
		return nil, nil, err
	}
	return tx, cancel, nil
}

// CancelReturned cancels the context that another function has made (T9).
func (c Cases) CancelReturned() error {
	tx, cancel, err := c.beginLimited()
	if err != nil {
		return err
	}
	defer cancel()
	if _, err := tx.Exec("DELETE FROM carts"); err != nil {
		return err
	}
	return tx.Commit()
}

// CancelForgotten drops the function that would.
func (c Cases) CancelForgotten() error {
	tx, _, err := c.beginLimited()
	if err != nil {
		return err
	}
	if _, err := tx.Exec("DELETE FROM carts"); err != nil {
		return err // want `return leaves transaction tx open`
	}
	return tx.Commit()
}

// perhapsLimited is like limited, or has nothing that could be cancelled.
func (c Cases) perhapsLimited() (context.Context, context.CancelFunc) {
	if c.p.Choose() {
		return context.WithTimeout(context.Background(), time.Hour)
	}
	return context.Background(), nil
}

// CancelPerhaps cancels what can be cancelled, and rolls back in any case (T9).
func (c Cases) CancelPerhaps() error {
	ctx, cancel := c.perhapsLimited()
	if cancel != nil {
		defer cancel()
	}
	tx, err := c.p.DB.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	if _, err := tx.Exec("DELETE FROM carts"); err != nil {
		if cancel == nil {
			tx.Rollback()
		}
		return err
	}
	return tx.Commit()
}

// CancelPerhapsForgets relies on a cancel that is not always there.
func (c Cases) CancelPerhapsForgets() error {
	ctx, cancel := c.perhapsLimited()
	if cancel != nil {
		defer cancel()
	}
	tx, err := c.p.DB.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	if _, err := tx.Exec("DELETE FROM carts"); err != nil {
		return err // want `return leaves transaction tx open`
	}
	return tx.Commit()
}

// limited returns a context that may never end, and then no function to end it.
func (c Cases) limited(ctx context.Context, d time.Duration) (context.Context, context.CancelFunc) {
	if d > 0 {
		return context.WithTimeout(ctx, d)
	}
	return ctx, nil
}

// CancelMaybe has its transaction rolled back by the context, if there is a limit.
func (c Cases) CancelMaybe(ctx context.Context, limited bool) error {
	ctx, cancel := c.limited(ctx, map[bool]time.Duration{true: time.Hour}[limited])
	if cancel != nil {
		defer cancel()
	}
	tx, err := c.p.DB.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, "DELETE FROM carts"); err != nil {
		return err // want `return leaves transaction tx open: .* when err != nil and cancel == nil `
	}
	return tx.Commit()
}

// CancelBeside has a context beside the transaction.
func (c Cases) CancelBeside(ctx context.Context, limited bool) error {
	ctx, cancel := c.limited(ctx, map[bool]time.Duration{true: time.Hour}[limited])
	if cancel != nil {
		defer cancel()
	}
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, "DELETE FROM carts"); err != nil {
		return err // want `return leaves transaction tx open: .* when err != nil \(`
	}
	return tx.Commit()
}

// CancelMaybeEnds rolls back by hand where there is none.
func (c Cases) CancelMaybeEnds(ctx context.Context, limited bool) error {
	ctx, cancel := c.limited(ctx, map[bool]time.Duration{true: time.Hour}[limited])
	if cancel != nil {
		defer cancel()
	}
	tx, err := c.p.DB.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	if cancel == nil {
		defer tx.Rollback()
	}
	if _, err := tx.ExecContext(ctx, "DELETE FROM carts"); err != nil {
		return err
	}
	return tx.Commit()
}

type txKey struct{}

// TakenOut takes the transaction out of the context again that carries it.
func (c Cases) TakenOut(ctx context.Context) error {
	tx, err := c.p.DB.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	ctx = context.WithValue(ctx, txKey{}, tx)
	t, _ := ctx.Value(txKey{}).(*sql.Tx)
	if _, err := t.Exec("DELETE FROM items"); err != nil {
		_ = t.Rollback()
		return err
	}
	return tx.Commit()
}

// TakenOutOther takes something else out of it.
func (c Cases) TakenOutOther(ctx context.Context) error {
	tx, err := c.p.DB.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	ctx = context.WithValue(ctx, txKey{}, tx)
	if name, ok := ctx.Value("name").(string); !ok {
		_ = name
		return nil // want `return leaves transaction tx open`
	}
	return tx.Commit() // not reached
}

// A scope is what a piece of work runs in.
type scope struct {
	ctx    context.Context
	cancel context.CancelFunc
	name   string
}

func newScope(ctx context.Context, name string) *scope {
	ctx, cancel := context.WithCancel(ctx)
	return &scope{ctx, cancel, name}
}

func (s scope) end() { s.cancel() }

func (s scope) rename(name string) string {
	s.name += name
	return s.name
}

// ScopeEnds cancels the context of its transaction by a method of a copy.
func (c Cases) ScopeEnds(ctx context.Context) error {
	s := newScope(ctx, "sale")
	defer s.end()
	tx, err := c.p.DB.BeginTx(s.ctx, nil)
	if err != nil {
		return err
	}
	if c.p.Choose() {
		return errStock
	}
	return tx.Commit()
}

// ScopeStays cancels nothing.
func (c Cases) ScopeStays(ctx context.Context) error {
	s := newScope(ctx, "sale")
	tx, err := c.p.DB.BeginTx(s.ctx, nil)
	if err != nil {
		s.end()
		return err
	}
	if s.rename("2") == "" || c.p.Choose() {
		return errStock // want `return leaves transaction tx open`
	}
	return tx.Commit()
}

// TurnsNest makes in each turn a context from that of the turn before, and cancels all.
func (c Cases) TurnsNest(ctx context.Context) error {
	for range 2 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithCancel(ctx)
		defer cancel()
	}
	tx, err := c.p.DB.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	if c.p.Choose() {
		return errStock
	}
	return tx.Commit()
}

// TurnsPile does so with keys, and cancels none.
func (c Cases) TurnsPile(ctx context.Context) error {
	for i := range 2 {
		ctx = context.WithValue(context.WithoutCancel(ctx), txKey{}, i)
	}
	tx, err := c.p.DB.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	if c.p.Choose() {
		return errStock // want `return leaves transaction tx open`
	}
	return tx.Commit()
}
