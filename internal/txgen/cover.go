package txgen

// cover decides how a transaction that was begun just now will be finished: by a
// deferred call, or by hand on every way out.
func (g *gen) cover(sc *scope, t *held) {
	if t.rounds > 0 && !g.chance(6) {
		return // a deferred call comes too late
	}
	if g.try("closure", 12) && !t.noTx {
		g.localEnd(sc, t)
	}
	n := g.r.IntN(100)
	switch {
	case n < 45 && g.set.Has("defer"):
		g.use("defer")
		g.deferAny(sc, t)
	case n < 60 && g.set.Has("defererr") && !t.noTx:
		g.use("defererr")
		g.deferErr(sc, t)
	case n < 70 && g.set.Has("deferflag") && !t.noTx:
		g.use("deferflag")
		g.deferFlag(sc, t)
	}
	if g.try("recover", 6) && !t.noTx {
		g.deferRecover(sc, t)
	}
}

// localEnd names a function literal that finishes.
func (g *gen) localEnd(sc *scope, t *held) {
	name := g.fresh("end")
	if g.chance(50) {
		g.p("%s := func() { _ = %s.Rollback() }", name, t.x)
		t.ends = append(t.ends, name+"()")
	} else {
		g.p("%s := func(err error) error {", name)
		g.p("_ = %s.Rollback()", t.x)
		g.p("return err")
		g.p("}")
		t.ends = append(t.ends, "_ = "+name+"(errStale)")
	}
	g.p("_ = %s", name)
}

// deferAny finishes on every way out.
func (g *gen) deferAny(sc *scope, t *held) {
	t.covered = true
	if t.noTx {
		g.p("defer %s.Close()", t.work)
		return
	}
	if t.work != "" && g.chance(50) {
		g.p("defer %s.close()", t.work)
		return
	}
	line := func(text string) func() { return func() { g.p("%s", text) } }
	g.choose(
		option{"", 40, line("defer " + t.x + ".Rollback()")},
		option{"", 20, line("defer func() { _ = " + t.x + ".Rollback() }()")},
		option{"", 4, line("defer func(t *sql.Tx) { _ = t.Rollback() }(" + t.x + ")")},
		option{"", 4, line("defer " + t.x + ".Commit()")},
		option{"helper", 12, line("defer rollback(" + t.x + ")")},
		option{"kit", 12, line("defer kit.Rollback(" + t.x + ")")},
		option{"generic", 5, line("defer end(" + t.x + ")")},
		option{"methodvalue", 5, line("defer call(" + t.x + ".Rollback)")},
		option{"recover", 6, func() { g.deferAll(sc, t) }},
	)
}

// deferAll is the classic in three arms.
func (g *gen) deferAll(sc *scope, t *held) {
	all := sc.of("err")
	if len(all) == 0 {
		g.p("defer %s.Rollback()", t.x)
		return
	}
	err := all[g.r.IntN(len(all))].name
	g.p("defer func() {")
	g.p("if v := recover(); v != nil {")
	g.p("_ = %s.Rollback()", t.x)
	g.p("panic(v)")
	g.p("} else if %s != nil {", err)
	g.p("_ = %s.Rollback()", t.x)
	g.p("} else {")
	g.p("%s = %s.Commit()", err, t.x)
	g.p("}")
	g.p("}()")
}

// deferErr finishes when an error variable says so.
func (g *gen) deferErr(sc *scope, t *held) {
	all := sc.of("err")
	if len(all) == 0 {
		return
	}
	v := all[g.r.IntN(len(all))]
	if w, ok := sc.find("err"); ok && sc.fn.named && w.id == sc.fn.err && g.chance(70) {
		v = w
	}
	switch g.r.IntN(6) {
	case 0:
		g.p("defer func() {")
		g.p("if %s != nil {", v.name)
		g.p("_ = %s.Rollback()", t.x)
		g.p("} else {")
		g.p("%s = %s.Commit()", v.name, t.x)
		g.p("}")
		g.p("}()")
		t.covered = true
	case 1:
		if g.set.Has("helper") {
			g.p("defer finishAt(%s, &%s)", t.x, v.name)
			t.covered = true
			return
		}
		fallthrough
	case 2:
		g.p("defer func() {")
		g.p("switch %s {", v.name)
		g.p("case nil:")
		g.p("%s = %s.Commit()", v.name, t.x)
		g.p("default:")
		g.p("rollback(%s)", t.x)
		g.p("}")
		g.p("}()")
		t.covered = true
	case 3:
		if g.set.Has("helperif") {
			g.use("helperif")
			g.p("defer func() { rollbackOn(%s, %s) }()", t.x, v.name)
			t.onErr = v.id
			return
		}
		fallthrough
	default:
		g.p("defer func() {")
		g.p("if %s != nil {", v.name)
		g.p("_ = %s.Rollback()", t.x)
		g.p("}")
		g.p("}()")
		t.onErr = v.id
	}
}

// deferFlag finishes unless a flag says that this was done.
func (g *gen) deferFlag(sc *scope, t *held) {
	name := g.fresh("done")
	start, cond, set := "false", "!"+name, name+" = true"
	if g.chance(30) {
		start, cond, set = "true", name, name+" = false"
	}
	g.p("%s := %s", name, start)
	g.p("defer func() {")
	g.p("if %s {", cond)
	g.p("_ = %s.Rollback()", t.x)
	g.p("}")
	g.p("}()")
	t.flag = set
	sc.declare(g, name, "flag", false)
}

// deferRecover turns a panic into a rollback.
func (g *gen) deferRecover(sc *scope, t *held) {
	g.p("defer func() {")
	g.p("if v := recover(); v != nil {")
	g.p("_ = %s.Rollback()", t.x)
	if sc.fn.named && g.errIsResult(sc) {
		g.p("err = fmt.Errorf(\"panic: %%v\", v)")
	}
	if g.chance(30) {
		g.p("panic(v)")
	}
	g.p("}")
	g.p("}()")
}
