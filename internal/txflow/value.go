package txflow

import (
	"bytes"
	"go/constant"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"
)

// A value is what a path knows of one SSA value. Values are immutable.
//
// Two occurrences of a symbol are the same unknown value, so that whatever a
// branch teaches about one holds for all; top is a value of which nothing can be
// learned.
type value interface {
	// key writes a text that equal values share.
	key(b *bytes.Buffer)
}

type (
	symID  int32 // names an unknown value, see machine.syms
	cellID int32 // names a variable or object in memory, see machine.cells
)

type (
	top      struct{} // anything
	nilVal   struct{}
	nonNil   struct{} // some value that is not nil
	lost     struct{} // different values on paths that were joined
	constVal struct{ c constant.Value }
	symVal   struct{ id symID }

	// handle is the transaction of the obligation that the machine follows.
	// A handle made by a call that returns another name of it (tx.WithContext)
	// has that call's symbol in via.
	handle struct{ via symID }
	// handleField is the address of a field inside a handle.
	handleField struct {
		via  symID
		path string
		typ  types.Type
	}
	// holder is an unknown value made from the transaction by a call that
	// nothing is known about: q.WithTx(tx).
	holder struct{ id symID }

	// finisher is a function that finishes the transaction when it is called. Undoes: it
	// always rolls back.
	finisher struct{ undoes bool }

	// addr is the address of (a field of) a cell.
	addr struct {
		cell cellID
		path string
	}
	// agg is a struct, array or tuple by value.
	agg struct{ elems []value }
	// fnVal is a function, with the values its free variables are bound to.
	fnVal struct {
		fn   *ssa.Function
		bind []value
	}
	// boxed is a value in an interface.
	boxed struct {
		typ types.Type
		v   value
	}
	// cond is a condition that has not been decided: x op y, or its negation.
	cond struct {
		op   token.Token // EQL, LSS, LEQ
		x, y value       // x is a symbol; y a constant or nil
		neg  bool
	}
	// ctxVal is a context that can be cancelled, cancelVal its cancel function.
	ctxVal    struct{ id symID }
	cancelVal struct{ id symID }
)

func (top) key(b *bytes.Buffer)    { b.WriteByte('?') }
func (nilVal) key(b *bytes.Buffer) { b.WriteByte('0') }
func (lost) key(b *bytes.Buffer)   { b.WriteByte('~') }
func (nonNil) key(b *bytes.Buffer) { b.WriteByte('!') }

func (v constVal) key(b *bytes.Buffer) {
	b.WriteByte('=')
	b.WriteString(v.c.ExactString())
}

func (v symVal) key(b *bytes.Buffer) { writeID(b, 's', int(v.id)) }
func (v handle) key(b *bytes.Buffer) { writeID(b, 'H', int(v.via)) }
func (v holder) key(b *bytes.Buffer) { writeID(b, 'W', int(v.id)) }

func (v finisher) key(b *bytes.Buffer) {
	b.WriteByte('R')
	if v.undoes {
		b.WriteByte('u')
	}
}

func (v handleField) key(b *bytes.Buffer) {
	writeID(b, 'F', int(v.via))
	b.WriteString(v.path)
}

func (v addr) key(b *bytes.Buffer) {
	writeID(b, '&', int(v.cell))
	b.WriteString(v.path)
}

func (v agg) key(b *bytes.Buffer) {
	b.WriteByte('{')
	for _, e := range v.elems {
		e.key(b)
		b.WriteByte(',')
	}
	b.WriteByte('}')
}

func (v fnVal) key(b *bytes.Buffer) {
	// Wrappers of different methods share a name, but not a position.
	b.WriteString(v.fn.Name())
	writeID(b, '@', int(v.fn.Pos()))
	agg{v.bind}.key(b)
}

func (v boxed) key(b *bytes.Buffer) {
	b.WriteByte('i')
	b.WriteString(v.typ.String())
	b.WriteByte(':')
	v.v.key(b)
}

func (v cond) key(b *bytes.Buffer) {
	if v.neg {
		b.WriteByte('~')
	}
	b.WriteByte('(')
	v.x.key(b)
	b.WriteString(v.op.String())
	v.y.key(b)
	b.WriteByte(')')
}

