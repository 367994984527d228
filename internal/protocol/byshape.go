package protocol

import (
	"go/types"
	"strings"
)

// beginNames are the names, in lower case, under which programs declare their
// own interface to start a transaction. Getters (Tx, GetTx) are not among them.
var beginNames = map[string]bool{
	"begin": true, "begintx": true, "beginx": true, "begintxx": true,
	"begincontext": true, "beginctx": true, "begintransaction": true,
	"begintxcontext": true, "begintxwithoptions": true, "begintxwithopts": true,
	"beginwithctx": true, "beginwithcontext": true,
	"beginwithopts": true, "beginwithoptions": true, "beginwithctxandopts": true,
	"starttx": true, "starttransaction": true,
}

// OpenByShape recognises a begin that no file names: a method of an interface,
// named like a begin, that returns (T, error) or T where T can Commit and
// Rollback. Whoever asks should have found no implementation to look into. A
// method of something that can itself Commit and Rollback makes a savepoint.
func OpenByShape(fn *types.Func) *Open {
	if fn == nil || !beginNames[strings.ToLower(fn.Name())] {
		return nil
	}
	sig := fn.Origin().Signature()
	if sig.Recv() == nil || !types.IsInterface(sig.Recv().Type()) {
		return nil
	}
	c := checker{sig: sig}
	o := &Open{
		Lib: shapeLibrary, Func: fn.FullName(), Handle: Place{Kind: Result},
		Ctx: c.param(isContext), Reentry: "independent", Level: Transaction, Holds: "connection",
	}
	switch sig.Results().Len() {
	case 1:
	case 2:
		if c.errorResult() != 1 {
			return nil
		}
		o.Err = Place{Kind: Result, Index: 1}
	default:
		return nil
	}
	handle := sig.Results().At(0).Type()
	if !EndsTransactions(handle) {
		return nil
	}
	if n := named(handle); n != nil && n.Obj().Pkg() != nil {
		// The standard library's transaction ends with its context whoever begins it.
		o.CancelFinishes = n.Obj().Name() == "Tx" && n.Obj().Pkg().Path() == "database/sql" && o.Ctx >= 0
	}
	if EndsTransactions(sig.Recv().Type()) {
		o.Level, o.Reentry, o.Holds = Savepoint, "savepoint-handle", "nothing"
	}
	return o
}

// OnReceiver is a begin by shape whose result nobody takes, on something that can
// Commit and Rollback itself: that is the transaction then.
// Have: _, err := conn.Begin() … conn.Commit()
func (o *Open) OnReceiver() *Open {
	if o.Lib != shapeLibrary || o.Level != Savepoint {
		return o
	}
	onRecv := *o
	onRecv.Handle, onRecv.Level, onRecv.Reentry, onRecv.Holds = Place{Kind: Recv}, Transaction, "error", "connection"
	return &onRecv
}

// FinishByShape recognises a finisher that no file names: Commit or Rollback of
// an interface that has both, without arguments but a context.
func FinishByShape(fn *types.Func) *Finish {
	if fn == nil {
		return nil
	}
	sig := fn.Origin().Signature()
	if sig.Recv() == nil || !types.IsInterface(sig.Recv().Type()) || !EndsTransactions(sig.Recv().Type()) {
		return nil
	}
	f := &Finish{
		Lib: shapeLibrary, Func: fn.FullName(), Handle: Place{Kind: Recv},
		OnErr: "finished", Again: "error", NilPanics: true,
	}
	switch fn.Name() {
	case "Commit":
		f.Outcome = Commit
	case "Rollback":
		f.Outcome = Rollback
	default:
		return nil
	}
	return f
}

// shapeLibrary stands for the unknown library of what a shape recognises.
var shapeLibrary = &Library{Name: "an interface of the program", Source: "shape of the methods"}

// EndsTransactions reports whether a type has Commit and Rollback.
func EndsTransactions(t types.Type) bool {
	if p, ok := t.(*types.TypeParam); ok {
		t = p.Constraint()
	}
	ms := types.NewMethodSet(t)
	return isEnd(ms.Lookup(nil, "Commit")) && isEnd(ms.Lookup(nil, "Rollback"))
}

// isEnd reports whether a method takes nothing but perhaps a context, and
// returns at most one value.
func isEnd(sel *types.Selection) bool {
	if sel == nil {
		return false
	}
	sig, ok := sel.Type().(*types.Signature)
	if !ok || sig.Results().Len() > 1 {
		return false
	}
	switch sig.Params().Len() {
	case 0:
		return true
	case 1:
		return isContext(sig.Params().At(0).Type()) && !sig.Variadic()
	}
	return false
}
