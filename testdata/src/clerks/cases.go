// Package clerks uses the objects and helpers of packages vault, plumb and pact.
package clerks

import (
	"context"
	"database/sql"
	"errors"

	"txcases/pactsql"
	"txcases/pactuse"
	"txcases/plumb"
	"txcases/txprobe"
	"txcases/vault"
)

// Cases are the functions to judge.
type Cases struct{ p *txprobe.Probe }

// New returns the cases for one run.
func New(p *txprobe.Probe) any { return Cases{p} }

var errClosed = errors.New("the counter is closed")

// UnitDefers ends a unit of work.
func (c Cases) UnitDefers() error {
	u, err := vault.Begin(c.p.DB)
	if err != nil {
		return err
	}
	defer u.Rollback()
	if err := u.Users.Add("ann"); err != nil {
		return err
	}
	return u.Commit()
}

// UnitForgets does not when the user is there.
func (c Cases) UnitForgets() error {
	u, err := vault.Begin(c.p.DB)
	if err != nil {
		return err
	}
	if err := u.Users.Add("ann"); err != nil {
		return err // want `return leaves transaction u open: vault.Begin on line 39`
	}
	return u.Commit()
}

// StoreCloses ends what is three levels down.
func (c Cases) StoreCloses() error {
	s, err := vault.Open(c.p.DB)
	if err != nil {
		return err
	}
	defer s.Close()
	return s.Put("ink")
}

// StoreStays does not.
func (c Cases) StoreStays() error {
	s, err := vault.Open(c.p.DB)
	if err != nil {
		return err
	}
	if c.p.Choose() {
		return s.Put("ink") // want `return leaves transaction s open`
	}
	s.Close()
	return nil
}

// HooksEnd ends by functions in fields.
func (c Cases) HooksEnd() (err error) {
	h, err := vault.Hook(c.p.DB)
	if err != nil {
		return err
	}
	defer h.End(&err)
	if c.p.Choose() {
		return errClosed
	}
	return nil
}

// HooksForget calls one of them only at the end.
func (c Cases) HooksForget() (err error) {
	h, err := vault.Hook(c.p.DB)
	if err != nil {
		return err
	}
	if c.p.Choose() {
		return errClosed // want `return leaves transaction h open`
	}
	return h.Commit()
}

// BatchCommits ends what is behind an interface without finishers.
func (c Cases) BatchCommits() error {
	kv := &vault.KV{DB: c.p.DB}
	m, err := kv.BeginBatch()
	if err != nil {
		return err
	}
	_ = m.Set("k")
	return kv.CommitBatch(m)
}

// BatchForgets does not when the write fails.
func (c Cases) BatchForgets() error {
	kv := &vault.KV{DB: c.p.DB}
	m, err := kv.BeginBatch()
	if err != nil {
		return err
	}
	if err := m.Set("k"); err != nil {
		return err // want `return leaves transaction m open`
	}
	return kv.CommitBatch(m)
}

// SharedReleases is the last user, which only the count tells.
func (c Cases) SharedReleases() error {
	s, err := vault.Share(c.p.DB)
	if err != nil {
		return err
	}
	defer s.Release()
	return s.Put("pen")
}

// SharedTwice is not: the release that another user owes comes first.
func (c Cases) SharedTwice() error {
	s, err := vault.Share(c.p.DB)
	if err != nil {
		return err
	}
	defer s.Release()
	s.Retain()
	if err := s.Release(); err != nil {
		return err // not reached
	}
	return s.Put("pen")
}

// SharedForgets does not release.
func (c Cases) SharedForgets() error {
	s, err := vault.Share(c.p.DB)
	if err != nil {
		return err
	}
	if err := s.Put("pen"); err != nil {
		return err // want `return leaves transaction s open`
	}
	return s.Release()
}

// CappedFails takes an error of the commit for an end: here the error tells.
func (c Cases) CappedFails(n int) error {
	t, err := vault.Cap(c.p.DB, n)
	if err != nil {
		return err
	}
	return t.Commit() // want `return leaves transaction t open`
}

// ResultAsks asks the result for its error.
func (c Cases) ResultAsks() error {
	r := vault.Try(c.p.DB)
	if !r.OK() {
		return r.Err
	}
	return r.Value.Rollback()
}

// ResultForgets does so, and forgets the end.
func (c Cases) ResultForgets() error {
	r := vault.Try(c.p.DB)
	if !r.OK() {
		return r.Err
	}
	if c.p.Choose() {
		return errClosed // want `return leaves transaction r`
	}
	return r.Value.Rollback()
}

// ResultUnpacks takes the result apart.
func (c Cases) ResultUnpacks() error {
	tx, err := vault.Try(c.p.DB).Unpack()
	if err != nil {
		return err
	}
	if c.p.Choose() {
		_ = tx.Rollback()
		return errClosed
	}
	return tx.Commit()
}

