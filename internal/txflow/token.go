package txflow

import (
	"go/constant"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"
)

// A channel with room that nothing but the function itself sends on and receives from holds as
// many tokens as it has put there. How many these are stands in memory behind the channel.
// Have: ready := make(chan int, 1); if warm { ready <- 1 }; select { case <-ready: return nil; default: }

// tokensPath is the path behind a channel at which that stands.
const tokensPath = ".tokens"

// maxTokens bounds the room of such a channel, and with that how many paths it keeps apart.
const maxTokens = 4

// roomFor returns how many tokens a channel has room for, where they are counted.
func roomFor(made *ssa.MakeChan) (room int64, ok bool) {
	size, isConst := made.Size.(*ssa.Const)
	if !isConst || size.Int64() < 1 || size.Int64() > maxTokens {
		return 0, false
	}
	for _, r := range *made.Referrers() {
		switch r := r.(type) {
		case *ssa.Send:
			ok = r.Chan == ssa.Value(made)
		case *ssa.UnOp:
			ok = r.Op == token.ARROW
		case *ssa.Select:
			ok = !slices.ContainsFunc(r.States, func(s *ssa.SelectState) bool { return s.Send == ssa.Value(made) })
		case *ssa.DebugRef:
			ok = true
		default:
			ok = false
		}
		if !ok {
			return 0, false
		}
	}
	return size.Int64(), ok
}

// makeTokens makes such a channel.
func (m *machine) makeTokens(st *state, v *ssa.MakeChan) value {
	s := m.fresh(st, v, "")
	st.learn(s.id, fact{nilness: isNotNil})
	at, _ := m.pointee(s)
	st.heap[loc{at.cell, tokensPath}] = intVal(0)
	return s
}

// tokens returns where it stands how many tokens a channel holds, and whether there is one to
// take, or room for one more; ok is false where that is not followed.
func (m *machine) tokens(st *state, ch value, puts bool) (at loc, next value, ready, ok bool) {
	s, isSym := ch.(symVal)
	if !isSym {
		return loc{}, nil, false, false
	}
	made, isMade := m.syms[s.id].v.(*ssa.MakeChan)
	at = loc{m.cellBehind(s.id), tokensPath}
	count, known := st.heap[at].(constVal)
	if !isMade || !known {
		return loc{}, nil, false, false
	}
	n, _ := constant.Int64Val(count.c)
	if puts {
		room, _ := roomFor(made)
		return at, intVal(n + 1), n < room, true
	}
	return at, intVal(n - 1), n > 0, true
}

// passToken puts a token into a channel, or takes one out. It reports false where nobody can
// ever do the opposite, for which that waits.
func (m *machine) passToken(st *state, ch value, puts bool) bool {
	at, next, ready, ok := m.tokens(st, ch, puts)
	if ok && ready {
		st.heap[at] = next
	}
	return ready || !ok
}

// askTokens splits a path by what a select goes on with, where it asks channels whose tokens
// are counted: the default is for when none of these is ready.
func (m *machine) askTokens(st *state, v *ssa.Select, index value) (all []*state) {
	if !slices.ContainsFunc(v.States, func(s *ssa.SelectState) bool { return m.isCounted(st, s) }) {
		return []*state{st}
	}
	goOn := func(i int) *state {
		s := st.clone()
		if s.assume(m.compare(s, tokenEQL, index, intVal(int64(i))), true) {
			all = append(all, s)
		}
		return s
	}
	anyReady := false
	for i, s := range v.States {
		at, next, ready, ok := m.tokens(st, m.eval(st, s.Chan), isPut(s))
		switch {
		case !ok:
			goOn(i)
		case ready:
			goOn(i).heap[at] = next
			anyReady = true
		}
	}
	if !v.Blocking && !anyReady {
		goOn(-1)
	}
	return all
}

// isUnsure reports whether a select goes on with what it finds in a channel of the function's
// own whose tokens are not counted.
func (m *machine) isUnsure(st *state, v *ssa.Select) bool {
	return !v.Blocking && slices.ContainsFunc(v.States, func(s *ssa.SelectState) bool { return isToken(s) && !m.isCounted(st, s) })
}

// isCounted reports whether the tokens are counted of the channel of a case.
func (m *machine) isCounted(st *state, s *ssa.SelectState) bool {
	_, _, _, ok := m.tokens(st, m.eval(st, s.Chan), isPut(s))
	return ok
}

// isPut reports whether a case of a select sends.
func isPut(s *ssa.SelectState) bool { return s.Dir == types.SendOnly }
