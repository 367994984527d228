package books

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
)

// ContextDone leaves when the context of the Begin is done, which rolls back.
func (c Cases) ContextDone(ids []int) error {
	ctx, cancel := context.WithCancel(context.Background())
	return c.put(ctx, ids, cancel)
}

func (c Cases) put(ctx context.Context, ids []int, stop func()) error {
	tx, err := c.p.DB.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	for range ids {
		if c.p.Choose() {
			stop()
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		if _, err := tx.Exec("A"); err != nil {
			return errors.Join(err, tx.Rollback())
		}
	}
	return tx.Commit()
}

// ContextSelected asks in a select.
func (c Cases) ContextSelected() error {
	ctx, cancel := context.WithCancel(context.Background())
	return c.get(ctx, cancel)
}

func (c Cases) get(ctx context.Context, stop func()) error {
	tx, err := c.p.DB.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	if c.p.Choose() {
		stop()
	}
	select {
	case <-ctx.Done():
		return ctx.Err()
	default:
	}
	if c.p.Choose() {
		return errShort // want `return leaves transaction tx open`
	}
	return tx.Commit()
}

// ContextOther asks a context that the Begin was not given.
func (c Cases) ContextOther(ctx context.Context) error {
	other, cancel := context.WithCancel(context.Background())
	defer cancel()
	if c.p.Choose() {
		cancel()
	}
	tx, err := c.p.DB.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	if err := other.Err(); err != nil {
		return err // want `return leaves transaction tx open`
	}
	return tx.Commit()
}

type server struct {
	failed bool
	errs   []error
}

func (s *server) fail()         { s.failed = true }
func (s *server) add(err error) { s.errs = append(s.errs, err) }

// Failed rolls back what was told to have failed.
func (c Cases) Failed() { c.serve(new(server)) }

func (c Cases) serve(s *server) {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return
	}
	defer func() {
		if s.failed {
			_ = tx.Rollback()
		}
	}()
	if c.p.Choose() {
		s.fail()
		return
	}
	if c.p.Choose() {
		return // want `return leaves transaction tx open`
	}
	_ = tx.Commit()
}

type scope struct {
	ctx    context.Context
	cancel context.CancelFunc
}

func (s *scope) close() { s.cancel() }

func newScope(ctx context.Context) *scope {
	ctx, cancel := context.WithCancel(ctx)
	return &scope{ctx, cancel}
}

// ScopeEnds cancels by way of an object.
func (c Cases) ScopeEnds(ctx context.Context) error {
	s := newScope(ctx)
	defer s.close()
	tx, err := c.p.DB.BeginTx(s.ctx, nil)
	if err != nil {
		return err
	}
	if c.p.Choose() {
		return errShort
	}
	return tx.Commit()
}

// ScopeOutside begins with the context around it.
func (c Cases) ScopeOutside(ctx context.Context) error {
	s := newScope(ctx)
	defer s.close()
	tx, err := c.p.DB.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	if c.p.Choose() {
		return errShort // want `return leaves transaction tx open`
	}
	return tx.Commit()
}

// CancelOnce cancels by a function made of the cancel.
func (c Cases) CancelOnce(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	stop := sync.OnceFunc(cancel)
	defer stop()
	tx, err := c.p.DB.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	if c.p.Choose() {
		return errShort
	}
	return tx.Commit()
}

// CancelGathered cancels all that was gathered.
func (c Cases) CancelGathered(ctx context.Context) error {
	var stops []func()
	defer func() {
		for _, stop := range stops {
			stop()
		}
	}()
	ctx, cancel := context.WithCancel(ctx)
	stops = append(stops, cancel)
	tx, err := c.p.DB.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	if c.p.Choose() {
		return errShort
	}
	return tx.Commit()
}

// Flagged rolls back unless an atomic says that it was committed.
func (c Cases) Flagged() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	var done atomic.Bool
	defer func() {
		if !done.Load() {
			_ = tx.Rollback()
		}
	}()
	if c.p.Choose() {
		return errShort
	}
	done.Store(true)
	return tx.Commit()
}

