package txflow

import (
	"go/types"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/tools/go/ssa"
)

// boundBy notes the context that the transaction is begun with (T9).
func (m *machine) boundBy(st *state, ctx value) {
	switch ctx := unbox(ctx).(type) {
	case ctxVal:
		st.ctx = ctx.id
		for id := ctx.id; id != 0; id = m.syms[id].deps[0] {
			if st.fact(id).of.stray && m.flow.opts.CtxCancel {
				m.handOver(st, "the cancel of its context is out of sight")
			}
			if at, ok := m.spotOf(id); ok {
				m.ctx = &at // which it is made from
				break
			}
		}
	case symVal:
		st.ctx = ctx.id
		if at, ok := m.spotOf(ctx.id); ok {
			m.ctx = &at
		}
	}
}

// contextID returns the symbol of a context.
func contextID(v value) symID {
	switch v := unbox(v).(type) {
	case ctxVal:
		return v.id
	case symVal:
		return v.id
	}
	return 0
}

// askContext follows the question whether a context is done. If it is one that the
// transaction is bound to, the transaction has been rolled back (T9). Once done, a context
// stays so.
// Have: if err := ctx.Err(); err != nil { return err }
func (m *machine) askContext(st *state, c *call) ([]outcome, bool) {
	of := c.recv
	if c.name == "Cause" && len(c.args) == 1 {
		of = c.args[0]
	} else if c.name != "Err" {
		return nil, false
	}
	id := contextID(of)
	if _, carries := unbox(of).(holder); carries && st.tx == open && m.boundTo(st, st.ctx) {
		id = st.ctx // it is made from that, with a value
	}
	if id == 0 || c.instr.Value() == nil {
		return nil, false
	}
	if st.tx != open || !m.boundTo(st, id) {
		if c.obj.Pkg() == nil || c.obj.Pkg().Path() != "context" {
			return nil, false
		}
		return returns(st, m.endOf(id)), true
	}
	done := st.clone()
	m.cancel(done, id)
	return []outcome{{st: st, result: nilVal{}}, {st: done, result: m.errorResult(done, c)}}, true
}

// asksContext reports whether a function asks a context whether it is done.
func asksContext(fn *ssa.Function) bool {
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			call, ok := instr.(ssa.CallInstruction)
			if ok && call.Common().IsInvoke() && isContext(call.Common().Value.Type()) && (call.Common().Method.Name() == "Err" || call.Common().Method.Name() == "Done") {
				return true
			}
		}
	}
	return false
}

// endOf is the error of a context, nil while it is not done.
func (m *machine) endOf(ctx symID) symVal {
	end := m.symbol(symKey{sub: "end " + strconv.Itoa(int(ctx))}, symInfo{deps: [2]symID{ctx}})
	if !slices.Contains(m.ends, end.id) {
		m.ends = append(m.ends, end.id)
	}
	return end
}

// timePasses lets contexts be done that were not, while something is called.
func (m *machine) timePasses(st *state, c *call) {
	if c.name == "Err" || c.name == "Done" {
		return
	}
	for _, end := range m.ends {
		if st.fact(end).nilness == isNil {
			m.age(st, end, c.instr)
		}
	}
}

// isDone notes that a context is done.
func (m *machine) isDone(st *state, ctx symID) {
	end := m.endOf(ctx)
	delete(st.facts, end.id)
	st.learn(end.id, fact{nilness: isNotNil})
}

// doneSub begins the name of the channel that is closed when a context is done.
const doneSub = "done "

// doneOf returns the context whose Done channel a value is, 0 if it is none.
func (m *machine) doneOf(v value) symID {
	if s, ok := v.(symVal); ok && strings.HasPrefix(m.syms[s.id].sub, doneSub) {
		return m.syms[s.id].deps[0]
	}
	return 0
}

// cancels are the functions of package context that return a context and the
// function that cancels it.
var cancels = map[string]bool{
	"WithCancel": true, "WithTimeout": true, "WithDeadline": true,
	"WithCancelCause": true, "WithTimeoutCause": true, "WithDeadlineCause": true,
}

