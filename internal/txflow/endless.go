package txflow

import (
	"go/ast"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ssa"
)

// Of many packages importers only need to know which functions never return, and most
// functions are seen to return by a look at their syntax. SSA form is made of the others:
// code that was translated from C has bodies by the ten thousand.

// buildEndless is buildOf where nothing but endings is asked for, and what short functions
// yield, if that is told: other functions that are seen to return have no body.
func (f *flow) buildEndless() []*ssa.Function {
	info := *f.pass.TypesInfo
	files, some := endlessOnly(f.pass.Files, &endless{
		ends: f.mayEnd,
		function: func(id *ast.Ident) any {
			if fn, ok := info.ObjectOf(id).(*types.Func); ok {
				return fn.Origin()
			}
			return nil
		},
		told: f.told,
	})
	if !some {
		return nil
	}
	if len(f.told) == 0 {
		info.InitOrder = nil // what variables begin with is no call of a declared function
	}
	return f.buildOf(files, &info)
}

// mayEnd reports whether a call of what is named may end a path.
func (f *flow) mayEnd(id *ast.Ident) bool {
	switch obj := f.pass.TypesInfo.Uses[id].(type) {
	case *types.Builtin:
		return obj.Name() == "panic"
	case *types.Func:
		return f.needOf(obj) == needEndings
	}
	return false
}

// Endless returns files as their package is declared, with the bodies of those functions
// alone that may never return, or have a name that may end a path, and whether there are
// any that may never return; ends tells which names may end a path. Nothing need be
// type-checked: what has one of the names counts as that. With values, the bodies of short
// functions that tell something by what they yield are there as well, and count.
func Endless(fset *token.FileSet, files []*ast.File, ends func(name string) bool, values bool) (_ []*ast.File, some bool) {
	mayEnd := func(id *ast.Ident) bool { return id.Name == "panic" || ends(id.Name) }
	var told map[*ast.FuncDecl]bool
	if values {
		told = tellers(fset, files, mayEnd)
	}
	return endlessOnly(files, &endless{
		told:     told,
		ends:     mayEnd,
		function: func(id *ast.Ident) any { return id.Name },
		keep: func(body *ast.BlockStmt) (keep bool) {
			ast.Inspect(body, func(n ast.Node) bool {
				id, ok := n.(*ast.Ident)
				keep = keep || ok && ends(id.Name)
				return !keep
			})
			return keep
		},
	})
}

// An endless is a search for functions that may never return, by their syntax. It errs
// on the side of them.
type endless struct {
	ends     func(*ast.Ident) bool // whether a call of what is named ends a path
	function func(*ast.Ident) any  // tells declared functions apart, nil for anything else
	// keep tells of which other functions to keep the body; nil if of none.
	keep  func(*ast.BlockStmt) bool
	told  map[*ast.FuncDecl]bool // keep their bodies as well
	found map[any]bool
}

func endlessOnly(files []*ast.File, s *endless) (_ []*ast.File, some bool) {
	s.found = make(map[any]bool)
	for grown := true; grown; {
		grown = false
		for _, file := range files {
			for _, d := range file.Decls {
				d, ok := d.(*ast.FuncDecl)
				if ok && d.Body != nil && !s.found[s.function(d.Name)] && s.list(d.Body.List) {
					s.found[s.function(d.Name)] = true
					grown = true
				}
			}
		}
	}
	return s.files(files), len(s.found)+len(s.told) > 0
}

// files returns files with the bodies of what may never return alone.
func (s *endless) files(files []*ast.File) (shorts []*ast.File) {
	for _, file := range files {
		short := *file
		short.Decls = nil
		for _, d := range file.Decls {
			if fn, ok := d.(*ast.FuncDecl); ok && fn.Body != nil && !s.keeps(fn) {
				bare := *fn
				bare.Body = nil
				d = &bare
			}
			short.Decls = append(short.Decls, d)
		}
		shorts = append(shorts, &short)
	}
	return shorts
}

// keeps reports whether a function keeps its body.
func (s *endless) keeps(fn *ast.FuncDecl) bool {
	return s.found[s.function(fn.Name)] || s.told[fn] || s.keep != nil && s.keep(fn.Body)
}

func (s *endless) list(list []ast.Stmt) bool {
	for _, stmt := range list {
		if s.stmt(stmt) {
			return true
		}
	}
	return false
}

// stmt reports whether a statement may never be left for the next one.
func (s *endless) stmt(stmt ast.Stmt) bool {
	switch stmt := stmt.(type) {
	case nil:
		return false
	case *ast.BlockStmt:
		return s.list(stmt.List)
	case *ast.LabeledStmt:
		return s.stmt(stmt.Stmt)
	case *ast.BranchStmt:
		return stmt.Tok == token.GOTO || stmt.Tok == token.FALLTHROUGH
	case *ast.IfStmt:
		return s.stmt(stmt.Init) || s.calls(stmt.Cond) || stmt.Else != nil && s.list(stmt.Body.List) && s.stmt(stmt.Else)
	case *ast.ForStmt:
		return stmt.Cond == nil || s.stmt(stmt.Init) || s.calls(stmt.Cond)
	case *ast.RangeStmt:
		return s.calls(stmt.X)
	case *ast.SwitchStmt:
		return s.stmt(stmt.Init) || stmt.Tag != nil && s.calls(stmt.Tag) || s.clauses(stmt.Body, false)
	case *ast.TypeSwitchStmt:
		return s.stmt(stmt.Init) || s.stmt(stmt.Assign) || s.clauses(stmt.Body, false)
	case *ast.SelectStmt:
		return s.clauses(stmt.Body, true)
	case *ast.DeferStmt, *ast.GoStmt:
		return false
	}
	return s.calls(stmt)
}

// clauses reports whether all clauses of a statement may never be left, one of which is
// executed in any case.
func (s *endless) clauses(body *ast.BlockStmt, all bool) bool {
	for _, c := range body.List {
		switch c := c.(type) {
		case *ast.CaseClause:
			all = all || c.List == nil
			for _, x := range c.List {
				if s.calls(x) {
					return true
				}
			}
			if !s.list(c.Body) {
				return false
			}
		case *ast.CommClause:
			if !s.list(c.Body) {
				return false
			}
		}
	}
	return all
}

// calls reports whether something calls, outside of function literals, what may never
// return.
func (s *endless) calls(n ast.Node) (found bool) {
	ast.Inspect(n, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			return false
		case *ast.Ident:
			fn := s.function(n)
			found = found || s.ends(n) || fn != nil && s.found[fn]
		}
		return !found
	})
	return found
}
