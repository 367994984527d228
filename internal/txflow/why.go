package txflow

import (
	"fmt"
	"go/ast"
	"go/token"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/txcheck/txcheck/internal/protocol"
)

// A Verdict tells what is known of the transactions at the place that a user asks
// about, and why that is reported or is not.
type Verdict struct {
	Pos, End token.Pos
	Text     string
	Leaks    bool // at a way out: it is reported there, if nothing silences that
	// Ways are the ways out of the function, for a Begin.
	Ways []Verdict
}

// asked reports whether the user asks about the line of pos.
func (f *flow) asked(pos token.Pos) bool {
	name, line, ok := cutLast(f.opts.Why, ":")
	return ok && pos.IsValid() && f.line(pos) == line && f.inFile(pos, name)
}

// askedHere reports whether the user asks about a file of this package.
func (f *flow) askedHere() bool {
	name, _, ok := cutLast(f.opts.Why, ":")
	return ok && slices.ContainsFunc(f.pass.Files, func(file *ast.File) bool { return f.inFile(file.Package, name) })
}

func (f *flow) inFile(pos token.Pos, name string) bool {
	file := filepath.ToSlash(f.pass.Fset.Position(pos).Filename)
	name = filepath.ToSlash(filepath.Clean(name))
	return file == name || strings.HasSuffix(file, "/"+name)
}

func cutLast(s, sep string) (before, after string, found bool) {
	i := strings.LastIndex(s, sep)
	if i < 0 {
		return s, "", false
	}
	return s[:i], s[i+len(sep):], true
}

// explain tells how an obligation stands at its exits, where the user asks about
// its Begin or about one of them.
func (f *flow) explain(m *machine, exits []exit) {
	if f.opts.Why == "" {
		return
	}
	begin := f.newLeak(m)
	opens, named := " opens a transaction", "the transaction"
	if begin.Var != "" {
		opens, named = " opens transaction "+begin.Var, "transaction "+begin.Var
	}
	opened := Verdict{Pos: begin.BeginPos, End: begin.BeginEnd, Text: begin.Opener + opens}
	if begin.Via != "" {
		opened.Text = begin.Opener + " calls " + begin.Via + ", which" + opens
	}
	if m.capped != "" {
		opened.Text += "; following it took more than the bound on work, so that nothing is reported"
	}
	for _, e := range exits {
		l := f.newLeak(m)
		f.locate(l, e)
		stands, leaks := f.standing(m, e)
		way := Verdict{Pos: l.Pos, End: l.End, Text: l.Exit + ": " + stands, Leaks: leaks}
		if slices.ContainsFunc(opened.Ways, func(w Verdict) bool { return w.Pos == way.Pos && w.Text == way.Text && w.Leaks == leaks }) {
			continue
		}
		opened.Ways = append(opened.Ways, way)
		if f.asked(way.Pos) {
			way.Text = fmt.Sprintf("%s of %s on line %s: %s", named, l.Opener, f.line(l.BeginPos), stands)
			f.result.Verdicts = append(f.result.Verdicts, way)
		}
	}
	if len(opened.Ways) == 0 {
		opened.Text += "; no path leads from here out of the function"
	}
	slices.SortStableFunc(opened.Ways, func(a, b Verdict) int { return int(a.Pos - b.Pos) })
	if f.asked(opened.Pos) {
		f.result.Verdicts = append(f.result.Verdicts, opened)
	}
}

// standing says how the transaction stands at an exit, and whether it leaks there.
func (f *flow) standing(m *machine, e exit) (text string, leaks bool) {
	st := e.st
	carries := e.kind != panicked && m.holds(st, agg{e.results})
	switch {
	case st.tx == unborn:
		return "nothing is open", false
	case st.tx == finished:
		return "finished" + f.settledBy(st), false
	case carries && !st.kept && (st.tx == open || st.tx == handedOver):
		return "handed over: it is returned", false
	case st.tx == handedOver:
		return "handed over" + f.settledBy(st), false
	case st.tx == unknown:
		return "unknown" + f.settledBy(st), false
	case st.uncertain():
		return "perhaps open, but it is not certain that this path can be taken", false
	case e.isPanic() && !f.opts.Panics:
		return "open after a panic, which only the option panics reports", false
	case f.endedAround(m, e):
		return "open; what runs this function ends what it is part of", false
	case m.mayYieldIn(e):
		return "open; what is returned may have it inside", false
	case m.leavesEndToOthers(e):
		return "open; it was given last to code that is not in view, which is taken to end it", false
	case m.ob.external && f.isManaged(m.root):
		return "open; the call that runs this function ends it", false
	case m.ob.external && !m.finishes:
		return "open, and handed back: it was begun on the caller's value, and no path finishes it here", false
	case m.finishes && isMain(m.root):
		return "open; returning from main ends the process", false
	case m.ob.isOneRequest():
		return "open; it ends with the one request that it is for", false
	case m.returnsOwner(e):
		return "open; the transaction that it is part of is returned", false
	}
	return "open", true
}

// settledBy says what took the transaction out of the function's hands.
func (f *flow) settledBy(st *state) string {
	s := st.settled
	if s == nil {
		return ""
	}
	text := ""
	if call, ok := s.instr.(ssa.CallInstruction); ok {
		if expr := f.source(s.instr.Parent()).callOf(call); expr != nil {
			text = " by " + f.source(s.instr.Parent()).text(expr.Fun)
		}
		if _, isDefer := s.instr.(*ssa.Defer); isDefer {
			text = strings.Replace(text, " by ", " by deferred ", 1)
		}
	}
	if s.instr != nil && s.instr.Pos().IsValid() {
		text += " on line " + f.line(s.instr.Pos())
	}
	if s.why != "" {
		text += ": " + s.why
	}
	return text
}

// explainCalls tells of the calls that a user asks about why they open nothing.
func (f *flow) explainCalls(fn *ssa.Function) {
	if f.opts.Why == "" {
		return
	}
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			call, ok := instr.(ssa.CallInstruction)
			if !ok || !f.asked(instr.Pos()) {
				continue
			}
			expr := f.source(fn).callOf(call)
			if c, isCall := instr.(*ssa.Call); expr == nil || isCall && f.isBegin(c) {
				continue
			}
			if obj := calleeObject(call.Common()); obj != nil {
				f.result.Verdicts = append(f.result.Verdicts, Verdict{
					Pos: expr.Pos(), End: expr.End(),
					Text: f.source(fn).text(expr.Fun) + " opens nothing that must be finished here: " + roleText(f.protocols.Role(obj), call.Common().IsInvoke()),
				})
			}
		}
	}
}

func roleText(role *protocol.Role, invoke bool) string {
	switch {
	case role == nil && invoke:
		return "no protocol names this method, and its implementation is not in view"
	case role == nil:
		return "no protocol names it, and its body opens nothing for its caller"
	case role.Finish != nil:
		return "it finishes a transaction"
	case role.Managed != nil:
		return "it ends its transaction itself"
	}
	return "its protocol gives it another role"
}
