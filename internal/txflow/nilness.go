package txflow

import (
	"go/constant"
	"go/token"
	"go/types"
	"strconv"

	"golang.org/x/tools/go/ssa"

	"github.com/txcheck/txcheck/internal/protocol"
)

// ownError answers a question about an error that the function has made itself; ok reports
// whether it is one. The answer is top where it hangs on what somebody else has made.
func (m *machine) ownError(st *state, c *call, err value) (answer value, ok bool) {
	if !m.isSettled(st, err) {
		return nil, false
	}
	made, isBoxed := err.(boxed)
	switch {
	case len(c.args) == 2 && c.name == "As":
		answer = m.asTarget(st, err, c.args[1])
		if _, unknown := answer.(lost); unknown {
			m.fill(st, c, err, c.args[1])
		}
		return answer, true
	case isBoxed && len(c.args) == 2 && c.name == "Is":
		return m.isTarget(st, made, c.args[1]), true
	}
	return lost{}, isBoxed
}

// isFirstFailure reports whether a value that is read is the first of a list of errors, and
// is returned at once: of a list that gathers what has failed.
// Have: if len(errs) > 0 { return errs[0] }
func isFirstFailure(load *ssa.UnOp) bool {
	at, ok := load.X.(*ssa.IndexAddr)
	if !ok || !isErrorType(load.Type()) {
		return false
	}
	i, isConst := at.Index.(*ssa.Const)
	_, isSlice := at.X.Type().Underlying().(*types.Slice)
	return isSlice && isConst && i.Int64() == 0 && isOnlyReturned(load)
}

// fill stores what is found inside an error in the variable that it is looked for with,
// if that is the address of one which may hold errors.
// Have: var taken *pgconn.PgError; if errors.As(err, &taken) && taken.Code == "23505" { ... }
func (m *machine) fill(st *state, c *call, err, target value) {
	to, ok := target.(boxed)
	if !ok {
		return
	}
	typ := pointerElem(to.typ)
	if typ == to.typ || !types.IsInterface(typ) && !types.Implements(typ, errorInterface) {
		return
	}
	m.spoil(st, c, to)
	s, ok := unbox(err).(symVal)
	if a, isAddr := to.v.(addr); ok && isAddr && (isPointer(typ) || types.IsInterface(typ)) {
		sub := "as " + strconv.Itoa(int(s.id)) + types.TypeString(typ, nil)
		found := m.symbol(symKey{sub: sub}, symInfo{deps: [2]symID{s.id}})
		st.learn(found.id, fact{nilness: isNotNil})
		m.write(st, a, found)
	}
}

// nilnessRole knows an error result without looking at a body.
func (m *machine) nilnessRole(st *state, c *call, n *protocol.Nilness) []outcome {
	switch {
	case n.NonNil:
		inside, own := m.wraps(st, c)
		if !own {
			inside = m.madeAround(st, c)
		}
		return []outcome{m.failure(st, c, n, carried{own: own, inside: inside})}
	case n.Arg >= len(c.args):
		return returns(st, nil)
	case n.ProvesArg:
		outs := m.proof(st, c, c.args[n.Arg])
		for i, o := range outs {
			outs[i] = m.yields(o.st, c, o.result, n.Result)
		}
		return outs
	}
	if sig := c.instr.Common().Signature(); sig.Variadic() && n.Arg == sig.Params().Len()-1 {
		return m.joined(st, c, n)
	}
	switch arg := c.args[n.Arg]; st.nilnessOf(arg) {
	case isNil:
		return []outcome{m.yields(st, c, nilVal{}, n.Result)}
	case isNotNil:
		return []outcome{m.failure(st, c, n, carried{})}
	default:
		// The result is nil exactly when the argument is: one symbol serves both.
		return []outcome{m.yields(st, c, arg, n.Result)}
	}
}

// failure is a call of that kind which yields an error, and what is known of that.
func (m *machine) failure(st *state, c *call, n *protocol.Nilness, of carried) outcome {
	err := m.yielded(st, c, "err")
	st.setFact(err.id, fact{nilness: isNotNil, of: of})
	return m.yields(st, c, err, n.Result)
}

// joined follows a call whose error is nil exactly when all of its last arguments
// are. Each way in which it is not nil is one in which another argument is the
// first that is not.
func (m *machine) joined(st *state, c *call, n *protocol.Nilness) []outcome {
	list := c.instr.Common().Signature().Params().At(n.Arg).Type().(*types.Slice)
	size, ok := m.arrayLen(c.args[n.Arg])
	if !ok || size > maxJoined {
		return m.gathered(st, c, n, m.lengthOf(st, "len", c.args[n.Arg], list))
	}
	var outs []outcome
	a := c.args[n.Arg].(addr)
	for i := range size {
		arg := m.read(st, addr{a.cell, fieldPath(a.path, int(i))}, list.Elem(), 1)
		fails := st.clone()
		none := m.compare(st, tokenEQL, arg, nilVal{})
		if fails.assume(none, false) {
			outs = append(outs, m.failure(fails, c, n, carried{}))
		}
		if !st.assume(none, true) {
			return outs
		}
	}
	return append(outs, m.yields(st, c, nilVal{}, n.Result))
}

