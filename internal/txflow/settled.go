package txflow

import (
	"go/constant"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"
)

// Answers that what a path has done settles, though nobody here can tell which way. They
// are lost, so that neither branch is judged: what the function tests when it is being left
// is what it has prepared before.
// Have: defer func() { if !apierr.Retryable(err) { tx.Rollback() } }() with err = errGone

// isSettled reports whether a path knows just which value v is: a number, a text, or an
// error that the program itself makes.
func (m *machine) isSettled(st *state, v value) bool {
	switch v := st.reduce(v).(type) {
	case constVal:
		return true
	case boxed:
		switch v.v.(type) {
		case addr, agg, constVal:
			return true
		}
		return types.Implements(v.typ, errorInterface)
	case symVal:
		return m.isSentinel(v.id) || st.fact(v.id).of.own
	}
	return false
}

// wraps returns the only error that another one is made around, 0 if there is none, or more
// than one, and whether all of them are settled.
// Have: fmt.Errorf("sale %d: %w", id, errClosed)
func (m *machine) wraps(st *state, c *call) (inside symID, own bool) {
	count := 0
	for i, v := range c.args {
		array, listed := m.listed(st, v)
		if array == nil && !isBasic(c.types[i]) {
			return 0, false
		}
		for _, e := range listed {
			s, isSym := e.(symVal) // what is put into an interface here is boxed
			if isSym && !m.isSettled(st, e) {
				return 0, false
			}
			if isSym {
				inside = s.id
				count++
			}
		}
	}
	if count > 1 {
		inside = 0
	}
	return inside, true
}

// madeAround returns the only error that fmt.Errorf makes another one around, 0 if there is none, or
// that is not known.
// Have: return fmt.Errorf("sale %d: %w", id, err)
func (m *machine) madeAround(st *state, c *call) (inside symID) {
	if c.obj.FullName() != "fmt.Errorf" || len(c.args) != 2 {
		return 0
	}
	format, ok := c.args[0].(constVal)
	if !ok || strings.Count(constant.StringVal(format.c), "%w") != 1 {
		return 0
	}
	_, listed := m.listed(st, c.args[1])
	for _, e := range listed {
		switch e := e.(type) {
		case symVal:
			if inside != 0 || !m.isErrorSymbol(e.id) {
				return 0
			}
			inside = e.id
		case boxed:
			if types.Implements(e.typ, errorInterface) {
				return 0
			}
		default:
			return 0
		}
	}
	return inside
}

// innermost returns what a question whether an error is another one, or is of a type, is about:
// the error that somebody else has made, where others are made around that.
func (m *machine) innermost(st *state, c *call, err value) value {
	for range maxWays {
		s, ok := unbox(err).(symVal)
		if !ok || len(c.args) != 2 {
			break
		}
		of := st.fact(s.id).of
		if of.own || of.inside == 0 {
			break
		}
		err = symVal{of.inside}
	}
	return err
}

// isInside answers whether the error that a predicate looks for, its last argument, is
// inside one that is settled: lost where nobody knows.
func (m *machine) isInside(st *state, c *call, err symID) value {
	target, ok := unbox(c.args[len(c.args)-1]).(symVal)
	if !ok || len(c.args) != 2 || !m.isSettled(st, target) {
		return lost{}
	}
	for range maxWays {
		of := st.fact(err).of
		if of.inside == 0 {
			return lost{}
		}
		if err = of.inside; err == target.id {
			return boolVal(true)
		}
		if m.areDistinct(err, target.id) {
			return boolVal(false)
		}
	}
	return lost{}
}

// asTarget answers whether an error that is settled is of the type that a variable has, which
// then gets it; lost where nobody knows.
// Have: var gone *goneError; if errors.As(err, &gone) { ... }
func (m *machine) asTarget(st *state, err, target value) value {
	to, ok := target.(boxed)
	if !ok {
		return lost{}
	}
	typ := pointerElem(to.typ)
	for range maxWays {
		switch e := err.(type) {
		case boxed:
			if types.Identical(e.typ, typ) {
				if a, ok := to.v.(addr); ok {
					m.write(st, a, e.v)
				}
				return boolVal(true)
			}
			if types.IsInterface(typ) || m.hasMethod(e.typ, "As") {
				return lost{}
			}
			err = m.unwrapped(st, e)
		case nilVal:
			return boolVal(false)
		case symVal:
			inside := st.fact(e.id).of.inside
			switch {
			case !m.isSettled(st, e):
				return top{} // somebody else has made it
			case types.IsInterface(typ):
				return lost{}
			case m.isPlainError(e.id):
				return boolVal(false)
			case inside == 0:
				return lost{}
			}
			err = symVal{inside}
		default:
			return lost{}
		}
	}
	return lost{}
}

func (m *machine) hasMethod(t types.Type, name string) bool {
	return m.flow.prog.MethodSets.MethodSet(t).Lookup(nil, name) != nil
}

// unwrapped returns the error inside of one of the function's own making: nil if it wraps
// none, lost if it may be one of several.
func (m *machine) unwrapped(st *state, err boxed) value {
	if !m.hasMethod(err.typ, "Unwrap") {
		return nilVal{}
	}
	s, ok := coreStruct(pointerElem(err.typ))
	if !ok {
		return lost{}
	}
	var inside value
	for i := range s.NumFields() {
		if !isErrorType(s.Field(i).Type()) {
			continue
		}
		if inside != nil {
			return lost{}
		}
		inside = m.errorIn(st, err, i)
	}
	if inside == nil {
		return lost{}
	}
	return inside
}

