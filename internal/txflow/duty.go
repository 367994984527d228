package txflow

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/txcheck/txcheck/internal/protocol"
)

// A Duty is what the leaks of one Begin share, and what a fix must know of it.
type Duty struct {
	// Func is the declaration or literal that owes the end, Call its Begin.
	Func ast.Node
	Call *ast.CallExpr
	// Handle is the expression that holds the transaction after the Begin, Err the
	// one that holds its error, Ctx the argument that is its context; nil if there
	// is none.
	Handle, Err, Ctx ast.Expr
	// OnReceiver: the value that Begin was called on became the transaction.
	OnReceiver bool
	// Borrowed: that value is the caller's, and a rollback that comes too often may
	// end the caller's own transaction.
	Borrowed bool
	// LiveOnErr: the handle may not be nil although the Begin failed.
	LiveOnErr bool
	// Kept: on some path somebody else must finish the transaction, or the
	// analysis lost sight of it.
	Kept bool
	// Unsure: on some path that may be none it is open at an exit.
	Unsure bool
	// Later: what may finish it runs when the function has returned, or beside it.
	Later bool
	// InLoop: the function may come to the Begin again.
	InLoop bool
	// Wrapped: the Begin is a function that begins. UnbornAt are the exits that are
	// reached while nothing is open.
	Wrapped  bool
	UnbornAt []token.Pos
	// Foreign: what begins may hand out a transaction that it has not begun, and that is
	// somebody else's to end.
	Foreign bool
	// Shared: the Begin is a function that has put the transaction into its receiver or an
	// argument as well, by which another call may come to it.
	Shared bool
	// Endings are the calls of the function that finish the transaction on some path, and
	// the defer statements: true for those that may commit it.
	Endings map[token.Pos]bool
	// Level is what kind of thing the Begin opens.
	Level protocol.Level
	// ReadOnly: nothing can be written in it.
	ReadOnly bool
	// Bound is the context whose end rolls back, nil if there is none in view.
	Bound ast.Expr
	// Rollbacks are the methods of Handle that roll back, best first. Where Handle is
	// nil or blank, they are those of the result with number Result.
	Rollbacks []Rollback
	Result    int
}

// A Standing is a set of states that a transaction may be in.
type Standing struct {
	// Unborn: it was not opened. Finished: it was ended before. Kept: somebody else
	// must finish it, or the analysis lost sight of it. Unsure: it is open, and the path may
	// be none.
	Unborn, Finished, Kept, Unsure bool
}

// duty tells the leaks of one run what they share, and how the transaction stands
// on the paths that do not leak.
func (f *flow) duty(m *machine, leaks []*Leak, exits []exit) {
	if len(leaks) == 0 {
		return
	}
	d := f.newDuty(m)
	d.Kept, d.Later, d.Endings = m.capped != "", m.later, m.endings
	if m.beside {
		d.Rollbacks, d.Endings = nil, nil // the goroutine may be about to commit
	}
	standings := make(map[ssa.Instruction]*Standing)
	for _, e := range exits {
		if e.kind == panicked {
			continue
		}
		s := standings[e.instr]
		if s == nil {
			s = new(Standing)
			standings[e.instr] = s
		}
		s.add(m, e)
		d.Kept, d.Unsure = d.Kept || s.Kept, d.Unsure || s.Unsure
		if e.st.tx == unborn {
			d.UnbornAt = append(d.UnbornAt, f.exitPos(m, e))
		}
	}
	for _, l := range leaks {
		l.Duty = d
		if s := standings[l.at]; s != nil {
			l.Elsewhere = *s
		}
	}
}

// exitPos returns where an exit is: for the end of the body, its brace.
func (f *flow) exitPos(m *machine, e exit) token.Pos {
	if pos := e.instr.Pos(); pos.IsValid() {
		return pos
	}
	if body := f.source(m.root).body; body != nil {
		return body.Rbrace
	}
	return token.NoPos
}

// add notes how the transaction stands at an exit.
func (s *Standing) add(m *machine, e exit) {
	switch e.st.tx {
	case unborn:
		s.Unborn = true
	case finished:
		s.Finished = true
	case open:
		s.Kept = s.Kept || m.holds(e.st, agg{e.results})
		s.Unsure = s.Unsure || e.st.uncertain()
	default:
		s.Kept = true
	}
}

