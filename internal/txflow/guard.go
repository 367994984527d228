package txflow

import (
	"go/ast"
	"maps"
	"slices"

	"golang.org/x/tools/go/ssa"
)

// Functions that do not return unless what they are given is right: behind a call of one
// that is known.
// Have: func check(err error) { if err != nil { log.Fatal(err) } }

// guardCalls is how many calls down a function may leave it to others not to return.
const guardCalls = 2

// guards reports whether a short function, or one that it calls, does not return on some of
// its paths.
func (f *flow) guards(fn *ssa.Function) bool { return f.guardsWithin(fn, guardCalls) }

func (f *flow) guardsWithin(fn *ssa.Function, depth int) bool {
	if len(fn.Params) == 0 || len(fn.Blocks) == 0 || f.branchesOf(fn) > smallBranches || fn.Recover != nil {
		return false
	}
	return slices.ContainsFunc(fn.Blocks, func(b *ssa.BasicBlock) bool {
		if out, _ := f.blockEnding(b); out {
			return true
		}
		return slices.ContainsFunc(b.Instrs, func(instr ssa.Instruction) bool {
			call, ok := instr.(*ssa.Call)
			return ok && f.guardsAt(call, depth)
		})
	})
}

// guardsAt reports whether a function may not return because of one that it calls.
// Have: func NoError(err error) { Be(err == nil) }
func (f *flow) guardsAt(call *ssa.Call, depth int) bool {
	callee := call.Call.StaticCallee()
	if callee == nil || isWrapper(callee) {
		return false
	}
	if callee = declared(callee); len(callee.Blocks) > 0 {
		return depth > 0 && f.guardsWithin(callee, depth-1)
	}
	return f.factOfMake(calleeObject(&call.Call)).guards()
}

// guards reports whether a function tells nothing but for what it returns.
func (s Summary) guards() bool {
	return len(s.Errors) > 0 && !slices.ContainsFunc(s.Errors, func(k Case) bool { return len(k.Then) > 0 })
}

// guarding returns those of some declared functions that are given something and may not
// return, by their syntax; ends tells which calls may end a path.
func guarding(decls []*ast.FuncDecl, ends func(*ast.Ident) bool) map[*ast.FuncDecl]bool {
	found := make(map[*ast.FuncDecl]bool)
	names := make(map[string]bool) // of those found before
	for range guardCalls {
		before := maps.Clone(names)
		for _, fn := range decls {
			takes := fn.Recv != nil || fn.Type.Params.NumFields() > 0
			if takes && callsNamed(fn.Body, func(id *ast.Ident) bool { return before[id.Name] || ends(id) }) {
				found[fn], names[fn.Name.Name] = true, true
			}
		}
	}
	return found
}

// callsNamed reports whether a body has a call of what has such a name.
func callsNamed(body *ast.BlockStmt, is func(*ast.Ident) bool) (found bool) {
	ast.Inspect(body, func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok || found {
			return !found
		}
		switch f := ast.Unparen(call.Fun).(type) {
		case *ast.Ident:
			found = is(f)
		case *ast.SelectorExpr:
			found = is(f.Sel)
		}
		return !found
	})
	return found
}
