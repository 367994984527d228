package txflow

import (
	"go/constant"
	"slices"

	"golang.org/x/tools/go/ssa"
)

func intVal(n int64) value { return constVal{constant.MakeInt64(n)} }

// leave returns from the top frame.
func (m *machine) leave(st *state, instr *ssa.Return, emit func(exit)) {
	// The builder leaves out RunDefers where only the body of a range over a
	// function defers; everywhere else nothing is deferred any more here.
	if b := instr.Block(); isRangeBody(b.Parent()) && b.Comment != "yield-continue" {
		m.goRound(st, b, 0, nil, idleConds(st, b))
	}
	for _, s := range m.runDefers(st) {
		results := make([]value, len(instr.Results))
		for i, r := range instr.Results {
			results[i] = m.eval(s, r)
		}
		emit(exit{kind: returned, instr: instr, results: results, st: s})
	}
}

// deferCall remembers a deferred call. The body of a range over a function defers
// on behalf of the function it stands in.
func (m *machine) deferCall(st *state, instr *ssa.Defer, fun value, args []value) {
	i := len(st.frames) - 1
	source := sourceFunc(st.frames[i].fn)
	for i > 0 && st.frames[i].fn != source {
		i--
	}
	fr := st.own(i)
	d := deferred{instr, fun, args}
	for _, e := range fr.defers {
		if e.instr == d.instr && same(agg{append([]value{e.fun}, e.args...)}, agg{append([]value{d.fun}, d.args...)}) {
			return // a turn of a loop defers what an earlier one did
		}
	}
	fr.defers = append(slices.Clip(fr.defers), d)
}

// sourceFunc returns the declared function or literal that fn is part of: fn
// itself, unless it is the body of a range over a function.
func sourceFunc(fn *ssa.Function) *ssa.Function {
	for isRangeBody(fn) {
		fn = fn.Parent()
	}
	return fn
}

func isRangeBody(fn *ssa.Function) bool { return fn.Synthetic == "range-over-func yield" }

// runDefers runs the deferred calls of the top frame, last in first out (T6), and
// yields the states of the paths that go on to return.
func (m *machine) runDefers(st *state) []*state {
	if len(st.top().defers) == 0 {
		return []*state{st}
	}
	var left []*state
	for _, s := range m.deferredCalls(st) {
		if !s.top().unwinding {
			left = append(left, s)
		}
	}
	return left
}

// deferredCalls runs what the top frame has deferred. A deferred call that panics
// leaves its state unwinding, one that recovers leaves it not unwinding.
func (m *machine) deferredCalls(st *state) []*state {
	var done []*state
	seen := make(map[string]bool)
	work := []*state{st}
	for len(work) > 0 && m.capped == "" {
		s := work[0]
		work = work[1:]
		m.collect(s)
		if key := s.Key(); seen[key] {
			continue
		} else {
			seen[key] = true
		}
		fr := s.top()
		if len(fr.defers) == 0 {
			done = append(done, s)
			continue
		}
		d := fr.defers[len(fr.defers)-1]
		fr.defers = fr.defers[: len(fr.defers)-1 : len(fr.defers)-1]
		s.trail = &step{prev: s.trail, kind: stepDeferred, instr: d.instr, depth: len(s.frames)}
		m.now = d.instr
		c := m.resolve(d.instr, d.fun, d.args)
		c.deferred = true
		for _, o := range m.clearly(s, c) {
			if o.end == panicked || o.end == designed {
				o.st.own(len(o.st.frames) - 1).unwinding = true
			}
			work = append(work, o.st)
		}
	}
	return done
}

// clearly follows a deferred call. Where it decides by what is not known, and all ways come
// to the same, it does not matter that it is not.
// Have: defer func() { if err := rows.Close(); err != nil { log.Print(err) } }()
func (m *machine) clearly(st *state, c *call) []outcome {
	outs := m.call(st, c)
	if st.vague || !m.comeToSame(outs) {
		return outs
	}
	for _, o := range outs {
		o.st.vague = false
	}
	return outs
}

// comeToSame reports whether outcomes are uncertain, and differ in nothing else.
func (m *machine) comeToSame(outs []outcome) bool {
	ways := make(map[string]bool)
	for _, o := range outs {
		if !o.st.vague || o.end != returned {
			return false
		}
		s := o.st.clone()
		m.collect(s)
		s.vague = false
		ways[s.Key()] = true
	}
	return len(ways) == 1
}

// unwind leaves the top frame because of a panic at instr. Where a deferred call
// recovers, the function returns what its named results hold then.
func (m *machine) unwind(st *state, instr ssa.Instruction, kind exitKind, emit func(exit)) {
	st = st.clone()
	fr := st.top()
	fr.unwinding = true
	for _, s := range m.deferredCalls(st) {
		if s.top().unwinding {
			emit(exit{kind: kind, instr: instr, st: s})
			continue
		}
		back := fr.fn.Recover
		if back == nil {
			emit(exit{kind: recovered, instr: instr, st: s, byDesign: kind == designed})
			continue
		}
		for _, e := range m.runFrom(visit{Node: point{back, 0}, State: s}) {
			e.kind, e.instr, e.byDesign = recovered, instr, kind == designed
			emit(e)
		}
	}
}

// recover is Go's recover(): it stops the panic of the frame whose deferred call
// this is.
func (m *machine) recover(st *state) value {
	i := len(st.frames) - 2
	if i < 0 || !st.top().deferred || !st.frames[i].unwinding {
		return nilVal{}
	}
	st.own(i).unwinding = false
	return nonNil{}
}

// mayPanic reports whether a function, or one that it calls, says panic on some path.
// Callees that are large are not looked into.
func (f *flow) mayPanic(fn *ssa.Function) bool {
	if may, ok := f.panics[fn]; ok {
		return may
	}
	may := false
	seen := map[*ssa.Function]bool{fn: true}
	for work := []*ssa.Function{fn}; len(work) > 0 && !may; {
		callee := work[0]
		work = work[1:]
		if callee.Recover != nil {
			continue
		}
		for _, b := range callee.Blocks {
			for _, instr := range b.Instrs {
				switch instr := instr.(type) {
				case *ssa.Panic:
					may = true
				case *ssa.Call:
					if callee := instr.Call.StaticCallee(); callee != nil && len(callee.Blocks) <= smallBlocks && !seen[callee] {
						seen[callee] = true
						work = append(work, callee)
					}
				}
			}
		}
	}
	f.panics[fn] = may
	return may
}

// panicKind tells a panic that a framework recovers by design from any other.
func (m *machine) panicKind(instr *ssa.Panic) exitKind {
	if m.flow.isAbort(instr) {
		return designed
	}
	return panicked
}
