package txgen

import (
	"fmt"
	"strings"
)

// begin writes a Begin with its error check and says how the transaction will be
// finished. Ended tells that the rest of the block cannot be reached.
func (g *gen) begin(sc *scope) (ended bool) {
	name := "tx"
	for i := 2; !sc.fresh(name) || hasTx(sc, name); i++ {
		name = fmt.Sprintf("tx%d", i)
	}
	g.pay(1)
	g.choose(
		option{"", 60, func() { ended = g.beginPlain(sc, name) }},
		option{"own", 10, func() { g.beginOwn(sc, name) }},
		option{"openwork", 6, func() { g.beginWork(sc, "c.openWork()", false) }},
		option{"kitopen", 5, func() { g.beginWork(sc, "kit.OpenWork(c.p.DB)", true) }},
		option{"openfunc", 5, func() { g.beginStart(sc, name, "c.start()") }},
		option{"openfunc", 4, func() { g.beginOpener(sc, name) }},
		option{"kitopen", 3, func() { g.beginStart(sc, name, "kit.Start(c.p.DB)") }},
		option{"deferbefore", 6, func() { g.beginBefore(sc, name) }},
		option{"field", 6, func() { g.beginField(sc) }},
		option{"ignored", 4, func() { g.beginIgnored(sc, name) }},
	)
	return ended
}

func hasTx(sc *scope, name string) bool {
	for _, t := range sc.txs {
		if t.x == name {
			return true
		}
	}
	return false
}

// source is a call that returns a transaction and an error.
func (g *gen) source(sc *scope) string {
	text := "c.p.DB.Begin()"
	g.choose(
		option{"", 60, func() {}},
		option{"", 15, func() { text = "c.p.DB.BeginTx(context.Background(), nil)" }},
		option{"open", 10, func() { text = "c.open()" }},
		option{"open", 6, func() { text = "c.openChecked(context.Background())" }},
		option{"openbody", 8, func() { text = g.helper(opens, false) + "()" }},
		option{"openbody", 4, func() { text = g.helper(opens, g.set.Has("kitbody")) + "()" }},
		option{"kitopen", 9, func() { text = "kit.Open(context.Background(), c.p.DB)" }},
	)
	return text
}

// newTx adds a transaction that was begun just now and is known to be there.
func (g *gen) newTx(sc *scope, x string) *held {
	t := &held{x: x, open: true, rounds: len(sc.loops)}
	sc.txs = append(sc.txs, t)
	return t
}

// beginPlain is a Begin into a variable of its own.
func (g *gen) beginPlain(sc *scope, name string) (ended bool) {
	call := g.source(sc)
	if g.try("cancel", 6) && len(sc.loops) == 0 {
		ctx := g.fresh("ctx")
		g.p("%s, cancel%s := context.WithCancel(context.Background())", ctx, ctx)
		g.p("defer cancel%s()", ctx)
		err := g.newErr(sc, name+", ", "c.p.DB.BeginTx("+ctx+", nil)")
		g.checkFailed(sc, err)
		t := g.newTx(sc, name)
		t.covered = true
		return false
	}
	switch g.r.IntN(10) {
	case 0:
		return g.beginElse(sc, name, call)
	case 1:
		g.p("var %s *sql.Tx", name)
		sc.declare(g, name, "tx", false)
		err := g.assignErr(sc, name+", ", call)
		g.checkFailed(sc, err)
	default:
		err := g.newErr(sc, name+", ", call)
		g.checkFailed(sc, err)
	}
	t := g.newTx(sc, name)
	g.cover(sc, t)
	return false
}

// beginElse keeps the transaction to the branch of an if statement.
func (g *gen) beginElse(sc *scope, name, call string) (ended bool) {
	err := "err"
	in := sc.inner()
	in.declare(g, err, "err", false)
	if g.chance(50) {
		g.p("if %s, err := %s; err != nil {", name, call)
		ended = g.failure(in, err)
		g.p("} else {")
		body := in.inner()
		g.cover(body, g.newTx(body, name))
		ended = g.rest(body, len(sc.txs)) && ended
	} else {
		g.p("if %s, err := %s; err == nil {", name, call)
		body := in.inner()
		g.cover(body, g.newTx(body, name))
		ended = g.rest(body, len(sc.txs))
		if g.chance(40) {
			g.p("} else {")
			ended = g.failure(in.inner(), err) && ended
		} else {
			ended = false
		}
	}
	g.p("}")
	return ended
}

// rest writes a body and ends what was begun from owner on.
func (g *gen) rest(sc *scope, owner int) bool {
	if g.body(sc, 3) {
		return true
	}
	return !g.settle(sc, owner, "")
}

