package txflow

import (
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/txcheck/txcheck/internal/protocol"
)

// A context can be all that is left of a transaction: what begins it returns nothing but the
// context that was given it. Whoever has that is held to it, until code has the context that
// is not known to leave the transaction alone.
// Have: ctx, err := p.BeginTX(ctx)

// inContext reports whether a context is all that holds the transaction: of what the
// obligation's call has returned, or of what a function is given.
func (m *machine) inContext() bool {
	if m.subject != nil {
		return isContext(m.root.Params[m.subject.Index].Type())
	}
	h := m.ob.held
	return m.ob.call != nil && h.known && h.result >= 0 && isContext(m.ob.call.Call.Signature().Results().At(h.result).Type())
}

// carrier is a context that carries the transaction, and that a call of code in view, or of a
// function that a fact tells of, has yielded.
func (m *machine) carrier(st *state, v ssa.Value, sub string) holder {
	s := m.fresh(st, v, sub)
	st.setFact(s.id, fact{nilness: isNotNil})
	m.syms[s.id].guess, m.syms[s.id].given = true, true
	return holder(s)
}

// isCarrier reports whether a value is such a context.
func (m *machine) isCarrier(v value) bool {
	h, ok := v.(holder)
	return ok && m.syms[h.id].given
}

// heldByContexts lists the results that are such contexts.
func (m *machine) heldByContexts(e exit) (holds []Hold) {
	for i, v := range e.results {
		if m.isCarrier(v) {
			holds = append(holds, Hold{At: Spot{Result: true, Index: i}})
		}
	}
	return holds
}

// passContext hands the transaction over where the context that carries it goes to code that
// may look into it: the standard library does not, nor does one that is described.
// Have: err = next(ctx)
func (m *machine) passContext(st *state, c *call) {
	if st.tx != open || !m.inContext() {
		return
	}
	given := slices.Clone(c.args)
	if c.recv == nil {
		given = append(given, c.fun)
	}
	given = slices.DeleteFunc(given, func(v value) bool { return !m.holds(st, v) })
	if len(given) == 0 && !m.recvHolds(st, c) || m.isBlind(c) && !slices.ContainsFunc(given, isCode) || m.toldOfContext(st, c) {
		return
	}
	m.handOver(st, "the context that carries it is passed to code that may look into it")
}

// isBlind reports whether a callee belongs to a library that knows nothing of what the
// program puts into its contexts.
func (m *machine) isBlind(c *call) bool {
	if c.obj == nil || c.obj.Pkg() == nil {
		return c.builtin
	}
	path := c.obj.Pkg().Path()
	if c.instr.Common().IsInvoke() && c.fn == nil {
		return path == "context" || statementNames[strings.TrimSuffix(c.name, "Context")]
	}
	return protocol.InStandard(path) || m.flow.protocols.Describes(path)
}

// statementNames are what interfaces call the methods that run one.
var statementNames = map[string]bool{"Exec": true, "Query": true, "QueryRow": true, "Prepare": true, "Get": true, "Select": true}

// toldOfContext reports whether a fact tells what a callee does to what is in the context.
func (m *machine) toldOfContext(st *state, c *call) bool {
	s := m.summaryOf(c)
	return s != nil && slices.ContainsFunc(s.Uses, func(u Use) bool {
		v, typ := m.valueAt(st, c, u.At)
		return v != nil && typ != nil && isContext(typ) && m.isTx(st, v)
	})
}

// aside is a value that was found in what carries the transaction, and is not that: what it
// tells of the transaction is not known.
func (m *machine) aside(v value) value {
	if m.inContext() {
		return lost{}
	}
	return v
}

// assertAside follows an assertion of the type of such a value. What is more than plain data
// may end the transaction.
func (m *machine) assertAside(st *state, v *ssa.TypeAssert) []*state {
	if m.flow.mayHold(v.AssertedType) {
		m.handOver(st, "the context that carries it is asked for what may end it")
	}
	if v.CommaOk {
		st.set(v, agg{[]value{lost{}, lost{}}})
	} else {
		st.set(v, lost{})
	}
	return []*state{st}
}

// ofContext keeps of what a function does to a transaction in a context what callers can
// rely on. Where it ends that at times, it may have asked the context whether it is to. One
// that never does, nor passes the context on, leaves it open.
func (u Use) ofContext() Use {
	has := func(tx txState) bool {
		return slices.ContainsFunc(u.Cases, func(c Case) bool { return c.Tx == tx })
	}
	switch {
	case has(handedOver), has(unknown) && !has(finished):
		u.Cases = nil
	case !has(finished):
		u.Cases = []Case{{Tx: open}}
	default:
		u.Cases = slices.Clone(u.Cases)
		for i := range u.Cases {
			if u.Cases[i].Tx == open {
				u.Cases[i].Tx = unknown
			}
		}
	}
	return u
}

// onlyLooks reports whether a use is of a context, and nothing is ended that it carries.
func (u Use) onlyLooks(typ types.Type) bool {
	return isContext(typ) && len(u.Cases) == 1 && u.Cases[0].Tx == open
}

// looksForTx reports whether a function looks for a transaction in a context that it is
// given, by itself or by another one.
func (f *flow) looksForTx(p *ssa.Parameter) bool {
	if found, known := f.looking[p]; known || !isContext(p.Type()) {
		return found
	}
	f.looking[p] = false // recursion
	found := slices.ContainsFunc(*p.Referrers(), func(r ssa.Instruction) bool {
		call, ok := r.(ssa.CallInstruction)
		if !ok {
			return false
		}
		common := call.Common()
		if common.IsInvoke() {
			v, isValue := call.(*ssa.Call)
			return isValue && common.Value == ssa.Value(p) && common.Method.Name() == "Value" && f.isAssertedTx(v)
		}
		i := slices.Index(common.Args, ssa.Value(p))
		fn := common.StaticCallee()
		switch {
		case fn == nil || i < 0:
			return false
		case len(fn.Blocks) > 0:
			return i < len(fn.Params) && f.looksForTx(fn.Params[i])
		}
		obj, s := calleeObject(common), new(Summary)
		return obj != nil && f.importFact(obj, s) && slices.ContainsFunc(s.Uses, func(u Use) bool { return u.At == Spot{Index: i} })
	})
	f.looking[p] = found
	return found
}

// isAssertedTx reports whether a value is asserted to be a transaction, or to lead to one.
func (f *flow) isAssertedTx(v ssa.Value) bool {
	return slices.ContainsFunc(*v.Referrers(), func(r ssa.Instruction) bool {
		a, ok := r.(*ssa.TypeAssert)
		return ok && f.leadsToTx(a.AssertedType)
	})
}