// FlaggedEarly sets it too early.
func (c Cases) FlaggedEarly() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	var done atomic.Bool
	defer func() {
		if !done.Swap(true) {
			_ = tx.Rollback()
		}
	}()
	done.Store(true)
	if c.p.Choose() {
		return errShort // want `return leaves transaction tx open`
	}
	return tx.Commit()
}

// Claimed ends what only one can claim.
func (c Cases) Claimed() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	var state int32
	if atomic.CompareAndSwapInt32(&state, 0, 1) {
		return tx.Commit()
	}
	return nil // not reached
}

// Walks rolls back deep inside a literal that calls itself.
func (c Cases) Walks() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	var walk func(n int) error
	walk = func(n int) error {
		if n == 0 {
			return nil
		}
		if _, err := tx.Exec("A"); err != nil {
			_ = tx.Rollback()
			return err
		}
		return walk(n - 1)
	}
	if err := walk(2); err != nil {
		return err
	}
	return tx.Commit()
}

func logged(f func() error) func() error {
	return func() error {
		if err := f(); err != nil {
			return fmt.Errorf("logged: %w", err)
		}
		return nil
	}
}

// LoggedTwice wraps the finisher twice.
func (c Cases) LoggedTwice() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	return logged(logged(tx.Commit))()
}

// Excepts rolls back for all errors but one, and returns another.
func (c Cases) Excepts() (err error) {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	defer func() {
		if err != nil && !errors.Is(err, errStop) {
			_ = tx.Rollback()
		}
	}()
	switch c.p.Pick(4) {
	case 0:
		return errors.New("new")
	case 1:
		return errShort
	case 2:
		return fmt.Errorf("wrapped: %w", errStop) // want `return leaves transaction tx open`
	}
	return tx.Commit()
}

func step(tx *sql.Tx) error {
	if _, err := tx.Exec("A"); err != nil {
		_ = tx.Rollback()
		return errStop
	}
	_, err := tx.Exec("B")
	return err
}

// SteppedOut knows by the error that the step has ended it.
func (c Cases) SteppedOut() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	if err := step(tx); err != nil {
		if !errors.Is(err, errStop) {
			_ = tx.Rollback()
		}
		return err
	}
	return tx.Commit()
}

func (c Cases) stopped() <-chan struct{} {
	stopped := make(chan struct{})
	if c.p.Choose() {
		close(stopped)
	}
	return stopped
}

// Polls goes on in a case of a select.
func (c Cases) Polls() error {
	for range 2 {
		tx, err := c.p.DB.Begin()
		if err != nil {
			return err
		}
		select {
		case <-c.stopped():
			continue // want `next iteration leaves transaction tx open`
		default:
		}
		if err := tx.Commit(); err != nil {
			return err
		}
	}
	return nil // want `return leaves transaction tx open`
}

// WorksBeside waits for work that sets the error.
func (c Cases) WorksBeside() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	var failed error
	done := make(chan struct{})
	go func() {
		defer close(done)
		_, failed = tx.Exec("A")
	}()
	<-done
	if failed != nil {
		return failed // want `return leaves transaction tx open`
	}
	return tx.Commit()
}

// BeginsEither begins in one way or the other.
func (c Cases) BeginsEither(ctx context.Context, reads bool) error {
	begin := c.p.DB.Begin
	if reads {
		begin = func() (*sql.Tx, error) {
			return c.p.DB.BeginTx(ctx, &sql.TxOptions{ReadOnly: true})
		}
	}
	tx, err := begin()
	if err != nil {
		return err
	}
	if c.p.Choose() {
		return errShort // want `return leaves transaction tx open`
	}
	return tx.Commit()
}

var settle = func(tx *sql.Tx, err error) error {
	if err != nil {
		return errors.Join(err, tx.Rollback())
	}
	return tx.Commit()
}

// Settles ends it by a function in a variable.
func (c Cases) Settles() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	_, err = tx.Exec("A")
	return settle(tx, err)
}

type unit struct {
	db *sql.DB
	tx *sql.Tx
}

func newUnit(db *sql.DB) *unit { return &unit{db: db} }