// beginOwn begins under a condition.
func (g *gen) beginOwn(sc *scope, name string) {
	cond := g.lasting(sc)
	g.p("var %s *sql.Tx", name)
	sc.declare(g, name, "tx", false)
	if sc.fresh("err") {
		g.p("var err error")
		sc.declare(g, "err", "err", false)
		g.p("_ = err")
	}
	g.p("if %s {", cond)
	in := sc.inner()
	err := "err"
	if v, ok := sc.find("err"); ok && v.kind == "err" && g.chance(60) {
		g.p("if %s, err = %s; err != nil {", name, g.source(sc))
	} else {
		err = g.fresh("e")
		in.declare(g, err, "err", false)
		g.p("var %s error", err)
		g.p("if %s, %s = %s; %s != nil {", name, err, g.source(sc), err)
	}
	if !g.failure(in.inner(), err) {
		g.leave(in.inner(), err)
	}
	g.p("}")
	t := &held{x: name, open: true, rounds: len(sc.loops)}
	sc.txs = append(sc.txs, t)
	if g.try("deferguard", 40) {
		g.deferAny(sc, t)
	}
	g.p("}")
	t.guard = cond
	if g.chance(30) && !strings.Contains(cond, "=") {
		t.guard = name + " != nil"
	}
}

// beginWork lets a helper begin and return a struct.
func (g *gen) beginWork(sc *scope, call string, kit bool) {
	w := g.fresh("w")
	err := g.newErr(sc, w+", ", call)
	g.checkFailed(sc, err)
	t := g.newTx(sc, w+".tx")
	t.work, t.kitWork, t.noTx = w, kit, kit
	g.cover(sc, t)
}

// beginStart lets a helper begin and return what finishes by an error.
func (g *gen) beginStart(sc *scope, name, call string) {
	done := g.fresh("done")
	if !sc.fn.named || !g.errIsResult(sc) || len(sc.loops) > 0 || sc.fn.owner > 0 {
		e := g.fresh("e")
		g.p("%s, %s, %s := %s", name, done, e, call)
		g.p("_ = %s", done)
		sc.declare(g, name, "tx", false)
		sc.declare(g, e, "err", false)
		g.checkFailed(sc, e)
		t := g.newTx(sc, name)
		t.ends = append(t.ends, fmt.Sprintf("%s(&%s)", done, e), fmt.Sprintf("%s(new(error))", done))
		if g.try("defer", 30) {
			t.covered = true
			g.p("defer %s(&%s)", done, e)
		}
		return
	}
	g.p("%s, %s, err := %s", name, done, call)
	sc.declare(g, name, "tx", false)
	g.checkFailed(sc, "err")
	t := g.newTx(sc, name)
	g.p("defer %s(&err)", done)
	t.covered = true
}

// errIsResult reports whether err is the named result here.
func (g *gen) errIsResult(sc *scope) bool {
	v, ok := sc.find("err")
	return ok && v.id == sc.fn.err && sc.block == 0
}

// beginOpener lets a helper begin and return a function that rolls back.
func (g *gen) beginOpener(sc *scope, name string) {
	end := g.fresh("end")
	e := g.fresh("e")
	g.p("%s, %s, %s := c.opener()", name, end, e)
	g.p("_ = %s", end)
	sc.declare(g, name, "tx", false)
	sc.declare(g, e, "err", false)
	g.checkFailed(sc, e)
	t := g.newTx(sc, name)
	t.ends = append(t.ends, end+"()")
	if g.try("defer", 50) {
		g.p("defer %s()", end)
		t.covered = true
	}
}

// beginBefore registers the deferred call ahead of the Begin.
func (g *gen) beginBefore(sc *scope, name string) {
	g.p("var %s *sql.Tx", name)
	sc.declare(g, name, "tx", false)
	g.p("defer func() {")
	g.p("if %s != nil {", name)
	g.p("_ = %s.Rollback()", name)
	g.p("}")
	g.p("}()")
	if g.chance(40) {
		g.fork(sc)
	}
	err := g.assignErr(sc, name+", ", g.source(sc))
	g.checkFailed(sc, err)
	t := g.newTx(sc, name)
	t.covered, t.before = len(sc.loops) == 0, true
}

// beginField begins into a field.
func (g *gen) beginField(sc *scope) {
	w := g.fresh("w")
	if g.chance(50) {
		g.p("%s := &work{}", w)
	} else {
		g.p("var %s work", w)
	}
	err := g.assignErr(sc, w+".tx, ", g.source(sc))
	g.checkFailed(sc, err)
	t := g.newTx(sc, w+".tx")
	t.work = w
	g.cover(sc, t)
}

// beginIgnored drops the error and looks at the transaction.
func (g *gen) beginIgnored(sc *scope, name string) {
	g.p("%s, _ := %s", name, g.source(sc))
	sc.declare(g, name, "tx", false)
	g.p("if %s == nil {", name)
	g.leave(sc.inner(), "")
	g.p("}")
	g.cover(sc, g.newTx(sc, name))
}
