package txflow

import (
	"go/constant"
	"go/token"
	"go/types"
	"strings"

	"golang.org/x/tools/go/ssa"
)

// Atomics of the function's own, and where its callers are told of it those of its
// arguments, are variables like others: what another goroutine does to one counts as what
// it does to a variable that it shares. What is put into somebody else's is stored in what
// outlives the call.

// atomicCall follows the functions and methods of package sync/atomic.
// Have: if s.done.Swap(true) { return nil }
func (m *machine) atomicCall(st *state, c *call) ([]outcome, bool) {
	at, typ, args, ok := m.atomicVariable(c)
	if !ok {
		return nil, false
	}
	if !m.isFollowed(st, c, at, typ) {
		for _, a := range args {
			if m.holds(st, a) {
				m.write(st, at, a)
			}
		}
		return nil, false
	}
	old := m.read(st, at, typ, 1)
	switch {
	case strings.HasPrefix(c.name, "Load"):
		return returns(st, old), true
	case strings.HasPrefix(c.name, "Store"), strings.HasPrefix(c.name, "Swap"):
		m.write(st, at, args[0])
		return returns(st, old), true
	case strings.HasPrefix(c.name, "CompareAndSwap"):
		isOld := m.compare(st, tokenEQL, old, args[0])
		keeps := st.clone()
		var outs []outcome
		if st.assume(isOld, true) {
			m.write(st, at, args[1])
			outs = append(outs, outcome{st: st, result: boolVal(true)})
		}
		if keeps.assume(isOld, false) {
			outs = append(outs, outcome{st: keeps, result: boolVal(false)})
		}
		return outs, true
	case strings.HasPrefix(c.name, "Add"):
		grown := m.grown(st, old, args[0], typ)
		fresh := m.yielded(st, c, "")
		st.learn(fresh.id, grown)
		sum := value(fresh)
		if s, ok := m.operationOf("add", old, args[0]); ok && !st.top().repeat {
			sum = s
		}
		x, known := st.reduce(old).(constVal)
		y, both := st.reduce(args[0]).(constVal)
		t, isBasic := types.Unalias(typ).Underlying().(*types.Basic)
		if known && both && isBasic && !m.mayComeAgain(st, c.instr) {
			sum = constVal{m.wrapped(constant.BinaryOp(x.c, token.ADD, y.c), t)}
		}
		m.write(st, at, sum)
		return returns(st, sum), true
	}
	return nil, false
}

// isFollowed reports whether a call on the atomic at an address is followed. Whoever loads one of
// the caller's in a loop, while a transaction is begun here, may wait for another goroutine.
// Have: if o.begun.CompareAndSwap(false, true) { o.tx, o.err = o.db.Begin() }
func (m *machine) isFollowed(st *state, c *call, at addr, typ types.Type) bool {
	if _, isLocal := m.cells[at.cell].v.(*ssa.Alloc); isLocal {
		return true
	}
	root := m.cells[at.cell].root
	waits := strings.HasPrefix(c.name, "Load") && m.mayComeAgain(st, c.instr)
	return root != 0 && m.ofParam(root) && (m.ob.call == nil || isBasic(typ) && !waits)
}

// grown is what is known of a counter to which a number above zero is added. In a loop,
// where the first sum is known exactly, no other is less than the second.
// Have: if o.n.Add(1) == 1 { o.tx, o.err = o.db.Begin() }
func (m *machine) grown(st *state, old, by value, typ types.Type) fact {
	n, ok := by.(constVal)
	t, isBasic := types.Unalias(typ).Underlying().(*types.Basic)
	if !ok || !isBasic || constant.Sign(n.c) <= 0 {
		return fact{}
	}
	if x, ok := old.(constVal); ok {
		return fact{eq: m.wrapped(constant.BinaryOp(x.c, token.ADD, n.c), t)}
	}
	s, ok := old.(symVal)
	if !ok {
		return fact{}
	}
	f := st.fact(s.id)
	if f.eq != nil {
		sum := m.wrapped(constant.BinaryOp(f.eq, token.ADD, n.c), t)
		lo, exact := constant.Int64Val(sum)
		return fact{lo: lo, hasLo: exact}
	}
	return fact{lo: f.lo, hasLo: f.hasLo}
}

// atomicVariable returns where the variable is that a call of sync/atomic is about, its
// type, and the arguments other than that.
func (m *machine) atomicVariable(c *call) (at addr, typ types.Type, args []value, ok bool) {
	if c.obj.Pkg() == nil || c.obj.Pkg().Path() != "sync/atomic" {
		return addr{}, nil, nil, false
	}
	if c.recv == nil {
		if len(c.args) == 0 {
			return addr{}, nil, nil, false
		}
		at, ok = m.pointee(c.args[0])
		return at, pointerElem(c.types[0]), c.args[1:], ok
	}
	path, typ, isAtomic := atomicContents(declaredType(c.obj.Signature().Recv().Type()))
	at, ok = m.pointee(c.recv)
	at.path += path
	return at, typ, c.args, ok && isAtomic
}

// atomicKey is memKey for the variable that a call of sync/atomic is about, "" for another call.
func atomicKey(call *ssa.CallCommon) (mem string, loads bool) {
	obj := calleeObject(call)
	if obj == nil || obj.Pkg() == nil || obj.Pkg().Path() != "sync/atomic" || len(call.Args) == 0 {
		return "", false
	}
	loads = strings.HasPrefix(obj.Name(), "Load")
	recv := obj.Signature().Recv()
	if recv == nil {
		return addrKey(call.Args[0]), loads
	}
	path, typ, ok := atomicContents(declaredType(recv.Type()))
	if !ok {
		return "", false
	}
	return memKey(path, nil, typ), loads
}

// atomicPointer returns the path to the pointer that an atomic one holds, and the type of that.
// Have: type Unit struct { tx atomic.Pointer[sql.Tx] }
func atomicPointer(t types.Type) (path string, typ types.Type, ok bool) {
	path, held, ok := atomicContents(t)
	if !ok || held != types.Typ[types.UnsafePointer] {
		return "", nil, false
	}
	args := types.Unalias(t).(*types.Named).TypeArgs()
	if args.Len() != 1 {
		return "", nil, false
	}
	return path, types.NewPointer(args.At(0)), true
}

// atomicContents returns the path to what an atomic type holds, and the type of that.
func atomicContents(t types.Type) (path string, typ types.Type, ok bool) {
	named, isNamed := types.Unalias(t).(*types.Named)
	if !isNamed || named == nil || named.Obj().Pkg() == nil || named.Obj().Pkg().Path() != "sync/atomic" {
		return "", nil, false
	}
	s, isStruct := named.Underlying().(*types.Struct)
	for i := 0; isStruct && i < s.NumFields(); i++ {
		field := s.Field(i)
		if field.Name() != "v" {
			continue
		}
		switch named.Obj().Name() {
		case "Bool":
			return fieldPath("", i), types.Typ[types.Bool], true
		case "Pointer":
			return fieldPath("", i), types.Typ[types.UnsafePointer], true
		}
		return fieldPath("", i), field.Type(), true
	}
	return "", nil, false
}
