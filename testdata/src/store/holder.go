package store

import (
	"context"
	"database/sql"
)

// Tx is what the store's users see of a transaction.
type Tx interface {
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
	Commit() error
	Rollback() error
}

// BeginAny begins a transaction and hides what it is.
func (s *Store) BeginAny(ctx context.Context) (Tx, error) {
	tx, err := s.db.BeginTx(ctx, nil)
	if err != nil {
		return nil, err
	}
	return tx, nil
}

// A Batch collects changes in a transaction.
type Batch struct {
	tx    *sql.Tx
	names []string
	open  bool
}

// NewBatch begins a batch.
func (s *Store) NewBatch(ctx context.Context) (*Batch, error) {
	tx, err := s.db.BeginTx(ctx, nil)
	if err != nil {
		return nil, err
	}
	return &Batch{tx: tx, open: true}, nil
}

// Add puts a change into the batch.
func (b *Batch) Add(ctx context.Context, name string) error {
	b.names = append(b.names, name)
	return Add(ctx, b.tx, name)
}

// Len tells how many changes there are.
func (b *Batch) Len() int { return len(b.names) }

// Tx returns the transaction of the batch, which stays the batch's.
func (b *Batch) Tx() *sql.Tx { return b.tx }

// Flush commits the batch.
func (b *Batch) Flush() error {
	b.open = false
	return b.tx.Commit()
}

// Drop rolls the batch back.
func (b *Batch) Drop() {
	b.open = false
	Rollback(b.tx)
}

// Close drops the batch unless it was flushed.
func (b *Batch) Close() {
	if b.open {
		b.Drop()
	}
}

// A Group is a batch with a title.
type Group struct {
	batch Batch
	title string
}

// NewGroup begins a group.
func (s *Store) NewGroup(ctx context.Context, title string) (*Group, error) {
	b, err := s.NewBatch(ctx)
	if err != nil {
		return nil, err
	}
	return &Group{batch: *b, title: title}, nil
}

// Title returns the title.
func (g *Group) Title() string { return g.title }

// End commits the group, or drops it when there was an error.
func (g *Group) End(err error) error { return Finish(g.batch.tx, err) }

// A Repo reads and writes items through whatever it is given.
type Repo struct{ db Execer }

// Execer is what a Repo needs.
type Execer interface {
	ExecContext(ctx context.Context, query string, args ...any) (sql.Result, error)
}

// NewRepo returns a Repo on a database or a transaction.
func NewRepo(db Execer) *Repo { return &Repo{db: db} }

// WithTx returns a Repo that works inside the transaction.
func (r *Repo) WithTx(tx *sql.Tx) *Repo { return &Repo{db: tx} }

// Remove removes an item.
func (r *Repo) Remove(ctx context.Context, name string) error {
	_, err := r.db.ExecContext(ctx, "DELETE FROM items WHERE name = ?", name)
	return err
}

// A Pool keeps transactions for others.
type Pool struct{ free []*sql.Tx }

// Put keeps the transaction until Drain.
func (p *Pool) Put(tx *sql.Tx) { p.free = append(p.free, tx) }

// Drain rolls back all that is kept.
func (p *Pool) Drain() {
	for _, tx := range p.free {
		_ = tx.Rollback()
	}
	p.free = nil
}

type key struct{}

// NewContext returns a context that carries the transaction.
func NewContext(ctx context.Context, tx *sql.Tx) context.Context {
	return context.WithValue(ctx, key{}, tx)
}

// FromContext returns the transaction that the context carries, or nil.
func FromContext(ctx context.Context) *sql.Tx {
	tx, _ := ctx.Value(key{}).(*sql.Tx)
	return tx
}

// A Visit is a transaction that knows whether it is over.
type Visit struct {
	tx     *sql.Tx
	closed bool
	failed error
}

// Visit begins one.
func (s *Store) Visit(ctx context.Context, notes ...func(*Visit)) (*Visit, error) {
	tx, err := s.Begin(ctx)
	if err != nil {
		return nil, err
	}
	v := &Visit{tx: tx}
	for _, note := range notes {
		note(v)
	}
	return v, nil
}

// VisitNow begins one without notes.
func (s *Store) VisitNow(ctx context.Context) (*Visit, error) {
	tx, err := s.Begin(ctx)
	if err != nil {
		return nil, err
	}
	return &Visit{tx: tx}, nil
}

// Add works on the visit.
func (v *Visit) Add(ctx context.Context, name string) error { return Add(ctx, v.tx, name) }

// Commit commits it once.
func (v *Visit) Commit() error {
	if v.closed {
		return ErrClosed
	}
	v.closed = true
	return v.tx.Commit()
}

// Close rolls it back unless that is over.
func (v *Visit) Close() error {
	if v.closed || v.failed != nil {
		return nil
	}
	v.closed = true
	return v.tx.Rollback()
}

// A Count is what was counted, if that is known.
type Count struct {
	N     int
	Valid bool
}

// Count counts what stands under a name.
func (s *Store) Count(name string, into *Count) error {
	if name == "" {
		return ErrEmpty
	}
	into.N, into.Valid = len(name), true
	return nil
}

// Twice runs f twice, unless that fails.
func Twice(name string, f func()) error {
	if name == "" {
		return ErrEmpty
	}
	f()
	f()
	return nil
}
