package txgen

import "slices"

// A scope is what can be named at a point of the function.
type scope struct {
	fn    *function
	txs   []*held // visible, innermost last
	vars  []variable
	block int     // index in vars at which the innermost block begins
	loops []round // around this point, innermost last
	depth int     // of nesting
}

// A function is one that is being written: the method, or a literal in it.
type function struct {
	kind  results
	named bool
	owner int  // index of the first transaction that is its own duty
	err   int  // id of the named error result
	exact bool // an error in the result has a meaning to the caller
}

// results is what a function returns.
type results int

const (
	none results = iota
	onlyErr
	onlyBool
	intErr
	txErr
	workErr
	funcErr
)

// A variable that is visible.
type variable struct {
	name string
	kind string // "err", "bool"
	id   int
	last bool // never assigned again: it says the same whenever it is tested

	question *question // what it is instead of a variable, and about which one
	subject  string
}

// A round is a loop, as far as jumps in its body must know.
type round struct {
	label string
	owner int // index of the first transaction begun in the body
}

// A held transaction.
type held struct {
	x       string // the expression that holds it
	guard   string // the condition under which it is open; "" always
	open    bool
	work    string   // the struct that holds it, with methods close and done
	kitWork bool     // ... of the other package
	noTx    bool     // only the struct's methods can get at it
	covered bool     // a deferred call finishes it on every way out
	renewed bool     // another one is begun in its variable
	before  bool     // ... and was registered ahead of the Begin
	onErr   int      // id of the error variable after whose failure a deferred call finishes it
	flag    string   // statement that tells the deferred call to keep away
	ends    []string // statements that finish it, by names in scope
	rounds  int      // loops around the Begin
	lent    bool     // the caller's, unless the function fails
}

// inner returns the scope of a block below this one.
func (s *scope) inner() *scope {
	c := *s
	c.txs = make([]*held, len(s.txs))
	for i, t := range s.txs {
		h := *t
		h.ends = slices.Clip(h.ends)
		c.txs[i] = &h
	}
	c.vars = slices.Clip(s.vars)
	c.block = len(s.vars)
	c.loops = slices.Clip(s.loops)
	c.depth++
	return &c
}

// declare adds a variable.
func (s *scope) declare(g *gen, name, kind string, last bool) int {
	g.serial++
	s.vars = append(s.vars, variable{name: name, kind: kind, id: g.serial, last: last})
	return g.serial
}

// find returns what a name stands for here.
func (s *scope) find(name string) (variable, bool) {
	for i := len(s.vars) - 1; i >= 0; i-- {
		if s.vars[i].name == name {
			return s.vars[i], true
		}
	}
	return variable{}, false
}

// fresh reports whether the innermost block may declare the name.
func (s *scope) fresh(name string) bool {
	for _, v := range s.vars[s.block:] {
		if v.name == name {
			return false
		}
	}
	return true
}

// of returns the visible variables of a kind that nothing hides.
func (s *scope) of(kind string) []variable {
	var all []variable
	for i, v := range s.vars {
		hidden := slices.ContainsFunc(s.vars[i+1:], func(w variable) bool { return w.name == v.name })
		if v.kind == kind && !hidden {
			all = append(all, v)
		}
	}
	return all
}

// usable returns the transactions that are open here.
func (s *scope) usable() []*held {
	var all []*held
	for _, t := range s.txs {
		if t.open {
			all = append(all, t)
		}
	}
	return all
}
