package txflow

import "golang.org/x/tools/go/ssa"

// A goroutine whose body is in view ends the transaction on some of its ways, and on others
// leaves it open. Where its function has nothing left to end it by, nobody does.
// Have: go func() { if err := work(tx); err != nil { done <- err; return }; done <- tx.Commit() }()

// wayLeft returns the way on which a function literal that runs by itself leaves the
// transaction open, nil if there is none, or if it does more to it than end it on the others.
func wayLeft(c *call, outs []outcome) (left *step) {
	if c.fn.Parent() == nil {
		return nil
	}
	ends := false
	for _, o := range outs {
		switch {
		case o.end != returned:
		case o.st.tx == finished:
			ends = true
		case o.st.tx != open || o.st.uncertain():
			return nil
		case left == nil:
			left = o.st.trail
		}
	}
	if !ends {
		return nil
	}
	return left
}

// leftOpen is the path on which a goroutine, started by instruction i of a block, has left
// the transaction open, and nothing that the function has leads to it any more.
func (m *machine) leftOpen(st *state, left *step, instr *ssa.Go, i int) []outcome {
	if left == nil || st.tx != handedOver || len(st.frames) > 1 || m.ob.call == nil || m.flow.info(instr.Parent()).inLoop[instr.Block()] {
		return nil
	}
	s := st.clone()
	s.tx, s.settled, s.trail = open, nil, left
	m.dropDead(s, point{instr.Block(), i + 1})
	if m.reachable(s, top{}) {
		return nil
	}
	m.beside = true
	return returns(s, nil)
}
