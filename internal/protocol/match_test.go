package protocol

import (
	"fmt"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"maps"
	"strings"
	"sync"
	"testing"
)

// A world type-checks package texts against each other and the standard library.
type world struct {
	fset *token.FileSet
	std  types.Importer
	pkgs map[string]*types.Package
}

// stdImporter is shared: reading database/sql from source takes a second.
var stdImporter = sync.OnceValue(func() types.Importer {
	return importer.ForCompiler(token.NewFileSet(), "source", nil)
})

func newWorld() *world {
	return &world{fset: token.NewFileSet(), std: stdImporter(), pkgs: map[string]*types.Package{}}
}

func (w *world) Import(path string) (*types.Package, error) {
	if p := w.pkgs[path]; p != nil {
		return p, nil
	}
	return w.std.Import(path)
}

// check type-checks one file as the package with this path, and gives the calls
// in it by their source text.
func (w *world) check(t *testing.T, path, text string) map[string]*types.Func {
	t.Helper()
	file, err := parser.ParseFile(w.fset, path+".go", text, 0)
	if err != nil {
		t.Fatal(err)
	}
	info := &types.Info{
		Uses:       map[*ast.Ident]types.Object{},
		Selections: map[*ast.SelectorExpr]*types.Selection{},
	}
	conf := types.Config{Importer: w}
	pkg, err := conf.Check(path, w.fset, []*ast.File{file}, info)
	if err != nil {
		t.Fatal(err)
	}
	w.pkgs[path] = pkg
	calls := map[string]*types.Func{}
	ast.Inspect(file, func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok {
			return true
		}
		var id *ast.Ident
		switch fun := call.Fun.(type) {
		case *ast.Ident:
			id = fun
		case *ast.SelectorExpr:
			id = fun.Sel
		default:
			return true
		}
		if fn, ok := info.Uses[id].(*types.Func); ok {
			calls[types.ExprString(call.Fun)] = fn
		}
		return true
	})
	return calls
}

// show writes a role in a few words.
func show(r *Role) string {
	if r == nil {
		return "none"
	}
	var s []string
	add := func(format string, args ...any) { s = append(s, fmt.Sprintf(format, args...)) }
	if o := r.Open; o != nil {
		add("open %v err %v ctx %d %s", o.Handle, o.Err, o.Ctx, o.Level)
	}
	if f := r.Finish; f != nil {
		add("%s %v", f.Outcome, f.Handle)
	}
	if a := r.Alias; a != nil {
		add("alias %v to %v", a.From, a.To)
	}
	if m := r.Managed; m != nil {
		add("managed %d %d", m.Callback, m.Handle)
	}
	if r.Exit != "" {
		add("exit %s", r.Exit)
	}
	if n := r.Nilness; n != nil {
		add("nilness %d %v %d %v", n.Result, n.NonNil, n.Arg, n.ProvesArg)
	}
	if a := r.Assert; a != nil {
		add("assert %d %s", a.Arg, a.Value)
	}
	if r.Runs >= 0 {
		add("runs %d", r.Runs)
	}
	if r.Keeps >= 0 {
		add("keeps %d", r.Keeps)
	}
	if r.Plain {
		add("plain")
	}
	if r.Reads {
		add("reads")
	}
	return strings.Join(s, ", ")
}

func wantRoles(t *testing.T, s *Set, calls map[string]*types.Func, want map[string]string) {
	t.Helper()
	for expr, role := range want {
		fn := calls[expr]
		if fn == nil {
			t.Errorf("no call of %s; there are %v", expr, maps.Keys(calls))
			continue
		}
		r := s.Role(fn)
		if got := show(r); got != role {
			t.Errorf("%s (%s):\n got %s\nwant %s", expr, fn.FullName(), got, role)
		}
		if r != s.Role(fn) {
			t.Errorf("%s: two roles for one function", expr)
		}
	}
}