// newDuty describes the Begin of an obligation.
func (f *flow) newDuty(m *machine) *Duty {
	src := f.source(m.root)
	d := &Duty{Func: src.root, Level: protocol.Transaction}
	d.InLoop = m.again(m.ob.call)
	if d.Call = src.callOf(m.ob.call); d.Call == nil {
		return d
	}
	d.Handle = f.handle(m, src, d.Call)
	res := m.ob.call.Call.Signature().Results()
	for i := range res.Len() {
		if isErrorType(res.At(i).Type()) {
			d.Err = src.target(d.Call, i)
		}
	}
	o := m.ob.open
	if o != nil && o.Level != "" {
		d.Level = o.Level
	}
	d.Wrapped = o == nil || m.ob.wrapped != nil || m.ob.origin != ssa.CallInstruction(m.ob.call)
	d.Foreign, d.Shared = d.Wrapped && m.foreign, m.ob.held.result >= 0 && m.ob.held.shared
	if !d.Wrapped {
		d.LiveOnErr = o.LiveOnErr || o.Err.Kind == protocol.OfHandle
		d.OnReceiver = o.Handle.Kind == protocol.Recv
		d.ReadOnly = o.OnlyReads || slices.ContainsFunc(o.ReadsIf, func(w protocol.ArgIs) bool {
			return w.Index < len(d.Call.Args) && src.isConstant(d.Call.Args[w.Index], w.Value)
		})
		// Where a second Begin fails, one that worked made the transaction.
		d.Borrowed = d.OnReceiver && m.ob.external && (o.Reentry != "error" || d.Err == nil)
	} else if o != nil && m.ob.held.bare && d.Err == nil {
		d.LiveOnErr = o.Err.Kind == protocol.OfHandle // also where a function has passed it on
	}
	if d.Handle == nil && !f.discarded(m.ob) {
		f.around(src, d)
	}
	d.Ctx = contextArg(src, d.Call)
	d.Bound = f.boundExpr(src, m, d.Call)
	switch id, _ := d.Handle.(*ast.Ident); {
	case id != nil && id.Name == "_", d.Handle == nil && f.discarded(m.ob):
		d.Result, d.Rollbacks = f.thrown(res, d.Level)
	case d.Handle != nil:
		if d.Rollbacks = f.rollbacksOf(m, src.info.TypeOf(d.Handle), d); len(d.Rollbacks) == 0 {
			f.handleBeside(src, d, res)
		}
		if len(d.Rollbacks) == 0 && m.inContext() {
			d.Rollbacks = f.undoesContext(src, d)
		}
	default:
		d.Handle, d.Rollbacks = f.filled(src, d.Call, d.Level)
		d.OnReceiver = d.OnReceiver || d.Handle != nil
	}
	return d
}

// around looks for the only variable with what can roll back, where the Begin is inside of the
// expression that is assigned to it.
// Have: tx, err := result.Of(db.Begin()).Get()
func (f *flow) around(src *source, d *Duty) {
	x := ast.Node(d.Call)
	for {
		switch p := src.parent[x].(type) {
		case *ast.CallExpr, *ast.SelectorExpr, *ast.ParenExpr:
			x = p
			continue
		case *ast.AssignStmt:
			if len(p.Rhs) == 1 {
				f.aroundIn(src, d, p.Lhs)
			}
		}
		return
	}
}

// aroundIn is around for what is on the left of an assignment.
func (f *flow) aroundIn(src *source, d *Duty, names []ast.Expr) {
	var handle, failure ast.Expr
	for _, x := range names {
		t := src.info.TypeOf(x)
		switch {
		case named(src, x) == "":
		case isErrorType(t):
			failure = x
		case len(f.rollbacks(t, d.Level, true)) == 0:
		case handle != nil:
			return
		default:
			handle = x
		}
	}
	if handle != nil {
		d.Handle, d.Err = handle, failure
	}
}

// isConstant reports whether an expression is known to have a value.
func (src *source) isConstant(x ast.Expr, value string) bool {
	v := src.info.Types[x].Value
	return v != nil && v.ExactString() == value
}

// contextArg returns the first argument that is a context.
func contextArg(src *source, call *ast.CallExpr) ast.Expr {
	for _, a := range call.Args {
		if isContext(src.info.TypeOf(a)) {
			return a
		}
	}
	return nil
}

func isContext(t types.Type) bool {
	n, ok := types.Unalias(t).(*types.Named)
	return ok && n.Obj().Name() == "Context" && n.Obj().Pkg() != nil && n.Obj().Pkg().Path() == "context"
}

// jumps returns the break, continue and goto statements that a path executes
// straight behind a branch.
func (f *flow) jumps(steps []*step) (jumps []*ast.BranchStmt) {
	for _, s := range steps {
		if s.kind != stepBranch {
			continue
		}
		src := f.source(s.instr.Parent())
		expr := src.condition(s.instr.(*ssa.If))
		if expr == nil {
			continue
		}
		at := src.branchTarget(expr, s.taken)
		for at != nil && at.i < len(at.list) {
			if jump, ok := at.list[at.i].(*ast.BranchStmt); ok {
				jumps = append(jumps, jump)
				break
			}
			at.i++
			if ends(at.list[at.i-1]) {
				break
			}
		}
	}
	return jumps
}

// ends reports whether a path may leave the list of statements at stmt.
func ends(stmt ast.Stmt) bool {
	switch stmt.(type) {
	case *ast.ExprStmt, *ast.AssignStmt, *ast.DeclStmt, *ast.IncDecStmt, *ast.DeferStmt, *ast.GoStmt, *ast.SendStmt, *ast.EmptyStmt:
		return false
	}
	return true
}
