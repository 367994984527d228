package txgen

import "fmt"

// method writes the case itself.
func (g *gen) method() {
	sc := &scope{fn: &function{}}
	params := g.params(sc)
	g.p("func (c Cases) %s(%s) %s {", g.name, params, g.signature(sc))
	if g.try("goto", 12) {
		g.gotoBody(sc)
	} else if !g.body(sc, 6) {
		g.exit(sc, "")
	}
	g.p("}")
}

func (g *gen) params(sc *scope) string {
	list := ""
	if g.try("bool", 30) {
		sc.declare(g, "own", "bool", true)
		list = "own bool"
	}
	return list
}

// signature chooses the results.
func (g *gen) signature(sc *scope) string {
	text := ""
	set := func(k results, plain, named string) func() {
		return func() {
			sc.fn.kind, text = k, plain
			if named != "" && g.try("named", 50) {
				sc.fn.named, text = true, named
				sc.fn.err = sc.declare(g, "err", "err", false)
			}
		}
	}
	g.choose(
		option{"", 45, set(onlyErr, "error", "(err error)")},
		option{"", 12, set(none, "", "")},
		option{"", 8, set(onlyBool, "bool", "")},
		option{"", 15, set(intErr, "(int, error)", "(n int, err error)")},
		option{"returned", 8, set(txErr, "(*sql.Tx, error)", "(_ *sql.Tx, err error)")},
		option{"returnedwork", 6, set(workErr, "(*work, error)", "(_ *work, err error)")},
		option{"returnedfunc", 6, set(funcErr, "(func(), error)", "(_ func(), err error)")},
	)
	return text
}

// body writes up to n statements and more than none; ended tells that what follows
// cannot be reached.
func (g *gen) body(sc *scope, n int) (ended bool) {
	owner := len(sc.txs)
	begun := false
	for i := range n {
		if g.budget <= 0 && i > 0 {
			break
		}
		if sc.depth == 0 && !begun && (i > 0 || g.chance(70)) {
			begun = true
			ended = g.begin(sc)
		} else {
			ended = g.statement(sc)
		}
		if ended {
			return true
		}
	}
	if sc.depth > 0 {
		g.settle(sc, owner, "")
	}
	return false
}

// block writes a nested block; last makes it leave the function, the loop or the
// process.
func (g *gen) block(sc *scope, n int, last bool) (ended bool) {
	in := sc.inner()
	if g.body(in, n) {
		return true
	}
	if last {
		g.leave(in, "")
		return true
	}
	return false
}

// exit leaves the function. Failed names an error that is known not to be nil.
func (g *gen) exit(sc *scope, failed string) {
	fn := sc.fn
	if failed == "" && g.handOver(sc) {
		return
	}
	if failed == "" {
		if t := g.lastOpen(sc); t != nil && g.returnCommit(sc, t) {
			return
		}
	}
	if !g.settle(sc, fn.owner, failed) {
		return
	}
	g.ret(sc, failed)
}

// lastOpen returns the one transaction that the function must still finish, if
// there is just one and nothing is between it and its end.
func (g *gen) lastOpen(sc *scope) *held {
	var only *held
	for _, t := range sc.txs[sc.fn.owner:] {
		switch {
		case !t.open:
		case only != nil || t.lent || t.guard != "" || t.noTx:
			return nil
		default:
			only = t
		}
	}
	return only
}

// returnCommit writes "return tx.Commit()".
func (g *gen) returnCommit(sc *scope, t *held) bool {
	if !g.chance(60) || g.slips() {
		return false
	}
	g.pay(1)
	switch sc.fn.kind {
	case onlyErr:
		g.p("return %s", g.commitError(sc, t))
	case onlyBool:
		g.p("return %s == nil", g.commitError(sc, t))
	case intErr:
		g.p("return 1, %s", g.commitError(sc, t))
	default:
		return false
	}
	return true
}

// handOver gives a transaction to the caller in a result.
func (g *gen) handOver(sc *scope) bool {
	kind := sc.fn.kind
	if kind != txErr && kind != workErr && kind != funcErr {
		return false
	}
	var t *held
	for _, h := range sc.txs[sc.fn.owner:] {
		if h.open && !h.covered && h.onErr == 0 && h.flag == "" && h.guard == "" && !h.noTx {
			t = h
		}
	}
	if t == nil {
		return false
	}
	t.open = false
	if !g.settle(sc, sc.fn.owner, "") {
		return true
	}
	switch kind {
	case txErr:
		g.p("return %s, nil", t.x)
	case workErr:
		g.p("return &work{tx: %s}, nil", t.x)
	case funcErr:
		if g.chance(50) {
			g.p("return func() { rollback(%s) }, nil", t.x)
		} else {
			g.p("return func() { _ = %s.Rollback() }, nil", t.x)
		}
	}
	return true
}

// ret writes the return statement.
func (g *gen) ret(sc *scope, failed string) {
	err := "nil"
	if failed != "" {
		err = g.errorFrom(failed)
	} else if !sc.fn.exact && g.chance(8) {
		err = "errBusy"
	}
	if v, ok := sc.find("err"); sc.fn.named && ok && v.id == sc.fn.err && (failed == "" || failed == "err") && g.chance(25) {
		g.p("return")
		return
	}
	switch sc.fn.kind {
	case none:
		g.p("return")
	case onlyErr:
		g.p("return %s", err)
	case onlyBool:
		g.p("return %v", failed == "" && g.chance(80))
	case intErr:
		g.p("return %d, %s", g.r.IntN(2), err)
	case txErr, workErr, funcErr:
		if err == "nil" {
			err = "errBusy"
		}
		g.p("return nil, %s", err)
	}
}

// errorFrom passes an error on.
func (g *gen) errorFrom(failed string) string {
	text := failed
	g.choose(
		option{"", 70, func() {}},
		option{"wrap", 8, func() { text = fmt.Sprintf("fmt.Errorf(\"%s: %%w\", %s)", g.name, failed) }},
		option{"wrap", 8, func() { text = "wrap(" + failed + ")" }},
		option{"join", 5, func() { text = "errors.Join(errStale, " + failed + ")" }},
		option{"wrap", 5, func() { text = "errors.New(" + failed + ".Error())" }},
		option{"", 6, func() { text = "errBusy" }},
	)
	return text
}
