package txgen

import (
	"fmt"
	"slices"
)

// statement writes one of the many.
func (g *gen) statement(sc *scope) (ended bool) {
	if sc.depth > 4 || g.budget <= 0 {
		return g.operation(sc)
	}
	inLoop := len(sc.loops) > 0
	options := []option{
		{"", 34, func() { ended = g.operation(sc) }},
		{"", 18, func() { g.branch(sc) }},
		{"switch", 7, func() { g.switches(sc) }},
		{"typeswitch", 3, func() { g.typeSwitch(sc) }},
		{"select", 3, func() { g.selects(sc) }},
		{"loop", 8, func() { g.loop(sc, false) }},
		{"bool", 5, func() { g.conditional(sc) }},
		{"rebegin", 4, func() { g.rebegin(sc) }},
		{"closure", 3, func() { g.literal(sc) }},
		{"nested", 2, func() { g.nested(sc) }},
		{"const", 2, func() { g.constant(sc) }},
		{"answer", 4, func() { g.answer(sc) }},
		{"wrap", 3, func() { g.sorted(sc) }},
		{"", 2, func() { g.p("{"); ended = g.block(sc, 2, false); g.p("}") }},
	}
	if !inLoop || g.chance(20) {
		options = append(options, option{"loopbegin", 5, func() { g.loop(sc, true) }})
	}
	if len(sc.usable()) < 2 {
		options = append(options, option{"several", 4, func() { ended = g.begin(sc) }})
		options = append(options, option{"discard", 1, func() { g.discard(sc) }})
		options = append(options, option{"gotoback", 2, func() { g.again(sc) }})
	}
	g.choose(options...)
	return ended
}

// fork writes a way out that is taken by choice.
func (g *gen) fork(sc *scope) {
	g.p("if %s {", g.cond(sc))
	g.leave(sc.inner(), "")
	g.p("}")
}

// branch writes an if statement.
func (g *gen) branch(sc *scope) {
	cond := g.cond(sc)
	g.p("if %s {", cond)
	g.arm(sc)
	for g.chance(20) {
		g.p("} else if %s {", g.choice(sc))
		g.arm(sc)
	}
	if g.chance(35) {
		g.p("} else {")
		g.arm(sc)
	}
	g.p("}")
}

// arm is a block that often does not go on.
func (g *gen) arm(sc *scope) { g.block(sc, 1+g.r.IntN(2), g.chance(55)) }

// cond is a condition; it may write a statement that declares its variable.
func (g *gen) cond(sc *scope) string {
	if g.try("bool", 25) {
		return g.lasting(sc)
	}
	return g.choice(sc)
}

// lasting is a condition that means the same wherever it is tested again.
func (g *gen) lasting(sc *scope) string {
	all := slices.DeleteFunc(sc.of("bool"), func(v variable) bool { return !v.last })
	if len(all) == 0 || g.chance(30) {
		return g.remembered(sc)
	}
	v := all[g.r.IntN(len(all))]
	no := g.chance(25)
	switch {
	case v.question != nil:
		return g.words(v, no)
	case no:
		return "!" + v.name
	}
	return v.name
}

// remembered is a new condition that can be tested again.
func (g *gen) remembered(sc *scope) string {
	if g.try("ask", 45) {
		return g.ask(sc)
	}
	name := g.fresh("b")
	g.pay(1)
	g.p("%s := c.p.Choose()", name)
	sc.declare(g, name, "bool", true)
	return name
}

