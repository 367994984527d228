package txflow

import "go/types"

// A method that is told by an error how to end may be one of an interface: what rolls back then
// is behind that.

// undoesTold reports whether a method of an interface that is given an error alone rolls back
// where there is one, in all of its implementations in view that end anything. While they are
// asked, one that passes the call on does as the others do.
// Have: func (s *Store) Done(err error) error { return s.handle.Done(err) }
func (f *flow) undoesTold(method *types.Func) bool {
	if told, ok := f.toldBehind[method]; ok {
		return told
	}
	iface, ok := method.Signature().Recv().Type().Underlying().(*types.Interface)
	if !ok || !takesError(method.Signature()) {
		return false
	}
	f.toldBehind[method] = true
	ends, told := false, true
	f.implementers(iface, method, func(impl *types.Func, _ bool) {
		for _, u := range f.usesOf(impl) {
			if u.ends() {
				ends, told = true, told && (u.Undoes == undoesAlways || u.Undoes == undoesError)
			}
		}
	})
	f.toldBehind[method] = ends && told
	return f.toldBehind[method]
}

// usesOf are the uses of a method of this package, or of another one.
func (f *flow) usesOf(method *types.Func) []Use {
	if method == nil {
		return nil
	}
	if method.Pkg() != f.pass.Pkg {
		return f.factOfMake(method).Uses
	}
	if fn := f.prog.FuncValue(method); fn != nil && len(fn.Blocks) > 0 {
		return f.uses(fn)
	}
	return nil
}

// tellsToUndo reports whether a call tells what is behind an interface of an error.
func (m *machine) tellsToUndo(st *state, c *call) bool {
	common := c.instr.Common()
	return common.IsInvoke() && c.tellsError(st) && m.flow.undoesTold(common.Method)
}

// tellsError reports whether a call is given an error that is not nil.
func (c *call) tellsError(st *state) bool {
	for i, v := range c.args {
		if i < len(c.types) && isErrorType(c.types[i]) && st.nilnessOf(v) == isNotNil {
			return true
		}
	}
	return false
}
