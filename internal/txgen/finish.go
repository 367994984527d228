package txgen

// settle ends what was begun from owner on, as far as no deferred call will; it
// reports whether what follows is still reached.
func (g *gen) settle(sc *scope, owner int, failed string) (goesOn bool) {
	for i := len(sc.txs) - 1; i >= owner; i-- {
		t := sc.txs[i]
		if !t.open {
			continue
		}
		inLoop := t.rounds > 0 && len(sc.loops) > 0
		switch {
		case t.lent && failed == "":
		case t.covered && !inLoop:
			if failed == "" && g.chance(50) && !t.noTx {
				if !g.commitChecked(sc, t) {
					return false
				}
			}
		case t.onErr != 0 && !inLoop:
			if failed != "" && g.sees(sc, t, failed) {
				break
			}
			g.finish(sc, t, failed)
		case t.flag != "" && !inLoop:
			if failed == "" && !g.slips() {
				if !g.commitChecked(sc, t) {
					return false
				}
				g.p("%s", t.flag)
			}
		case g.slips():
		case failed == "" && !t.noTx && g.chance(35):
			if !g.commitChecked(sc, t) {
				return false
			}
		default:
			g.finish(sc, t, failed)
		}
		t.open = false
	}
	return true
}

// sees reports whether the deferred call that looks at an error variable sees the
// failure.
func (g *gen) sees(sc *scope, t *held, failed string) bool {
	v, ok := sc.find(failed)
	return ok && v.id == t.onErr || sc.fn.named && sc.fn.err == t.onErr && sc.fn.owner == 0 && sc.fn.kind != none
}

// commitChecked commits and returns the error of that, if any.
func (g *gen) commitChecked(sc *scope, t *held) (goesOn bool) {
	g.pay(1)
	if t.guard != "" {
		g.p("if %s {", t.guard)
		defer g.p("}")
	}
	t.open = false
	if g.chance(30) {
		g.p("_ = %s.Commit()", t.x)
		return true
	}
	in := sc.inner()
	in.declare(g, "err", "err", false)
	g.p("if err := %s; err != nil {", g.commitError(sc, t))
	g.leave(in, "err")
	g.p("}")
	return true
}

// commitError is a call that commits and returns the error.
func (g *gen) commitError(sc *scope, t *held) string {
	text := t.x + ".Commit()"
	g.choose(
		option{"", 70, func() {}},
		option{"helper", 8, func() { text = "finish(" + t.x + ", nil)" }},
		option{"kit", 8, func() { text = "kit.Finish(" + t.x + ", nil)" }},
		option{"generic", 4, func() { text = "try(" + t.x + ", new(bool))" }},
		option{"wrap", 5, func() { text = "wrap(" + t.x + ".Commit())" }},
	)
	return text
}

