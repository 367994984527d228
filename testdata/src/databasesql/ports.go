package databasesql

import (
	"context"
	"database/sql"
)

// A token stands for a transaction outside of the package that knows what it is: it has no
// methods, and is ended by who has opened it.
type token struct{ tx *sql.Tx }

type tokens struct{ db *sql.DB }

func (t tokens) Open(ctx context.Context) (token, error) {
	tx, err := t.db.BeginTx(ctx, nil)
	if err != nil {
		return token{}, err
	}
	return token{tx}, nil
}

func (t tokens) Commit(_ context.Context, k token) error { return k.tx.Commit() }

func (t tokens) Abort(_ context.Context, k token) error { return k.tx.Rollback() }

// settle ends it either way.
func (t tokens) settle(k token, failed bool) error {
	if failed {
		return k.tx.Rollback()
	}
	return k.tx.Commit()
}

type office struct {
	tokens tokens
	poor   func() bool
}

func (c Cases) office() office { return office{tokens{c.p.DB}, c.p.Choose} }

func (o office) order(ctx context.Context) error {
	k, err := o.tokens.Open(ctx)
	if err != nil {
		return err
	}
	if err := touch(k.tx); err != nil {
		_ = o.tokens.Abort(ctx, k)
		return err
	}
	if o.poor() {
		_ = o.tokens.Abort(ctx, k)
		return errStock
	}
	return o.tokens.Commit(ctx, k)
}

// TokenAborts ends its token on all ways.
func (c Cases) TokenAborts(ctx context.Context) error { return c.office().order(ctx) }

func (o office) orderOpen(ctx context.Context) error {
	k, err := o.tokens.Open(ctx)
	if err != nil {
		return err
	}
	if err := touch(k.tx); err != nil {
		_ = o.tokens.Abort(ctx, k)
		return err
	}
	if o.poor() {
		return errStock // want `return leaves transaction k open`
	}
	return o.tokens.Commit(ctx, k)
}

// TokenForgets does so on one way only.
func (c Cases) TokenForgets(ctx context.Context) error { return c.office().orderOpen(ctx) }

func (o office) orderOther(ctx context.Context) error {
	k, err := o.tokens.Open(ctx)
	if err != nil {
		return err
	}
	if err := touch(k.tx); err != nil {
		o := office{tokens: tokens{nil}}
		_ = o.tokens.Abort(ctx, k)
		return err
	}
	if o.poor() {
		return errStock // want `return leaves transaction k open`
	}
	return o.tokens.Commit(ctx, k)
}

// TokenOfAnother aborts with what is not in scope elsewhere.
func (c Cases) TokenOfAnother(ctx context.Context) error { return c.office().orderOther(ctx) }

func (o office) orderSettled(ctx context.Context) error {
	k, err := o.tokens.Open(ctx)
	if err != nil {
		return err
	}
	err = touch(k.tx)
	if o.poor() {
		return err // want `return leaves transaction k open`
	}
	return o.tokens.settle(k, err != nil)
}

// TokenSettles ends it by what may commit.
func (c Cases) TokenSettles(ctx context.Context) error { return c.office().orderSettled(ctx) }
