package txflow

import (
	"go/ast"
	"go/token"
	"go/types"
	"strings"

	"golang.org/x/tools/go/ssa"
)

// A LeakKind says how a transaction is left open.
type LeakKind uint8

// The kinds of Leak.
const (
	AtReturn  LeakKind = iota // a return
	AtEnd                     // the end of the body
	AtAbort                   // a panic that a framework, or the function itself, recovers
	AtPanic                   // any other panic
	NextRound                 // a loop begins again
	Overwrite                 // another Begin takes the variable
	Discard                   // the result of the Begin is thrown away
)

// A Leak is one way out of a function, and the transaction that it leaves open.
type Leak struct {
	Kind     LeakKind
	Pos, End token.Pos // the exit
	Exit     string    // what leaves: "return", "StopRun"
	Func     string    // the function, as in Type.Method
	// Var is the variable or expression that holds the transaction, "" if none does.
	Var string
	// Opener is the call that opens it, "db.BeginTx" or "s.begin"; Via is the Begin
	// that it leads to, "db.BeginTx in store.go:41", "" if it is one itself.
	Opener, Via        string
	BeginPos, BeginEnd token.Pos
	// Cond is the condition under which the exit is reached, "" if there is none.
	Cond string
	Path []Step
	// Vain says which finisher on the path does not end the transaction, and why; "" if none.
	Vain string
	// Jumps are the break, continue and goto statements on the path, in order.
	Jumps []*ast.BranchStmt
	// NoReturn: the exit is a panic, or a call that never returns.
	NoReturn bool
	// Elsewhere is how the transaction stands on the other paths to this exit.
	Elsewhere Standing
	// Duty is what the leaks of one Begin share.
	Duty *Duty

	fn       *ssa.Function
	openings []Opening       // in other packages
	at       ssa.Instruction // the exit, nil for a NextRound or an Overwrite
	lastCond string
	ctx      ast.Expr // whose end rolls back, nil if none is in view
	// noCancel is the condition under which nothing cancels the transaction's context.
	noCancel string
}

// Name returns what messages call the transaction.
func (l *Leak) Name() string {
	if l.Var == "" {
		return "of " + l.Opener
	}
	return l.Var
}

// exitLeak describes a leak at an exit.
func (f *flow) exitLeak(m *machine, e exit) *Leak {
	l := f.newLeak(m)
	l.at = e.instr
	src := f.source(m.root)
	f.locate(l, e)
	f.witness(l, e.st.trail)
	l.Jumps = f.jumps(sinceBegin(e.st.trail))
	l.Cond = f.condition(l, src)
	l.Path = append(l.Path, Step{Pos: l.Pos, End: l.End, Text: l.Exit + " leaves it open"})
	return l
}

// locate says where an exit stands, and what it is.
func (f *flow) locate(l *Leak, e exit) {
	src := f.source(l.fn)
	switch instr := e.instr.(type) {
	case *ssa.Return:
		l.Kind, l.Exit = AtReturn, "return"
		l.Pos = instr.Pos()
		if !l.Pos.IsValid() {
			l.Kind, l.Exit = AtEnd, "end of function"
			if src.body != nil {
				l.Pos, l.End = src.body.Rbrace, src.body.Rbrace+1
			}
		} else if n := src.nodeAt(l.Pos); n != nil {
			l.End = n.End()
		}
	case *ssa.Panic:
		l.Kind, l.Exit, l.NoReturn = AtPanic, "panic", true
		l.Pos = instr.Pos()
	case ssa.CallInstruction:
		l.Kind, l.Pos, l.Exit = AtAbort, instr.Pos(), "call"
		if c, ok := instr.(*ssa.Call); ok {
			l.NoReturn = f.callEnding(c) != mayReturn
		}
		if call := f.source(instr.Parent()).callOf(instr); call != nil {
			l.Pos, l.End = call.Pos(), call.End()
			l.Exit = calleeName(call)
		}
	}
	if e.kind == designed || e.kind == recovered {
		l.Kind = AtAbort
	}
	if !l.End.IsValid() {
		l.End = l.Pos
	}
}

// lapseLeaks describe a Begin that is reached while its earlier transaction is open.
// Rounds of a loop in the body of the call that leads to the Begin are told there (T8).
func (f *flow) lapseLeaks(m *machine, lapse lapse) (leaks []*Leak) {
	src := f.source(m.root)
	if lapse.again {
		back := firstRound(lapse.st.trail, m.ob.call)
		if back == nil && lapse.instr != ssa.Instruction(m.ob.call) {
			return nil
		}
		var known map[token.Pos]bool
		if back != nil {
			known = m.knownOf(lapse.st, back.idle)
		}
		for _, at := range src.roundsAt(back, m.ob.call, known) {
			leaks = append(leaks, f.lapseLeak(m, lapse, NextRound, at))
		}
		return leaks
	}
	at := span{lapse.instr.Pos(), lapse.instr.Pos()}
	if call := src.callOf(lapse.instr); call != nil {
		at = span{call.Pos(), call.End()}
	}
	return []*Leak{f.lapseLeak(m, lapse, Overwrite, at)}
}