func TestRoleStandardLibrary(t *testing.T) {
	w := newWorld()
	calls := w.check(t, "p", `package p
import ("context"; "database/sql"; "errors"; "fmt"; "log"; "os"; "sync"; "testing"; "net/http")
type Store struct { *sql.DB }
type Wrapped struct { *sql.Tx; n int }
type Tx2 = sql.Tx
func f(ctx context.Context, db *sql.DB, c *sql.Conn, s Store, w Wrapped, a *Tx2, t *testing.T, tb testing.TB, b *testing.B, o *sync.Once) {
	db.Begin(); db.BeginTx(ctx, nil); c.BeginTx(ctx, nil); s.Begin(); db.Ping(); c.Close()
	w.Commit(); w.Rollback(); a.Rollback()
	t.Fatal(); tb.Skip(); b.FailNow(); os.Exit(1); log.Fatalf(""); log.Printf(""); t.Cleanup(nil); t.Run("", nil)
	err := fmt.Errorf(""); errors.Is(err, err); errors.AsType[error](err); o.Do(nil); err.Error(); panic(http.ErrAbortHandler)
	errors.Join(err)
}`)
	wantRoles(t, Builtin(), calls, map[string]string{
		"db.Begin":   "open result 0 err result 1 ctx -1 transaction",
		"db.BeginTx": "open result 0 err result 1 ctx 0 transaction",
		"c.BeginTx":  "open result 0 err result 1 ctx 0 transaction",
		"s.Begin":    "open result 0 err result 1 ctx -1 transaction",
		"db.Ping":    "none",
		"c.Close":    "plain",
		"w.Commit":   "commit recv",
		"w.Rollback": "rollback recv",
		"a.Rollback": "rollback recv",
		"t.Fatal":    "exit test",
		"tb.Skip":    "exit test",
		"b.FailNow":  "exit test",
		"os.Exit":    "exit process",
		"log.Fatalf": "exit process",
		"log.Printf": "reads",
		"t.Cleanup":  "keeps 0",
		"t.Run":      "runs 1",
		"fmt.Errorf": "nilness 0 true -1 false",
		"errors.Is":  "nilness 0 false 0 true",
		"o.Do":       "runs 0",
		"err.Error":  "none",
	})
	if got := Builtin().Role(calls["db.BeginTx"]).Open; got.Func != "(*database/sql.DB).BeginTx" ||
		!got.CancelFinishes || got.Lib.Name != "database/sql" {
		t.Errorf("got %+v", got)
	}
	http, _ := w.Import("net/http")
	if !Builtin().RecoveredValue(http.Scope().Lookup("ErrAbortHandler")) ||
		Builtin().RecoveredValue(http.Scope().Lookup("ErrBodyNotAllowed")) {
		t.Error("only http.ErrAbortHandler is recovered by design")
	}
}

// beegoV2 has the names of the real one where they are surprising.
const beegoV2 = `package orm
type QueryExecutor interface { Read(md any) error }
type TxBeginner interface {
	Begin() (TxOrmer, error)
	DoTx(task func(TxOrmer) error) error
}
type txEnder interface { Commit() error; Rollback() error }
type TxOrmer interface { QueryExecutor; txEnder }
type Ormer interface { QueryExecutor; TxBeginner }
func NewFilterTxOrmDecorator(o TxOrmer) TxOrmer { return o }
`

func TestRoleInterfaces(t *testing.T) {
	w := newWorld()
	w.check(t, "github.com/beego/beego/v2/client/orm", beegoV2)
	calls := w.check(t, "p", `package p
import "github.com/beego/beego/v2/client/orm"
type own interface { orm.TxOrmer; More() }
func f(o orm.Ormer, tx orm.TxOrmer, own own) {
	o.Begin(); tx.Commit(); own.Rollback(); tx.Read(nil); orm.NewFilterTxOrmDecorator(tx)
	o.DoTx(nil)
}`)
	wantRoles(t, Builtin(), calls, map[string]string{
		"o.Begin":                     "open result 0 err result 1 ctx -1 transaction",
		"tx.Commit":                   "commit recv",
		"own.Rollback":                "rollback recv",
		"tx.Read":                     "none",
		"orm.NewFilterTxOrmDecorator": "alias arg 0 to result 0",
		// Its real callback takes (ctx, tx): a fact that does not fit is none.
		"o.DoTx": "none",
	})
	orm := w.pkgs["github.com/beego/beego/v2/client/orm"].Scope()
	s := Builtin()
	if s.Handle(orm.Lookup("TxOrmer").Type()) == nil || s.Handle(orm.Lookup("Ormer").Type()) != nil {
		t.Error("want TxOrmer, not Ormer, as a handle")
	}
}

func TestRoleVendored(t *testing.T) {
	w := newWorld()
	calls := w.check(t, "example.com/app/vendor/github.com/astaxie/beego/orm", `package orm
type Ormer interface { Begin() error; Commit() error }
func f(o Ormer) { o.Begin(); o.Commit() }`)
	wantRoles(t, Builtin(), calls, map[string]string{
		"o.Begin": "open recv err result 0 ctx -1 transaction", "o.Commit": "commit recv",
	})
	s := Builtin()
	for path, want := range map[string]bool{
		"database/sql":                           true,
		"x/vendor/github.com/astaxie/beego/orm":  true,
		"github.com/beego/beego/v2/adapter/orm":  true,
		"github.com/beego/beego/v2/adapter/ormx": false,
		"database/sql [database/sql.test]":       true,
		"fmt":                                    false,
		"errors":                                 false,
		"github.com/beego/beego/v2/server/web":   false,
	} {
		if s.Relevant(path) != want {
			t.Errorf("Relevant(%q) = %v", path, !want)
		}
	}
}

