package txflow

import (
	"go/types"
	"slices"
	"strconv"

	"golang.org/x/tools/go/ssa"
)

// A function of another package that only looks answers the same when it is asked again,
// whatever it computes, as long as nothing that it looks at has changed (T2). Its answer is
// memory of what it was given, which is lost with that.
// Have: func (o *Options) Has(key string) bool { _, ok := o.Labels[key]; return ok }

// answerMark begins the paths of answers.
const answerMark = "?"

// maxLookedAt bounds how deep the memory lies of which it is known that a function looks at it.
const maxLookedAt = 4

// answersTo reports whether a function is asked about what it is given, and tells something that
// conditions are made of.
func answersTo(fn *ssa.Function) bool { return len(fn.Params) > 0 && tellsPlain(fn.Signature) }

// tellsPlain reports whether among the results is a truth, a number or a text.
func tellsPlain(sig *types.Signature) bool { return anyOf(sig.Results().Variables(), isBasic) }

// onlyLooks reports whether a fact tells nothing but that its function changes nothing.
func (s *Summary) onlyLooks() bool {
	return s.Looks && s.Ends == mayReturn && s.Begins == nil && s.Uses == nil && s.Lent == nil && s.Errors == nil && s.Runs == nil && !s.Makes
}

// asksAgain reports whether the callee is asked more than once.
func (m *machine) asksAgain(c *call) bool {
	return c.obj != nil && tellsPlain(c.obj.Signature()) && m.flow.rereads(m.root, answerMark+c.obj.FullName())
}

// answer returns what result i of a callee is that only looks at what it is given: what it was
// before, or what nobody knows where that may have changed. It reports false where that does
// not hang on one object, or on values that never change.
func (m *machine) answer(st *state, c *call, i int) (value, bool) {
	v := c.instr.Value()
	if v == nil || c.obj == nil || c.sig == nil || i >= c.sig.Results().Len() || !isBasic(c.sig.Results().At(i).Type()) {
		return nil, false
	}
	if !m.asksAgain(c) {
		return nil, false
	}
	op := answerMark + c.obj.FullName()
	if i > 0 {
		op += "#" + strconv.Itoa(i)
	}
	path := op
	var of symID
	var typ types.Type
	var plain []symID
	for j, x := range c.params() {
		switch x := unbox(x).(type) {
		case lost:
			return x, true
		case constVal, nilVal:
		case symVal:
			given := m.paramType(c, j)
			switch {
			case given == nil:
				return nil, false
			case isBasic(given) || isErrorType(given):
				if !slices.Contains(plain, x.id) {
					plain = append(plain, x.id)
				}
			case of == 0 || of == x.id:
				of, typ = x.id, given
			default:
				return nil, false
			}
		default:
			return nil, false
		}
		path += " " + keyOf(unbox(x))
	}
	switch {
	case of == 0:
		return m.operation(st, v, op, c.params()...)
	case len(plain) > 2:
		return nil, false
	}
	a, _ := m.pointee(symVal{of})
	if was, ok := st.heap[loc{a.cell, path}]; ok {
		return was, true
	}
	info := symInfo{root: a.cell, path: path, rereads: true, asked: typ}
	copy(info.deps[:], plain)
	return m.symbol(symKey{sub: "*" + strconv.Itoa(int(a.cell)) + path}, info), true
}

// isOneOfSeveral reports whether only what a callee has looked at tells a case from another one.
// Have: for _, s := range j.Steps { if s.Atomic { return true } }; return false
func isOneOfSeveral(k Case, all []Case) bool {
	return slices.ContainsFunc(all, func(o Case) bool { return slices.Equal(o.When, k.When) && !slices.Equal(o.Then, k.Then) })
}

// agrees lets a callee that only looks answer in a case as it has before, and reports whether it
// may; it is forgotten where that may have changed.
func (m *machine) agrees(st *state, c *call, k Case) (forgotten, ok bool) {
	for _, t := range k.Then {
		if !t.At.Result || t.At.Path != "" || t.Is == condSame || t.Is == condGlobal {
			continue
		}
		x, ok := m.answer(st, c, t.At.Index)
		_, isSym := x.(symVal)
		switch {
		case ok && isLost(x):
			forgotten = c.sig.Results().Len() == 1
		case ok && isSym && !m.assumeCond(st, x, t):
			return false, false
		}
	}
	return forgotten, true
}

// sameAnswers puts the answers of a callee that only looks in place of those results.
func (m *machine) sameAnswers(st *state, c *call, v value) value {
	if !c.looks {
		return v
	}
	all, several := v.(agg)
	if !several {
		if x, ok := m.answer(st, c, 0); ok {
			return x
		}
		return v
	}
	elems := slices.Clone(all.elems)
	for i := range elems {
		if x, ok := m.answer(st, c, i); ok {
			elems[i] = x
		}
	}
	return agg{elems}
}

// mayAnswerAnew loses the answers that a path has, and that hang on memory of such kinds: what
// stores to that may have changed them.
func (m *machine) mayAnswerAnew(st *state, changes func(kind string) bool) {
	m.loseAnswers(st, func(info *symInfo) bool { return m.flow.mayLookAt(info.asked, changes) })
}

// loseAnswers loses such answers as a path has.
func (m *machine) loseAnswers(st *state, are func(info *symInfo) bool) {
	for _, s := range m.inHand(st, m.loads, func(info *symInfo) bool { return info.asked != nil && are(info) }) {
		st.heap[loc{m.syms[s].root, m.syms[s].path}] = lost{}
	}
}

// mayLookAt reports whether what is given a value of a type may look at memory of such a kind.
func (f *flow) mayLookAt(t types.Type, is func(kind string) bool) bool {
	kinds, known := f.lookedAt[t]
	if !known {
		kinds = make(map[string]bool)
		if !addBelow(kinds, t, maxLookedAt) {
			kinds = nil
		}
		f.lookedAt[t] = kinds
	}
	if kinds == nil {
		return true // anything
	}
	for kind := range kinds {
		if is(kind) {
			return true
		}
	}
	return false
}

// addBelow adds the kinds of memory that a value of a type leads to. It reports false where
// that may be any.
func addBelow(kinds map[string]bool, t types.Type, depth int) bool {
	if depth == 0 {
		return isBasic(t)
	}
	if s, ok := coreStruct(t); ok {
		for i := range s.NumFields() {
			field := s.Field(i).Type()
			kinds[fieldKey(s, i)] = true
			if !addBelow(kinds, field, depth-1) {
				return false
			}
		}
		return true
	}
	switch u := types.Unalias(t).Underlying().(type) {
	case *types.Basic:
		return true
	case *types.Pointer:
		kinds[" "+u.Elem().String()] = true
		return addBelow(kinds, u.Elem(), depth)
	case *types.Slice:
		kinds[elementKey(t)] = true
		return addBelow(kinds, u.Elem(), depth-1)
	case *types.Map:
		kinds[elementKey(t)] = true
		return addBelow(kinds, u.Elem(), depth-1)
	}
	return isErrorType(t)
}
