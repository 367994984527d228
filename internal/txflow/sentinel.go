package txflow

import (
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"
)

// isSentinel reports whether a package-level variable is an error that is made
// once and never assigned again: var ErrNotFound = errors.New(...). Those of other
// packages are taken to be.
func (f *flow) isSentinel(g *ssa.Global) bool {
	if t := pointerElem(g.Type()); !types.Implements(t, errorInterface) || !nilable(t) {
		return false // also no interface of one's own around error
	}
	if g.Pkg.Pkg != f.pass.Pkg {
		return true
	}
	return f.storesOf(g) == madeOnce
}

// storesOf tells how a variable of the package is assigned.
func (f *flow) storesOf(g *ssa.Global) storeKind {
	if f.stores == nil {
		f.plain, f.code = make(map[*ssa.Global]bool), make(map[*ssa.Global]*ssa.Function)
		f.stores = f.globalStores()
	}
	return f.stores[g]
}

// note remembers what a variable is declared with: an error that wraps none, or a function.
func (f *flow) note(g *ssa.Global, v ssa.Value) {
	switch v := v.(type) {
	case *ssa.Call:
		f.plain[g] = makesPlainError(v)
	case *ssa.Function:
		f.code[g] = v
	}
}

// functionOf returns the function that a variable of the package always is, nil if that
// is not known.
// Have: var settle = func(tx *sql.Tx, err error) error { ... }
func (f *flow) functionOf(g *ssa.Global) *ssa.Function {
	if !isFunc(pointerElem(g.Type())) || g.Pkg.Pkg != f.pass.Pkg || token.IsExported(g.Name()) || f.storesOf(g) != madeOnce {
		return nil
	}
	return f.code[g]
}

// tellsOfAnother notes of a call that it was only made on another transaction, or with one,
// so that its error tells nothing of this one.
// Have: if _, err := audit.Exec("..."); errors.Is(err, sql.ErrTxDone) { return err }
func (m *machine) tellsOfAnother(st *state, c *call, another bool) {
	if v := c.instr.Value(); v != nil {
		s := m.symbol(askedOf(v, st.top().ctx), symInfo{ofAnother: another})
		m.syms[s.id].ofAnother = m.syms[s.id].ofAnother && another
	}
}

// isOfAnother reports whether a symbol is what such a call has yielded.
func (m *machine) isOfAnother(s symID) bool {
	v := m.syms[s].v
	if e, ok := v.(*ssa.Extract); ok {
		v = e.Tuple
	}
	if v == nil {
		return false
	}
	whose, ok := m.symIDs.of(askedOf(v, m.syms[s].ctx))
	return ok && m.syms[whose].ofAnother
}

// askedOf is the key of what is noted of a call, aside from what it yields.
func askedOf(v ssa.Value, ctx ctxID) symKey { return symKey{v: v, ctx: ctx, sub: "whose"} }

// passesAnother reports whether a call is made on another transaction that was begun in view,
// or with it, and not with this one.
func (m *machine) passesAnother(st *state, c *call) bool {
	isAnother := func(v value) bool {
		s, ok := unbox(v).(symVal)
		return ok && m.syms[s.id].begun
	}
	isThis := func(v value) bool { return m.holds(st, v) || m.endsParent(st, v) }
	return slices.ContainsFunc(c.params(), isAnother) && !slices.ContainsFunc(c.params(), isThis)
}

// areDistinct reports whether two errors cannot be the same one, nor one be inside the
// other: one was made by the function or is a sentinel of its package, and the other is
// one of them, too, or a sentinel; or one is a sentinel of the program, and the other comes
// from elsewhere.
func (m *machine) areDistinct(x, y symID) bool {
	if x == y {
		return false
	}
	isNew, isSentinel := m.isPlainError(x), m.isSentinel(x)
	isOther := func(s symID) bool { return m.isPlainError(s) || m.isSentinel(s) }
	switch {
	case isNew && isOther(y), m.isPlainError(y) && isOther(x):
		return true
	case isSentinel:
		return m.isForeignError(y, x)
	}
	return m.isSentinel(y) && m.isForeignError(x, y)
}

// isForeignError reports whether a symbol stands for the error of a function outside of
// the program, which cannot name a sentinel of the program's and is given no error or
// function that could bring one in.
func (m *machine) isForeignError(s, sentinel symID) bool {
	call, ok := m.syms[s].v.(*ssa.Call)
	if !ok {
		return false
	}
	obj := calleeObject(call.Common())
	if obj == nil || obj.Pkg() == nil || soundsLikeError(obj.Name()) || m.flow.isOwn(obj.Pkg()) || !m.flow.isOwn(m.syms[sentinel].v.(*ssa.Global).Pkg.Pkg) {
		return false
	}
	return !slices.ContainsFunc(call.Call.Args, func(a ssa.Value) bool { return isErrorType(a.Type()) || isFunc(a.Type()) })
}

