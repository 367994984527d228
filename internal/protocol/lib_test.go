package protocol

import (
	"go/types"
	"testing"
)

func TestRoleGenerated(t *testing.T) {
	const client = `package ent
import ("context"; _ "entgo.io/ent/dialect")
type Client struct{}
type Tx struct{}
func (*Client) Tx(context.Context) (*Tx, error) { return nil, nil }
func (*Tx) Commit() error { return nil }
func (*Tx) Client() *Client { return nil }
func IsNotFound(err error) bool { return false }
func f(c *Client, tx *Tx) { c.Tx(nil); tx.Commit(); tx.Client(); IsNotFound(nil) }`
	w := newWorld()
	w.check(t, "entgo.io/ent/dialect", "package dialect")
	calls := w.check(t, "example.com/app/db", client)
	wantRoles(t, Builtin(), calls, map[string]string{
		"c.Tx":       "open result 0 err result 1 ctx 0 transaction",
		"tx.Commit":  "commit recv",
		"tx.Client":  "alias recv to result 0",
		"IsNotFound": "nilness 0 false 0 true",
	})
	pkg := w.pkgs["example.com/app/db"]
	s := Builtin()
	if s.Handle(types.NewPointer(pkg.Scope().Lookup("Tx").Type())) == nil || !s.RelevantPackage(pkg) {
		t.Error("want the generated package relevant and its Tx a handle")
	}
	if s.Relevant(pkg.Path()) {
		t.Error("its path says nothing")
	}

	// The same names in a package that has nothing to do with ent.
	w = newWorld()
	calls = w.check(t, "example.com/other", `package ent
import "context"
type Client struct{}
type Tx struct{}
func (*Client) Tx(context.Context) (*Tx, error) { return nil, nil }
func f(c *Client) { c.Tx(nil) }`)
	s, _ = New()
	wantRoles(t, s, calls, map[string]string{"c.Tx": "none"})
}

func TestRoleFork(t *testing.T) {
	w := newWorld()
	calls := w.check(t, "git.example.com/copies/orm2", `package xorm
type Engine struct{}
type EngineGroup struct{}
type Session struct{}
func (*Session) Begin() error { return nil }
func (*Session) Close() {}
func (s *Session) Where(any) *Session { return s }
func f(s *Session) { s.Begin(); s.Where(nil); s.Close() }`)
	wantRoles(t, Builtin(), calls, map[string]string{
		"s.Begin": "open recv err result 0 ctx -1 transaction",
		"s.Where": "alias recv to result 0",
		"s.Close": "rollback recv",
	})
}

func TestRoleGorm(t *testing.T) {
	w := newWorld()
	calls := w.check(t, "gorm.io/gorm", `package gorm
import ("context"; "database/sql")
type DB struct { Error error }
func (db *DB) WithContext(context.Context) *DB { return db }
func (db *DB) Begin(opts ...*sql.TxOptions) (tx *DB) { return db }
func (db *DB) Commit() *DB { return db }
func (db *DB) Where(string) (tx *DB) { return db }
func (db *DB) RollbackTo(string) *DB { return db }
func (db *DB) DB() (*sql.DB, error) { return nil, nil }
func (db *DB) Transaction(fc func(tx *DB) error, opts ...*sql.TxOptions) (err error) { return nil }
func f(db *DB) { db.Begin(); db.Commit(); db.Where(""); db.RollbackTo(""); db.DB(); db.Transaction(nil); db.WithContext(nil) }`)
	wantRoles(t, Builtin(), calls, map[string]string{
		"db.Begin":       "open result 0 err handle.Error ctx -1 transaction",
		"db.Commit":      "commit recv",
		"db.Where":       "alias recv to result 0",
		"db.RollbackTo":  "alias recv to result 0, plain",
		"db.DB":          "none",
		"db.Transaction": "managed 0 0",
	})
	if o := Builtin().Role(calls["db.Begin"]).Open; !o.MaybeOpen || !o.LiveOnErr || !o.CtxOfRecv || o.Ctx != -1 {
		t.Errorf("got %+v", o)
	}
	if a := Builtin().Role(calls["db.WithContext"]).Alias; a == nil || a.Ctx.String() != "arg 0" {
		t.Errorf("got %+v", a)
	}
}

func TestRoleCallableHandle(t *testing.T) {
	w := newWorld()
	calls := w.check(t, "zombiezen.com/go/sqlite/sqlitex", `package sqlitex
type Conn struct{}
func Save(conn *Conn) func(*error) { return nil }
func ImmediateTransaction(conn *Conn) (func(*error), error) { return nil, nil }
func f() { Save(nil); ImmediateTransaction(nil) }`)
	wantRoles(t, Builtin(), calls, map[string]string{
		"Save":                 "open result 0 err panics ctx -1 transaction",
		"ImmediateTransaction": "open result 0 err result 1 ctx -1 transaction",
	})
	if c := Builtin().Role(calls["Save"]).Open.Call; c == nil || c.Handle.Kind != Self || c.Outcome != Decided {
		t.Errorf("got %+v", c)
	}
}

func TestLibraries(t *testing.T) {
	seen := map[string]bool{}
	for _, lib := range Builtin().Libraries() {
		if seen[lib.Name] {
			t.Errorf("two files describe %s", lib.Name)
		}
		seen[lib.Name] = true
	}
	if !seen["database/sql"] || !seen["beego orm v1"] {
		t.Errorf("got %v", seen)
	}
}

func BenchmarkScan(b *testing.B) {
	for b.Loop() {
		for _, src := range sources() {
			newSource(src.name, src.text)
		}
	}
}