// ResultUnpacksForgets does so, and forgets the end.
func (c Cases) ResultUnpacksForgets() error {
	tx, err := vault.Try(c.p.DB).Unpack()
	if err != nil {
		return err
	}
	if c.p.Choose() {
		return errClosed // want `return leaves transaction`
	}
	return tx.Commit()
}

// A ledger is a transaction with something beside it.
type ledger struct {
	*sql.Tx
	page int
}

func (c Cases) ledger() (*ledger, error) {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return nil, err
	}
	return &ledger{tx, 1}, nil
}

// LedgerEnds passes the wrapper to a finisher.
func (c Cases) LedgerEnds() error {
	l, err := c.ledger()
	if err != nil {
		return err
	}
	ok := false
	defer vault.End(l, &ok)
	if _, err := l.Exec("INSERT INTO ledger VALUES (1)"); err != nil {
		return err
	}
	ok = true
	return nil
}

// LedgerQuiet does so with another one.
func (c Cases) LedgerQuiet() error {
	l, err := c.ledger()
	if err != nil {
		return err
	}
	defer vault.Quiet(l)
	_, err = l.Exec("INSERT INTO ledger VALUES (1)")
	return err
}

// LedgerDrop does so with a generic one.
func (c Cases) LedgerDrop() error {
	l, err := c.ledger()
	if err != nil {
		return err
	}
	defer vault.Drop(l)
	_, err = l.Exec("INSERT INTO ledger VALUES (1)")
	return err
}

// LedgerNotes passes it to a function that only uses it.
func (c Cases) LedgerNotes() error {
	l, err := c.ledger()
	if err != nil {
		return err
	}
	if err := vault.Note(l); err != nil {
		return err // want `return leaves transaction l open`
	}
	return l.Commit()
}

// LedgerCaptures passes its rollback on.
func (c Cases) LedgerCaptures() (err error) {
	l, err := c.ledger()
	if err != nil {
		return err
	}
	defer plumb.Capture(&err, l.Rollback)
	_, err = l.Exec("INSERT INTO ledger VALUES (1)")
	return err
}

// A till closes its transaction.
type till struct{ tx *sql.Tx }

func (t *till) Close() error { return t.tx.Rollback() }

// TillCloses passes the till to a function that closes.
func (c Cases) TillCloses() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	t := &till{tx}
	defer plumb.SafeClose(t)
	_, err = tx.Exec("INSERT INTO till VALUES (1)")
	return err
}

// TillAdds adds the till to those that are closed.
func (c Cases) TillAdds() error {
	var all plumb.Stack
	defer all.Close()
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	all.Add(&till{tx})
	_, err = tx.Exec("INSERT INTO till VALUES (1)")
	return err
}

// TillPeeks only shows it.
func (c Cases) TillPeeks() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	t := &till{tx}
	plumb.Peek(t)
	if _, err := tx.Exec("INSERT INTO till VALUES (1)"); err != nil {
		return err // want `return leaves transaction tx open`
	}
	return t.Close()
}

// VariableSettles passes the address of its variable.
func (c Cases) VariableSettles() (err error) {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	defer vault.Settle(&tx, &err)
	_, err = tx.Exec("INSERT INTO till VALUES (1)")
	return err
}

// VariableShadowed does so with an error that the finisher does not see, which is no leak.
func (c Cases) VariableShadowed() (err error) {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	if c.p.Choose() {
		return errClosed // want `return leaves transaction tx open`
	}
	defer vault.Settle(&tx, &err)
	if _, err := tx.Exec("INSERT INTO till VALUES (1)"); err != nil {
		return nil
	}
	return nil
}

// AnyUndoes passes the transaction as anything.
func (c Cases) AnyUndoes() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	defer vault.Undo(tx)
	_, err = tx.Exec("INSERT INTO till VALUES (1)")
	return err
}

// SliceUndoes passes it in a slice.
func (c Cases) SliceUndoes() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	defer vault.UndoAll([]*sql.Tx{tx})
	_, err = tx.Exec("INSERT INTO till VALUES (1)")
	return err
}

func work(tx *sql.Tx) error {
	_, err := tx.Exec("INSERT INTO till VALUES (1)")
	return err
}

// RunsLiteral passes what begins.
func (c Cases) RunsLiteral() error {
	return vault.Run(func() (*sql.Tx, error) { return c.p.DB.Begin() }, work)
}

// RunsMethod does so by its method.
func (c Cases) RunsMethod() error { return vault.Run(c.p.DB.Begin, work) }

// RunsForgetful begins one that it does not pass.
func (c Cases) RunsForgetful() error {
	return vault.Run(func() (*sql.Tx, error) {
		tx, err := c.p.DB.Begin()
		if err != nil {
			return nil, err
		}
		if err := work(tx); err != nil {
			return nil, err // want `return leaves transaction tx open`
		}
		return tx, nil
	}, work)
}

type clerkKey struct{}

func from(ctx context.Context) *sql.Tx {
	tx, _ := ctx.Value(clerkKey{}).(*sql.Tx)
	return tx
}

func rollback(ctx context.Context) {
	if tx := from(ctx); tx != nil {
		_ = tx.Rollback()
	}
}

