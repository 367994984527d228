package txflow

import (
	"go/types"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/tools/go/ssa"
)

// What code that runs out of sight stores in objects of the function's own, which their
// methods tell of afterwards.
// Have: var g group; g.Go(func() error { return load(tx) }); if err := g.Wait(); err != nil { return err }

// maxReach bounds how deep the objects lie that such code reaches.
const maxReach = 3

// spoilReceiver lets a method that is not followed store to the fields of the variable
// that it is called on, which do not lead to the transaction: those of which its body or
// its fact tells, or else all, where it is given a function, of which it may tell.
func (m *machine) spoilReceiver(st *state, c *call) {
	a, ok := unbox(c.recv).(addr)
	if !ok || m.holds(st, a) {
		return
	}
	typ := m.cellType(a)
	if typ == nil {
		return
	}
	may := func(string, types.Type) bool { return true }
	if s := m.summaryOf(c); c.fn != nil && len(c.fn.Blocks) > 0 {
		may = m.flow.mayStore(c.fn)
	} else if s == nil && !slices.ContainsFunc(c.args, isCode) {
		return // it may only look
	} else if s != nil && len(s.Errors) > 0 {
		may = func(path string, _ types.Type) bool { return tellsOf(s.Errors, "*"+path[len(a.path):]) }
	}
	m.storeUnknown(st, a, typ, may, func(l loc, t types.Type) value { return m.storedByRun(st, c, l, t) })
}

// mayStore tells of fields, by their path and type, whether a function may store to such.
func (f *flow) mayStore(fn *ssa.Function) func(path string, t types.Type) bool {
	mods := f.modifies(fn)
	return func(path string, t types.Type) bool { return mods[memKey(path, nil, t)] }
}

// storedByRun is what a method has stored at a place. Where it was given a function that
// begins, or ends the transaction, errors are those of that function, and how else it tells
// of them is not known (T14).
func (m *machine) storedByRun(st *state, c *call, l loc, t types.Type) value {
	switch {
	case st.answer == maybeNil:
		return m.storedAt(st, c, l)
	case !isErrorType(t):
		return lost{}
	case st.answer == isNotNil:
		return nonNil{}
	}
	if before, ok := st.heap[l]; ok {
		return before
	}
	return nilVal{}
}

// storesAnswer reports whether a method may keep, in the variable that it is called on, the
// error of a function which begins.
// Have: attempt.Run(func() (err error) { tx, err = db.Begin(); return err })
func (m *machine) storesAnswer(c *call, cases []Case) bool {
	_, isLocal := unbox(c.recv).(addr)
	return isLocal && tellsOf(cases, "*") && slices.ContainsFunc(c.args, func(v value) bool {
		f, ok := unbox(v).(fnVal)
		return ok && yieldsLastError(f.fn.Signature) && m.flow.mayOpen(f.fn)
	})
}

// tellsOf reports whether one of the cases tells what is stored at a path of the receiver.
func tellsOf(cases []Case, path string) bool {
	return slices.ContainsFunc(cases, func(k Case) bool {
		return slices.ContainsFunc(k.Then, func(t Cond) bool { return !t.At.Result && t.At.Index == 0 && below(t.At.Path, path) })
	})
}

// storedLater lets a function that runs at some later time store to the fields of what its
// variables lead to.
func (m *machine) storedLater(st *state, c *call, f fnVal) {
	may := m.flow.mayStore(f.fn)
	for i, v := range f.bind {
		if i >= len(f.fn.FreeVars) {
			return
		}
		m.reach(st, v, f.fn.FreeVars[i].Type(), maxReach, func(a addr, t types.Type) {
			if _, isOwn := m.cells[a.cell].v.(*ssa.Alloc); !isOwn && m.ob.call != nil {
				return // a caller's, which this path has told nothing
			}
			m.storeUnknown(st, a, t, may, func(l loc, _ types.Type) value { return m.storedAt(st, c, l) })
		})
	}
}

// reach visits the structs that a value of a type leads to.
func (m *machine) reach(st *state, v value, t types.Type, depth int, visit func(addr, types.Type)) {
	elem := pointerElem(t)
	if a, ok := m.pointee(v); ok && depth > 0 && isPointer(t) {
		if _, isStruct := coreStruct(elem); isStruct {
			visit(a, elem)
		} else if inner, known := st.heap[loc(a)]; known {
			m.reach(st, inner, elem, depth-1, visit)
		}
	}
}

// storeUnknown stores what is not known to those fields of a struct that methods tell by:
// errors, lists and plain values.
func (m *machine) storeUnknown(st *state, a addr, typ types.Type, may func(path string, t types.Type) bool, what func(loc, types.Type) value) {
	s, ok := coreStruct(typ)
	if !ok || strings.Count(a.path, ".") > maxNesting {
		return
	}
	for i := range min(s.NumFields(), maxFields) {
		at, t := addr{a.cell, fieldPath(a.path, i)}, s.Field(i).Type()
		if _, isStruct := coreStruct(t); isStruct {
			m.storeUnknown(st, at, t, may, what)
			continue
		}
		_, isSlice := t.Underlying().(*types.Slice)
		if (isErrorType(t) || isSlice || isBasic(t)) && may(at.path, t) && !m.holds(st, st.heap[loc(at)]) {
			st.heap[loc(at)] = what(loc(at), t)
		}
	}
}

// storedAt is what code that is not followed has stored at a place.
func (m *machine) storedAt(st *state, c *call, l loc) value {
	return m.freshAt(st, c.instr, "="+strconv.Itoa(int(l.cell))+l.path)
}

// cellType is the type of a local variable, or of a field in it, nil if that is not known.
func (m *machine) cellType(a addr) types.Type {
	alloc, ok := m.cells[a.cell].v.(*ssa.Alloc)
	if !ok {
		return nil
	}
	return typeAt(pointerElem(alloc.Type()), a.path)
}