// errorIn returns what is in a field of an error, nil if that is not known.
func (m *machine) errorIn(st *state, err boxed, i int) value {
	switch v := err.v.(type) {
	case addr:
		return m.read(st, addr{v.cell, fieldPath(v.path, i)}, types.Universe.Lookup("error").Type(), 1)
	case symVal: // of another package's making
		return m.toldField(st, v, i)
	case agg:
		if i < len(v.elems) {
			return v.elems[i]
		}
	}
	return nil
}

// toldField returns what a fact has told of a field of the new object that a function of
// another package yields, nil if it has told nothing.
// Have: func Wrap(err error, op string) error { ...; return &Error{Op: op, Err: err} }
func (m *machine) toldField(st *state, object symVal, i int) value {
	a, ok := m.pointee(object)
	if !ok {
		return nil
	}
	return st.heap[loc{a.cell, fieldPath(a.path, i)}]
}

// isTarget answers whether an error of the function's own making is another one, or has that
// inside: lost where nobody knows, top where it hangs on an error that somebody else has made.
// Have: return &opError{"insert", err}; errors.Is(err, sql.ErrNoRows)
func (m *machine) isTarget(st *state, err boxed, target value) value {
	for range maxWays {
		if !m.isNewObject(st, err.v) || m.hasMethod(err.typ, "Is") {
			return m.openAnswer(st, err)
		}
		switch inside := m.unwrapped(st, err).(type) {
		case nilVal:
			return boolVal(false)
		case boxed:
			err = inside
		case symVal:
			other, isSym := unbox(target).(symVal)
			switch {
			case isSym && other == inside:
				return boolVal(true)
			case isSym && m.areDistinct(inside.id, other.id):
				return boolVal(false)
			case !m.isSettled(st, inside):
				return top{}
			}
			return lost{}
		default:
			return m.openAnswer(st, err)
		}
	}
	return lost{}
}

// openAnswer is the answer to a question about an error of the function's own making that is
// answered by code of its own, or by several errors inside: it hangs on an error that
// somebody else has made, if there is one.
// Have: func (e *both) Unwrap() []error { return []error{e.err, e.other} }
func (m *machine) openAnswer(st *state, err boxed) value {
	s, ok := coreStruct(pointerElem(err.typ))
	if !ok {
		return lost{}
	}
	for i := range s.NumFields() {
		if !isErrorType(s.Field(i).Type()) {
			continue
		}
		if inside, isSym := m.errorIn(st, err, i).(symVal); isSym && !m.isSettled(st, inside) {
			return top{}
		}
	}
	return lost{}
}

// isNewObject reports whether an object was made by the function, or by another package that
// has told what is in it: it is none that is kept anywhere.
func (m *machine) isNewObject(st *state, v value) bool {
	switch v := v.(type) {
	case addr:
		return true
	case symVal:
		a, ok := m.pointee(v)
		return ok && m.partly(st, a)
	}
	return false
}

// isForetold reports whether a call that is made while a function is being left answers
// a question about a value that is settled, or about an object that code which is not in
// view has done something to since the Begin.
func (m *machine) isForetold(st *state, c *call) bool {
	if !st.leaving() {
		return false
	}
	t := onlyResult(c.instr)
	if resultType(c.instr).Len() != 1 || m.flow.mayHold(t) && !isErrorType(t) {
		return false
	}
	if of, _ := st.carriedBy(c.recv); of.told {
		return true
	}
	if a, ok := m.pointee(unbox(c.recv)); ok && m.isPrepared(st, a) && !m.holds(st, c.recv) {
		return true
	}
	written := c.instr.Common().Args
	if len(written) < len(c.args) {
		return false // a bound method has been given its receiver before
	}
	written = written[len(written)-len(c.args):]
	for i, v := range c.args {
		a := written[i]
		if box, ok := a.(*ssa.MakeInterface); ok {
			a = box.X
		}
		if _, isConst := a.(*ssa.Const); !isConst && m.isSettled(st, v) {
			return true
		}
	}
	return false
}

// isPrepared reports whether a path knows anything of what stands in a part of an object.
func (m *machine) isPrepared(st *state, a addr) bool {
	for l, v := range st.heap {
		_, isSym := v.(symVal)
		if l.cell == a.cell && len(l.path) > len(a.path) && below(l.path, a.path) && !isLost(v) && !(isSym && st.nilnessOf(v) == maybeNil) {
			return true
		}
	}
	return false
}

// leaving reports whether deferred calls run.
func (st *state) leaving() bool {
	return slices.ContainsFunc(st.frames, func(f *frame) bool { return f.deferred })
}

// tell notes that code which is not in view does something to objects, and yields nothing
// that anybody takes.
// Have: g.AbortWithStatus(500); http.Error(rec, "gone", 410)
func (m *machine) tell(st *state, c *call) {
	if st.tx != open || !isStatement(c.instr) {
		return
	}
	for _, v := range c.params() {
		if s, ok := unbox(v).(symVal); ok {
			st.carry(s.id, func(of *carried) { of.told = true })
		}
	}
}

// isStatement reports whether nothing takes what a call yields.
func isStatement(call ssa.CallInstruction) bool {
	v := call.Value()
	return v == nil || len(*v.Referrers()) == 0
}

// isToldOf reports whether a value is what an object has of which code that is not in view
// has told it since the Begin, where it is read while the function is being left.
// Have: defer func() { if len(g.Errors) > 0 { tx.Rollback() } }() and g.Error(err)
func (m *machine) isToldOf(st *state, v value) bool {
	s, ok := v.(symVal)
	if !ok || !st.leaving() {
		return false
	}
	for id, ways := s.id, maxWays; ways > 0; ways-- {
		info := &m.syms[id]
		if id = m.cells[info.root].root; id == 0 && strings.HasPrefix(info.sub, "/") {
			id = info.deps[0]
		}
		if id == 0 || st.fact(id).of.told {
			return id != 0
		}
	}
	return false
}
