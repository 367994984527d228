package txflow

import (
	"go/constant"
	"go/types"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/tools/go/ssa"
)

// What an operation yields of the same values is the same value: a condition that is
// asked twice has one answer (T2). This is value numbering in the sense of Alpern,
// Wegman and Zadeck, "Detecting equality of variables in programs" (POPL 1988), along
// one path.

// maxDerived bounds how many operations a value is known by, one on the result of the
// other.
const maxDerived = 4

// derived returns the value of an operation that depends on nothing but its operands.
// One that is not known by its operands is new.
func (m *machine) derived(st *state, v ssa.Value, op string, operands ...value) value {
	if slices.ContainsFunc(operands, isLost) {
		return lost{}
	}
	if s, ok := m.operation(st, v, op, operands...); ok {
		return s
	}
	return m.fresh(st, v, "")
}

// operation is derived for operands that the result can be known by.
func (m *machine) operation(st *state, v ssa.Value, op string, operands ...value) (symVal, bool) {
	s, ok := m.operationOf(op, operands...)
	if !ok {
		return symVal{}, false
	}
	// What a loop computes of what it computed before is new on each turn.
	if (st.top().repeat || m.repeats(v)) && (m.syms[s.id].depth > 1 || isCarried(v)) {
		return symVal{}, false
	}
	return s, true
}

// operationOf returns the symbol of an operation, wherever it is.
func (m *machine) operationOf(op string, operands ...value) (symVal, bool) {
	var deps []symID
	depth := 0
	constants := len(operands) > 0
	sub := op
	for _, x := range operands {
		switch x := unbox(x).(type) {
		case symVal:
			if !slices.Contains(deps, x.id) {
				deps = append(deps, x.id)
			}
			depth = max(depth, m.syms[x.id].depth)
		case nilVal:
			constants = false
		case constVal:
		default:
			return symVal{}, false
		}
		sub += " " + keyOf(x)
	}
	if len(deps) == 0 && !constants || len(deps) > 2 || depth >= maxDerived {
		return symVal{}, false
	}
	info := symInfo{depth: depth + 1}
	copy(info.deps[:], deps)
	return m.symbol(symKey{sub: sub}, info), true
}

// isCarried reports whether a value may be an operand of the next turn of a loop.
func isCarried(v ssa.Value) bool {
	refs := v.Referrers()
	return refs != nil && slices.ContainsFunc(*refs, func(r ssa.Instruction) bool {
		_, ok := r.(*ssa.Phi)
		return ok
	})
}

// accessorName matches methods that tell a property of their receiver.
var accessorName = regexp.MustCompile(`^(Get|Is|Has|Can|Should|Use|Supports|Needs|Allows)[A-Z0-9]|^(Name|ID|Kind|Type|Dialect|DriverName|Enabled|Empty|Len)$`)

// failureName matches methods that tell what went wrong with their receiver.
var failureName = regexp.MustCompile(`^(Get)?(Err|Error|LastError|LastErr|ErrorOrNil|ErrOrNil)$`)

// accessor returns what a method without a body in view yields that is named like one
// that tells a property of its receiver. It tells the same until the receiver is used
// otherwise, and of none always.
// Have: if rows.Err() != nil { return rows.Err() }
func (m *machine) accessor(st *state, c *call) (symVal, bool) {
	v := c.instr.Value()
	if v == nil || c.obj == nil || len(c.args) > 0 || m.holds(st, c.recv) {
		return symVal{}, false
	}
	tells := isBasic(v.Type()) && accessorName.MatchString(c.name) || isErrorType(v.Type()) && failureName.MatchString(c.name)
	if !tells {
		return symVal{}, false
	}
	if _, isNil := c.recv.(nilVal); isNil {
		// Have: var errs *multierror.Error; if errs.ErrorOrNil() != nil { ... }
		return m.symbol(symKey{sub: "nil." + c.obj.FullName()}, symInfo{depth: 1}), true
	}
	s, ok := m.operation(st, v, "."+c.name, c.recv)
	if ok {
		m.readOf(s.id, m.syms[s.id].deps[0], "")
	}
	return s, ok
}

