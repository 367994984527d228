package txgen

import (
	"fmt"
	"slices"
)

// switches writes a switch statement with or without a tag.
func (g *gen) switches(sc *scope) {
	g.pay(1)
	ways := 2 + g.r.IntN(2)
	switch g.r.IntN(3) {
	case 0:
		g.p("switch c.p.Pick(%d) {", ways+1)
		for i := range ways {
			g.p("case %d:", i)
			g.caseBody(sc, i < ways-1)
		}
	case 1:
		name := g.fresh("mode")
		g.p("switch %s := c.p.Pick(3); %s {", name, name)
		g.p("case 0, 2:")
		g.caseBody(sc, true)
		g.p("default:")
		g.caseBody(sc, false)
	case 2:
		g.p("switch {")
		for i := range ways - 1 {
			g.p("case %s:", g.choice(sc))
			g.caseBody(sc, i < ways-2)
		}
		if g.chance(60) {
			g.p("default:")
			g.caseBody(sc, false)
		}
	}
	g.p("}")
}

// caseBody is what a case does; next tells that another one follows.
func (g *gen) caseBody(sc *scope, next bool) {
	if g.chance(15) {
		if next && g.chance(60) {
			g.p("fallthrough")
		}
		return
	}
	if !g.block(sc, 2, g.chance(45)) && next && g.chance(15) {
		g.p("fallthrough")
	}
}

// typeSwitch tells types apart.
func (g *gen) typeSwitch(sc *scope) {
	g.pay(1)
	name := g.fresh("v")
	g.p("switch %s := c.thing().(type) {", name)
	g.p("case int:")
	g.p("_ = %s + 1", name)
	g.arm(sc)
	if g.chance(60) {
		g.p("case error:")
		in := sc.inner()
		in.declare(g, name, "err", true)
		g.leave(in, name)
	} else {
		g.p("case string:")
		g.arm(sc)
	}
	if g.chance(50) {
		g.p("default:")
		g.p("_ = %s", name)
		g.arm(sc)
	}
	g.p("}")
}

// selects waits for one of several.
func (g *gen) selects(sc *scope) {
	g.pay(1)
	name := g.fresh("ready")
	g.p("%s := c.signal()", name)
	g.p("select {")
	if g.chance(50) {
		g.p("case <-%s:", name)
		g.arm(sc)
	} else {
		g.p("case ok := <-%s:", name)
		g.p("_ = ok")
		g.arm(sc)
	}
	g.p("default:")
	g.arm(sc)
	g.p("}")
}

// loop writes a loop around what it does with a transaction, or around a Begin.
func (g *gen) loop(sc *scope, begins bool) {
	g.pay(2)
	label := ""
	if g.try("label", 25) {
		label = g.fresh("loop")
		// A label must be used.
		g.p("%s:", label)
	}
	heads := []string{
		"for range c.p.Pick(3)",
		"for range c.list()",
		"for c.p.Choose()",
		"for i := 0; i < 3 && c.p.Choose(); i++",
		"for range c.table()",
		"for range c.feed()",
		"for",
	}
	if g.set.Has("rangefunc") {
		heads = append(heads, "for range upTo(c.p.Pick(3))", "for i := range upTo(c.p.Pick(3))")
	}
	head := heads[g.r.IntN(len(heads))]
	g.p("%s {", head)
	in := sc.inner()
	in.loops = append(in.loops, round{label, len(sc.txs)})
	if head == "for" {
		g.p("if c.p.Choose() {")
		g.p("break")
		g.p("}")
	}
	if head == "for i := range upTo(c.p.Pick(3))" {
		g.p("_ = i")
	}
	if label != "" {
		g.p("if c.p.Choose() {")
		g.p("continue %s", label)
		g.p("}")
	}
	ended := false
	if begins {
		ended = g.begin(in)
	}
	if !ended && !g.body(in, 2) {
		g.settle(in, len(sc.txs), "")
	}
	g.p("}")
}

