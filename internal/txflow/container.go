package txflow

import (
	"go/constant"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"
)

// Maps, channels and slices of unknown length hold what is put into them at one
// place of their memory. Nobody knows what is taken out again: once a container
// that holds the transaction is looked into, the transaction counts as handed over
// (T10). One that is only put into, and dies with the function, finishes nothing.

// contents is the path of what a container holds.
const contents = "[]"

// container makes a container, or another value of a make. Only those that can hold
// a transaction are followed.
func (m *machine) container(st *state, v ssa.Value) value {
	if made, ok := v.(*ssa.MakeChan); ok {
		if _, counted := roomFor(made); counted && !m.flow.mayCarry(types.Unalias(v.Type()).Underlying().(*types.Chan).Elem()) {
			return m.makeTokens(st, made)
		}
		if isSignal(v.Type()) {
			return m.makeSignal(st, made)
		}
	}
	var elem types.Type
	switch t := types.Unalias(v.Type()).Underlying().(type) {
	case *types.Map:
		elem = t.Elem()
	case *types.Slice:
		elem = t.Elem()
	case *types.Chan:
		elem = t.Elem()
	}
	if elem == nil || !m.flow.mayCarry(elem) && !isLookedUp(v) {
		if !isAsked(v) {
			return nonNil{}
		}
		s := m.fresh(st, v, "")
		st.learn(s.id, fact{nilness: isNotNil})
		m.isEmpty(st, v, s)
		return s
	}
	a := addr{cell: m.cell(cellKey{v: v, ctx: st.top().ctx}, false)}
	if st.top().repeat || m.repeats(v) {
		if m.contained(st, a) {
			m.handOver(st, "it is kept in a container of an earlier turn")
		}
		m.sever(st, a.cell)
	}
	delete(st.heap, loc{a.cell, contents})
	return a
}

// isLookedUp reports whether a value is a map of functions that is put into and asked for
// keys, and goes nowhere else: one that nobody asks ends nothing.
// Have: ends := map[string]func() error{"ok": tx.Commit}; if quiet { return nil }
func isLookedUp(made ssa.Value) bool {
	t, ok := types.Unalias(made.Type()).Underlying().(*types.Map)
	return ok && isFunc(t.Elem()) && !slices.ContainsFunc(*made.Referrers(), func(r ssa.Instruction) bool {
		switch r := r.(type) {
		case *ssa.MapUpdate:
			return r.Map != made
		case *ssa.Lookup, *ssa.DebugRef:
			return false
		}
		return true
	})
}

// isEmpty notes of a map that was just made that it has nothing for the keys that it is
// asked for.
func (m *machine) isEmpty(st *state, made ssa.Value, of symVal) {
	t, ok := types.Unalias(made.Type()).Underlying().(*types.Map)
	if !ok {
		return
	}
	st.learn(m.length(st, "len", of, t).id, fact{eq: constant.MakeInt64(0)})
	for _, r := range usesOf(made) {
		lookup, ok := r.(*ssa.Lookup)
		if !ok {
			continue
		}
		if _, isParam := lookup.Index.(*ssa.Parameter); isParam || isConst(lookup.Index) {
			m.learnElement(st, of, m.eval(st, lookup.Index), t, absent(t, ""), absent(t, "ok"))
		}
	}
}

// usesOf are the instructions that use a value, or what is loaded of a variable that it is
// stored in, or that share such a variable.
func usesOf(v ssa.Value) (uses []ssa.Instruction) {
	for _, r := range *v.Referrers() {
		uses = append(uses, r)
		store, ok := r.(*ssa.Store)
		if !ok || store.Val != v {
			continue
		}
		if variable, ok := store.Addr.(*ssa.Alloc); ok {
			for _, r := range *variable.Referrers() {
				switch r := r.(type) {
				case *ssa.UnOp:
					uses = append(uses, *r.Referrers()...)
				case *ssa.MakeClosure:
					uses = append(uses, r)
				}
			}
		}
	}
	return uses
}

// isAsked reports whether a map is asked what it has, or how much, or gets to where it may
// be: a field, a result, a literal, another function.
func isAsked(made ssa.Value) bool {
	_, isMap := types.Unalias(made.Type()).Underlying().(*types.Map)
	return slices.ContainsFunc(usesOf(made), func(r ssa.Instruction) bool {
		switch r := r.(type) {
		case *ssa.Lookup:
			return true
		case *ssa.Call:
			b, ok := r.Call.Value.(*ssa.Builtin)
			return !ok && isMap || ok && b.Name() == "len"
		case *ssa.Store:
			_, isField := r.Addr.(*ssa.FieldAddr)
			return isMap && isField
		case *ssa.Return, *ssa.MakeClosure:
			return isMap
		}
		return false
	})
}

// sever forgets what leads to an earlier object of the same instruction.
func (m *machine) sever(st *state, c cellID) {
	st.substitute(func(w value) value {
		if a, ok := w.(addr); ok && a.cell == c {
			return nonNil{}
		}
		return nil
	})
}

