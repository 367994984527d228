package carrier

import (
	"context"
	"database/sql"
	"errors"
)

// Transactions of which whoever begins them gets nothing but a context.

type scopeKey struct{}

type depthKey struct{}

var errNoScope = errors.New("no transaction in the context")

func enterScope(ctx context.Context, db *sql.DB) (context.Context, error) {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return ctx, err
	}
	return context.WithValue(ctx, scopeKey{}, tx), nil
}

func keepScope(ctx context.Context) error {
	tx, ok := ctx.Value(scopeKey{}).(*sql.Tx)
	if !ok {
		return errNoScope // not reached
	}
	return tx.Commit()
}

func dropScope(ctx context.Context) {
	if tx, ok := ctx.Value(scopeKey{}).(*sql.Tx); ok {
		_ = tx.Rollback()
	}
}

func inScope(ctx context.Context, name string) error {
	tx, ok := ctx.Value(scopeKey{}).(*sql.Tx)
	if !ok {
		return errNoScope // not reached
	}
	return add(tx, name)
}

// ScopeForgets does something in between.
func (c Cases) ScopeForgets(ctx context.Context) error {
	ctx, err := enterScope(ctx, c.p.DB)
	if err != nil {
		return err
	}
	if err := inScope(ctx, "globe"); err != nil {
		return err // want `return leaves transaction ctx open`
	}
	return keepScope(ctx)
}

// ScopeDropped minds it.
func (c Cases) ScopeDropped(ctx context.Context) error {
	ctx, err := enterScope(ctx, c.p.DB)
	if err != nil {
		return err
	}
	if err := inScope(ctx, "globe"); err != nil {
		dropScope(context.WithoutCancel(ctx))
		return err
	}
	return keepScope(ctx)
}

// ScopeOuter drops the context that it was called with.
func (c Cases) ScopeOuter(ctx context.Context) error {
	scoped, err := enterScope(ctx, c.p.DB)
	if err != nil {
		return err
	}
	if err := inScope(scoped, "globe"); err != nil {
		dropScope(ctx)
		return err // want `return leaves transaction scoped open`
	}
	return keepScope(scoped)
}

// settleScope ends it by an error, or by the lack of one.
func settleScope(ctx context.Context, err error) error {
	if err == nil {
		return keepScope(ctx)
	}
	dropScope(ctx)
	return err
}

func enterSettled(ctx context.Context, db *sql.DB) (context.Context, error) {
	return enterScope(ctx, db)
}

// ScopeSettled is told each error.
func (c Cases) ScopeSettled(ctx context.Context) error {
	ctx, err := enterSettled(ctx, c.p.DB)
	if err != nil {
		return err
	}
	if c.p.Choose() {
		return settleScope(ctx, errInput)
	}
	return settleScope(ctx, inScope(ctx, "globe"))
}

// ScopeUnsettled is told one of them.
func (c Cases) ScopeUnsettled(ctx context.Context) error {
	ctx, err := enterSettled(ctx, c.p.DB)
	if err != nil {
		return err
	}
	if c.p.Choose() {
		return errNoScope // want `return leaves transaction ctx open`
	}
	if err := inScope(ctx, "globe"); err != nil {
		return err // want `return leaves transaction ctx open`
	}
	return settleScope(ctx, nil)
}

// ScopeUnsettledWell has no error to tell of.
func (c Cases) ScopeUnsettledWell(ctx context.Context) error {
	ctx, err := enterSettled(ctx, c.p.DB)
	if err != nil {
		return err
	}
	if c.p.Choose() {
		return nil // want `return leaves transaction ctx open`
	}
	return settleScope(ctx, inScope(ctx, "globe"))
}

type asideKey struct{}

func enterAside(ctx context.Context, db *sql.DB) (context.Context, error) {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return ctx, err
	}
	return context.WithValue(ctx, asideKey{}, tx), nil
}

func keepAside(ctx context.Context) error {
	tx, ok := ctx.Value(asideKey{}).(*sql.Tx)
	if !ok {
		return errNoScope // not reached
	}
	return tx.Commit()
}

func dropAside(ctx context.Context) error {
	tx, ok := ctx.Value(asideKey{}).(*sql.Tx)
	if !ok {
		return errNoScope // not reached
	}
	return tx.Rollback()
}