// pure returns what a function yields that depends on its arguments alone, and on
// what a slice among them holds.
func (m *machine) pure(st *state, c *call) value {
	v := c.instr.Value()
	if v == nil {
		return nil
	}
	op := c.obj.FullName()
	if x, ok := textual(st, op, c.params()); ok {
		return x
	}
	if x, ok := m.isZeroTime(st, c); ok {
		return x
	}
	tuple, ok := v.Type().(*types.Tuple)
	if !ok {
		x := m.derived(st, v, op, c.params()...)
		m.readsElements(x, c)
		return x
	}
	elems := make([]value, tuple.Len())
	for i := range elems {
		part := "#" + strconv.Itoa(i)
		if s, ok := m.operation(st, v, op+part, c.params()...); ok {
			elems[i] = s
		} else {
			elems[i] = m.fresh(st, v, part)
		}
	}
	return agg{elems}
}

// isZeroTime answers whether a time is the zero one: of a variable that was not set yet, and
// of the time of day.
// Have: var sent time.Time; ...; if sent.IsZero() { tx.Rollback() }
func (m *machine) isZeroTime(st *state, c *call) (answer value, ok bool) {
	if c.recv == nil || c.obj.FullName() != "(time.Time).IsZero" {
		return nil, false
	}
	if s, ok := c.recv.(symVal); ok {
		return boolVal(false), isOfClock(m.syms[s.id].v)
	}
	return m.sameParts(st, c.recv, zero(c.obj.Signature().Recv().Type(), maxNesting))
}

// isOfClock reports whether a value is a time that was told, or reckoned from one that was.
// Have: until := time.Now().Add(ttl).UTC()
func isOfClock(v ssa.Value) bool {
	for range maxDerived {
		call, ok := v.(*ssa.Call)
		if !ok {
			return false
		}
		obj := calleeObject(call.Common())
		switch {
		case obj == nil:
			return false
		case clocks[obj.FullName()]:
			return true
		case !reckoned[obj.FullName()]:
			return false
		}
		v = call.Call.Args[0]
	}
	return false
}

var (
	clocks   = words("time.Now time.Unix time.UnixMicro time.UnixMilli")
	reckoned = words("(time.Time).Add (time.Time).AddDate (time.Time).In (time.Time).Local (time.Time).Round (time.Time).Truncate (time.Time).UTC")
)

// answers are functions of two texts that answer yes or no.
var answers = map[string]func(text, part string) bool{
	"strings.HasPrefix": strings.HasPrefix,
	"strings.HasSuffix": strings.HasSuffix,
	"strings.Contains":  strings.Contains,
	"strings.EqualFold": strings.EqualFold,
}

// converted are functions of one text that yield one no longer than it, so that a
// loop of them comes to an end.
var converted = map[string]func(text string) string{
	"strings.ToLower":   strings.ToLower,
	"strings.ToUpper":   strings.ToUpper,
	"strings.TrimSpace": strings.TrimSpace,
}

// textual computes what a function yields of texts that are known.
func textual(st *state, fn string, params []value) (value, bool) {
	texts := make([]string, len(params))
	for i, x := range params {
		c, ok := st.reduce(x).(constVal)
		if !ok || c.c.Kind() != constant.String {
			return nil, false
		}
		texts[i] = constant.StringVal(c.c)
	}
	if ask := answers[fn]; ask != nil {
		return boolVal(ask(texts[0], texts[1])), true
	}
	if convert := converted[fn]; convert != nil {
		return constVal{constant.MakeString(convert(texts[0]))}, true
	}
	return nil, false
}

// readsElements says of what a function yields which slice it has looked through.
func (m *machine) readsElements(v value, c *call) {
	s, ok := v.(symVal)
	if !ok || m.syms[s.id].depth == 0 {
		return
	}
	for i, a := range c.args {
		list, ok := unbox(a).(symVal)
		if kind := elementKey(c.types[i]); ok && kind != "" {
			m.readOf(s.id, list.id, kind)
			return
		}
	}
}
