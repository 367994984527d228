package txflow

import (
	"go/types"
	"strconv"

	"github.com/txcheck/txcheck/internal/protocol"
)

// carry changes what a value has with it. The state must be owned.
func (st *state) carry(id symID, change func(*carried)) {
	f := st.fact(id)
	if change(&f.of); f.empty() {
		delete(st.facts, id)
		return
	}
	st.setFact(id, f)
}

// carriedBy returns what a value has with it, and its symbol, if it is one.
func (st *state) carriedBy(v value) (carried, symID) {
	if s, ok := unbox(v).(symVal); ok {
		return st.fact(s.id).of, s.id
	}
	return carried{}, 0
}

// alias follows a call whose result is the value that it was made on, under another
// name: the transaction (T12), or a database on which one may be begun.
func (m *machine) alias(st *state, c *call, a *protocol.Alias) []outcome {
	v := unbox(c.at(a.From))
	_, isSymbol := v.(symVal)
	isTx := v != nil && m.isTx(st, v)
	if t := m.paramType(c, 0); v != nil && !isTx && c.recv != nil && a.From.Kind == protocol.Recv && t != nil && !m.isHandleType(t) {
		m.lose(st, "it may be reached through a value that belongs to it")
	}
	switch v.(type) {
	case fnVal, cancelVal, finisher:
		return returns(st, v)
	}
	if v == nil || a.View || !isTx && !isSymbol {
		r := m.unknownResult(st, c.instr, resultType(c.instr), false)
		if s, ok := r.(symVal); ok && isTx && a.View {
			st.carry(s.id, func(of *carried) { of.view = true })
		}
		return returns(st, r)
	}
	other := func(i int) value {
		if t := resultAt(c, i); a.NeverFails && t != nil && isErrorType(t) {
			return nilVal{}
		}
		return m.yielded(st, c, "#"+strconv.Itoa(i))
	}
	_, isPlain := v.(handle)
	switch {
	case isTx && isPlain && a.Itself, isTx && isName(v) && a.KeepsError:
	case isTx:
		v = m.otherName(st, c, a, v)
	default:
		v = m.carryOn(st, c, a, v.(symVal))
	}
	return returns(st, place(v, a.To.Index, resultType(c.instr), other))
}

// isName reports whether a value is a name of the transaction that collects errors by itself.
func isName(v value) bool {
	h, ok := v.(handle)
	return ok && h.via != 0
}

// otherName returns another name of the transaction, which collects the errors of what runs
// on it by itself, if the library keeps them in a field: to begin with it has that of the
// Begin, unless something has run.
// Have: res := tx.Create(&order); if res.Error != nil { return res.Error }
func (m *machine) otherName(st *state, c *call, a *protocol.Alias, from value) value {
	if isName(from) && !a.Itself {
		m.age(st, m.errorOf(from.(handle).via).id, c.instr)
	}
	name := handle{m.yielded(st, c, "alias").id}
	if a.KeepsError && st.beginErr != maybeNil {
		st.learn(m.errorOf(name.via).id, fact{nilness: st.beginErr})
	}
	return name
}

// errorOf is the error that a name of the transaction has collected.
func (m *machine) errorOf(via symID) symVal {
	return m.symbol(symKey{sub: "error of " + strconv.Itoa(int(via))}, symInfo{deps: [2]symID{via}})
}

// carryOn returns another name of a value that is not the transaction.
func (m *machine) carryOn(st *state, c *call, a *protocol.Alias, from symVal) value {
	result, of := from, st.fact(from.id).of
	if !a.Itself {
		result = m.yielded(st, c, "alias")
		st.setFact(result.id, fact{nilness: isNotNil})
		m.syms[result.id].external = m.syms[from.id].external
		of.ran = of.ran || !a.KeepsError
	}
	switch ctx := m.contextOf(st, c, a.Ctx).(type) {
	case ctxVal, symVal:
		of.ctx = ctx
	case nil, nilVal: // it keeps that which it has
	default:
		of.ctx = nil
	}
	st.carry(result.id, func(r *carried) { *r = of })
	return result
}

// contextOf returns the context that a call is given, in an argument or in a field
// of one; nil if there is no such place.
func (m *machine) contextOf(st *state, c *call, at protocol.Place) value {
	if at.Kind != protocol.Arg || at.Index >= len(c.args) {
		return nil
	}
	v := c.args[at.Index]
	if len(at.Path) == 0 {
		return v
	}
	field, ok := m.fieldOf(v, c.instr.Common().Signature().Params().At(at.Index).Type(), at.Path)
	if !ok {
		return top{}
	}
	return m.read(st, field, types.Universe.Lookup("any").Type(), 0)
}

