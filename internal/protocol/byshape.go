package protocol

import (
	"go/types"
	"slices"
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

// commitNames and rollbackNames are the names that the finishers of such an interface
// have.
var (
	commitNames   = []string{"Commit", "CommitTx", "CommitTransaction"}
	rollbackNames = []string{"Rollback", "RollbackTx", "RollbackTransaction"}
)

// EndNames are the names of the methods by which an interface of transactions is known.
func EndNames() []string { return slices.Concat(commitNames, rollbackNames) }

// NamesEnd reports whether a method is named like one that ends a transaction.
func NamesEnd(name string) bool {
	return slices.Contains(commitNames, name) || slices.Contains(rollbackNames, name)
}

// NamesCommit reports whether a method is named like one that commits.
func NamesCommit(name string) bool { return slices.Contains(commitNames, name) }

// OpenByShape recognises a begin that no file names: a method of an interface,
// named like a begin, that returns (T, error) or T where T can Commit and
// Rollback, or an error alone where its own interface can. Whoever asks should have
// found no implementation to look into. A method of a transaction, which can itself
// Commit and Rollback and returns another, makes a savepoint.
func OpenByShape(fn *types.Func) *Open {
	if fn == nil || !NamesBegin(fn.Name()) {
		return nil
	}
	return OpenByResults(fn)
}

// OpenByResults is OpenByShape whatever the method is called. Whoever asks should know that
// each of its implementations begins.
func OpenByResults(fn *types.Func) *Open {
	sig := fn.Origin().Signature()
	if sig.Recv() == nil || !types.IsInterface(sig.Recv().Type()) {
		return nil
	}
	return openByShape(fn.FullName(), sig, sig.Recv().Type())
}

// OpenByVariable is OpenByShape for a variable of function type.
// Have: type Manager struct { begin func(ctx context.Context) (*sql.Tx, error) }
func OpenByVariable(name string, sig *types.Signature) *Open {
	if !NamesBegin(name) || sig.Results().Len() != 2 {
		return nil
	}
	return openByShape(name, sig, nil)
}

// openByShape looks at the results of what is named like a begin; on is the interface
// that has it as a method, nil if none has.
func openByShape(name string, sig *types.Signature, on types.Type) *Open {
	c := checker{sig: sig}
	o := &Open{
		Lib: shapeLibrary, Func: name, Handle: Place{Kind: Result},
		Ctx: c.param(isContext), Reentry: "independent", Level: Transaction, Holds: "connection",
	}
	owner := on != nil && EndsTransactions(on)
	switch sig.Results().Len() {
	case 1:
		if owner && c.errorResult() == 0 {
			// Have: type UnitOfWork interface { Begin() error; Commit() error; Rollback() error }
			o.Handle, o.Err, o.Reentry = Place{Kind: Recv}, Place{Kind: Result}, "error"
			return o
		}
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
	if owner && !isBegunOn(on, handle) {
		o.Level, o.Reentry, o.Holds = Savepoint, "savepoint-handle", "nothing"
	}
	return o
}

// isBegunOn reports whether something that can Commit and Rollback, and begins another of
// its own type, is what transactions are begun on rather than one of them, by its name.
// Have: type Store interface { BeginTx() (Store, error); CommitTx() error; RollbackTx() error }
func isBegunOn(t, begun types.Type) bool {
	n := named(t)
	if n == nil || !types.Identical(t, begun) {
		return false
	}
	name := strings.ToLower(n.Obj().Name())
	return !strings.Contains(name, "tx") && !strings.Contains(name, "trans")
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

// ByShape reports whether a begin is known by its shape alone.
func (o *Open) ByShape() bool { return o.Lib == shapeLibrary }

// shapeLibrary stands for the unknown library of what a shape recognises.
var shapeLibrary = &Library{Name: "an interface of the program", Source: "shape of the methods"}

// EndsTransactions reports whether a type has Commit and Rollback.
func EndsTransactions(t types.Type) bool {
	if p, ok := t.(*types.TypeParam); ok {
		t = p.Constraint()
	}
	ms := types.NewMethodSet(t)
	has := func(name string) bool { return isEnd(ms.Lookup(nil, name)) }
	return slices.ContainsFunc(commitNames, has) && slices.ContainsFunc(rollbackNames, has)
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
