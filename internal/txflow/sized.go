package txflow

import (
	"go/constant"
	"go/types"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"
)

// Buffers and lists of the standard library that are a function's own are empty until
// something is put into them (T2). One that anybody else gets hold of is anything.
// Have: var problems strings.Builder; ...; if problems.Len() > 0 { tx.Rollback() }

// sizedTypes are those types, with the methods that change nothing.
var sizedTypes = map[string]map[string]bool{
	"*bytes.Buffer":        words("Available AvailableBuffer Bytes Cap Grow Len String"),
	"*container/list.List": words("Back Front Len"),
	"*strings.Builder":     words("Cap Grow Len String"),
}

// puttingName matches those of the methods that put something in, by themselves.
var puttingName = regexp.MustCompile(`^(Write(Byte|Rune|String)?|Push(Back|Front)|Insert(Before|After))$`)

// size is the path of how much such an object has, below that.
const size = "[size]"

// sizedCall follows the methods of such objects; it reports false where what they yield is
// to be found like that of any other.
func (m *machine) sizedCall(st *state, c *call) ([]outcome, bool) {
	if c.obj.Name() == "New" && c.obj.FullName() == "container/list.New" {
		return m.newList(st, c)
	}
	if c.recv == nil || c.obj.Signature().Recv() == nil {
		return nil, false
	}
	asks, ok := sizedTypes[c.obj.Signature().Recv().Type().String()]
	if !ok {
		return nil, false
	}
	a, ok := c.recv.(addr)
	if !ok || a.path != "" || !m.flow.isPrivate(m.cells[a.cell].v) {
		return nil, false
	}
	at := loc{a.cell, size}
	n, ok := st.heap[at]
	if !ok {
		n = intVal(0)
	}
	empty, known := st.decide(m.compare(st, tokenEQL, n, intVal(0)))
	switch {
	case !asks[c.name]:
		st.heap[at] = m.sizeAfter(st, c, n, known && !empty)
	case !known && st.leaving():
		return nil, false // what has been put into it settles that
	case c.name == "Len":
		return returns(st, n), true
	case known && empty && c.name == "String":
		return returns(st, constVal{constant.MakeString("")}), true
	case known && empty && (c.name == "Front" || c.name == "Back"):
		return returns(st, nilVal{}), true
	case c.name == "String":
		return returns(st, m.textOf(n)), true
	}
	return nil, false
}

// sizeAfter is how much an object has that had n, or at least some, after a method that changes
// it. What is written is taken to be some text.
func (m *machine) sizeAfter(st *state, c *call, n value, some bool) value {
	if c.name == "Reset" || c.name == "Init" {
		return intVal(0)
	}
	puts, moves := puttingName.MatchString(c.name), strings.HasPrefix(c.name, "Move")
	if puts && len(c.args) > 0 {
		if text, ok := c.args[0].(constVal); ok && text.c.Kind() == constant.String && constant.StringVal(text.c) == "" {
			return n
		}
	}
	text := m.freshAt(st, c.instr, "text")
	after := m.length(st, "len", text, types.Typ[types.String])
	if puts || moves && some {
		st.learn(text.id, fact{ne: []string{constant.MakeString("").ExactString()}})
		st.learn(after.id, fact{lo: 1, hasLo: true})
	}
	return after
}

// textOf is what is in a buffer that has so much.
func (m *machine) textOf(n value) value {
	if s, ok := n.(symVal); ok && m.syms[s.id].text != 0 {
		return symVal{m.syms[s.id].text}
	}
	return top{}
}

// newList makes a list that is a function's own.
func (m *machine) newList(st *state, c *call) ([]outcome, bool) {
	v := c.instr.Value()
	if v == nil || st.top().repeat || m.repeats(v) || !m.flow.isPrivate(v) {
		return nil, false
	}
	return returns(st, addr{cell: m.cell(cellKey{v: v, ctx: st.top().ctx}, false)}), true
}

// isPrivate reports whether a variable or a new object is used for nothing but to call its
// own methods, by its function and by literals that this calls or defers.
func (f *flow) isPrivate(v ssa.Value) bool {
	if is, known := f.private[v]; known {
		return is
	}
	switch v.(type) {
	case *ssa.Alloc, *ssa.Call:
	default:
		return false
	}
	is := onlyCalled(v)
	f.private[v] = is
	return is
}

func onlyCalled(v ssa.Value) bool {
	return !slices.ContainsFunc(*v.Referrers(), func(r ssa.Instruction) bool {
		switch r := r.(type) {
		case *ssa.DebugRef:
			return false
		case *ssa.MakeClosure:
			return !isRunHere(r) || slices.ContainsFunc(r.Bindings, func(b ssa.Value) bool {
				return b == v && !onlyCalled(r.Fn.(*ssa.Function).FreeVars[slices.Index(r.Bindings, b)])
			})
		case *ssa.Call, *ssa.Defer:
			common := r.(ssa.CallInstruction).Common()
			obj := calleeObject(common)
			return obj == nil || obj.Signature().Recv() == nil || common.IsInvoke() || slices.Contains(common.Args[1:], v)
		}
		return true
	})
}

// isRunHere reports whether a function literal is only called or deferred.
func isRunHere(literal *ssa.MakeClosure) bool {
	return !slices.ContainsFunc(*literal.Referrers(), func(r ssa.Instruction) bool {
		switch r := r.(type) {
		case *ssa.Call:
			return r.Call.Value != ssa.Value(literal)
		case *ssa.Defer:
			return r.Call.Value != ssa.Value(literal)
		case *ssa.DebugRef:
			return false
		}
		return true
	})
}