// inside follows a Begin on what is a transaction already, where that opens nothing.
func (m *machine) inside(st *state, c *call, o *protocol.Open) ([]outcome, bool) {
	of, id := st.carriedBy(c.recv)
	none := func(int) value { return nilVal{} }
	if o.Reentry == "same-result" && of.gave != nil {
		return returns(st, m.beginResult(st, c, o, of.gave, none)), true
	}
	isTx := c.recv != nil && st.tx == open && m.isTx(st, c.recv) && !m.ob.is(protocol.Session)
	if !isTx && !of.tx {
		return nil, false
	}
	switch o.Reentry {
	case "error":
		err := func(i int) value {
			err := m.yielded(st, c, "err")
			st.setFact(err.id, fact{nilness: isNotNil})
			return err
		}
		return returns(st, m.beginResult(st, c, o, nilVal{}, err)), true
	case "replaces":
		m.lose(st, "the server had ended it where another one takes its place")
	case "noop", "same-handle":
		return returns(st, m.beginResult(st, c, o, unbox(c.recv), none)), true
	case "outer-alias":
		// The result leads to the outer transaction, and carries an error.
		r := m.yielded(st, c, "outer")
		st.carry(r.id, func(to *carried) { *to = carried{tx: id != 0, failed: true} })
		if isTx {
			return returns(st, m.beginResult(st, c, o, handle{r.id}, none)), true
		}
		if at, ok := m.fieldOf(r, resultAt(c, o.Handle.Index), o.Err.Path); ok {
			st.heap[loc(at)] = nonNil{}
		}
		return returns(st, m.beginResult(st, c, o, r, none)), true
	case "counted":
		if !isTx || m.beginning(st, c.instr) {
			return nil, false // it is what the obligation is about
		}
		return m.nest(st, c, o), true
	}
	return nil, false
}

// maxNested bounds the Begins on one transaction that are counted.
const maxNested = 4

// nest follows a Begin on the transaction that the next finish ends, and not the
// transaction (T12).
func (m *machine) nest(st *state, c *call, o *protocol.Open) []outcome {
	fails := st.clone()
	err := m.yielded(fails, c, "err")
	fails.setFact(err.id, fact{nilness: isNotNil})
	if st.nested++; st.nested > maxNested {
		m.lose(st, "too much is begun inside of it")
	}
	return []outcome{
		{st: st, result: m.beginResult(st, c, o, handle{}, func(int) value { return nilVal{} })},
		{st: fails, result: m.beginResult(fails, c, o, handle{}, func(int) value { return err })},
	}
}

// gives notes the transaction that a call on a value yields each time.
func (st *state) gives(c *call, o *protocol.Open, tx value) {
	if _, id := st.carriedBy(c.recv); id != 0 && o.Reentry == "same-result" {
		st.carry(id, func(of *carried) { of.gave = tx })
	}
}

// fieldOf returns the address of a field of what a pointer leads to.
func (m *machine) fieldOf(p value, typ types.Type, names []string) (addr, bool) {
	at, ok := m.pointee(p)
	if !ok || typ == nil {
		return addr{}, false
	}
	typ = pointerElem(typ)
	for _, name := range names {
		s, ok := coreStruct(typ)
		if !ok {
			return addr{}, false
		}
		i := fieldIndex(s, name)
		if i < 0 {
			return addr{}, false
		}
		at.path, typ = fieldPath(at.path, i), s.Field(i).Type()
	}
	return at, true
}

func fieldIndex(s *types.Struct, name string) int {
	for i := range s.NumFields() {
		if s.Field(i).Name() == name {
			return i
		}
	}
	return -1
}

// oldError returns the error that the receiver of a Begin may carry, if Begin opens
// a transaction all the same; nil if it carries none.
func (m *machine) oldError(st *state, c *call, o *protocol.Open) value {
	of, id := st.carriedBy(c.recv)
	if !o.MaybeOpen || !of.ran || o.Err.Kind != protocol.OfHandle {
		return nil
	}
	at, ok := m.fieldOf(symVal{id}, m.paramType(c, 0), o.Err.Path)
	if !ok {
		return nil
	}
	typ := types.Universe.Lookup("error").Type()
	if err := m.read(st, at, typ, 0); st.nilnessOf(err) != isNil {
		return err
	}
	return nil
}

// ended notes that another obligation's transaction ends.
func (m *machine) ended(st *state, v value) {
	if of, id := st.carriedBy(v); of.tx {
		st.carry(id, func(c *carried) { c.tx = false })
	}
}
