package service

import (
	"context"
	"database/sql"
	"testing"

	"txcases/store"
)

// TestCleaned has the helper clean up.
func (c Cases) TestCleaned(t *testing.T) {
	tx := c.s.BeginT(t)
	store.AddT(t, tx, "tea")
	if err := store.Add(context.Background(), tx, "milk"); err != nil {
		t.Error(err)
		return
	}
}

// TestOpened ends what the helper has begun, unless the test ends first.
func (c Cases) TestOpened(t *testing.T) {
	tx := c.s.OpenT(t)
	store.AddT(t, tx, "tea")
	if err := tx.Commit(); err != nil {
		t.Error(err)
	}
}

// TestOpenedForgets returns where it could have ended the test.
func (c Cases) TestOpenedForgets(t *testing.T) {
	tx := c.s.OpenT(t)
	if err := store.Add(context.Background(), tx, "milk"); err != nil {
		t.Error(err)
		return // want `return leaves transaction tx open`
	}
	if err := tx.Commit(); err != nil {
		t.Error(err)
	}
}

// TestOpenedNever only ever opens.
func (c Cases) TestOpenedNever(t *testing.T) {
	tx := c.s.OpenT(t)
	store.AddT(t, tx, "tea")
} // want `end of function leaves transaction tx open`

// TestCleanup registers the rollback itself.
func (c Cases) TestCleanup(t *testing.T) {
	tx, err := c.s.Begin(context.Background())
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = tx.Rollback() })
	store.AddT(t, tx, "tea")
	if err := store.Add(context.Background(), tx, "milk"); err != nil {
		return
	}
}

// TestCleanupTooLate skips what comes before the registration.
func (c Cases) TestCleanupTooLate(t *testing.T) {
	tx, err := c.s.Begin(context.Background())
	if err != nil {
		t.Skip("no database")
	}
	if c.p.Choose() {
		return // want `return leaves transaction tx open`
	}
	t.Cleanup(func() { store.Rollback(tx) })
	store.AddT(t, tx, "tea")
}

// TestCleanupOther registers something else.
func (c Cases) TestCleanupOther(t *testing.T) {
	tx := c.s.OpenT(t)
	t.Cleanup(func() { c.pool.Drain() })
	if err := store.Add(context.Background(), tx, "milk"); err != nil {
		t.Error(err)
		return // want `return leaves transaction tx open`
	}
	_ = tx.Commit()
}

// suite keeps a transaction from the start of a test to its end.
type suite struct {
	c  Cases
	t  *testing.T
	tx interface{ Rollback() error }
	on *store.Batch
}

// SetupTest begins.
func (s *suite) SetupTest() {
	b, err := s.c.s.NewBatch(context.Background())
	if err != nil {
		s.t.Fatal(err)
	}
	s.on = b
	s.tx = s.c.s.OpenT(s.t)
}

// TearDownTest ends.
func (s *suite) TearDownTest() {
	if s.tx != nil {
		_ = s.tx.Rollback()
	}
	s.on.Drop()
}

// TestAdd uses what is open.
func (s *suite) TestAdd() {
	if err := s.on.Add(context.Background(), "tea"); err != nil {
		s.t.Error(err)
	}
}

// TestSuite runs a test between the two.
func (c Cases) TestSuite(t *testing.T) {
	s := &suite{c: c, t: t}
	s.SetupTest()
	defer s.TearDownTest()
	s.TestAdd()
}

// single is a suite with one transaction.
type single struct {
	c  Cases
	t  *testing.T
	tx *sql.Tx
}

// SetupTest begins.
func (s *single) SetupTest() { s.tx = s.c.s.OpenT(s.t) }

// TearDownTest ends.
func (s *single) TearDownTest() { store.Rollback(s.tx) }

// TestSingle sets the suite up, runs a test and tears it down.
func (c Cases) TestSingle(t *testing.T) {
	s := &single{c: c, t: t}
	s.SetupTest()
	defer s.TearDownTest()
	store.AddT(t, s.tx, "tea")
}

// TestSingleUp only sets it up.
func (c Cases) TestSingleUp(t *testing.T) {
	s := &single{c: c, t: t}
	s.SetupTest()
	store.AddT(t, s.tx, "tea")
} // want `end of function leaves transaction .* open`

// half is a suite that fails half way.
type half struct {
	c     Cases
	t     *testing.T
	batch *store.Batch
}

// SetupTest forgets the batch when it has nothing to put into it.
func (s *half) SetupTest() {
	b, err := s.c.s.NewBatch(context.Background())
	if err != nil {
		s.t.Fatal(err)
	}
	if err := b.Add(context.Background(), "tea"); err != nil {
		s.t.Error(err)
		return // want `return leaves transaction .* open`
	}
	s.batch = b
}

// TearDownTest ends what there is.
func (s *half) TearDownTest() {
	if s.batch != nil {
		s.batch.Close()
	}
}

// TestHalfSuite runs that one.
func (c Cases) TestHalfSuite(t *testing.T) {
	s := &half{c: c, t: t}
	s.SetupTest()
	defer s.TearDownTest()
	if s.batch == nil {
		return
	}
	if err := s.batch.Add(context.Background(), "milk"); err != nil {
		t.Error(err)
	}
}
