package txflow

import (
	"slices"
)

// boundBy notes the context that the transaction is begun with (T9).
func (m *machine) boundBy(st *state, ctx value) {
	switch ctx := ctx.(type) {
	case ctxVal:
		st.ctx = ctx.id
		m.ob.bounded = true
	case symVal:
		if at, ok := m.spotOf(ctx.id); ok {
			m.ctx = &at
		}
	}
}

// cancels are the functions of package context that return a context and the
// function that cancels it.
var cancels = map[string]bool{
	"WithCancel": true, "WithTimeout": true, "WithDeadline": true,
	"WithCancelCause": true, "WithTimeoutCause": true, "WithDeadlineCause": true,
}

// contextCall executes the functions of package context (T9).
func (m *machine) contextCall(st *state, c *call) (value, bool) {
	if c.obj == nil || c.obj.Pkg() == nil || c.obj.Pkg().Path() != "context" {
		return nil, false
	}
	parent, derived := c.contextArg()
	switch {
	case cancels[c.name]:
		id := m.fresh(st, c.instr.Value(), "ctx").id
		m.syms[id].deps[0] = parent.id
		return agg{[]value{ctxVal{id}, cancelVal{id}}}, true
	case c.name == "WithValue" && derived:
		return parent, true
	case c.name == "WithoutCancel":
		return top{}, true
	}
	return nil, false
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
	if st.tx != open || !m.flow.opts.CtxCancel {
		return
	}
	for ctx := st.ctx; ctx != 0; ctx = m.syms[ctx].deps[0] {
		if ctx == id {
			m.finish(st)
			return
		}
	}
}