// contextCall executes the functions of package context, and what yields the context of a
// test or of a group (T9).
func (m *machine) contextCall(st *state, c *call) (value, bool) {
	if c.obj == nil || c.obj.Pkg() == nil {
		return nil, false
	}
	switch path := c.obj.Pkg().Path(); {
	case path == "testing" && c.name == "Context": // cancelled when the test is over
		return ctxVal{m.strayContext(st, c, "")}, true
	case path == "golang.org/x/sync/errgroup" && c.name == "WithContext": // and when one fails, or all are done
		if m.inContext() && m.passesTx(st, c) {
			m.handOver(st, "the context that carries it is passed to a group")
		}
		group := m.yielded(st, c, "#0")
		st.learn(group.id, fact{nilness: isNotNil})
		return agg{[]value{group, ctxVal{m.strayContext(st, c, "#1")}}}, true
	}
	if c.obj.Pkg().Path() != "context" {
		return nil, false
	}
	parent, derived := c.contextArg()
	if c.name == "WithValue" && len(c.args) == 3 && !m.holds(st, c.args[2]) {
		m.expose(st, c.args[2])
	}
	switch {
	case c.name == "Done" && c.recv != nil && contextID(c.recv) != 0:
		return m.doneWith(st, c, contextID(c.recv)), true
	case c.name == "Done" && m.recvHolds(st, c): // which carries it, and is made from that which it ends with
		return m.doneWith(st, c, st.ctx), true
	case cancels[c.name]:
		id := m.yielded(st, c, "ctx").id
		m.makeFrom(id, contextID(c.args[0]))
		if m.holds(st, c.args[0]) { // what it carries can be taken out again
			s := m.yielded(st, c, "carries")
			m.syms[s.id].guess = true
			return agg{[]value{holder(s), cancelVal{id}}}, true
		}
		return agg{[]value{ctxVal{id}, cancelVal{id}}}, true
	case c.name == "WithValue" && derived:
		return parent, true
	case c.name == "WithValue" && !m.passesTx(st, c) && contextID(c.args[0]) != 0: // it ends as that does
		return unbox(c.args[0]), true
	case c.name == "WithValue" && m.passesTx(st, c): // which can be taken out again
		s := m.yielded(st, c, "")
		st.setFact(s.id, fact{nilness: isNotNil})
		m.syms[s.id].guess = true
		m.syms[s.id].given = len(c.args) == 3 && m.holds(st, c.args[2]) || m.isCarrier(c.args[0])
		return holder(s), true
	case c.name == "WithoutCancel" && m.passesTx(st, c):
		return c.args[0], true
	case c.name == "WithoutCancel":
		return top{}, true
	}
	return nil, false
}

// doneWith is the channel that is closed once a context ends, which is unknown if id is 0.
func (m *machine) doneWith(st *state, c *call, id symID) symVal {
	if id == 0 {
		return m.yielded(st, c, "")
	}
	return m.symbol(symKey{sub: doneSub + strconv.Itoa(int(id))}, symInfo{deps: [2]symID{id}})
}

// strayContext is a context that others cancel.
func (m *machine) strayContext(st *state, c *call, sub string) symID {
	id := m.yielded(st, c, sub).id
	st.carry(id, func(of *carried) { of.stray = true })
	return id
}

// looksIntoContext reports whether a call asks a context for a value that it carries.
func (c *call) looksIntoContext() bool {
	return c.name == "Value" && c.instr.Common().IsInvoke() && isContext(c.instr.Common().Value.Type())
}

// contextArg returns the context among the arguments, if it is one that is
// cancelled in view.
func (c *call) contextArg() (ctx ctxVal, ok bool) {
	for _, a := range c.args {
		if ctx, ok = unbox(a).(ctxVal); ok {
			break
		}
	}
	return ctx, ok
}

// yieldsCancel reports whether a function returns a context and a function like its
// cancel.
func yieldsCancel(sig *types.Signature) bool {
	res := sig.Results()
	if res.Len() != 2 || !isContext(res.At(0).Type()) {
		return false
	}
	f, isFunc := res.At(1).Type().Underlying().(*types.Signature)
	return isFunc && f.Params().Len() == 0 && f.Results().Len() == 0
}

// makesCancel reports whether a function returns a context and its cancel, or makes a
// context that it puts into something.
func makesCancel(fn *ssa.Function) bool {
	if yieldsCancel(fn.Signature) {
		return true
	}
	if fn.Signature.Results().Len() == 0 {
		return false
	}
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			if call, ok := instr.(*ssa.Call); ok {
				if obj := calleeObject(call.Common()); obj != nil && obj.Pkg() != nil && obj.Pkg().Path() == "context" && cancels[obj.Name()] {
					return true
				}
			}
		}
	}
	return false
}

// cancelPair takes a context and a function that code not in view returns together
// for a context and its cancel.
func (m *machine) cancelPair(st *state, c *call, result value) value {
	t, ok := result.(agg)
	if !ok || !yieldsCancel(c.instr.Common().Signature()) {
		return result
	}
	if _, unknown := t.elems[1].(symVal); !unknown {
		return result
	}
	id := m.yielded(st, c, "ctx").id
	parent, _ := c.contextArg()
	m.makeFrom(id, parent.id)
	return agg{[]value{ctxVal{id}, cancelVal{id}}}
}

