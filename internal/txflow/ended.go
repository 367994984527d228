package txflow

import (
	"go/token"
	"regexp"
	"slices"

	"golang.org/x/tools/go/ssa"
)

// Errors that say that a transaction has ended: those of libraries, and those that a program
// has of its own for that.

// endedName matches errors of libraries that say so.
var endedName = regexp.MustCompile(`^Err(Tx|Txn|Transaction)(Is)?(Already)?(Done|Closed|Ended|Finished|Completed?)$|^Err(Discarded|Closed)Txn$`)

// saysEnded reports whether an error of this package, or of one that it imports, says that a
// transaction has ended.
func (f *flow) saysEnded(g *ssa.Global) bool {
	if endedName.MatchString(g.Name()) || f.endedErrors()[g] {
		return true
	}
	var r reached
	return g.Pkg.Pkg != f.pass.Pkg && f.pass.ImportPackageFact != nil && f.pass.ImportPackageFact(g.Pkg.Pkg, &r) &&
		slices.Contains(r.Ended, g.Name())
}

// foundEnded follows the discovery that an error is one of these, or has it inside: whoever
// got that from the transaction has nothing to end any more.
// Have: if !errors.Is(err, sql.ErrTxDone) { tx.Rollback() }; return err
func (m *machine) foundEnded(st *state, err, ended value) {
	if s, ok := unbox(err).(symVal); ok && m.isOfAnother(s.id) {
		return
	}
	s, ok := unbox(ended).(symVal)
	if !ok || !m.isSentinel(s.id) {
		return
	}
	if g, ok := m.syms[s.id].v.(*ssa.Global); ok && m.flow.saysEnded(g) {
		m.lose(st, "an error says that it has ended")
	}
}

// asksForEnd reports whether a function looks at an error that says so.
// Have: func isDone(err error) bool { return err == sql.ErrTxDone || errors.Is(err, sql.ErrTxDone) }
func (f *flow) asksForEnd(fn *ssa.Function) bool {
	asks, known := f.endAsked[fn]
	if !known {
		asks = f.looksForEnd(fn)
		f.endAsked[fn] = asks
	}
	return asks
}

func (f *flow) looksForEnd(fn *ssa.Function) bool {
	return slices.ContainsFunc(fn.Blocks, func(b *ssa.BasicBlock) bool {
		return slices.ContainsFunc(b.Instrs, func(instr ssa.Instruction) bool {
			v, ok := instr.(ssa.Value)
			if !ok {
				return false
			}
			g, ok := loadedFrom(v).(*ssa.Global)
			return ok && f.saysEnded(g)
		})
	})
}

// endedErrors are the errors that functions of this package yield where they have found that a
// transaction has ended.
func (f *flow) endedErrors() map[*ssa.Global]bool {
	if f.ended != nil {
		return f.ended
	}
	f.ended = make(map[*ssa.Global]bool)
	for _, fn := range f.funcs {
		for _, b := range fn.Blocks {
			for _, instr := range b.Instrs {
				if store, ok := instr.(*ssa.Store); ok {
					f.noteWrapper(store)
				}
			}
			branch, ok := b.Instrs[len(b.Instrs)-1].(*ssa.If)
			if !ok {
				continue
			}
			for i, to := range b.Succs {
				if g := sentinelYielded(to); g != nil && (f.findsEnded(branch.Cond, i == 0) || f.refuses(fn, branch.Cond)) {
					f.ended[g] = true
				}
			}
		}
	}
	return f.ended
}

// endedHere names those errors that the package itself declares.
func (f *flow) endedHere() (names []string) {
	for g := range f.endedErrors() {
		if g.Pkg.Pkg == f.pass.Pkg {
			names = append(names, g.Name())
		}
	}
	slices.Sort(names)
	return names
}

