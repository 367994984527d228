package txgen

import "strings"

// newErr assigns the results of a call, the last of which is an error, to new
// variables where it can; prefix is the left side up to the error. It returns the
// name of the error's variable.
func (g *gen) newErr(sc *scope, prefix, call string) string {
	other := strings.TrimSuffix(prefix, ", ")
	name := "err"
	v, found := sc.find("err")
	switch {
	case found && v.kind != "err", !found, sc.fresh("err"):
		if found && !g.try("shadow", 60) {
			name = g.fresh("e")
		}
		if g.chance(10) {
			name = g.fresh("e")
		}
	case other == "_" || other == "": // nothing new on the left
		name = g.fresh("e")
	}
	if other != "_" && other != "" {
		sc.declare(g, other, "tx", false)
	}
	if name != "err" || sc.fresh("err") {
		sc.declare(g, name, "err", false)
	}
	g.p("%s%s := %s", prefix, name, call)
	return name
}

// assignErr assigns them to variables that are there already, if there is one for
// the error.
func (g *gen) assignErr(sc *scope, prefix, call string) string {
	all := sc.of("err")
	if len(all) == 0 || g.chance(10) {
		name := g.fresh("e")
		g.p("var %s error", name)
		sc.declare(g, name, "err", false)
		g.p("%s%s = %s", prefix, name, call)
		return name
	}
	v := all[g.r.IntN(len(all))]
	g.p("%s%s = %s", prefix, v.name, call)
	return v.name
}

// work writes a call that may fail, on a transaction or not, and what follows from
// its failure. Ended tells that the rest cannot be reached.
func (g *gen) operation(sc *scope) (ended bool) {
	prefix, call, t, ends := g.fallible(sc)
	if t != nil && t.guard != "" {
		g.p("if %s {", t.guard)
		defer g.p("}")
		sc = sc.inner()
	}
	switch n := g.r.IntN(100); {
	case n < 40:
		in := sc.inner()
		name := "err"
		if v, ok := sc.find("err"); ok && v.kind == "err" && !g.try("shadow", 45) {
			g.p("if %s%s = %s; %s != nil {", prefix, name, call, name)
		} else {
			in.declare(g, name, "err", false)
			g.p("if %s%s := %s; %s != nil {", prefix, name, call, name)
		}
		g.failed(in, name, t, ends)
	case n < 60:
		name := g.assignErr(sc, prefix, call)
		g.ifFailed(sc, name, t, ends)
	case n < 75:
		name := g.newErr(sc, prefix, call)
		g.ifFailed(sc, name, t, ends)
	case n < 83 && g.set.Has("switch"):
		g.use("switch")
		g.switchErr(sc, prefix, call, t, ends)
	case n < 91 && g.set.Has("joined") && !ends:
		g.use("joined")
		g.joined(sc, prefix, call)
	case n < 96 || ends:
		name := g.newErr(sc, prefix, call)
		g.p("if %s == nil {", name)
		g.body(sc.inner(), 1)
		g.p("} else {")
		g.failed(sc.inner(), name, t, ends)
	default:
		g.p("%s_ = %s", prefix, call)
	}
	return false
}

// fallible chooses a call: the left side before its error, the transaction that it
// uses, and whether its failure finishes that.
func (g *gen) fallible(sc *scope) (prefix, call string, t *held, ends bool) {
	g.pay(1)
	call = "c.step()"
	all := sc.usable()
	if len(all) == 0 || g.chance(10) {
		return "", call, nil, false
	}
	t = all[g.r.IntN(len(all))]
	if t.noTx {
		return "", t.work + ".Use()", t, false
	}
	prefix, call = "_, ", t.x+`.Exec("UPDATE t SET n = 1")`
	set := func(p, c string, e bool) func() {
		return func() { prefix, call, ends = p, c, e }
	}
	g.choose(
		option{"", 65, func() {}},
		option{"helper", 10, set("", "use("+t.x+")", false)},
		option{"helpererr", 7, set("", "useOrEnd("+t.x+")", true)},
		option{"kit", 10, set("", "kit.Use("+t.x+")", false)},
		option{"kitif", 7, set("", "kit.UseOrEnd("+t.x+")", true)},
		option{"", 5, set("", t.x+`.QueryRow("SELECT n FROM t").Scan(new(int))`, false)},
	)
	if !g.inHelper && g.try("helperbody", 6) {
		return "", g.helper(onFailed, false) + "(" + t.x + ")", t, true
	}
	if !g.inHelper && g.try("kitbody", 4) {
		return "", g.helper(onFailed, true) + "(" + t.x + ")", t, true
	}
	if t.work != "" && g.chance(30) {
		set("", t.work+".use()", false)()
	}
	return prefix, call, t, ends
}

