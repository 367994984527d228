package txflow

import (
	"go/ast"
	"go/token"
	"maps"
	"slices"

	"golang.org/x/tools/go/ssa"
)

// A holding tells what holds the transaction right after the obligation's call:
// one of its results, its receiver, one of its arguments, or a variable that it
// shares with a function literal.
type holding struct {
	known    bool
	result   int  // -1 if it is none
	bare     bool // that result is the handle itself, nothing made of it
	undoes   bool // it is a function that rolls back
	shared   bool // the receiver or an argument leads to it as well
	arg      int  // of call.Args in the syntax, -1 if it is none
	recv     bool
	variable string
	declared token.Pos // of the variable, if it is the transaction itself
}

// nameHolder finds out what holds the transaction when the obligation's call has
// come back with it.
func (m *machine) nameHolder(st *state, call *ssa.Call, args []value, result value) {
	if call != m.ob.call || st.tx != open && st.tx != handedOver || m.ob.held.known {
		return
	}
	h := holding{known: true, result: -1, arg: -1}
	elems := []value{result}
	if t, ok := result.(agg); ok && call.Common().Signature().Results().Len() > 1 {
		elems = t.elems
	}
	h.result = m.heldResult(st, call, elems)
	if h.result >= 0 {
		_, h.bare = elems[h.result].(handle)
		end, _ := elems[h.result].(finisher)
		h.undoes = end.undoes
	}
	h.shared = slices.ContainsFunc(args, func(v value) bool { return m.holds(st, v) })
	if h.result < 0 {
		h.arg, h.recv = m.heldArg(st, call)
	}
	if h.result < 0 && h.arg < 0 && !h.recv {
		h.variable, h.declared = m.heldVariable(st)
		h.known = h.variable != "" // else another way in which the call comes back may tell
	}
	m.ob.held = h
}

// heldResult returns the result that leads to the transaction, -1 if none does: rather one
// that somebody takes, and rather another than a context that has it as well.
// Have: _, unit, err := Enter(ctx, db)
func (m *machine) heldResult(st *state, call *ssa.Call, elems []value) int {
	res := call.Common().Signature().Results()
	found, rank := -1, 0
	for i, v := range elems {
		if !m.holds(st, v) {
			continue
		}
		r := 1
		if isTaken(call, i) {
			r += 2
		}
		if i >= res.Len() || !isContext(res.At(i).Type()) {
			r++
		}
		if r > rank {
			found, rank = i, r
		}
	}
	return found
}

func (m *machine) heldArg(st *state, call *ssa.Call) (i int, recv bool) {
	holds := func(a ssa.Value) bool {
		_, isRegister := st.top().regs[a]
		return isRegister && m.holds(st, m.eval(st, a))
	}
	common := call.Common()
	args := common.Args
	if !common.IsInvoke() && common.Signature().Recv() != nil {
		recv, args = holds(args[0]), args[1:]
	}
	return slices.IndexFunc(args, holds), recv
}

func (m *machine) heldVariable(st *state) (name string, declared token.Pos) {
	for _, l := range slices.SortedFunc(maps.Keys(st.heap), compareLoc) {
		if a, ok := m.cells[l.cell].v.(*ssa.Alloc); ok && mentionsHandle(st.heap[l]) && a.Parent() == m.root && !anonymous[a.Comment] {
			if l.path == "" {
				declared = a.Pos()
			}
			return a.Comment, declared
		}
	}
	return "", token.NoPos
}

// anonymous are the comments that the SSA builder gives to memory which is no
// variable.
var anonymous = map[string]bool{"complit": true, "new": true, "varargs": true, "slicelit": true, "makeslice": true}

// heldBy returns the expression that holds the transaction after its call, nil if
// there is none.
func (h holding) heldBy(src *source, call *ast.CallExpr) ast.Expr {
	switch {
	case !h.known && h.result >= 0: // no path comes back from the call with it
		if x := src.target(call, 0); x != nil && !isErrorType(src.info.TypeOf(x)) {
			return x
		}
	case h.result >= 0:
		return src.target(call, h.result)
	case h.arg >= 0 && h.arg < len(call.Args):
		e := ast.Unparen(call.Args[h.arg])
		if u, ok := e.(*ast.UnaryExpr); ok { // &tx
			e = u.X
		}
		return e
	case h.recv:
		if sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr); ok {
			return sel.X
		}
	case h.declared.IsValid():
		if id, ok := src.nodeAt(h.declared).(*ast.Ident); ok {
			return id
		}
	}
	return nil
}
