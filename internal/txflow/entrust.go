package txflow

import (
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"
)

// A transaction that is given to code which is not in view may be that code's to end from there
// on, even where neither its name nor a fact says so.

// A trust says how far a path has left the end of the transaction to others. It counts only
// where the function ends nothing itself.
type trust uint8

const (
	noTrust trust = 0
	// passingTrust is in whoever is given the transaction last: a hook that is told of it, after
	// which the function goes on with it, is not. That others are named like an end, and given
	// it as well, makes no difference.
	// Have: if err != nil { return h.onError(tx, err) }; return h.onComplete(tx)
	passingTrust trust = 1 << (iota - 1)
	// lastingTrust is in an object that says by its name that it keeps the transaction, or that
	// is called again without it.
	// Have: u.Attach(tx); _, err = tx.Exec(query); return u.End(err)
	lastingTrust
)

// entrusts tells how far a call of a function value, or of a method behind an interface, leaves
// the end of the transaction to that.
func (m *machine) entrusts(st *state, c *call) trust {
	switch {
	case !isLastWord(c.instr) || !m.isGivenAway(st, c):
		return noTrust
	case soundsLikeSetter(c.name) || m.flow.isCalledAgain(c.instr):
		return passingTrust | lastingTrust
	}
	return passingTrust
}

// entrust notes how far a call leaves the end of the transaction to others.
func (m *machine) entrust(st *state, c *call) {
	how := m.entrusts(st, c)
	st.entrusted |= how
	m.tellsEach = m.tellsEach || how != noTrust && m.mayComeAgain(st, c.instr)
}

// keepsElsewhere reports whether a function which ends nothing has given the transaction to an
// object that keeps it.
func (m *machine) keepsElsewhere(st *state) bool {
	return st.entrusted&lastingTrust != 0 && !m.finishes
}

// leavesEndToOthers reports whether a function which ends nothing itself has given the
// transaction to a function value, or behind an interface: who else should end it. One that does
// so in a loop has, also where there was no turn.
// Have: tx, err := o.begin(); ...; return o.settle(tx, err)
func (m *machine) leavesEndToOthers(e exit) bool {
	isTold := e.st.entrusted&passingTrust != 0 || m.toldAt[e.instr]
	return isTold && !m.endsItself || m.keepsElsewhere(e.st)
}

// noteTold notes the exits to which paths come that have told each of a list of the transaction.
// Have: for _, hook := range s.hooks { hook(tx) }; return err
func (m *machine) noteTold(exits []exit) {
	m.toldAt = make(map[ssa.Instruction]bool)
	for _, e := range exits {
		if m.tellsEach && e.st.tx == open && e.st.entrusted&passingTrust != 0 {
			m.toldAt[e.instr] = true
		}
	}
}

// isGivenAway reports whether a call gives the transaction to a function value, or to a method
// behind an interface.
func (m *machine) isGivenAway(st *state, c *call) bool {
	unknown := c.fn == nil && (c.obj == nil || c.instr.Common().IsInvoke())
	return unknown && slices.ContainsFunc(c.args, func(v value) bool { return m.isTx(st, v) })
}

// isCalledAgain is calledAgain, which is asked once for each call and not on each path.
func (f *flow) isCalledAgain(call ssa.CallInstruction) bool {
	again, known := f.calledAgain[call]
	if !known {
		again = calledAgain(call)
		f.calledAgain[call] = again
	}
	return again
}