// ContextRollsBack takes the transaction out of the context that it was put into.
func (c Cases) ContextRollsBack() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	ctx := context.WithValue(context.Background(), clerkKey{}, tx)
	defer rollback(ctx)
	_, err = from(ctx).Exec("INSERT INTO till VALUES (1)")
	return err
}

// PactWrites runs a service that knows interfaces only.
func (c Cases) PactWrites(name string) error {
	s := &pactuse.Service{Storage: pactsql.Storage{DB: c.p.DB}}
	return s.Write(name)
}

// PactForgets runs the method that forgets.
func (c Cases) PactForgets(name string) error {
	s := &pactuse.Service{Storage: pactsql.Storage{DB: c.p.DB}}
	return s.Forget(name)
}

// PactStarts begins through the service.
func (c Cases) PactStarts(name string) error {
	s := &pactuse.Service{Storage: pactsql.Storage{DB: c.p.DB}}
	tx, err := s.Start()
	if err != nil {
		return err
	}
	if err := tx.Put(name); err != nil {
		return err // want `return leaves transaction tx open`
	}
	return tx.Commit()
}

// ChainEnds ends what each link returns.
func (c Cases) ChainEnds() error { return vault.On(c.p.DB).Begin().Put("ink").End() }

// ChainForgets does not always.
func (c Cases) ChainForgets() error {
	chain := vault.On(c.p.DB).Begin()
	if c.p.Choose() {
		return errClosed // want `return leaves transaction`
	}
	return chain.Put("ink").End()
}

// AgainBegins begins in a function that is called until it works (T14).
func (c Cases) AgainBegins() error {
	var tx *sql.Tx
	err := vault.Again(2, func() (err error) {
		tx, err = c.p.DB.Begin()
		return err
	})
	if err != nil {
		return err
	}
	defer tx.Rollback()
	return work(tx)
}

// AgainForgets forgets the end of that.
func (c Cases) AgainForgets() error {
	var tx *sql.Tx
	err := vault.Again(2, func() (err error) {
		tx, err = c.p.DB.Begin()
		return err
	})
	if err != nil {
		return err
	}
	if err := work(tx); err != nil {
		return err // want `return leaves transaction tx open`
	}
	return tx.Commit()
}

// RetryBegins does it with a function that nothing is known of (T14).
func (c Cases) RetryBegins() error {
	var tx *sql.Tx
	if err := plumb.Retry(func() error {
		var err error
		tx, err = c.p.DB.Begin()
		return err
	}, func() bool { return false }); err != nil {
		return err
	}
	defer tx.Rollback()
	return work(tx)
}

// RetryForgets forgets the end of that.
func (c Cases) RetryForgets() error {
	var tx *sql.Tx
	if err := plumb.Retry(func() error {
		var err error
		tx, err = c.p.DB.Begin()
		return err
	}, func() bool { return false }); err != nil {
		return err
	}
	if err := work(tx); err != nil {
		return err // want `return leaves transaction tx open`
	}
	return tx.Commit()
}

// UnitFills runs functions that know interfaces only, on something that becomes the
// transaction.
func (c Cases) UnitFills() error { return pactuse.Fill(pactsql.NewUnit(c.p.DB)) }

// UnitFillForgets runs the one that forgets.
func (c Cases) UnitFillForgets() error { return pactuse.FillForgets(pactsql.NewUnit(c.p.DB)) }

// ShopSells runs them on something that gives another of its kind.
func (c Cases) ShopSells() error { return pactuse.Sell(pactsql.NewShop(c.p.DB)) }

// ShopForgets runs the one that forgets.
func (c Cases) ShopForgets() error { return pactuse.SellForgets(pactsql.NewShop(c.p.DB)) }

// GateShuts shuts what decides by a channel.
func (c Cases) GateShuts() error {
	g, err := vault.Enter(c.p.DB)
	if err != nil {
		return err
	}
	return g.Shut()
}

// PlainCloses closes the transaction under its other name.
func (c Cases) PlainCloses() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	defer (*vault.Plain)(tx).Close()
	return work(tx)
}

// GateStays is not shut when the work fails.
func (c Cases) GateStays() error {
	g, err := vault.Enter(c.p.DB)
	if err != nil {
		return err
	}
	if c.p.Choose() {
		return errClosed // want `return leaves transaction g open`
	}
	return g.Shut()
}

// PlainStays is only closed where the work succeeds.
func (c Cases) PlainStays() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	if err := work(tx); err != nil {
		return err // want `return leaves transaction tx open`
	}
	return (*vault.Plain)(tx).Close()
}

// HearsTwice asks a channel for each of two answers.
func (c Cases) HearsTwice() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	answers := make(chan bool, 2)
	answers <- c.p.Choose()
	answers <- c.p.Choose()
	if <-answers {
		return tx.Commit()
	}
	if !<-answers {
		return tx.Rollback()
	}
	return errClosed // want `return leaves transaction tx open`
}
