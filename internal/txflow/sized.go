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
		return m.printed(st, c)
	}
	asks, ok := sizedTypes[c.obj.Signature().Recv().Type().String()]
	if !ok {
		return nil, false
	}
	a, ok := c.recv.(addr)
	if !ok {
		return nil, false
	}
	if !m.isOwnBuffer(a) {
		return m.sharedSize(st, c, a, asks[c.name])
	}
	at := loc{a.cell, size}
	n := st.sizeAt(at)
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

// isOwnBuffer reports whether such an object at an address is a function's own.
func (m *machine) isOwnBuffer(a addr) bool {
	return a.path == "" && m.flow.isPrivate(m.cells[a.cell].v)
}

// sizeAt is how much an object of a function's own has.
func (st *state) sizeAt(at loc) value {
	if n, ok := st.heap[at]; ok {
		return n
	}
	return intVal(0)
}

// sharedSize is sizedCall for an object that others may fill or empty. It has what was put
// into it last; else that is anything when it is asked first, and nobody knows what it is
// afterwards.
// Have: if w.buf.Len() == 0 { return nil }, in two methods of one writer
func (m *machine) sharedSize(st *state, c *call, a addr, asks bool) ([]outcome, bool) {
	at := loc{a.cell, a.path + size}
	n, touched := st.heap[at]
	switch {
	case !asks:
		st.heap[at] = lost{}
		if after := m.sizeAfter(st, c, lost{}, false); m.isSome(st, after) {
			st.heap[at] = after
		}
	case c.name != "Len" && c.name != "String":
	case touched && c.name == "Len":
		return returns(st, n), true
	case touched && isLost(n):
		return returns(st, n), true
	case touched:
		return returns(st, m.textOf(n)), true
	default:
		st.heap[at] = lost{}
	}
	return nil, false
}

// isSome reports whether a size is known not to be none.
func (m *machine) isSome(st *state, n value) bool {
	none, known := st.decide(m.compare(st, tokenEQL, n, intVal(0)))
	return known && !none
}

// shareSizes lets a callee that is not followed change how much there is in the objects that
// what it is given leads to.
func (m *machine) shareSizes(st *state, c *call) {
	if c.obj != nil && c.obj.Signature().Recv() != nil && sizedTypes[c.obj.Signature().Recv().Type().String()] != nil {
		return
	}
	given := agg{append(c.params(), c.fun)}
	for l, n := range st.heap {
		if !strings.HasSuffix(l.path, size) || isLost(n) || m.isOwnBuffer(addr{l.cell, strings.TrimSuffix(l.path, size)}) {
			continue
		}
		leads := func(v value) bool {
			switch v := v.(type) {
			case addr:
				return v.cell == l.cell
			case symVal:
				return m.cellBehind(v.id) == l.cell
			}
			return false
		}
		if m.reaches(st, given, leads) {
			st.heap[l] = lost{}
		}
	}
}

// printers are functions that write to their first argument.
var printers = words("fmt.Fprint fmt.Fprintf fmt.Fprintln io.WriteString")

// printed follows one of them that writes to a buffer; it reports false for any other call.
// Have: fmt.Fprintf(&problems, "%s has failed\n", name)
func (m *machine) printed(st *state, c *call) ([]outcome, bool) {
	if c.recv != nil || len(c.args) == 0 || !printers[c.obj.FullName()] {
		return nil, false
	}
	to, ok := c.args[0].(boxed)
	if !ok || sizedTypes[to.typ.String()] == nil {
		return nil, false
	}
	a, ok := to.v.(addr)
	if !ok {
		return nil, false
	}
	st.heap[loc{a.cell, a.path + size}] = m.someText(st, c, true)
	return returns(st, m.unknownResult(st, c.instr, resultType(c.instr), false)), true
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
	return m.someText(st, c, puts && !strings.HasSuffix(c.name, "List") || moves && some)
}

// someText is how much an object has that a call has put any text into, which is none only
// if it may be.
func (m *machine) someText(st *state, c *call, some bool) value {
	text := m.freshAt(st, c.instr, "text")
	after := m.length(st, "len", text, types.Typ[types.String])
	if some {
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
// own methods and to print to, by its function and by literals that this calls or defers.
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
		case *ssa.MakeInterface:
			return slices.ContainsFunc(*r.Referrers(), func(use ssa.Instruction) bool { return !isPrint(use, r) })
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

// isPrint reports whether an instruction prints to a value, and does nothing else with it.
func isPrint(instr ssa.Instruction, to ssa.Value) bool {
	call, ok := instr.(*ssa.Call)
	if !ok {
		return false
	}
	obj := calleeObject(&call.Call)
	return obj != nil && printers[obj.FullName()] && call.Call.Args[0] == to && !slices.Contains(call.Call.Args[1:], to)
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
