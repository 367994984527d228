package txflow

import (
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/txcheck/txcheck/internal/protocol"
)

// Bounds of the places at which a transaction is looked for.
const (
	// maxSpots bounds the places below one parameter, the nearest first: a unit of work
	// has its transaction in each of its repositories as well.
	maxSpots = 16
	// maxHops bounds the pointers between a parameter and a place below it.
	maxHops = 3
	// maxPlaces bounds the places that are looked at below one parameter: a type may
	// lead to any number.
	maxPlaces = 600
	// maxSubjects bounds the places of one parameter for which a function is followed.
	maxSubjects = 4
)

// subjects are the places in the arguments of fn at which a caller can pass a
// transaction that fn comes to.
func (f *flow) subjects(fn *ssa.Function) (spots []Spot) {
	for i, p := range fn.Params {
		paths := f.spotsBelow(p)
		if len(paths) > 1 {
			used := fieldsUsed(p)
			paths = slices.DeleteFunc(slices.Clone(paths), func(path string) bool { return !used(path) })
		}
		for _, path := range paths[:min(len(paths), maxSubjects)] {
			spots = append(spots, Spot{Index: i, Path: path})
		}
	}
	return spots
}

// spotsBelow are the places in and below a parameter at which its function can come to a
// transaction: by the parameter's type, or by what it takes the contents for.
func (f *flow) spotsBelow(p *ssa.Parameter) []string {
	if paths, ok := f.below[p]; ok {
		return paths
	}
	paths := []string{""}
	if !f.convertsToTx(p) && !f.looksForTx(p) {
		paths = f.txPaths(p.Type())
		for _, path := range f.assertsTx(p) {
			if !slices.Contains(paths, path) {
				paths = append(slices.Clip(paths), path)
			}
		}
	}
	f.below[p] = paths
	return paths
}

// txPaths are the places in and below a value of type t that can hold a transaction, or
// a function that ends one, the nearest first.
// Have: type Tx struct { Commit, Rollback func() error }
func (f *flow) txPaths(t types.Type) []string {
	if paths, ok := f.paths[t]; ok {
		return paths
	}
	type place struct {
		t    types.Type
		path string
		hops int
	}
	var paths []string
	work := []place{{t: t}}
	for i := 0; i < len(work) && i < maxPlaces && len(paths) < maxSpots; i++ {
		p := work[i]
		if f.canBeTx(p.t) || isTypeParam(p.t) || isTypeParam(pointerElem(p.t)) {
			paths = append(paths, p.path)
			continue
		}
		if ptr, ok := types.Unalias(p.t).Underlying().(*types.Pointer); ok {
			if p.hops < maxHops {
				work = append(work, place{ptr.Elem(), p.path + "*", p.hops + 1})
			}
			continue
		}
		if path, elem, ok := atomicPointer(p.t); ok {
			work = append(work, place{elem, p.path + path, p.hops})
			continue
		}
		if st, ok := coreStruct(p.t); ok && st.NumFields() <= maxFields {
			for j := range st.NumFields() {
				field, path := st.Field(j), fieldPath(p.path, j)
				if isOfStandard(field) {
					continue
				}
				if isFunc(field.Type()) && soundsLikeFinish(field.Name()) {
					paths = append(paths, path)
					continue
				}
				work = append(work, place{field.Type(), path, p.hops})
			}
		}
	}
	f.paths[t] = paths
	return paths
}

// isOfStandard reports whether a field is one that only the standard library comes to, which
// puts no transaction there. A test has a cancel: to follow each test for what it does to
// that would cost more than all the rest.
func isOfStandard(field *types.Var) bool {
	return !field.Exported() && field.Pkg() != nil && field.Pkg().Path() != "database/sql" && protocol.InStandard(field.Pkg().Path())
}

func isTypeParam(t types.Type) bool {
	_, ok := types.Unalias(t).(*types.TypeParam)
	return ok
}

func isFunc(t types.Type) bool {
	_, ok := types.Unalias(t).Underlying().(*types.Signature)
	return ok
}