// choice is an expression that forks, or tests what is known.
func (g *gen) choice(sc *scope) string {
	g.pay(1)
	known := sc.of("bool")
	errs := sc.of("err")
	switch n := g.r.IntN(100); {
	case n < 10:
		return "!c.p.Choose()"
	case n < 18:
		return "c.p.Choose() && c.p.Choose()"
	case n < 26:
		return "c.p.Choose() || c.p.Choose()"
	case n < 36 && len(known) > 0:
		return known[g.r.IntN(len(known))].name + " && c.p.Choose()"
	case n < 46 && len(known) > 0:
		return "!" + known[g.r.IntN(len(known))].name + " || c.p.Choose()"
	case n < 54 && len(errs) > 0:
		return errs[g.r.IntN(len(errs))].name + " != nil"
	case n < 58 && len(errs) > 0:
		return fmt.Sprintf("%s == nil && c.p.Choose()", errs[g.r.IntN(len(errs))].name)
	case n < 62:
		return "!(c.p.Choose() && !c.p.Choose())"
	case n < 66:
		return "c.p.Pick(3) == 1"
	}
	return "c.p.Choose()"
}

// conditional finishes a transaction under a condition that is remembered.
func (g *gen) conditional(sc *scope) {
	all := sc.usable()
	if len(all) == 0 {
		g.fork(sc)
		return
	}
	t := all[g.r.IntN(len(all))]
	owner := sc.fn.owner
	if n := len(sc.loops); n > 0 {
		owner = max(owner, sc.loops[n-1].owner)
	}
	if t.guard != "" || t.covered || t.flag != "" || t.onErr != 0 || !g.owns(sc, t, owner) {
		g.fork(sc)
		return
	}
	if g.chance(50) {
		name := g.remembered(sc)
		g.p("if %s {", name)
		g.finish(sc.inner(), t, "")
		g.p("}")
		t.guard = "!" + name
		return
	}
	name := g.fresh("over")
	g.p("%s := false", name)
	g.p("if %s {", g.choice(sc))
	g.finish(sc.inner(), t, "")
	g.p("%s = true", name)
	g.p("}")
	sc.declare(g, name, "flag", false)
	t.guard = "!" + name
}

// owns reports whether the transaction was begun in this very block, so that what
// follows in it is all that must know of a change.
func (g *gen) owns(sc *scope, t *held, owner int) bool {
	for _, h := range sc.txs[owner:] {
		if h == t {
			return sc.depth == 0 || sc.blockTx(t)
		}
	}
	return false
}

// blockTx reports whether the variable of a transaction belongs to this block.
func (s *scope) blockTx(t *held) bool {
	for _, v := range s.vars[s.block:] {
		if v.kind == "tx" && v.name == t.x {
			return true
		}
	}
	return false
}

// rebegin finishes a transaction and begins another in the same variable.
func (g *gen) rebegin(sc *scope) {
	all := sc.usable()
	if len(all) == 0 {
		g.fork(sc)
		return
	}
	t := all[g.r.IntN(len(all))]
	if t.guard != "" || t.noTx || t.work != "" || t.covered || len(t.ends) > 0 || t.onErr != 0 || t.flag != "" ||
		!g.owns(sc, t, sc.fn.owner) {
		g.fork(sc)
		return
	}
	t.renewed = true
	if !g.slips() {
		g.finish(sc, t, "")
	}
	t.open = false
	err := g.assignErr(sc, t.x+", ", g.source(sc))
	g.checkFailed(sc, err)
	t.open = true
	t.ends = nil
	g.pay(1)
}

// constant writes a branch that never runs.
func (g *gen) constant(sc *scope) {
	cond := []string{"debug", "debug && c.p.Choose()", "!debug && false", "1 > 2"}[g.r.IntN(4)]
	g.p("if %s {", cond)
	g.p("%s", g.plainReturn(sc.fn))
	g.p("}")
}

// plainReturn forgets everything.
func (g *gen) plainReturn(fn *function) string {
	switch fn.kind {
	case onlyErr:
		return "return errStale"
	case onlyBool:
		return "return false"
	case intErr:
		return "return 0, errStale"
	case txErr, workErr, funcErr:
		return "return nil, errStale"
	}
	return "return"
}

// discard begins what nothing holds.
func (g *gen) discard(sc *scope) {
	g.pay(1)
	if g.chance(50) {
		g.p("_, _ = c.p.DB.Begin()")
	} else {
		g.p("c.p.DB.Begin()")
	}
}
