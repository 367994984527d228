package txflow

import (
	"go/constant"
	"go/token"

	"golang.org/x/tools/go/ssa"
)

// A table of functions is a map that a function makes, fills with functions of the package's
// or of a library's, and only looks up and ranges over: what is taken out of it is one of them.
// Have: for _, end := range map[string]func(*sql.Tx) error{"commit": (*sql.Tx).Commit} { ... }

// maxTabled bounds the functions of one table that a call is followed for.
const maxTabled = 4

// tabled returns the functions of which a call calls one that it has taken out of a table,
// none if that is not known.
func (m *machine) tabled(st *state, call ssa.CallInstruction) []*ssa.Function {
	if call.Common().IsInvoke() {
		return nil
	}
	table, key := tableOf(call.Common().Value)
	if table == nil {
		return nil
	}
	var want constant.Value
	if key != nil {
		if c, ok := st.reduce(m.eval(st, key)).(constVal); ok {
			want = c.c
		}
	}
	var found []*ssa.Function
	for _, r := range *table.Referrers() {
		switch r := r.(type) {
		case *ssa.MapUpdate:
			fn, ok := r.Value.(*ssa.Function)
			if !ok || len(found) == maxTabled {
				return nil
			}
			if c, isConst := r.Key.(*ssa.Const); isConst && c.Value != nil && want != nil && !constant.Compare(c.Value, token.EQL, want) {
				continue
			}
			found = append(found, fn)
		case *ssa.Range, *ssa.Lookup, *ssa.DebugRef:
		default:
			return nil
		}
	}
	return found
}

// tableOf returns the map that a function value is taken out of, and the key by which that
// is, nil if it ranges over all.
func tableOf(v ssa.Value) (table *ssa.MakeMap, key ssa.Value) {
	if x, ok := v.(*ssa.Extract); ok {
		v = x.Tuple
	}
	switch v := v.(type) {
	case *ssa.Next:
		if over, ok := v.Iter.(*ssa.Range); ok {
			table, _ = over.X.(*ssa.MakeMap)
		}
	case *ssa.Lookup:
		table, _ = v.X.(*ssa.MakeMap)
		key = v.Index
	}
	return table, key
}
