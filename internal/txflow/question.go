package txflow

import (
	"go/token"
	"go/types"
	"maps"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"
)

// What a function asks for more than once is worth remembering, and where the answer is a
// short function's, worth finding out (T2).

// asked is how often a function asks for something, with its literals and with what
// it calls of its package. More than twice is counted as twice.
type asked struct {
	reads map[string]int   // by the kind of memory, and by the function whose answer it is
	calls map[question]int // of functions of the package
}

// A question is a call, known by its callee and by those arguments that are results of
// other calls: such a result is rarely passed twice except through a variable.
type question struct {
	callee *ssa.Function
	given  string
}

type askKey struct {
	fn    *ssa.Function
	depth int
}

// askDepth is how many calls and literals down it is counted what a function asks for.
const askDepth = 2

// rereads reports whether root reads a kind of memory more than once, so that it
// is worth remembering what was read.
func (f *flow) rereads(root *ssa.Function, mem string) bool {
	return f.asks(root, askDepth).reads[mem] > 1
}

// reasks reports whether root makes such a call of callee more than once, and perhaps
// for the same answer.
func (f *flow) reasks(root, callee *ssa.Function, call *ssa.CallCommon) bool {
	return f.asks(root, askDepth).calls[questionOf(callee, call)] > 1
}

func questionOf(callee *ssa.Function, call *ssa.CallCommon) question {
	q := question{callee: callee}
	for _, a := range call.Args {
		switch a.(type) {
		case *ssa.Call, *ssa.Extract:
			q.given += a.Name() + " "
		}
	}
	return q
}

// asks counts what fn asks for, with calls and literals up to a depth.
func (f *flow) asks(fn *ssa.Function, depth int) asked {
	key := askKey{fn, depth}
	if a, ok := f.questions[key]; ok {
		return a
	}
	own := asked{make(map[string]int), make(map[question]int)}
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			switch instr := instr.(type) {
			case *ssa.UnOp:
				if instr.Op == token.MUL {
					own.read(addrKey(instr.X))
				}
			case ssa.CallInstruction:
				if obj := calleeObject(instr.Common()); obj != nil && tellsPlain(obj.Signature()) {
					own.reads[answerMark+obj.FullName()]++
				}
				if mem, loads := atomicKey(instr.Common()); loads {
					own.read(mem)
				}
				switch callee := instr.Common().StaticCallee(); {
				case callee == nil || callee.Parent() != nil:
				case callee.Pkg == fn.Pkg:
					own.calls[questionOf(callee, instr.Common())]++
				case len(callee.Blocks) == 0:
					for mem := range f.readsOf(calleeObject(instr.Common())) {
						own.read(mem)
					}
				}
			}
		}
	}
	all := asked{maps.Clone(own.reads), maps.Clone(own.calls)}
	if depth > 0 {
		for q, n := range own.calls {
			all.add(f.asks(q.callee, depth-1), n)
		}
		for _, anon := range fn.AnonFuncs {
			all.add(f.asks(anon, depth-1), 1)
		}
	}
	f.questions[key] = all
	return all
}

// readsOf are the kinds of memory by which a function of another package decides, or which it
// yields, as far as its fact tells.
// Have: func (c *Config) Transactional() bool { return c.useTx }
func (f *flow) readsOf(obj *types.Func) map[string]bool {
	reads := make(map[string]bool)
	of := func(at Spot) {
		sig := obj.Origin().Signature()
		t := paramAt(sig, sig.Recv() != nil, at.Index)
		path, _, _ := strings.Cut(at.Path, maskStep)
		first, rest, _ := strings.Cut(strings.TrimSuffix(path, lengthStep), "*")
		if t == nil || rest == "" {
			return
		}
		t = typeAt(t, first)
		for _, path := range strings.Split(rest, "*") {
			reads[kindAt(pointerElem(t), path)] = true
			t = typeAt(pointerElem(t), path)
		}
	}
	does := f.factOfMake(obj)
	if !does.Looks {
		return nil // it answers anew each time
	}
	for _, k := range does.Errors {
		for _, w := range k.When {
			of(w.At)
		}
		for _, t := range k.Then {
			if t.Is == condSame {
				of(t.Same)
			}
		}
	}
	return reads
}