// inheritContext takes a context that unknown code returns, given one that is
// cancelled in view, for one that ends with it: ctx, span := tracer.Start(ctx, name).
func (c *call) inheritContext(result value) value {
	ctx, ok := c.contextArg()
	if !ok {
		return result
	}
	res := c.instr.Common().Signature().Results()
	inherit := func(v value, i int) value {
		if _, unknown := v.(symVal); unknown && i < res.Len() && isContext(res.At(i).Type()) {
			return ctx
		}
		return v
	}
	if t, ok := result.(agg); ok {
		elems := slices.Clone(t.elems)
		for i, v := range elems {
			elems[i] = inherit(v, i)
		}
		return agg{elems}
	}
	return inherit(result, 0)
}

// cancel rolls back what was begun with a context, or with one derived from it (T9).
func (m *machine) cancel(st *state, id symID) {
	m.isDone(st, id)
	if st.tx == open && m.boundTo(st, id) {
		m.finish(st)
	}
}

// cancels reports whether a value leads to the cancel of a context that the
// transaction is bound to: who has it may roll the transaction back (T9).
func (m *machine) cancels(st *state, v value) bool {
	return st.tx == open && st.ctx != 0 && m.reaches(st, v, func(v value) bool {
		c, ok := v.(cancelVal)
		return ok && m.boundTo(st, c.id)
	})
}

// strays notes that the cancel of a context that a value leads to gets into hands which
// are not followed: what is bound to the context, now or later, may end at any time.
func (m *machine) strays(st *state, v value, why string) {
	if m.cancels(st, v) {
		m.handOver(st, why)
		return
	}
	m.reaches(st, v, func(v value) bool {
		if c, ok := v.(cancelVal); ok {
			st.carry(c.id, func(of *carried) { of.stray = true })
		}
		return false
	})
}

// boundTo reports whether cancelling a context ends the transaction.
func (m *machine) boundTo(st *state, id symID) bool {
	return m.flow.opts.CtxCancel && m.isMadeFrom(st.ctx, id)
}

// isMadeFrom reports whether a context is another one, or made from it.
func (m *machine) isMadeFrom(ctx, from symID) bool {
	for ; ctx != 0; ctx = m.syms[ctx].deps[0] {
		if ctx == from {
			return true
		}
	}
	return false
}

// makeFrom notes what a context is made from. One that a loop makes from that of the turn before
// stays what the first was, or else it would be made from itself.
// Have: for range n { ctx, cancel = context.WithCancel(ctx); defer cancel() }
func (m *machine) makeFrom(ctx, from symID) {
	if !m.isMadeFrom(from, ctx) {
		m.syms[ctx].deps[0] = from
	}
}

// mayCancel reports whether a call may cancel the context that the transaction was begun with:
// one of a method that is not in view, on an object which the function has got from a call, and
// which the context comes out of.
// Have: sc := scope.Enter(ctx); defer sc.Leave(); tx, err := db.BeginTx(sc.Context(), nil)
func (m *machine) mayCancel(st *state, c *call) bool {
	of, ok := unbox(c.recv).(symVal)
	if !ok || st.tx != open || c.looks || !m.flow.opts.CtxCancel || !mayEndHidden(c.sig) {
		return false
	}
	if _, isMade := m.syms[of.id].v.(*ssa.Call); !isMade {
		return false
	}
	for ctx := st.ctx; ctx != 0; ctx = m.syms[ctx].deps[0] {
		if m.comesOutOf(ctx, of.id) {
			return true
		}
	}
	return false
}

// ownContext notes that a context which a method yields ends with the object of that.
func (m *machine) ownContext(c *call, result value) {
	ctx, ok := result.(symVal)
	of, isObject := unbox(c.recv).(symVal)
	if ok && isObject && isContext(onlyResult(c.instr)) && m.syms[ctx.id].v == ssa.Value(c.instr.Value()) {
		m.makeFrom(ctx.id, of.id)
	}
}

// comesOutOf reports whether a symbol is an object, or stands for what was read of that.
func (m *machine) comesOutOf(s, object symID) bool {
	for range maxReads {
		info := &m.syms[s]
		switch {
		case s == object:
			return true
		case info.root != 0 && m.cells[info.root].root != 0:
			s = m.cells[info.root].root
		default:
			s = info.of
		}
	}
	return false
}