// finish ends a transaction.
func (g *gen) finish(sc *scope, t *held, failed string) {
	if t.guard != "" {
		g.p("if %s {", t.guard)
		defer g.p("}")
	}
	line := func(format string, args ...any) func() {
		return func() { g.p(format, args...) }
	}
	if t.noTx {
		g.choose(
			option{"", 1, line("%s.Close()", t.work)},
			option{"", 1, line("_ = %s.Done(errStale)", t.work)},
		)
		return
	}
	if t.work != "" && g.chance(50) {
		g.choose(
			option{"", 1, line("%s.close()", t.work)},
			option{"", 1, line("_ = %s.done(errStale)", t.work)},
			option{"", 1, line("_ = %s.done(nil)", t.work)},
		)
		return
	}
	if len(t.ends) > 0 && g.chance(60) {
		g.p("%s", t.ends[g.r.IntN(len(t.ends))])
		return
	}
	if failed != "" && g.chance(25) && (g.set.Has("helperif") || g.set.Has("kitif")) {
		g.choose(
			option{"helperif", 1, line("rollbackOn(%s, %s)", t.x, failed)},
			option{"kitif", 1, line("kit.RollbackOn(%s, %s)", t.x, failed)},
			option{"helperif", 1, line("rollbackIf(%s, %s != nil)", t.x, failed)},
			option{"kitif", 1, line("kit.RollbackIf(%s, %s != nil)", t.x, failed)},
			option{"helper", 1, line("_ = finish(%s, %s)", t.x, failed)},
			option{"kit", 1, line("_ = kit.Finish(%s, %s)", t.x, failed)},
		)
		return
	}
	if !g.inHelper && g.slip == 0 && g.budget > 0 && g.chance(12) && (g.set.Has("helperbody") || g.set.Has("kitbody")) {
		g.choose(
			option{"helperbody", 2, func() { g.p("_ = %s(%s)", g.helper(always, false), t.x) }},
			option{"kitbody", 1, func() { g.p("_ = %s(%s)", g.helper(always, true), t.x) }},
		)
		return
	}
	bound := g.fresh("f")
	given := 3
	if t.covered || t.before || t.onErr != 0 || t.flag != "" {
		given = 0 // who has it would find it finished by the deferred call
	}
	shared := 2
	if t.renewed {
		shared = 0 // the goroutine may find the next one in the variable
	}
	g.choose(
		option{"", 30, line("_ = %s.Rollback()", t.x)},
		option{"", 15, line("%s.Rollback()", t.x)},
		option{"", 8, line("_ = %s.Commit()", t.x)},
		option{"helper", 8, line("rollback(%s)", t.x)},
		option{"kit", 8, line("kit.Rollback(%s)", t.x)},
		option{"helper", 3, line("_ = finish(%s, errStale)", t.x)},
		option{"helperif", 3, line("rollbackIf(%s, true)", t.x)},
		option{"kitif", 3, line("kit.RollbackIf(%s, true)", t.x)},
		option{"generic", 4, line("_ = end(%s)", t.x)},
		option{"methodvalue", 3, line("%s := %s.Rollback\n_ = %s()", bound, t.x, bound)},
		option{"methodvalue", 2, line("call(%s.Rollback)", t.x)},
		option{"methodvalue", 1, line("_ = (*sql.Tx).Rollback(%s)", t.x)},
		option{"closure", 4, line("func() { _ = %s.Rollback() }()", t.x)},
		option{"closure", 2, line("call(func() error { return %s.Commit() })", t.x)},
		option{"chan", given, line("queue <- %s", t.x)},
		option{"keep", given, line("kept[len(kept)] = %s", t.x)},
		option{"goroutine", shared, line("go func() { _ = %s.Rollback() }()", t.x)},
		option{"goroutine", 2, line("go rollback(%s)", t.x)},
	)
}

// leave is the end of a branch that does not go on: of the function, the round of
// a loop, or all.
func (g *gen) leave(sc *scope, failed string) {
	if n := len(sc.loops); n > 0 && g.chance(45) {
		g.jump(sc, failed)
		return
	}
	switch {
	case g.try("panic", 3):
		if failed != "" {
			g.p("panic(%s)", failed)
		} else {
			g.p("panic(%q)", "unexpected")
		}
	case g.try("fatal", 2):
		g.p("log.Fatal(%q)", "unexpected")
	default:
		g.exit(sc, failed)
		return
	}
}

// jump leaves the round, or the loop.
func (g *gen) jump(sc *scope, failed string) {
	loop := sc.loops[len(sc.loops)-1]
	label := ""
	if loop.label != "" && g.chance(40) {
		label = " " + loop.label
	}
	if outer := sc.loops[0]; len(sc.loops) > 1 && outer.label != "" && g.try("label", 40) {
		loop, label = outer, " "+outer.label
	}
	if !g.settle(sc, loop.owner, failed) {
		return
	}
	word := "continue"
	if g.chance(50) {
		word = "break"
	}
	if word == "break" && label == "" && sc.fn.kind >= 0 && loop.label == "" {
		// A break inside a switch or select leaves only that; it does no harm.
		g.p("break")
		return
	}
	g.p("%s%s", word, label)
}