// read counts what is read once.
func (a asked) read(kind string) {
	a.reads[kind]++
	if without := nameless(kind); without != kind {
		a.reads[without]++
	}
}

// add counts what is asked for n times over.
func (a asked) add(of asked, n int) {
	for k, m := range of.reads {
		a.reads[k] = min(a.reads[k]+m*n, 2)
	}
	for k, m := range of.calls {
		a.calls[k] = min(a.calls[k]+m*n, 2)
	}
}

// isQuestion reports whether a callee only answers a question that may be asked more
// than once, so that the answers may have to agree (T2). Running a callee
// without branches costs nothing, and its caller may read the same answer directly.
func (m *machine) isQuestion(c *call) bool {
	if c.fn == nil || c.fn.Parent() != nil || c.fn.Signature.Results().Len() != 1 || isCgo(c.fn) {
		return false
	}
	answer := types.Unalias(c.fn.Signature.Results().At(0).Type()).Underlying()
	_, basic := answer.(*types.Basic)
	_, code := answer.(*types.Signature)
	switch {
	case len(c.fn.Blocks) == 1:
		return basic || !code && !slices.ContainsFunc(c.fn.Blocks[0].Instrs, isCall)
	case len(c.fn.Blocks) > 1:
		return basic && m.isShort(c.fn) && (m.flow.asksForEnd(c.fn) || m.flow.reasks(m.root, c.fn, c.instr.Common()))
	}
	return false
}

// isCgo reports whether a function was written by cgo, to call C: its result is stored
// behind the back of the type system.
func isCgo(fn *ssa.Function) bool { return strings.HasPrefix(fn.Name(), "_C") }

func isCall(instr ssa.Instruction) bool {
	_, ok := instr.(ssa.CallInstruction)
	return ok
}

// isSetter reports whether a short callee stores to fields that are read where it is
// called from, or by those who call that, so that what it stores is worth knowing.
// Have: func (s *server) fail() { s.failed = true }
func (m *machine) isSetter(c *call) bool {
	if c.fn == nil || c.fn.Parent() != nil || !m.isShort(c.fn) {
		return false
	}
	if m.ob.call == nil && m.subject == nil {
		return storesItself(c.fn) // callers are told of it
	}
	reads := m.flow.asks(m.root, askDepth).reads
	return storesFlag(c.fn, func(address ssa.Value) bool { return isFieldOfParam(address) && reads[addrKey(address)] > 0 })
}

// storesFlag reports whether a function stores what conditions are made of at such an
// address.
func storesFlag(fn *ssa.Function, is func(address ssa.Value) bool) bool {
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			if store, ok := instr.(*ssa.Store); ok && isFlag(store.Val.Type()) && is(store.Addr) {
				return true
			}
		}
	}
	return false
}

// isFieldOfParam reports whether an address is of a field of what a parameter leads to.
func isFieldOfParam(address ssa.Value) bool {
	if _, ok := address.(*ssa.FieldAddr); !ok {
		return false
	}
	for range maxReads {
		switch v := address.(type) {
		case *ssa.FieldAddr:
			address = v.X
		case *ssa.UnOp:
			address = v.X
		default:
			_, ok := v.(*ssa.Parameter)
			return ok
		}
	}
	return false
}

// isFlag reports whether conditions are made of values of type t: it is basic, an error
// or a slice, or may be.
func isFlag(t types.Type) bool {
	switch types.Unalias(t).Underlying().(type) {
	case *types.Basic, *types.Slice:
		return true
	}
	return isErrorType(t) || isTypeParam(t)
}
