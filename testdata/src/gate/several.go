package gate

import (
	"context"
	"database/sql"
)

// Interfaces with several implementations, each of which begins.

// A storage begins, whichever it is.
type storage interface {
	NewTx(ctx context.Context) (*sql.Tx, error)
}

type lite struct{ db *sql.DB }

func (l lite) NewTx(ctx context.Context) (*sql.Tx, error) { return l.db.BeginTx(ctx, nil) }

type heavy struct{ db *sql.DB }

func (l *heavy) NewTx(ctx context.Context) (*sql.Tx, error) {
	tx, err := l.db.BeginTx(ctx, &sql.TxOptions{})
	if err != nil {
		return nil, err
	}
	return tx, nil
}

func save(ctx context.Context, s storage, bad bool) error {
	tx, err := s.NewTx(ctx)
	if err != nil {
		return err
	}
	if bad {
		return errShut // want `return leaves transaction tx open: s.NewTx on line`
	}
	return tx.Commit()
}

// SaysSave saves in one of two.
func (c Cases) SaysSave() error {
	var s storage = lite{c.p.DB}
	if c.p.Choose() {
		s = &heavy{c.p.DB}
	}
	return save(context.Background(), s, c.p.Choose())
}

type session interface {
	Commit() error
	Rollback() error
	Put(string) error
}

type sess struct{ tx *sql.Tx }

func (s *sess) Commit() error      { return s.tx.Commit() }
func (s *sess) Rollback() error    { return s.tx.Rollback() }
func (s *sess) Put(q string) error { _, err := s.tx.Exec(q); return err }

type namedSess struct{ sess }

// An engine yields an interface, too.
type engine interface {
	Session() (session, error)
}

type lightEngine struct{ db *sql.DB }

type heavyEngine struct{ db *sql.DB }

func (e lightEngine) Session() (session, error) {
	tx, err := e.db.Begin()
	if err != nil {
		return nil, err
	}
	return &sess{tx}, nil
}
func (e heavyEngine) Session() (session, error) {
	tx, err := e.db.Begin()
	if err != nil {
		return nil, err
	}
	return &namedSess{sess{tx}}, nil
}

func put(e engine) error {
	s, err := e.Session()
	if err != nil {
		return err
	}
	if err := s.Put("UPDATE gate SET n = 2"); err != nil {
		return err // want `return leaves transaction s open`
	}
	return s.Commit()
}
func putSound(e engine) error {
	s, err := e.Session()
	if err != nil {
		return err
	}
	defer s.Rollback()
	if err := s.Put("UPDATE gate SET n = 2"); err != nil {
		return err
	}
	return s.Commit()
}

// SaysPut puts into one of two.
func (c Cases) SaysPut() error {
	var e engine = lightEngine{c.p.DB}
	if c.p.Choose() {
		e = heavyEngine{c.p.DB}
	}
	if c.p.Choose() {
		return putSound(e)
	}
	return put(e)
}

// A door is opened by one type, and by one that passes this on.
type door interface {
	Open(ctx context.Context) (*sql.Tx, error)
}

type plainDoor struct{ db *sql.DB }

func (d plainDoor) Open(ctx context.Context) (*sql.Tx, error) { return d.db.BeginTx(ctx, nil) }

type loggedDoor struct{ next door }

func (d loggedDoor) Open(ctx context.Context) (*sql.Tx, error) {
	tx, err := d.next.Open(ctx)
	if err != nil {
		_ = err.Error()
		return nil, err
	}
	return tx, nil
}

// SaysOpen goes through both.
func (c Cases) SaysOpen() error {
	tx, err := loggedDoor{plainDoor{c.p.DB}}.Open(context.Background())
	if err != nil {
		return err
	}
	if c.p.Choose() {
		return errShut // want `return leaves transaction tx open`
	}
	return tx.Commit()
}

// A handler does its work in a transaction, and ends that.
type handler interface{ Handle(tx *sql.Tx) error }

type keeping struct{}

func (keeping) Handle(tx *sql.Tx) error {
	if err := touch(tx); err != nil {
		_ = tx.Rollback()
		return err
	}
	return tx.Commit()
}

type dropping struct{ reason string }

func (d *dropping) Handle(tx *sql.Tx) error { return tx.Rollback() }

func handle(db *sql.DB, h handler) error {
	tx, err := db.Begin()
	if err != nil {
		return err
	}
	return h.Handle(tx)
}

// SaysHandle has it handled.
func (c Cases) SaysHandle() error {
	if err := handle(c.p.DB, keeping{}); err != nil {
		return err
	}
	return handle(c.p.DB, &dropping{"rest"})
}