// ScopeAside has another one beside it.
func (c Cases) ScopeAside(ctx context.Context) error {
	ctx, err := enterAside(ctx, c.p.DB)
	if err != nil {
		return err
	}
	if c.p.Choose() {
		return dropAside(ctx)
	}
	return keepAside(ctx)
}

// ScopeAsideForgets forgets it.
func (c Cases) ScopeAsideForgets(ctx context.Context) error {
	ctx, err := enterAside(ctx, c.p.DB)
	if err != nil {
		return err
	}
	for range 3 {
		if c.p.Choose() {
			return errInput // want `return leaves transaction ctx open`
		}
	}
	return keepAside(ctx)
}

// scope is what others use.
func (c Cases) scope(ctx context.Context, work func(context.Context) error) (err error) {
	if ctx, err = enterScope(ctx, c.p.DB); err != nil {
		return err
	}
	defer func() {
		if err != nil {
			dropScope(ctx)
		}
	}()
	if err := work(ctx); err != nil {
		return err
	}
	return keepScope(ctx)
}

// ScopeWork works in a scope.
func (c Cases) ScopeWork(ctx context.Context) error {
	return c.scope(ctx, func(ctx context.Context) error { return inScope(ctx, "globe") })
}

// A keeper begins for those who know it by an interface.
type keeper struct{ db *sql.DB }

func (k *keeper) Begin(ctx context.Context) (context.Context, error) { return enterScope(ctx, k.db) }
func (k *keeper) Keep(ctx context.Context) error                     { return keepScope(ctx) }
func (k *keeper) Drop(ctx context.Context) error                     { dropScope(ctx); return nil }

// ScopeKept defers the rest to an error that is not set.
func (c Cases) ScopeKept(ctx context.Context) (err error) {
	k := &keeper{c.p.DB}
	ctx, err = k.Begin(ctx)
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_ = k.Drop(ctx)
		}
	}()
	if c.p.Choose() {
		return nil // want `return leaves transaction ctx open`
	}
	return k.Keep(ctx)
}

// ScopeHandler gives it to a handler that it was given.
func (c Cases) ScopeHandler(ctx context.Context) error {
	return c.handle(ctx, keepScope)
}

func (c Cases) handle(ctx context.Context, next func(context.Context) error) error {
	ctx, err := enterScope(ctx, c.p.DB)
	if err != nil {
		return err
	}
	return next(ctx)
}

// enterDeep begins, or goes deeper.
func enterDeep(ctx context.Context, db *sql.DB) (context.Context, error) {
	if depth, ok := ctx.Value(depthKey{}).(int); ok {
		return context.WithValue(ctx, depthKey{}, depth+1), nil
	}
	ctx, err := enterScope(ctx, db)
	if err != nil {
		return ctx, err
	}
	return context.WithValue(ctx, depthKey{}, 0), nil
}

// leaveDeep ends what was begun first.
func leaveDeep(ctx context.Context, err error) error {
	if depth, _ := ctx.Value(depthKey{}).(int); depth > 0 {
		return err
	}
	if err != nil {
		dropScope(ctx)
		return err
	}
	return keepScope(ctx)
}

// ScopeDeep has a scope within a scope.
func (c Cases) ScopeDeep(ctx context.Context) error {
	ctx, err := enterDeep(ctx, c.p.DB)
	if err != nil {
		return err
	}
	inner, err := enterDeep(ctx, c.p.DB)
	if err == nil {
		err = leaveDeep(inner, inScope(inner, "globe"))
	}
	return leaveDeep(ctx, err)
}

// A pass is what a context has, too.
type pass struct {
	tx   *sql.Tx
	over bool
}

func (p *pass) end(err error) error {
	if p.over {
		return err // not reached
	}
	p.over = true
	if err != nil {
		_ = p.tx.Rollback()
		return err
	}
	return p.tx.Commit()
}

type passKey struct{}

func (c Cases) withPass(ctx context.Context) (context.Context, error) {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return nil, err
	}
	return context.WithValue(ctx, passKey{}, &pass{tx: tx}), nil
}

func passOf(ctx context.Context) *pass {
	p, _ := ctx.Value(passKey{}).(*pass)
	return p
}

