package txflow

import (
	"go/types"
	"slices"
	"strings"
)

// Facts tell that a transaction is in a container, not where in there: who looks into it takes
// over the duty, and so does every callee that is not followed and is given what leads to it.
// Have: func (c *Coordinator) Join(db *sql.DB) error { ...; c.txs = append(c.txs, tx); return nil }

// behindContents is how a path goes on that leads into a slice, a map or a channel; into an
// array it goes without the pointer.
const behindContents = "*" + contents

// intoContents returns holds with the paths that lead into a container ending there. typeOf
// tells of what type what is at their spot is.
func intoContents(holds []Hold, typeOf func(Spot) types.Type) []Hold {
	for i := range holds {
		at := &holds[i].At
		at.Path = cutAtContents(typeOf(*at), at.Path)
	}
	return slices.Compact(holds)
}

// cutAtContents returns a path below a value of type t that ends where it leads into a container.
func cutAtContents(t types.Type, path string) string {
	for i := 0; i < len(path); {
		switch u := types.Unalias(t).Underlying().(type) {
		case *types.Slice, *types.Map, *types.Chan:
			return path[:i] + behindContents
		case *types.Array:
			return path[:i] + contents
		case *types.Pointer:
			t, i = u.Elem(), i+1
		case *types.Struct:
			fields, _, _ := strings.Cut(path[i:], "*")
			field, rest, ok := cutPath(fields)
			if !ok || field >= u.NumFields() {
				return path
			}
			t, i = u.Field(field).Type(), i+len(fields)-len(rest)
		default:
			before, _, inside := strings.Cut(path[i:], contents)
			if inside {
				before += contents
			}
			return path[:i] + before
		}
	}
	return path
}

// isContainerType reports whether what is of a type has contents.
func isContainerType(t types.Type) bool {
	switch types.Unalias(t).Underlying().(type) {
	case *types.Slice, *types.Map, *types.Chan:
		return true
	}
	return false
}

// fillContainer puts a value into the container at an address, of which a fact tells.
func (m *machine) fillContainer(st *state, c *call, at addr, held value) {
	container := m.freshAt(st, c.instr, "in "+at.path)
	st.learn(container.id, fact{nilness: isNotNil})
	inside, _ := m.pointee(container)
	st.heap[loc{inside.cell, contents}] = held
	m.write(st, at, container)
}

// giveContainers hands the transaction over to a callee that is not followed, and is given what
// leads to a container that has it: one that only asks how much is in there looks into it as well.
func (m *machine) giveContainers(st *state, c *call) {
	if st.tx == open && st.hasContainers() && slices.ContainsFunc(c.params(), func(v value) bool { return m.givesContainer(st, v) }) {
		m.handOver(st, "it is in a container that a callee may look into")
	}
}

// hasContainers reports whether the path knows of any container that has something inside.
func (st *state) hasContainers() bool {
	for l := range st.heap {
		if strings.HasSuffix(l.path, contents) {
			return true
		}
	}
	return false
}

// givesContainer reports whether a value leads to a container that has the transaction; who is
// given the address of one field does not come to the others.
// Have: c.mu.Lock()
func (m *machine) givesContainer(st *state, v value) bool {
	a, ok := v.(addr)
	if !ok || a.path == "" {
		return m.contained(st, v)
	}
	if m.hasContents(st, a) {
		return true
	}
	for l, w := range st.heap {
		if l.cell == a.cell && below(l.path, a.path) && m.contained(st, w) {
			return true
		}
	}
	return false
}
