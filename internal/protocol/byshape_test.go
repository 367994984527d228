package protocol

import (
	"fmt"
	"testing"
)

func TestOpenByShape(t *testing.T) {
	w := newWorld()
	calls := w.check(t, "p", `package p
import ("context"; "database/sql")
type Tx interface { Commit() error; Rollback() error; Begin(context.Context) (Tx, error) }
type CtxTx interface { Commit(context.Context) error; Rollback(context.Context) error }
type Half interface { Commit() error }
type Odd interface { Commit(force bool) error; Rollback() error }
type Value struct { *sql.Tx }
type Unit interface { Begin(context.Context) error; Commit() error; Rollback() error }
type OwnStore interface { BeginTx() (OwnStore, error); CommitTx() error; RollbackTx() error }
type Store interface {
	Begin() (Tx, error)
	BeginTx(ctx context.Context, opts *sql.TxOptions) (*sql.Tx, error)
	Begintxx(ctx context.Context) (CtxTx, error)
	Beginx() Value
	BeginTransaction() (Half, error)
	StartTx() (Odd, error)
	BeginWithCtx() error
	Tx() Tx
	GetTx() (Tx, error)
	BeginBlock() (Tx, error)
	StartTransaction() (Tx, int, error)
}
type impl struct{}
func (impl) Begin() (Tx, error) { return nil, nil }
type Of[T Tx] interface { Begin() (T, error) }
func f(s Store, i impl, tx Tx, g Of[Tx], u Unit, own OwnStore) {
	s.Begin(); s.BeginTx(nil, nil); s.Begintxx(nil); s.Beginx(); s.BeginTransaction(); s.StartTx()
	s.BeginWithCtx(); s.Tx(); s.GetTx(); s.BeginBlock(); s.StartTransaction(); i.Begin(); tx.Begin(nil); g.Begin()
	u.Begin(nil); own.BeginTx()
}`)
	for expr, want := range map[string]string{
		"s.Begin":            "result 0 result 1 -1 transaction false",
		"s.BeginTx":          "result 0 result 1 0 transaction true",
		"s.Begintxx":         "result 0 result 1 0 transaction false",
		"s.Beginx":           "result 0 none -1 transaction false",
		"g.Begin":            "result 0 result 1 -1 transaction false",
		"tx.Begin":           "result 0 result 1 0 savepoint false",
		"u.Begin":            "recv result 0 0 transaction false",
		"own.BeginTx":        "result 0 result 1 -1 transaction false",
		"s.BeginTransaction": "",
		"s.StartTx":          "",
		"s.BeginWithCtx":     "",
		"s.Tx":               "",
		"s.GetTx":            "",
		"s.BeginBlock":       "",
		"s.StartTransaction": "",
		"i.Begin":            "",
	} {
		got := ""
		if o := OpenByShape(calls[expr]); o != nil {
			got = fmt.Sprint(o.Handle, " ", o.Err, " ", o.Ctx, " ", o.Level, " ", o.CancelFinishes)
		}
		if got != want {
			t.Errorf("%s: got %q, want %q", expr, got, want)
		}
	}
}
