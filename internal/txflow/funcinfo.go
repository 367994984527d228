package txflow

import (
	"go/types"

	"golang.org/x/tools/go/ssa"
)

// A funcInfo is what the machine computes once for a function.
type funcInfo struct {
	// liveIn are the registers that a block, or one after it, reads.
	liveIn map[*ssa.BasicBlock]map[ssa.Value]bool
	// lastUse is the index of the last instruction of its block that reads a
	// register which is dead at the end of the block.
	lastUse map[*ssa.BasicBlock]map[ssa.Value]int
	inLoop  map[*ssa.BasicBlock]bool
	// numbers are those of the registers, from 1.
	numbers map[ssa.Value]int
	// pinned are the registers that the function reads after a recovered panic,
	// which may come from anywhere.
	pinned map[ssa.Value]bool
}

func newFuncInfo(fn *ssa.Function) *funcInfo {
	fi := &funcInfo{
		liveIn:  make(map[*ssa.BasicBlock]map[ssa.Value]bool),
		lastUse: make(map[*ssa.BasicBlock]map[ssa.Value]int),
		inLoop:  loopBlocks(fn),
		pinned:  make(map[ssa.Value]bool),
		numbers: numberRegisters(fn),
	}
	for _, b := range fn.Blocks {
		fi.liveIn[b] = make(map[ssa.Value]bool)
		fi.lastUse[b] = make(map[ssa.Value]int)
	}
	var operands [8]*ssa.Value
	for _, b := range fn.Blocks {
		for i, instr := range b.Instrs {
			if phi, ok := instr.(*ssa.Phi); ok {
				// A phi reads its operands at the ends of the preceding blocks.
				for j, v := range phi.Edges {
					fi.use(v, b.Preds[j], len(b.Preds[j].Instrs))
				}
				continue
			}
			for _, v := range instr.Operands(operands[:0]) {
				if *v == nil {
					continue
				}
				fi.use(*v, b, i)
				if b == fn.Recover {
					fi.pinned[*v] = true
				}
			}
		}
	}
	return fi
}

// numberRegisters numbers the values that a frame of fn can keep.
func numberRegisters(fn *ssa.Function) map[ssa.Value]int {
	numbers := make(map[ssa.Value]int)
	add := func(v ssa.Value) { numbers[v] = len(numbers) + 1 }
	for _, p := range fn.Params {
		add(p)
	}
	for _, v := range fn.FreeVars {
		add(v)
	}
	for _, b := range fn.Blocks {
		for _, instr := range b.Instrs {
			if v, ok := instr.(ssa.Value); ok {
				add(v)
			}
		}
	}
	return numbers
}

// use records that v is read at instruction i of block b, and makes v live on
// the way back to its definition.
func (fi *funcInfo) use(v ssa.Value, b *ssa.BasicBlock, i int) {
	if !isRegister(v) {
		return
	}
	fi.lastUse[b][v] = max(fi.lastUse[b][v], i)
	def := defBlock(v)
	work := []*ssa.BasicBlock{b}
	for len(work) > 0 {
		b := work[len(work)-1]
		work = work[:len(work)-1]
		if b == def || fi.liveIn[b][v] {
			continue
		}
		fi.liveIn[b][v] = true
		work = append(work, b.Preds...)
	}
}

// liveAfter reports whether a later instruction than number i of b reads v.
func (fi *funcInfo) liveAfter(v ssa.Value, b *ssa.BasicBlock, i int) bool {
	if fi.pinned[v] {
		return true
	}
	if last, ok := fi.lastUse[b][v]; ok && last > i {
		return true
	}
	for _, s := range b.Succs {
		if fi.liveIn[s][v] {
			return true
		}
	}
	return false
}

// isRegister reports whether v is a value that a frame keeps.
func isRegister(v ssa.Value) bool {
	switch v.(type) {
	case *ssa.Const, *ssa.Global, *ssa.Function, *ssa.Builtin:
		return false
	}
	return true
}

// defBlock returns the block that defines a register, nil for parameters.
func defBlock(v ssa.Value) *ssa.BasicBlock {
	if instr, ok := v.(ssa.Instruction); ok {
		return instr.Block()
	}
	return nil
}

// loopBlocks returns the blocks of fn that can be reached from themselves
// (Tarjan's strongly connected components, without recursion).
func loopBlocks(fn *ssa.Function) map[*ssa.BasicBlock]bool {
	loops := make(map[*ssa.BasicBlock]bool)
	n := len(fn.Blocks)
	index, low, onStack := make([]int, n), make([]int, n), make([]bool, n)
	var stack []*ssa.BasicBlock
	type visit struct {
		b    *ssa.BasicBlock
		next int
	}
	counter := 0
	for _, root := range fn.Blocks {
		if index[root.Index] != 0 {
			continue
		}
		calls := []visit{{root, 0}}
		for len(calls) > 0 {
			v := &calls[len(calls)-1]
			i := v.b.Index
			if v.next == 0 {
				counter++
				index[i], low[i] = counter, counter
				stack, onStack[i] = append(stack, v.b), true
			}
			if v.next < len(v.b.Succs) {
				s := v.b.Succs[v.next]
				v.next++
				if index[s.Index] == 0 {
					calls = append(calls, visit{s, 0})
				} else if onStack[s.Index] {
					low[i] = min(low[i], index[s.Index])
				}
				if s == v.b {
					loops[s] = true
				}
				continue
			}
			calls = calls[:len(calls)-1]
			if len(calls) > 0 {
				p := calls[len(calls)-1].b.Index
				low[p] = min(low[p], low[i])
			}
			if low[i] != index[i] {
				continue
			}
			at := len(stack) - 1
			for stack[at].Index != i {
				at--
			}
			for _, b := range stack[at:] {
				onStack[b.Index] = false
				if len(stack)-at > 1 {
					loops[b] = true
				}
			}
			stack = stack[:at]
		}
	}
	return loops
}

// fieldType returns the type of field i of a struct type, or of what it points to.
func fieldType(t types.Type, i int) (types.Type, *types.Var) {
	if p, ok := types.Unalias(t).Underlying().(*types.Pointer); ok {
		t = p.Elem()
	}
	if s, ok := coreStruct(t); ok && i < s.NumFields() {
		return s.Field(i).Type(), s.Field(i)
	}
	return nil, nil
}

// coreStruct returns the struct type that t is, also where t is a type parameter.
func coreStruct(t types.Type) (*types.Struct, bool) {
	u := types.Unalias(t).Underlying()
	if iface, ok := u.(*types.Interface); ok && iface.NumEmbeddeds() == 1 {
		if union, ok := iface.EmbeddedType(0).(*types.Union); ok && union.Len() == 1 {
			u = union.Term(0).Type().Underlying()
		} else {
			u = iface.EmbeddedType(0).Underlying()
		}
	}
	s, ok := u.(*types.Struct)
	return s, ok
}