func (v ctxVal) key(b *bytes.Buffer)    { writeID(b, 'c', int(v.id)) }
func (v cancelVal) key(b *bytes.Buffer) { writeID(b, 'x', int(v.id)) }

func boolVal(t bool) value { return constVal{constant.MakeBool(t)} }

// children returns the values inside v.
func children(v value) []value {
	switch v := v.(type) {
	case agg:
		return v.elems
	case fnVal:
		return v.bind
	case boxed:
		return []value{v.v}
	case cond:
		return []value{v.x, v.y}
	}
	return nil
}

// rewrite returns v with f applied to it and to every value inside; f returns
// nil to keep a value.
func rewrite(v value, f func(value) value) (_ value, changed bool) {
	if w := f(v); w != nil {
		return w, !same(w, v)
	}
	switch v := v.(type) {
	case agg:
		if elems, changed := rewriteAll(v.elems, f); changed {
			return agg{elems}, true
		}
	case fnVal:
		if bind, changed := rewriteAll(v.bind, f); changed {
			return fnVal{v.fn, bind}, true
		}
	case boxed:
		if w, changed := rewrite(v.v, f); changed {
			return boxed{v.typ, w}, true
		}
	case cond:
		if _, changed := rewrite(v.x, f); changed {
			return top{}, true // the machine decides conditions on symbols only
		}
		if _, changed := rewrite(v.y, f); changed {
			return top{}, true
		}
	}
	return v, false
}

func rewriteAll(vs []value, f func(value) value) (_ []value, changed bool) {
	var out []value
	for i, v := range vs {
		w, changed := rewrite(v, f)
		if out == nil && changed {
			out = append([]value(nil), vs...)
		}
		if out != nil {
			out[i] = w
		}
	}
	if out == nil {
		return vs, false
	}
	return out, true
}

func same(x, y value) bool {
	switch x.(type) {
	case top, nilVal, nonNil, lost, symVal, handle:
		switch y.(type) {
		case top, nilVal, nonNil, lost, symVal, handle:
			return x == y
		}
	}
	switch x := x.(type) {
	case addr:
		y, ok := y.(addr)
		return ok && x == y
	case agg:
		y, ok := y.(agg)
		return ok && slices.EqualFunc(x.elems, y.elems, same)
	}
	return keyOf(x) == keyOf(y)
}

// zero returns the zero value of a type, top where the machine does not follow it, lost where a
// struct is too large for it.
func zero(t types.Type, depth int) value {
	switch u := types.Unalias(t).Underlying().(type) {
	case *types.Basic:
		switch info := u.Info(); {
		case info&types.IsBoolean != 0:
			return boolVal(false)
		case info&types.IsString != 0:
			return constVal{constant.MakeString("")}
		case info&types.IsInteger != 0:
			return constVal{constant.MakeInt64(0)}
		case u.Kind() == types.UntypedNil, u.Kind() == types.UnsafePointer:
			return nilVal{}
		}
	case *types.Struct:
		if depth == 0 || u.NumFields() > maxFields {
			return lost{}
		}
		elems := make([]value, u.NumFields())
		for i := range elems {
			elems[i] = zero(u.Field(i).Type(), depth-1)
		}
		return agg{elems}
	case *types.Array:
		if depth == 0 || u.Len() > maxFields {
			return top{}
		}
		elems := make([]value, u.Len())
		for i := range elems {
			elems[i] = zero(u.Elem(), depth-1)
		}
		return agg{elems}
	case *types.Tuple:
		elems := make([]value, u.Len())
		for i := range elems {
			elems[i] = zero(u.At(i).Type(), depth)
		}
		if len(elems) == 1 {
			return elems[0]
		}
		return agg{elems}
	case *types.Pointer, *types.Slice, *types.Map, *types.Chan, *types.Signature:
		return nilVal{}
	case *types.Interface:
		if _, isParam := types.Unalias(t).(*types.TypeParam); !isParam {
			return nilVal{}
		}
	}
	return top{}
}

// nilable reports whether values of a type can be compared with nil.
func nilable(t types.Type) bool {
	switch u := types.Unalias(t).Underlying().(type) {
	case *types.Pointer, *types.Slice, *types.Map, *types.Chan, *types.Signature, *types.Interface:
		return true
	case *types.Basic:
		return u.Kind() == types.UntypedNil || u.Kind() == types.UnsafePointer
	}
	return false
}