// calledAgain reports whether the function, or a literal of it, calls another method, or another
// function field, of the object that a call is one of, and gives that nothing of what it has
// given here.
func calledAgain(call ssa.CallInstruction) bool {
	object := objectOf(call.Common())
	if object == nil {
		return false
	}
	calls := func(fn *ssa.Function) bool {
		return slices.ContainsFunc(fn.Blocks, func(b *ssa.BasicBlock) bool {
			return slices.ContainsFunc(b.Instrs, func(instr ssa.Instruction) bool {
				other, ok := instr.(ssa.CallInstruction)
				return ok && other != call && isSameObject(objectOf(other.Common()), object) &&
					!slices.ContainsFunc(other.Common().Args, func(a ssa.Value) bool { return slices.Contains(call.Common().Args, a) })
			})
		})
	}
	fn := call.Parent()
	return calls(fn) || slices.ContainsFunc(fn.AnonFuncs, calls)
}

// objectOf returns the object whose method, or whose field of function type, is called; nil for
// any other call.
func objectOf(call *ssa.CallCommon) ssa.Value {
	if call.IsInvoke() {
		return call.Value
	}
	if field, ok := loadedFrom(call.Value).(*ssa.FieldAddr); ok {
		return field.X
	}
	return nil
}

// loadedFrom returns the address that a value is loaded from, nil if it is not loaded.
func loadedFrom(v ssa.Value) ssa.Value {
	load, ok := v.(*ssa.UnOp)
	if !ok || load.Op != token.MUL {
		return nil
	}
	return load.X
}

// isSameObject reports whether two values are one, or are loaded from one variable or field.
func isSameObject(x, y ssa.Value) bool {
	for range maxNesting {
		if v, ok := x.(*ssa.FreeVar); ok && x != y {
			x = bindingOf(v)
		}
		if v, ok := y.(*ssa.FreeVar); ok && x != y {
			y = bindingOf(v)
		}
		if x == nil || y == nil || x == y {
			return x != nil && x == y
		}
		if a, b := loadedFrom(x), loadedFrom(y); a != nil && b != nil {
			x, y = a, b
			continue
		}
		a, isField := x.(*ssa.FieldAddr)
		b, alsoField := y.(*ssa.FieldAddr)
		if !isField || !alsoField || a.Field != b.Field {
			return false
		}
		x, y = a.X, b.X
	}
	return false
}

// isTaken reports whether a call through an interface may end, or keep, the transaction that it
// is given. Who runs a function with it gives it back.
// Have: scope.Use(tx); but err = writer.Do(tx, func(tx *sql.Tx) error { ... })
func (m *machine) isTaken(st *state, c *call) bool {
	if !c.instr.Common().IsInvoke() || !slices.ContainsFunc(c.args, func(v value) bool { return m.holds(st, v) }) {
		return false
	}
	isCode := func(v value) bool { _, ok := unbox(v).(fnVal); return ok }
	return !slices.ContainsFunc(c.args, isCode) && m.flow.mayTake(c.obj)
}

// mayTake reports whether one of several implementations in view of an interface method may end,
// or keep, a transaction that it is given.
// Have: if m.planner, err = m.dialect.open(tx); err != nil { return err }, where one rolls back
func (f *flow) mayTake(method *types.Func) bool {
	takes, known := f.takers[method]
	if known {
		return takes
	}
	f.takers[method] = false
	if iface, ok := method.Signature().Recv().Type().Underlying().(*types.Interface); ok {
		f.implementers(iface, method, func(impl *types.Func, _ bool) {
			takes = takes || impl != nil && f.endsGiven(impl)
		})
	}
	f.takers[method] = takes
	return takes
}

// isLastWord reports whether nobody asks what a call yields: it is returned, or not taken.
func isLastWord(call ssa.CallInstruction) bool {
	v := call.Value()
	return v == nil || isOnlyReturned(v)
}

// isOnlyReturned reports whether a value goes nowhere but into results.
func isOnlyReturned(v ssa.Value) bool {
	return !slices.ContainsFunc(*v.Referrers(), func(r ssa.Instruction) bool {
		switch r := r.(type) {
		case *ssa.Return, *ssa.DebugRef:
			return false
		case *ssa.Store: // of a named result
			_, isVariable := r.Addr.(*ssa.Alloc)
			return !isVariable
		}
		return true
	})
}