func (f *flow) lapseLeak(m *machine, lapse lapse, kind LeakKind, at span) *Leak {
	l := f.newLeak(m)
	src := f.source(m.root)
	f.witness(l, lapse.st.trail)
	l.Kind, l.Exit = kind, "next iteration"
	if kind == Overwrite {
		l.Exit = "overwriting"
	}
	l.Pos, l.End = at.pos, at.end
	l.Cond = f.condition(l, src)
	l.Path = append(l.Path, Step{Pos: l.Pos, End: l.End, Text: l.Exit + " leaves it open"})
	return l
}

// discard turns a leak into one at the Begin whose result is thrown away.
func (f *flow) discard(m *machine, l *Leak) {
	l.Kind, l.Exit, l.Cond = Discard, "discarding", ""
	l.Pos, l.End = l.BeginPos, l.BeginEnd
	l.Path = []Step{{Pos: l.Pos, End: l.End, Text: "the transaction is thrown away"}}
}

// newLeak describes the Begin.
func (f *flow) newLeak(m *machine) *Leak {
	src := f.source(m.root)
	call := src.callOf(m.ob.call)
	l := &Leak{
		fn: m.root, Func: funcName(m.root),
		BeginPos: m.ob.call.Pos(), BeginEnd: m.ob.call.Pos(), Opener: "Begin",
	}
	if call == nil {
		return l
	}
	l.BeginPos, l.BeginEnd = call.Pos(), call.End()
	l.Opener, l.Via, l.openings = src.text(call.Fun), f.via(m.ob), m.ob.wrapped
	l.ctx = f.boundExpr(src, m, call)
	l.Var = named(src, f.handle(m, src, call))
	if l.Var == "" {
		l.Var = m.ob.held.variable
	}
	return l
}

// condition returns the condition that the message names: what encloses the exit,
// else the last open branch on the path.
func (f *flow) condition(l *Leak, src *source) string {
	var guards []string
	if l.Kind != AtEnd {
		guards = src.guards(l.Pos, l.BeginEnd)
	}
	var texts []string
	for i := len(guards) - 1; i >= 0; i-- {
		if guards[i] != "" {
			texts = append(texts, guards[i])
		}
	}
	texts = texts[max(0, len(texts)-2):]
	if len(texts) == 2 && readAlike(texts[0], texts[1]) {
		texts = texts[1:]
	}
	if len(texts) == 0 && l.lastCond != "" {
		texts = []string{l.lastCond}
	}
	if l.noCancel != "" {
		texts = append(texts, l.noCancel)
	}
	return strings.Join(texts, " and ")
}

// readAlike reports whether one condition reads like the other, or like what it denies:
// together they puzzle, as they are about different values of the same name.
func readAlike(x, y string) bool {
	return x == y || x == "!"+y || y == "!"+x ||
		strings.Replace(x, " != ", " == ", 1) == strings.Replace(y, " != ", " == ", 1)
}

// shadowNote tells when a deferred function looks at a variable that another one
// of the same name hides at the exit.
func (f *flow) shadowNote(l *Leak, cond ast.Expr) string {
	src := f.source(l.fn)
	exit := src.nodeAt(l.Pos)
	if exit == nil {
		return ""
	}
	note := ""
	ast.Inspect(cond, func(n ast.Node) bool {
		id, ok := n.(*ast.Ident)
		if !ok {
			return true
		}
		watched, ok := src.info.ObjectOf(id).(*types.Var)
		if !ok || watched.Parent() == nil {
			return true
		}
		scope := f.pass.Pkg.Scope().Innermost(l.Pos)
		if scope == nil {
			return true
		}
		if _, other := scope.LookupParent(id.Name, l.Pos); other != nil && other != types.Object(watched) {
			if v, ok := other.(*types.Var); ok {
				note = "; this " + id.Name + " is another variable, declared on line " + f.line(v.Pos())
			}
		}
		return true
	})
	return note
}

func calleeName(call *ast.CallExpr) string {
	switch fun := ast.Unparen(call.Fun).(type) {
	case *ast.SelectorExpr:
		return fun.Sel.Name
	case *ast.Ident:
		return fun.Name
	}
	return "call"
}

// funcName names a function as a reader would: Type.Method, or the function around
// a literal.
func funcName(fn *ssa.Function) string {
	for fn.Parent() != nil {
		fn = fn.Parent()
	}
	if recv := fn.Signature.Recv(); recv != nil {
		t := recv.Type()
		if p, ok := types.Unalias(t).(*types.Pointer); ok {
			t = p.Elem()
		}
		if n, ok := types.Unalias(t).(*types.Named); ok {
			return n.Obj().Name() + "." + fn.Name()
		}
	}
	return fn.Name()
}