const userText = `
library: our store
imports: [example.com/store]
handles: [store.Tx, store.Session]
open:
  - func: (*store.DB).Start
  - func: (store.Generic).Begin
  - {func: store.Lock, handle: arg 1, err: none, when: arg 0 is true, holds: lock}
finish:
  - commit: (*store.Tx).Commit
  - rollback: store.Release
    handle: arg 0
alias:
  - chain: store.Session
  - {func: (*store.Session).Tx, to: result 0.Inner}
plain: (*store.Session).RollbackTo
managed:
  - {func: (*store.DB).Do, handle: arg 0}
`

func TestRoleUser(t *testing.T) {
	files, err := Load("u.yml", []byte(userText))
	if err != nil {
		t.Fatal(err)
	}
	s, err := New(files...)
	if err != nil {
		t.Fatal(err)
	}
	w := newWorld()
	w.check(t, "example.com/store", `package store
import "context"
type DB struct{}
type Tx struct{ n int }
type Querier interface{ Query() }
type Session struct{}
func (*DB) Start(name string, ctx context.Context) (*Tx, int, error) { return nil, 0, nil }
func (*DB) Do(name string, f func(*Tx) error) error { return nil }
func (*Tx) Commit() {}
func (s *Session) Where(q string) *Session { return s }
func (s *Session) RollbackTo(q string) *Session { return s }
func (s *Session) Count() int { return 0 }
func (s *Session) Tx() *Tx { return nil }
type Generic[T any] interface { Begin(context.Context) (T, error) }
type Many[T any] struct{}
func Lock(bool, *Tx) {}
func Release(*Tx) {}
`)
	calls := w.check(t, "p", `package p
import . "example.com/store"
func f(db *DB, tx *Tx, s *Session, g Generic[*Tx]) {
	db.Start("", nil); db.Do("", nil); tx.Commit(); s.Where(""); s.Count(); s.Tx(); s.RollbackTo(""); g.Begin(nil)
	Lock(true, tx); Release(tx)
}`)
	wantRoles(t, s, calls, map[string]string{
		"db.Start":     "open result 0 err result 2 ctx 1 transaction",
		"db.Do":        "managed 1 0",
		"tx.Commit":    "commit recv",
		"s.Where":      "alias recv to result 0",
		"s.RollbackTo": "alias recv to result 0, plain",
		"s.Count":      "none",
		"s.Tx":         "alias recv to result 0.Inner",
		"g.Begin":      "open result 0 err result 1 ctx 0 transaction",
		"Lock":         "open arg 1 err none ctx -1 transaction",
		"Release":      "rollback arg 0",
	})
	scope := w.pkgs["example.com/store"].Scope()
	tx := scope.Lookup("Tx").Type()
	if s.Handle(tx) == nil || s.Handle(types.NewPointer(tx)) == nil || Builtin().Handle(tx) != nil {
		t.Error("want Tx and *Tx as handles, for this user alone")
	}
	if s.Handle(types.Typ[types.Int]) != nil {
		t.Error("an int is no handle")
	}
	if !s.Relevant("example.com/store") || Builtin().Relevant("example.com/store") {
		t.Error("want the store relevant for this user alone")
	}
	if _, err := New(files[0], files[0]); err == nil || !strings.Contains(err.Error(), "described twice") {
		t.Errorf("two files on one function: got %v", err)
	}
}

func TestRoleConcurrent(t *testing.T) {
	w := newWorld()
	calls := w.check(t, "p", `package p
import "database/sql"
func f(db *sql.DB, tx *sql.Tx) { db.Begin(); tx.Commit() }`)
	s, _ := New()
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			if s.Role(calls["db.Begin"]).Open == nil || s.Role(calls["tx.Commit"]).Finish == nil {
				t.Error("role lost")
			}
		})
	}
	wg.Wait()
}

func BenchmarkRole(b *testing.B) {
	pkg, err := stdImporter().Import("database/sql")
	if err != nil {
		b.Fatal(err)
	}
	obj, _, _ := types.LookupFieldOrMethod(pkg.Scope().Lookup("DB").Type(), true, pkg, "Begin")
	for b.Loop() {
		Builtin().Role(obj.(*types.Func))
	}
}

func TestDescribes(t *testing.T) {
	for path, want := range map[string]bool{
		"gorm.io/gorm": true, "gorm.io/gorm/callbacks": true, "gorm.io/gormlike": false, "gorm.io/plugin/dbresolver": false,
		"github.com/stretchr/testify/require": false, "database/sql": true, "strings": false,
	} {
		if got := Builtin().Describes(path); got != want {
			t.Errorf("%s: %v, want %v", path, got, want)
		}
	}
}
