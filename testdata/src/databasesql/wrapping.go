package databasesql

import (
	"database/sql"
	"errors"
	"net/http"
	"net/http/httptest"
	"sync"
)

// tracedTx is a transaction with a name.
type tracedTx struct {
	*sql.Tx
	name string
}

// Embedded ends the transaction through the struct that embeds it.
func (c Cases) Embedded() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	traced := tracedTx{tx, "stock"}
	if _, err := traced.Exec("SELECT 1"); err != nil {
		_ = traced.Rollback()
		return err
	}
	return traced.Commit()
}

// EmbeddedForgotten forgets it on one way out.
func (c Cases) EmbeddedForgotten() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	traced := tracedTx{tx, "stock"}
	if _, err := traced.Exec("SELECT 1"); err != nil {
		return err // want `return leaves transaction tx open`
	}
	return traced.Commit()
}

// Boxed puts it into an interface and takes it out again.
func (c Cases) Boxed() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	var box any = tx
	if _, err := tx.Exec("SELECT 1"); err != nil {
		_ = box.(*sql.Tx).Rollback()
		return err
	}
	return tx.Commit()
}

// ender is the half of a transaction that ends it.
type ender interface {
	Commit() error
	Rollback() error
}

// AsInterface ends it as an interface.
func (c Cases) AsInterface() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	var e ender = tx
	if _, err := tx.Exec("SELECT 1"); err != nil {
		_ = e.Rollback()
		return err
	}
	return e.Commit()
}

// AsInterfaceForgotten forgets it on one way out.
func (c Cases) AsInterfaceForgotten() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	var e ender = tx
	if _, err := tx.Exec("SELECT 1"); err != nil {
		return err // want `return leaves transaction tx open`
	}
	return e.Commit()
}

// OutParameter stores it where the caller says.
func (c Cases) OutParameter() error {
	var tx *sql.Tx
	if err := c.openInto(&tx); err != nil {
		return err
	}
	return tx.Commit()
}

func (c Cases) openInto(out **sql.Tx) error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	*out = tx
	return nil
}

// InSlice keeps several in a slice and ends all of them.
func (c Cases) InSlice() (err error) {
	var txs []*sql.Tx
	defer func() {
		for _, tx := range txs {
			_ = tx.Rollback()
		}
	}()
	a, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	txs = append(txs, a)
	b, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	txs = append(txs, b)
	return errors.Join(a.Commit(), b.Commit())
}

// Once ends it in a once.
func (c Cases) Once() error {
	var once sync.Once
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	defer once.Do(func() { _ = tx.Rollback() })
	_, err = tx.Exec("SELECT 1")
	return err
}

// DeferredArgument gives it to its deferred function.
func (c Cases) DeferredArgument() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	defer func(tx *sql.Tx) {
		_ = tx.Rollback()
	}(tx)
	_, err = tx.Exec("SELECT 1")
	return err
}

// DeferredWithRecover swallows panics and rolls back.
func (c Cases) DeferredWithRecover() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	defer func() {
		_ = recover()
		_ = tx.Rollback()
	}()
	if c.p.Choose() {
		panic("no such table")
	}
	_, err = tx.Exec("SELECT 1")
	return err
}

// Handler answers requests, one transaction for each.
func (c Cases) Handler() {
	h := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		tx, err := c.p.DB.Begin()
		if err != nil {
			http.Error(w, "busy", http.StatusServiceUnavailable)
			return
		}
		if r.Method != http.MethodPost {
			http.Error(w, "post only", http.StatusMethodNotAllowed)
			return // want `return leaves transaction tx open`
		}
		_ = tx.Commit()
	})
	h.ServeHTTP(httptest.NewRecorder(), c.request())
}

// HandlerDeferred has a deferred rollback for that.
func (c Cases) HandlerDeferred() {
	h := http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		tx, err := c.p.DB.Begin()
		if err != nil {
			http.Error(w, "busy", http.StatusServiceUnavailable)
			return
		}
		defer tx.Rollback()
		if r.Method != http.MethodPost {
			http.Error(w, "post only", http.StatusMethodNotAllowed)
			return
		}
		_ = tx.Commit()
	})
	h.ServeHTTP(httptest.NewRecorder(), c.request())
}

// request has one of two methods.
func (c Cases) request() *http.Request {
	method := http.MethodGet
	if c.p.Choose() {
		method = http.MethodPost
	}
	return httptest.NewRequest(method, "/", nil)
}

// session is opened by one method and ended by another.
type session struct {
	db *sql.DB
	tx *sql.Tx
}

func (s *session) open() (err error) {
	s.tx, err = s.db.Begin()
	return err
}

func (s *session) close() {
	if s.tx != nil {
		_ = s.tx.Rollback()
	}
}

// Session keeps it in a field between two methods.
func (c Cases) Session() error {
	s := &session{db: c.p.DB}
	defer s.close()
	if err := s.open(); err != nil {
		return err
	}
	_, err := s.tx.Exec("SELECT 1")
	return err
}

// Callback runs a function of its caller inside a transaction.
func (c Cases) Callback() error {
	return c.within(func(tx *sql.Tx) error {
		_, err := tx.Exec("SELECT 1")
		return err
	})
}

func (c Cases) within(f func(*sql.Tx) error) (err error) {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_ = tx.Rollback()
		}
	}()
	if err = f(tx); err != nil {
		return err
	}
	return tx.Commit()
}

// CallbackForgotten forgets the rollback after the callback.
func (c Cases) CallbackForgotten() error {
	return c.withinForgetful(func(tx *sql.Tx) error {
		_, err := tx.Exec("SELECT 1")
		return err
	})
}

func (c Cases) withinForgetful(f func(*sql.Tx) error) error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	if err := f(tx); err != nil {
		return err // want `return leaves transaction tx open`
	}
	return tx.Commit()
}

// An owner knows whether the transaction is its own.
type owner struct {
	tx  *sql.Tx
	own bool
}

// settle lets unknown code at the owner.
func settle(o *owner, how func(any)) { how(o) }

// OwnerSettled rolls back what its owner still owns after unknown code has had it.
func (c Cases) OwnerSettled() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	o := &owner{tx: tx}
	o.own = true
	settle(o, func(any) {})
	if o.own {
		err = o.tx.Rollback()
	}
	return err
}

// OwnerDisowned gives it up before.
func (c Cases) OwnerDisowned() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	o := &owner{tx: tx, own: true}
	o.own = c.p.Choose()
	if o.own {
		return o.tx.Rollback()
	}
	return nil // want `return leaves transaction tx open`
}

// A limitable is a database whose pool can be bounded: only a sql.DB is one.
type limitable interface {
	Begin() (*sql.Tx, error)
	SetMaxOpenConns(n int)
}

func (c Cases) limitable() limitable { return c.p.DB }

// Limited begins through an interface that one type implements (T13).
func (c Cases) Limited() error {
	db := c.limitable()
	tx, err := db.Begin()
	if err != nil {
		return err
	}
	if c.p.Choose() {
		return tx.Rollback()
	}
	return tx.Commit()
}

// LimitedForgets returns before it ends what it has begun there.
func (c Cases) LimitedForgets() error {
	db := c.limitable()
	tx, err := db.Begin()
	if err != nil {
		return err
	}
	if c.p.Choose() {
		return nil // want `return leaves transaction tx open`
	}
	return tx.Commit()
}
