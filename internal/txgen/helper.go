package txgen

import (
	"fmt"
	"strings"
)

// A duty is what a helper with a random body does for its caller.
type duty int

const (
	always   duty = iota // finishes its transaction on every way out
	onFailed             // finishes it when it returns an error
	opens                // begins one and returns it
)

// helper writes a helper with a body of its own, in the package of the cases or in
// the other one, and returns what a call of it begins with.
func (g *gen) helper(d duty, kit bool) string {
	name := fmt.Sprintf("h%d%s", g.serial, g.name)
	g.serial++
	sub := &gen{r: g.r, used: g.used, name: name, serial: g.serial, budget: 2 + g.r.IntN(3), inHelper: true}
	sub.set = Set{}
	for f, on := range g.set {
		sub.set[f] = on
	}
	call := "c." + name
	if kit {
		name = "H" + name[1:]
		call = "kit.With(c.p)." + name
	}
	for _, f := range []string{"kit", "kitif", "kitopen", "kitbody", "helperbody", "openbody", "fatal", "returned", "panic"} {
		sub.set[f] = false
	}
	if kit {
		sub.set["chan"], sub.set["keep"] = false, false
	}
	if d == opens { // what it returns must be open
		for _, f := range []string{"defer", "defererr", "deferflag", "recover", "cancel"} {
			sub.set[f] = false
		}
	}
	sub.helperBody(d, name)
	if kit {
		g.kit = append(g.kit, sub.out.String())
	} else {
		g.helpers = append(g.helpers, sub.out.String())
	}
	g.serial = sub.serial
	g.pay(2)
	return call
}

func (g *gen) helperBody(d duty, name string) {
	fn := &function{kind: onlyErr}
	sc := &scope{fn: fn}
	param, result := "tx *sql.Tx", "error"
	if d == opens {
		param, result = "", "(*sql.Tx, error)"
		fn.kind = txErr
	}
	if d != opens && g.try("named", 40) {
		fn.named, result = true, "(err error)"
		fn.err = sc.declare(g, "err", "err", false)
	}
	g.p("func (c Cases) %s(%s) %s {", name, param, result)
	if d != opens {
		sc.declare(g, "tx", "tx", false)
		t := g.newTx(sc, "tx")
		t.lent = d == onFailed
		if d == always && g.chance(40) {
			g.cover(sc, t)
		}
		fn.exact = d == onFailed
		if !g.operation(sc) {
			g.tail(sc)
		}
	} else if !g.beginPlain(sc, "tx") {
		for _, t := range sc.txs {
			t.covered, t.onErr, t.flag = false, 0, ""
		}
		g.tail(sc)
	}
	g.p("}")
}

func (g *gen) tail(sc *scope) {
	if !g.body(sc, 2) {
		g.exit(sc, "")
	}
}

// kitCases is the prelude of the cases for the other package: helpers there have
// bodies like those here.
func kitCases() []byte {
	text := strings.Replace(casesPrelude, "// Package PKG holds generated cases.\n", "", 1)
	text = strings.Replace(text, "PKG", "kit", 1)
	from := strings.Index(text, "// New returns")
	to := strings.Index(text, "var (\n\tkept")
	with := "// With returns the cases for a run.\nfunc With(p *txprobe.Probe) Cases { return Cases{p} }\n\n"
	return []byte(text[:from] + with + text[to:])
}