// again jumps back to where a transaction begins.
func (g *gen) again(sc *scope) {
	label := g.fresh("again")
	name := g.fresh("t")
	g.p("%s:", label)
	g.p("{")
	in := sc.inner()
	in.loops = nil
	err := g.newErr(in, name+", ", "c.p.DB.Begin()")
	g.checkFailed(in, err)
	t := g.newTx(in, name)
	t.rounds = 1
	g.p("if c.p.Choose() {")
	if !g.slips() {
		g.finish(in, t, "")
	}
	g.p("goto %s", label)
	g.p("}")
	g.operation(in)
	g.settle(in, len(sc.txs), "")
	g.p("}")
	g.pay(3)
}

// literal writes a function literal that uses or finishes what is outside.
func (g *gen) literal(sc *scope) {
	all := sc.usable()
	if len(all) == 0 {
		g.fork(sc)
		return
	}
	t := all[g.r.IntN(len(all))]
	if t.noTx || t.guard != "" {
		g.fork(sc)
		return
	}
	name := g.fresh("run")
	g.p("%s := func() error {", name)
	in := sc.inner()
	in.fn = &function{kind: onlyErr, owner: len(sc.txs)}
	in.loops = nil
	for _, h := range in.txs {
		h.covered = true // somebody else's duty
	}
	g.p("_, err := %s.Exec(\"DELETE FROM t\")", t.x)
	in.declare(g, "err", "err", false)
	if g.chance(60) {
		g.p("if err != nil {")
		g.p("return %s", g.errorFrom("err"))
		g.p("}")
		g.body(in, 1)
		g.p("return nil")
	} else {
		g.p("return err")
	}
	g.p("}")
	inner := sc.inner()
	inner.declare(g, "err", "err", false)
	g.p("if err := %s(); err != nil {", name)
	g.failed(inner, "err", nil, false)
}

// nested writes a function literal that has transactions of its own.
func (g *gen) nested(sc *scope) {
	name := g.fresh("sub")
	g.p("%s := func() error {", name)
	in := sc.inner()
	in.fn = &function{kind: onlyErr, owner: len(sc.txs)}
	in.loops = nil
	in.depth = max(in.depth, 1)
	for _, h := range in.txs {
		h.open = false
	}
	if !g.try("captured", 30) {
		in.vars = slices.DeleteFunc(slices.Clone(in.vars), func(v variable) bool { return v.kind == "bool" })
		in.block = len(in.vars)
	}
	if !g.begin(in) && !g.body(in, 2) {
		g.exit(in, "")
	}
	g.p("}")
	inner := sc.inner()
	inner.declare(g, "err", "err", false)
	g.p("if err := %s(); err != nil {", name)
	g.failed(inner, "err", nil, false)
}

// gotoBody writes a function whose failures jump to a label at its end.
func (g *gen) gotoBody(sc *scope) {
	fail := g.fresh("fail")
	g.p("var tx *sql.Tx")
	if _, ok := sc.find("err"); !ok {
		g.p("var err error")
		sc.declare(g, "err", "err", false)
	}
	err, _ := sc.find("err")
	g.p("if tx, err = %s; err != nil {", g.source(sc))
	in := sc.inner()
	g.ret(in, "err")
	g.p("}")
	t := g.newTx(sc, "tx")
	for range 1 + g.r.IntN(3) {
		g.pay(1)
		switch g.r.IntN(4) {
		case 0:
			g.p("if %s {", g.choice(sc))
			g.p("goto %s", fail)
			g.p("}")
		case 1:
			g.p("if _, err = tx.Exec(\"DELETE FROM t\"); err != nil {")
			g.p("goto %s", fail)
			g.p("}")
		case 2:
			g.p("if err = use(tx); err != nil {")
			if g.chance(50) {
				g.p("err = fmt.Errorf(\"use: %%w\", err)")
			}
			g.p("goto %s", fail)
			g.p("}")
		case 3:
			g.p("{")
			g.block(sc, 1, false)
			g.p("}")
		}
	}
	g.p("if c.p.Choose() {")
	g.p("goto %s", fail)
	g.p("}")
	done := sc.inner()
	g.exit(done, "")
	g.p("%s:", fail)
	if !g.slips() {
		g.finish(sc, t, "")
	}
	t.open = false
	_ = err
	g.p("%s", fmt.Sprint(g.plainReturn(sc.fn)))
}