// putInto puts a value into a container; a container that others can reach takes over the duty.
func (m *machine) putInto(st *state, container, v value, why string) {
	if !m.giveAway(st, v) {
		return
	}
	a, ok := container.(addr)
	if ok && a.path == "" && m.isContainer(a.cell) && !m.outlives(st, a.cell) {
		if _, spoilt := st.heap[loc(a)]; !spoilt {
			if old, ok := st.heap[loc{a.cell, contents}]; !ok || m.areUsers(st, old) || !m.areUsers(st, v) {
				st.heap[loc{a.cell, contents}] = v
			}
			return
		}
	}
	if made, ok := container.(symVal); ok && m.areUsers(st, v) {
		if _, isMap := m.syms[made.id].v.(*ssa.MakeMap); isMap {
			return
		}
	}
	m.keep(st, why)
}

// giveAway gives a container a value, and reports whether that leads to the transaction.
func (m *machine) giveAway(st *state, v value) (holds bool) {
	m.strays(st, v, "the cancel of its context is put into a container")
	m.letGo(st, v)
	if holds = m.holds(st, v); !holds {
		m.expose(st, v)
	}
	return holds
}

// takeFrom reports whether what is taken out of a container may be the transaction,
// which then is somebody else's.
func (m *machine) takeFrom(st *state, container value) {
	if m.contained(st, container) {
		m.handOver(st, "it is kept in a container that is looked into")
	}
}

// appended makes a slice of another one and more elements.
func (m *machine) appended(st *state, c *call) value {
	v := c.instr.Value()
	holds := false
	for _, a := range c.args[1:] {
		holds = m.giveAway(st, a) || holds
	}
	old, isAddr := c.args[0].(addr)
	isOld := isAddr && m.isContainer(old.cell)
	if v == nil || !holds {
		switch {
		case isOld:
			return old
		case v == nil:
			return top{}
		}
		s := m.fresh(st, v, "")
		if n, ok := m.arrayLen(c.args[len(c.args)-1]); ok && n > 0 {
			st.learn(s.id, fact{nilness: isNotNil})
			st.learn(m.length(st, "len", s, v.Type()).id, fact{lo: 1, hasLo: true})
		}
		return s
	}
	to := old
	if !isOld {
		if m.holds(st, c.args[0]) { // two followed as one
			m.handOver(st, "it is kept in a slice")
			return top{}
		}
		to = addr{cell: m.cell(cellKey{v: v, ctx: st.top().ctx}, false)}
		delete(st.heap, loc(to))
	}
	for _, a := range c.args[1:] {
		if _, elems := m.listedTo(st, a, maxNesting); elems != nil {
			a = agg{elems}
		}
		m.putInto(st, to, a, "it is kept in a slice")
	}
	return to
}

func (m *machine) isContainer(c cellID) bool {
	switch m.cells[c].v.(type) {
	case *ssa.MakeMap, *ssa.MakeSlice, *ssa.MakeChan, *ssa.Call:
		return true
	}
	return false
}

// contained reports whether a value leads to a container that holds the transaction, so that
// what is taken out may end it.
func (m *machine) contained(st *state, v value) bool {
	return m.reaches(st, v, func(v value) bool {
		switch v := v.(type) {
		case addr:
			return m.hasContents(st, v)
		case symVal:
			c := m.cellBehind(v.id)
			return c != 0 && m.hasContents(st, addr{cell: c})
		}
		return false
	})
}

// hasContents reports whether what is at an address is, or has in it, a container that holds the
// transaction.
func (m *machine) hasContents(st *state, at addr) bool {
	for l, w := range st.heap {
		if l.cell == at.cell && strings.HasSuffix(l.path, contents) && (l.path == contents || below(l.path, at.path)) && !m.areUsers(st, w) {
			return true
		}
	}
	return false
}

// areUsers reports whether all that a value has of the transaction are function literals that
// only use it, and change nothing else: whoever takes them out of a container ends nothing.
// Have: steps = append(steps, func() error { _, err := tx.Exec(query); return err })
func (m *machine) areUsers(st *state, v value) bool {
	switch v := v.(type) {
	case agg:
		return !slices.ContainsFunc(v.elems, func(e value) bool { return !m.areUsers(st, e) })
	case fnVal:
		if v.fn.Parent() != nil && m.holds(st, v) {
			return m.isHarmless(st, v) && !slices.ContainsFunc(v.fn.FreeVars, func(v *ssa.FreeVar) bool { return !onlyRead(v) })
		}
	}
	return !m.holds(st, v)
}

// gathers prepares a path for a loop that gathers transactions in a container: the
// one that is open goes on as one of those, whose Begins are no longer followed. It
// leaks by going round, if nobody looks into the container before the end.
func (m *machine) gathers(st *state, instr ssa.CallInstruction) bool {
	if st.tx != open || !m.inContainer(st) {
		return false
	}
	st.gathered = &lapse{st: st.clone(), instr: instr, again: true}
	return true
}

// inContainer reports whether any container holds the transaction.
func (m *machine) inContainer(st *state) bool {
	for l, v := range st.heap {
		if l.path == contents && m.holds(st, v) {
			return true
		}
	}
	return false
}