// isOwn reports whether a package is the one that is analysed, or of its module.
func (f *flow) isOwn(pkg *types.Package) bool {
	if pkg == f.pass.Pkg {
		return true
	}
	mod := f.pass.Module
	return mod != nil && mod.Path != "" && (pkg.Path() == mod.Path || strings.HasPrefix(pkg.Path(), mod.Path+"/"))
}

// isPlainError reports whether a symbol stands for an error that has no other inside it,
// and that was made by the function or is a sentinel of its package.
func (m *machine) isPlainError(s symID) bool {
	switch v := m.syms[s].v.(type) {
	case *ssa.Call:
		return makesPlainError(v)
	case *ssa.Global:
		if !m.isSentinel(s) || v.Pkg.Pkg != m.flow.pass.Pkg {
			return false
		}
		return m.flow.plain[v]
	}
	return false
}

// isNewError reports whether a symbol stands for an error that the function has made, which
// no other is the same as, whatever is inside it.
func (m *machine) isNewError(s symID) bool {
	call, ok := m.syms[s].v.(*ssa.Call)
	if !ok {
		return false
	}
	obj := calleeObject(call.Common())
	return obj != nil && (obj.FullName() == "fmt.Errorf" || makesPlainError(call))
}

// isNoError reports whether a symbol stands for an error that is not of a type: the types of
// those that errors.New and fmt.Errorf make are hidden, and a plain one has no method but Error.
func (m *machine) isNoError(s symID, t types.Type) bool {
	iface, ok := types.Unalias(t).Underlying().(*types.Interface)
	if !ok {
		return m.isNewError(s) || m.isPlainError(s)
	}
	return m.isPlainError(s) && (iface.NumMethods() > 1 || iface.NumMethods() == 1 && iface.Method(0).Name() != "Error")
}

// makesPlainError reports whether a call makes an error that wraps none.
func makesPlainError(call *ssa.Call) bool {
	obj := calleeObject(call.Common())
	if obj == nil || obj.Pkg() == nil {
		return false
	}
	switch obj.FullName() {
	case "errors.New":
		return true
	case "fmt.Errorf":
		format, ok := call.Call.Args[0].(*ssa.Const)
		return ok && format.Value != nil && !strings.Contains(format.Value.ExactString(), "%w")
	}
	return false
}

// global finds a package-level variable by its import path and name, nil if it is not
// one that this package can name: drivers differ in whether they know of the others.
func (f *flow) global(name string) *ssa.Global {
	dot := strings.LastIndexByte(name, '.')
	if dot < 0 {
		return nil
	}
	path, name := name[:dot], name[dot+1:]
	for _, p := range f.prog.AllPackages() {
		if p.Pkg.Path() == path && (p.Pkg == f.pass.Pkg || token.IsExported(name)) {
			return p.Var(name)
		}
	}
	return nil
}

var errorInterface = types.Universe.Lookup("error").Type().Underlying().(*types.Interface)

// A storeKind tells how a package-level variable is assigned.
type storeKind uint8

const (
	neverMade storeKind = iota
	madeOnce            // by its own declaration, and not nil
	assigned            // by other code as well
)

func (f *flow) globalStores() map[*ssa.Global]storeKind {
	stores := make(map[*ssa.Global]storeKind)
	var visit func(fn *ssa.Function, depth int)
	visit = func(fn *ssa.Function, depth int) {
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				f.countStore(fn, instr, stores)
			}
		}
		for _, anon := range fn.AnonFuncs {
			if depth < maxDepth {
				visit(anon, depth+1)
			}
		}
	}
	for _, fn := range f.funcs {
		visit(fn, 0)
	}
	return stores
}

func (f *flow) countStore(fn *ssa.Function, instr ssa.Instruction, stores map[*ssa.Global]storeKind) {
	if s, ok := instr.(*ssa.Store); ok {
		if g, ok := s.Addr.(*ssa.Global); ok {
			if fn.Synthetic == "package initializer" && stores[g] == neverMade && !isNilConst(s.Val) {
				stores[g] = madeOnce
				f.note(g, s.Val)
			} else {
				stores[g] = assigned
			}
			return
		}
	}
	// A variable whose address is taken may be assigned anywhere.
	var operands [8]*ssa.Value
	for _, v := range instr.Operands(operands[:0]) {
		if g, ok := (*v).(*ssa.Global); ok {
			if u, isLoad := instr.(*ssa.UnOp); !isLoad || u.X != g {
				stores[g] = assigned
			}
		}
	}
}