// ScopePass ends a pass.
func (c Cases) ScopePass(ctx context.Context) error {
	ctx, err := c.withPass(ctx)
	if err != nil {
		return err
	}
	p := passOf(ctx)
	return p.end(add(p.tx, "globe"))
}

// ScopePassForgets does not.
func (c Cases) ScopePassForgets(ctx context.Context) error {
	ctx, err := c.withPass(ctx)
	if err != nil {
		return err
	}
	if c.p.Choose() {
		return errInput // want `return leaves transaction ctx open`
	}
	p := passOf(ctx)
	return p.end(add(p.tx, "globe"))
}

// A provider begins, and has what it has begun in contexts alone.
type provider interface {
	Begin(ctx context.Context) (context.Context, error)
	Commit(ctx context.Context) error
	Rollback(ctx context.Context) error
}

type sqlProvider struct{ db *sql.DB }

func (p *sqlProvider) Begin(ctx context.Context) (context.Context, error) {
	return enterScope(ctx, p.db)
}

func (p *sqlProvider) Commit(ctx context.Context) error { return keepScope(ctx) }

func (p *sqlProvider) Rollback(ctx context.Context) error { dropScope(ctx); return nil }

type registry struct{ store provider }

func (r *registry) register(ctx context.Context, name string) error {
	ctx, err := r.store.Begin(ctx)
	if err != nil {
		return err
	}
	if err := inScope(ctx, name); err != nil {
		_ = r.store.Rollback(ctx)
		return err
	}
	return r.store.Commit(ctx)
}

// ScopeProvided begins behind an interface.
func (c Cases) ScopeProvided(ctx context.Context) error {
	r := &registry{&sqlProvider{c.p.DB}}
	return r.register(ctx, "globe")
}

func (r *registry) registerForgets(ctx context.Context, name string) error {
	ctx, err := r.store.Begin(ctx)
	if err != nil {
		return err
	}
	if err := inScope(ctx, name); err != nil {
		return err // want `return leaves transaction ctx open: r.store.Begin`
	}
	return r.store.Commit(ctx)
}

// ScopeProvidedForgets leaves it open.
func (c Cases) ScopeProvidedForgets(ctx context.Context) error {
	r := &registry{&sqlProvider{c.p.DB}}
	return r.registerForgets(ctx, "globe")
}

// A branch begins for a reason, and has what it has begun in contexts alone.
type branch interface {
	Begin(ctx context.Context, reason string) (context.Context, error)
	Commit(ctx context.Context) error
	Rollback(ctx context.Context) error
}

// A sideBranch leaves all of that to the main one, if there is one.
type sideBranch struct {
	db   *sql.DB
	main branch
}

func (b *sideBranch) Begin(ctx context.Context, reason string) (context.Context, error) {
	if b.main != nil {
		return b.main.Begin(ctx, reason)
	}
	return enterScope(ctx, b.db)
}

func (b *sideBranch) Commit(ctx context.Context) error {
	if b.main != nil {
		return b.main.Commit(ctx)
	}
	return keepScope(ctx)
}

func (b *sideBranch) Rollback(ctx context.Context) error {
	if b.main != nil {
		return b.main.Rollback(ctx)
	}
	dropScope(ctx)
	return nil
}

func lendOut(ctx context.Context, b branch, name string) error {
	ctx, err := b.Begin(ctx, "renewal")
	if err != nil {
		return err
	}
	if err := inScope(ctx, name); err != nil {
		_ = b.Rollback(ctx)
		return err
	}
	return b.Commit(ctx)
}

// ScopeAtBranch begins behind an interface that the implementation has one of itself.
func (c Cases) ScopeAtBranch(ctx context.Context) error {
	return lendOut(ctx, &sideBranch{c.p.DB, &sideBranch{c.p.DB, nil}}, "atlas")
}

func lendOutForgets(ctx context.Context, b branch, name string) error {
	ctx, err := b.Begin(ctx, "renewal")
	if err != nil {
		return err
	}
	if err := inScope(ctx, name); err != nil {
		return err // want `return leaves transaction ctx open: b.Begin`
	}
	return b.Commit(ctx)
}

// ScopeAtBranchForgets leaves it open.
func (c Cases) ScopeAtBranchForgets(ctx context.Context) error {
	return lendOutForgets(ctx, &sideBranch{c.p.DB, nil}, "atlas")
}
