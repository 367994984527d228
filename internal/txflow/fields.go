package txflow

import (
	"go/token"
	"go/types"
	"maps"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/tools/go/ssa"
)

// memKey names a kind of memory: a global variable, or all fields with one number
// and type. Telling fields apart by less than their object would mix more of them
// up; by more, embedded and converted structs would be missed.
func memKey(path string, v ssa.Value, typ types.Type) string {
	if g, ok := v.(*ssa.Global); ok && path == "" {
		return g.RelString(nil)
	}
	return path[strings.LastIndexAny(path, ".[")+1:] + " " + typ.String()
}

// addrKey is memKey for an address in the code.
func addrKey(v ssa.Value) string {
	switch v := v.(type) {
	case *ssa.Global:
		return v.RelString(nil)
	case *ssa.FieldAddr:
		t, _ := fieldType(v.X.Type(), v.Field)
		if t != nil {
			return strconv.Itoa(v.Field) + " " + t.String()
		}
	case *ssa.IndexAddr:
		if i, ok := v.Index.(*ssa.Const); ok && arrayOf(v) != nil {
			return strconv.Itoa(int(i.Int64())) + " " + arrayOf(v).Elem().String()
		}
	}
	if p, ok := types.Unalias(v.Type()).Underlying().(*types.Pointer); ok {
		return " " + p.Elem().String()
	}
	return ""
}

// asked is how often a function asks for something, with its literals and with what
// it calls of its package. More than twice is counted as twice.
type asked struct {
	reads map[string]int   // by the kind of memory
	calls map[question]int // of functions of the package
}

// A question is a call, known by its callee and by those arguments that are results of
// other calls: such a one is hardly given twice unless it is given by name.
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
					own.reads[addrKey(instr.X)]++
				}
			case ssa.CallInstruction:
				if callee := instr.Common().StaticCallee(); callee != nil && callee.Pkg == fn.Pkg && callee.Parent() == nil {
					own.calls[questionOf(callee, instr.Common())]++
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

// add counts what is asked for n times over.
func (a asked) add(of asked, n int) {
	for k, m := range of.reads {
		a.reads[k] = min(a.reads[k]+m*n, 2)
	}
	for k, m := range of.calls {
		a.calls[k] = min(a.calls[k]+m*n, 2)
	}
}

// modifies returns the kinds of memory that a function of this package stores to,
// also through the functions of this package that it calls by name.
func (f *flow) modifies(fn *ssa.Function) map[string]bool {
	if mods, ok := f.mods[fn]; ok {
		return mods
	}
	mods := make(map[string]bool)
	visited := map[*ssa.Function]bool{fn: true}
	work := []*ssa.Function{fn}
	for len(work) > 0 {
		fn := work[len(work)-1]
		work = work[:len(work)-1]
		for _, callee := range f.storesAndCalls(fn, mods) {
			if !visited[callee] {
				visited[callee] = true
				work = append(work, callee)
			}
		}
	}
	f.mods[fn] = mods
	return mods
}

// addStored adds the kinds of memory that an address may be of. What the function itself
// has made nobody has read before.
func addStored(mods map[string]bool, addr ssa.Value) {
	for of := addr; ; {
		switch v := of.(type) {
		case *ssa.Alloc:
			return
		case *ssa.FieldAddr:
			of = v.X
			continue
		case *ssa.IndexAddr:
			if arrayOf(v) != nil {
				of = v.X
				continue
			}
		}
		break
	}
	i, ok := addr.(*ssa.IndexAddr)
	if !ok || isConst(i.Index) || arrayOf(i) == nil {
		mods[addrKey(addr)] = true
		return
	}
	for n := range min(arrayOf(i).Len(), maxFields) {
		mods[strconv.Itoa(int(n))+" "+arrayOf(i).Elem().String()] = true
	}
}

// arrayOf returns the array that an element's address is in, nil for a slice's.
func arrayOf(v *ssa.IndexAddr) *types.Array {
	if p, ok := types.Unalias(v.X.Type()).Underlying().(*types.Pointer); ok {
		if a, ok := types.Unalias(p.Elem()).Underlying().(*types.Array); ok {
			return a
		}
	}
	return nil
}

// overwriting are Go's own functions that change what their first argument holds.
var overwriting = []string{"clear", "copy", "delete"}

// storesAndCalls adds what fn itself stores to and returns the functions with a
// body that it refers to.
func (f *flow) storesAndCalls(fn *ssa.Function, mods map[string]bool) (callees []*ssa.Function) {
	var operands [8]*ssa.Value
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			switch instr := instr.(type) {
			case *ssa.Store:
				addStored(mods, instr.Addr)
			case *ssa.MapUpdate:
				if _, own := instr.Map.(*ssa.MakeMap); !own {
					mods[elementKey(instr.Map.Type())] = true
				}
			case ssa.CallInstruction:
				if b, ok := instr.Common().Value.(*ssa.Builtin); ok && slices.Contains(overwriting, b.Name()) {
					mods[elementKey(instr.Common().Args[0].Type())] = true
				}
			}
			for _, v := range instr.Operands(operands[:0]) {
				if *v == nil {
					continue
				}
				if g, ok := (*v).(*ssa.Function); ok {
					if o := g.Origin(); o != nil {
						g = o
					}
					if len(g.Blocks) > 0 {
						callees = append(callees, g)
					}
				}
			}
		}
	}
	return callees
}