// noteWrapper notes an error that is declared around one which says that a transaction has ended.
// Have: var errClosed = fmt.Errorf("store: %w", sql.ErrTxDone)
func (f *flow) noteWrapper(store *ssa.Store) {
	g, isGlobal := store.Addr.(*ssa.Global)
	call, isCall := store.Val.(*ssa.Call)
	if !isGlobal || !isCall || store.Parent().Synthetic == "" {
		return
	}
	if obj := calleeObject(&call.Call); obj == nil || obj.FullName() != "fmt.Errorf" {
		return
	}
	list, ok := call.Call.Args[1].(*ssa.Slice)
	if !ok {
		return
	}
	array, ok := list.X.(*ssa.Alloc)
	if !ok {
		return
	}
	for _, r := range *array.Referrers() {
		if at, ok := r.(*ssa.IndexAddr); ok && slices.ContainsFunc(*at.Referrers(), putsEnded) {
			f.ended[g] = true
		}
	}
}

// putsEnded reports whether an instruction stores an error of a library that says so.
func putsEnded(instr ssa.Instruction) bool {
	put, ok := instr.(*ssa.Store)
	return ok && namesEnded(underInterface(put.Val))
}

// underInterface returns what a value was before it was put into another interface.
func underInterface(v ssa.Value) ssa.Value {
	if change, ok := v.(*ssa.ChangeInterface); ok {
		return change.X
	}
	return v
}

// namesEnded reports whether a value is an error of a library which says that a transaction has
// ended.
func namesEnded(v ssa.Value) bool {
	g, ok := loadedFrom(v).(*ssa.Global)
	return ok && endedName.MatchString(g.Name())
}

// sentinelYielded returns the only error of a package that a block reads, which returns, nil if
// there is none.
func sentinelYielded(b *ssa.BasicBlock) (yielded *ssa.Global) {
	if _, ok := b.Instrs[len(b.Instrs)-1].(*ssa.Return); !ok {
		return nil
	}
	for _, instr := range b.Instrs {
		v, ok := instr.(ssa.Value)
		if !ok || !isErrorType(v.Type()) {
			continue
		}
		switch g, ok := loadedFrom(v).(*ssa.Global); {
		case !ok:
		case yielded != nil:
			return nil
		default:
			yielded = g
		}
	}
	return yielded
}

// findsEnded reports whether a condition that has come out so says that an error is one of a
// library's which says that a transaction has ended.
// Have: if errors.Is(err, sql.ErrTxDone) { return ErrClosed }
func (f *flow) findsEnded(cond ssa.Value, came bool) bool {
	switch cond := cond.(type) {
	case *ssa.BinOp:
		return (cond.Op == token.EQL && came || cond.Op == token.NEQ && !came) && (namesEnded(cond.X) || namesEnded(cond.Y))
	case *ssa.Call:
		return came && slices.ContainsFunc(cond.Call.Args, namesEnded)
	}
	return false
}

// refuses reports whether a condition is one on which a method that is named like an end, of a
// type that has a transaction, does nothing any more: one about a field of its own.
// Have: func (t *Tx) Rollback() error { if t.done { return ErrClosed }; ... }
func (f *flow) refuses(fn *ssa.Function, cond ssa.Value) bool {
	if fn.Signature.Recv() == nil || !soundsLikeFinish(fn.Name()) || !f.mayCarry(fn.Params[0].Type()) {
		return false
	}
	isField := func(v ssa.Value) bool {
		at, ok := v.(*ssa.FieldAddr)
		return ok && at.X == ssa.Value(fn.Params[0])
	}
	if x, ifNil, ok := comparedToNil(cond); ok && ifNil {
		cond = x
	}
	if call, ok := cond.(*ssa.Call); ok {
		obj := calleeObject(&call.Call)
		return obj != nil && obj.Pkg() != nil && obj.Pkg().Path() == "sync/atomic" && slices.ContainsFunc(call.Call.Args, isField)
	}
	return isField(loadedFrom(cond))
}