// ifFailed tests an error variable and fails.
func (g *gen) ifFailed(sc *scope, name string, t *held, ends bool) {
	cond := name + " != nil"
	if g.chance(8) {
		cond = "!(" + name + " == nil)"
	}
	g.p("if %s {", cond)
	g.failed(sc.inner(), name, t, ends)
}

// failed is the branch of a failure; it closes the block. A call that finishes t
// when it fails has done so.
func (g *gen) failed(in *scope, name string, t *held, ends bool) {
	if ends {
		for _, h := range in.txs {
			if h.x == t.x {
				h.open = false
			}
		}
		g.leave(in, name)
	} else if !g.failure(in, name) && g.chance(20) && name == "err" {
		g.p("_ = %s", name)
	}
	g.p("}")
}

// checkFailed follows a Begin.
func (g *gen) checkFailed(sc *scope, name string) {
	if g.try("switch", 6) {
		g.p("switch {")
		g.p("case %s != nil:", name)
		g.leave(sc.inner(), name)
		g.p("}")
		return
	}
	g.p("if %s != nil {", name)
	g.leave(sc.inner(), name)
	g.p("}")
}

// switchErr tells success from failure in a switch statement.
func (g *gen) switchErr(sc *scope, prefix, call string, t *held, ends bool) {
	name := g.newErr(sc, prefix, call)
	ways := 3
	if g.set.Has("typeswitch") {
		ways = 4
	}
	switch g.r.IntN(ways) {
	case 0:
		g.p("switch {")
		g.p("case %s == nil:", name)
		g.body(sc.inner(), 1)
		g.p("default:")
	case 1:
		g.p("switch %s {", name)
		g.p("case nil:")
		g.body(sc.inner(), 1)
		g.p("default:")
	case 2:
		g.p("switch {")
		g.p("case c.p.Choose() && %s != nil:", name)
		in := sc.inner()
		if ends {
			g.failed(in, name, t, ends)
			g.out.WriteString("")
			g.trimBrace()
		} else {
			g.failure(in, name)
		}
		g.p("case %s != nil:", name)
	case 3:
		g.use("typeswitch")
		g.p("switch %s.(type) {", name)
		g.p("case nil:")
		if t == nil {
			g.p("case *opError:")
		} else { // an error of the driver's is never of that type
			g.p("case error:")
		}
		in := sc.inner()
		if ends {
			g.failed(in, name, t, ends)
			g.trimBrace()
		} else {
			g.failure(in, name)
		}
		g.p("default:")
	}
	g.failed(sc.inner(), name, t, ends)
}

// trimBrace takes back the closing brace that was written last.
func (g *gen) trimBrace() {
	text := strings.TrimSuffix(g.out.String(), "}\n")
	g.out.Reset()
	g.out.WriteString(text)
}

// joined tests two errors at once.
func (g *gen) joined(sc *scope, prefix, call string) {
	a := g.fresh("e")
	g.p("%s%s := %s", prefix, a, call)
	b := g.fresh("e")
	g.p("%s := c.step()", b)
	g.pay(1)
	sc.declare(g, a, "err", false)
	sc.declare(g, b, "err", false)
	g.p("if %s != nil || %s != nil {", a, b)
	if g.chance(30) {
		g.p("if %s != nil {", a)
		g.leave(sc.inner(), a)
		g.p("}")
		g.leave(sc.inner(), b)
	} else {
		g.leave(sc.inner(), "")
	}
	g.p("}")
}

// failure is what happens after an error: usually the end of the function.
func (g *gen) failure(in *scope, name string) (ended bool) {
	if g.chance(90) {
		g.leave(in, name)
		return true
	}
	return g.body(in, 1)
}

// sorted tells the errors of a step apart.
func (g *gen) sorted(sc *scope) {
	g.pay(2)
	name := g.newErr(sc, "", "c.step()")
	g.p("if errors.Is(%s, errBusy) {", name)
	left := g.failure(sc.inner(), name)
	g.p("}")
	if left && g.chance(50) { // no error is both
		op := g.fresh("op")
		g.p("var %s *opError", op)
		g.p("if errors.As(%s, &%s) {", name, op)
		g.failure(sc.inner(), name)
		g.p("}")
	}
	if g.chance(60) {
		g.p("if %s != nil {", name)
		g.leave(sc.inner(), name)
		g.p("}")
	} else {
		g.p("_ = %s", name)
	}
}