// gathered is joined for a list of that length: what was gathered are errors, and what a
// list was made with may be none.
func (m *machine) gathered(st *state, c *call, n *protocol.Nilness, length value) []outcome {
	if made, isMade := length.(constVal); length == nil || isMade && !constant.Compare(made.c, token.EQL, constant.MakeInt64(0)) {
		return returns(st, nil)
	}
	var outs []outcome
	none := m.compare(st, tokenEQL, length, intVal(0))
	if some := st.clone(); some.assume(none, false) && m.imply(some, none) {
		outs = append(outs, m.failure(some, c, n, carried{}))
	}
	if st.assume(none, true) {
		outs = append(outs, m.yields(st, c, nilVal{}, n.Result))
	}
	return outs
}

// maxJoined bounds the arguments that are told apart.
const maxJoined = 4

// proof follows a predicate on an error, such as errors.Is: true proves that the
// error is not nil, and asking again gives the same answer.
func (m *machine) proof(st *state, c *call, err value) []outcome {
	err = m.innermost(st, c, err)
	outs := m.predicate(st, c, err)
	for _, o := range outs {
		if is, known := o.st.decide(o.result); known && is && len(c.args) == 2 {
			m.foundEnded(o.st, err, c.args[1])
		}
	}
	return outs
}

// questionAbout names the question whether an error is another one, or is of the type that a
// variable has, whichever that is.
// Have: errors.As(err, &taken)
func questionAbout(c *call, err value) string {
	key := "?" + c.obj.FullName() + keyOf(err)
	for _, a := range c.args[1:] {
		if target, ok := a.(boxed); ok && c.name == "As" {
			key += types.TypeString(target.typ, nil)
			continue
		}
		key += keyOf(a)
	}
	return key
}

func (m *machine) predicate(st *state, c *call, err value) []outcome {
	var answer value = top{}
	if made, ok := m.ownError(st, c, err); ok {
		if _, isFree := made.(top); !isFree {
			return returns(st, made)
		}
		answer = m.symbol(symKey{sub: questionAbout(c, err)}, symInfo{})
	}
	if len(c.args) == 2 && same(c.args[0], c.args[1]) && m.sentinelOf(err) != "" {
		return returns(st, boolVal(true))
	}
	if s, ok := unbox(err).(symVal); ok {
		if target, ok := unbox(c.args[len(c.args)-1]).(symVal); ok && len(c.args) == 2 && m.areDistinct(s.id, target.id) {
			return returns(st, boolVal(false))
		}
		if m.isSettled(st, s) {
			return returns(st, m.isInside(st, c, s.id))
		}
		answer = m.symbol(symKey{sub: questionAbout(c, err)}, symInfo{deps: [2]symID{s.id}})
	}
	yes := st.clone()
	var outs []outcome
	if yes.assume(answer, true) && yes.assume(m.compare(yes, tokenEQL, err, nilVal{}), false) {
		m.fill(yes, c, err, c.args[len(c.args)-1])
		outs = append(outs, outcome{st: yes, result: boolVal(true)})
	}
	if st.assume(answer, false) {
		outs = append(outs, outcome{st: st, result: boolVal(false)})
	}
	return outs
}

// isNilConst reports whether a value in the code is the constant nil.
func isNilConst(v ssa.Value) bool {
	c, ok := v.(*ssa.Const)
	return ok && c.IsNil()
}

// comparedToNil returns what a condition compares to nil, and whether it is true if that is nil.
// Have: err != nil
func comparedToNil(cond ssa.Value) (x ssa.Value, ifNil, ok bool) {
	cmp, ok := cond.(*ssa.BinOp)
	if !ok || cmp.Op != token.EQL && cmp.Op != token.NEQ || !isNilConst(cmp.Y) {
		return nil, false, false
	}
	return cmp.X, cmp.Op == token.EQL, true
}

// nilBranch returns what the branch at the end of a block compares to nil, and the blocks
// that it leads to where that is nil and where it is not; nil if there is no such branch.
func nilBranch(b *ssa.BasicBlock) (x ssa.Value, isNil, isNot *ssa.BasicBlock) {
	branch, ok := b.Instrs[len(b.Instrs)-1].(*ssa.If)
	if !ok {
		return nil, nil, nil
	}
	x, ifNil, ok := comparedToNil(branch.Cond)
	switch {
	case !ok:
		return nil, nil, nil
	case ifNil:
		return x, b.Succs[0], b.Succs[1]
	}
	return x, b.Succs[1], b.Succs[0]
}