// fieldsUsed tells of a path below a parameter whether its function comes to the first
// field on it.
func fieldsUsed(p *ssa.Parameter) func(path string) bool {
	used := make(map[int]bool)
	for _, r := range *p.Referrers() {
		switch r := r.(type) {
		case *ssa.FieldAddr:
			used[r.Field] = true
		case *ssa.Field:
			used[r.Field] = true
		case *ssa.BinOp, *ssa.DebugRef:
		default: // it is passed on as a whole
			return func(string) bool { return true }
		}
	}
	return func(path string) bool {
		first, _, _ := strings.Cut(strings.TrimPrefix(path, "*"), "*")
		i, _, ok := cutPath(first)
		return !ok || used[i]
	}
}

// isTakenForTx reports whether a result is asserted to be a transaction.
func (f *flow) isTakenForTx(v ssa.Value) bool {
	return slices.ContainsFunc(*v.Referrers(), func(r ssa.Instruction) bool {
		a, ok := r.(*ssa.TypeAssert)
		return ok && f.canBeTx(a.AssertedType)
	})
}

// leadsToTx reports whether a value of type t is, or has in it, what can be a transaction.
func (f *flow) leadsToTx(t types.Type) bool {
	return f.canBeTx(t) || !types.IsInterface(t) && len(f.txPaths(t)) > 0
}

// convertsToTx reports whether a function takes a transaction under another name.
// Have: type Tx sql.Tx; func (tx *Tx) Close() error { return (*sql.Tx)(tx).Rollback() }
func (f *flow) convertsToTx(v ssa.Value) bool {
	return !f.canBeTx(v.Type()) && slices.ContainsFunc(*v.Referrers(), func(r ssa.Instruction) bool {
		c, ok := r.(*ssa.ChangeType)
		return ok && f.canBeTx(c.Type())
	})
}

// plant puts the transaction at a path below a parameter or a captured variable.
func (m *machine) plant(st *state, p ssa.Value, path string) {
	if path == "" {
		st.top().regs[p] = m.stand
		return
	}
	v := st.top().regs[p]
	typ := p.Type()
	steps := strings.SplitAfter(path, "*")
	for i, s := range steps {
		last := i == len(steps)-1
		if i == 0 && s != "*" && last { // a struct by value
			st.top().regs[p] = m.planted(v, typ, s)
			return
		}
		if i == 0 {
			if path := strings.TrimSuffix(s, "*"); path != "" { // a pointer in a struct by value
				typ = typeAt(typ, path)
				v = m.project(v, path, typ)
			}
			typ = pointerElem(typ)
			continue
		}
		a, ok := m.pointee(v)
		if !ok {
			return
		}
		path := strings.TrimSuffix(s, "*")
		holder := typ
		typ = typeAt(typ, path)
		if last {
			st.heap[loc{a.cell, path}] = m.plantOf(typ)
			m.plantBeside(st, a.cell, holder, path)
			m.link(st, a.cell)
			return
		}
		v = m.read(st, addr{a.cell, path}, typ, 1)
		typ = pointerElem(typ)
	}
}

// plantBeside makes functions that end the transaction of all fields of a struct at an
// address which sound like that, where one of them is.
// Have: type Tx struct { Commit, Rollback func() error }
func (m *machine) plantBeside(st *state, c cellID, typ types.Type, path string) {
	dot := strings.LastIndexByte(path, '.')
	if dot < 0 || !isFunc(typeAt(typ, path)) {
		return
	}
	s, ok := coreStruct(typeAt(typ, path[:dot]))
	if !ok {
		return
	}
	for i := range s.NumFields() {
		if field := s.Field(i); isFunc(field.Type()) && soundsLikeFinish(field.Name()) {
			st.heap[loc{c, fieldPath(path[:dot], i)}] = finisher{}
		}
	}
}

// plantOf is what stands for the transaction in a place of type t.
func (m *machine) plantOf(t types.Type) value {
	if isFunc(t) {
		return finisher{}
	}
	return m.stand
}

// planted is the struct v with the transaction at a path of fields.
func (m *machine) planted(v value, typ types.Type, path string) value {
	i, rest, ok := cutPath(path)
	s, isStruct := coreStruct(typ)
	if !ok || !isStruct {
		return m.plantOf(typ)
	}
	elems := make([]value, s.NumFields())
	for j := range elems {
		t := s.Field(j).Type()
		elems[j] = m.project(v, fieldPath("", j), t)
		if j == i {
			elems[j] = m.planted(elems[j], t, rest)
		}
	}
	return agg{elems}
}