func (u *unit) begin() (err error) {
	u.tx, err = u.db.Begin()
	return err
}

type service struct{ unit *unit }

func newService(db *sql.DB) *service { return &service{newUnit(db)} }

// Nested begins in an object inside an object, both of which are new.
func (c Cases) Nested() error {
	s := newService(c.p.DB)
	if err := s.unit.begin(); err != nil {
		return err
	}
	if c.p.Choose() {
		return errShort // want `return leaves transaction of s.unit.begin open`
	}
	return s.unit.tx.Commit()
}

// Seen asks a map that it has made for what is not in there.
func (c Cases) Seen(name string) error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	seen := make(map[string]bool)
	if c.p.Choose() {
		seen[name] = true
		_ = tx.Rollback()
	}
	if !seen[name] {
		return tx.Commit()
	}
	return nil
}

type quota struct{ error }

// TypedError asks for a type, which no nil has.
func (c Cases) TypedError() error {
	tx, err := c.p.DB.Begin()
	if _, ok := errors.AsType[quota](err); ok {
		return io.EOF // not reached
	}
	if err != nil {
		return err
	}
	return tx.Commit()
}

func code(err error) int {
	if err == nil {
		return 200
	}
	return 500
}

type problem struct{ text string }

func problemOf(err error) *problem {
	if err == nil {
		return nil
	}
	return &problem{err.Error()}
}

// Coded rolls back where the number is one of a failure.
func (c Cases) Coded() (err error) {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	defer func() {
		if code(err) >= 400 {
			_ = tx.Rollback()
		}
	}()
	if c.p.Choose() {
		return errShort
	}
	return tx.Commit()
}

// CodedWrong takes a failure for none.
func (c Cases) CodedWrong() (err error) {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	defer func() {
		if code(err) > 500 {
			_ = tx.Rollback()
		}
	}()
	if c.p.Choose() {
		return errShort // want `return leaves transaction tx open`
	}
	return tx.Commit()
}

// Described rolls back what there is a problem with.
func (c Cases) Described() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	_, err = tx.Exec("A")
	if p := problemOf(err); p != nil {
		_ = tx.Rollback()
		return errors.New(p.text)
	}
	return tx.Commit()
}

// Recounted counts down by adding what wraps.
func (c Cases) Recounted() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	var users atomic.Uint32
	users.Add(1)
	if users.Add(^uint32(0)) == 0 {
		return tx.Commit()
	}
	return nil // not reached
}

// mode is a word that is looked at twice.
func (c Cases) mode() string {
	if c.p.Choose() {
		return "draft:7"
	}
	return "posted:7"
}

// Drafted begins for a draft, and commits a draft.
func (c Cases) Drafted() error {
	mode := c.mode()
	var tx *sql.Tx
	var err error
	if strings.HasPrefix(mode, "draft") {
		if tx, err = c.p.DB.Begin(); err != nil {
			mode = c.mode()
			return fmt.Errorf("%s: %w", mode, err)
		}
	}
	if strings.HasPrefix(mode, "draft") {
		return tx.Commit()
	}
	return errShort
}

// DraftLeft only counts a draft.
func (c Cases) DraftLeft() error {
	mode := c.mode()
	var tx *sql.Tx
	var err error
	if strings.HasPrefix(mode, "draft") {
		if tx, err = c.p.DB.Begin(); err != nil {
			return fmt.Errorf("%s: %w", c.mode(), err)
		}
	}
	if strings.ToUpper(mode) != "POSTED:7" {
		_, err = tx.Exec("UPDATE drafts SET seen = seen + 1")
		return err // want `return leaves transaction tx open`
	}
	return errShort
}

// Numbered finds a number in what its mode says, or none, both times.
func (c Cases) Numbered() error {
	_, number, _ := strings.Cut(c.mode(), ":")
	if c.mode() == "draft:7" {
		number = "none"
	}
	var tx *sql.Tx
	if _, err := strconv.Atoi(number); err == nil {
		if tx, err = c.p.DB.Begin(); err != nil {
			return err
		}
	}
	if _, err := strconv.Atoi(number); err != nil {
		return err
	}
	return tx.Commit()
}
