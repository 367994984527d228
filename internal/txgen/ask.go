package txgen

import (
	"fmt"
	"strings"
)

// A question is a condition that is no plain variable: a field, an element, what a
// call makes of them. Asked twice it has one answer, until something is written.
// $ stands for the name of the variable that it is about. Each request leaves one
// choice open, so that only one question is asked of it.
type question struct {
	subject string   // how the variable comes about
	asks    []string // the question, in words that mean the same
	denies  []string // its opposite
	changes []string // statements that may change the answer
	feature string   // what it takes besides "ask", "" for nothing
}

// otherwise are statements that leave every answer alone.
var otherwise = []string{
	"$.used++", "$.touch()", "c.request().dry = true", "touch($)", "$.flags[\"other\"] = true", "other := c.request(); other.n, other.flags = 3, nil",
}

// questions of a *request, by any name.
var requestQuestions = []question{
	{
		asks:   []string{"$.dry", "$.dry", "$.dry == true"},
		denies: []string{"!$.dry", "$.dry == false", "$.dry != true"},
		changes: []string{
			"$.dry = !$.dry", "$.dry = true", "$.dry = c.p.Choose()", "$.flip()", "flip($)", "invert(&$.dry)", "*$ = request{dry: c.p.Choose()}",
			"func() { $.dry = false }()", "same := $; same.dry = !same.dry", "for range c.p.Pick(2) { $.dry = !$.dry }", "p := &$.dry; *p = !*p",
			"defer func() { $.dry = false }()", "if $.dry { $.dry = false }",
		},
	},
	{
		asks:    []string{"$.n%2 == 0", "0 == $.n%2"},
		denies:  []string{"$.n%2 != 0", "!($.n%2 == 0)"},
		changes: []string{"$.n++", "$.n = 2", "$.bump()", "bump($)", "$.n = c.request().n"},
	},
	{
		asks:    []string{"$.n == 5", "5 == $.n"},
		denies:  []string{"$.n != 5", "!($.n == 5)"},
		changes: []string{"$.n++", "$.n = 5", "$.bump()", "bump($)", "$.n = c.request().n"},
	},
	{
		asks:    []string{"$.n > 4", "$.n >= 5", "!($.n <= 4)", "4 < $.n"},
		denies:  []string{"$.n <= 4", "$.n < 5"},
		changes: []string{"$.n++", "$.n--", "$.n = 0", "$.n = c.request().n"},
	},
	{
		asks:    []string{"$.n&1 != 0", "!($.n&1 == 0)"},
		denies:  []string{"$.n&1 == 0"},
		changes: []string{"$.n = 0", "$.n ^= 1", "$.bump()"},
	},
	{
		asks:    []string{"len($.tags) > 0", "len($.tags) != 0", "len($.tags) >= 1"},
		denies:  []string{"len($.tags) == 0", "len($.tags) < 1"},
		changes: []string{"$.tags = nil", "$.tags = append($.tags, \"x\")", "$.retag(c.request().tags)"},
	},
	{
		asks:    []string{"$.flags[\"dry\"]"},
		denies:  []string{"!$.flags[\"dry\"]"},
		changes: []string{"$.flags[\"dry\"] = !$.flags[\"dry\"]", "delete($.flags, \"dry\")", "$.flags = nil", "clear($.flags)", "$.set(\"dry\", c.p.Choose())", "m := $.flags; m[\"dry\"] = true"},
	},
	{
		asks:    []string{"$.name == \"dry\""},
		denies:  []string{"$.name != \"dry\""},
		changes: []string{"$.name = \"\"", "$.name = c.word()", "$.rename(c.word())"},
	},
	{
		asks:    []string{"strings.HasPrefix($.name, \"d\")"},
		denies:  []string{"!strings.HasPrefix($.name, \"d\")"},
		changes: []string{"$.name = c.word()", "$.rename(c.word())"},
	},
	{
		asks:    []string{"strings.ToLower($.name) == \"dry\"", "\"dry\" == strings.ToLower($.name)"},
		denies:  []string{"strings.ToLower($.name) != \"dry\""},
		changes: []string{"$.name = c.word()", "$.rename(c.word())"},
	},
	{
		asks:    []string{"$.mode == modeDry"},
		denies:  []string{"$.mode != modeDry"},
		changes: []string{"$.mode = modeDry", "$.mode = modeWet", "$.mode = mode(c.p.Pick(2))"},
	},
	{
		asks:    []string{"$.at.IsZero()"},
		denies:  []string{"!$.at.IsZero()"},
		changes: []string{"$.at = c.request().at"},
	},
	{
		asks:    []string{"$.wait > 0", "$.wait > time.Duration(0)"},
		denies:  []string{"$.wait <= 0"},
		changes: []string{"$.wait = 0", "$.wait = time.Hour"},
	},
	{
		asks:    []string{"$.err != nil"},
		denies:  []string{"$.err == nil"},
		changes: []string{"$.err = nil", "$.err = errStale", "$.err = c.step()"},
	},
	{
		asks:    []string{"errors.Is($.err, errBusy)"},
		denies:  []string{"!errors.Is($.err, errBusy)"},
		changes: []string{"$.err = nil", "$.err = errBusy"},
	},
	{
		asks:    []string{"$.next != nil"},
		denies:  []string{"$.next == nil"},
		changes: []string{"$.next = nil", "$.next = c.request().next", "$.next = &request{}"},
	},
	{
		asks:    []string{"$.hook != nil"},
		denies:  []string{"$.hook == nil"},
		changes: []string{"$.hook = nil", "$.hook = tx2nothing"},
	},
	{
		asks:    []string{"$.bits[0]"},
		denies:  []string{"!$.bits[0]"},
		changes: []string{"$.bits[0] = !$.bits[0]", "$.bits = [2]bool{}", "$.bits = c.request().bits", "$.bits[c.p.Pick(2)] = c.p.Choose()"},
	},
	{
		feature: "askcall",
		asks:    []string{"$.isDry()", "$.dry"},
		denies:  []string{"!$.isDry()"},
		changes: []string{"$.dry = !$.dry", "$.flip()", "$.dry = true", "flip($)"},
	},
	{
		feature: "askcall",
		asks:    []string{"isDry($)", "$.isDry()"},
		denies:  []string{"!isDry($)"},
		changes: []string{"$.dry = !$.dry", "$.flip()", "$.dry = false"},
	},
	{
		feature: "askcall",
		asks:    []string{"$.count() > 0"},
		denies:  []string{"$.count() == 0", "$.count() < 1"},
		changes: []string{"$.tags = nil", "$.retag(c.request().tags)"},
	},
	{
		feature: "askcall",
		asks:    []string{"$.named(\"dry\")"},
		denies:  []string{"!$.named(\"dry\")"},
		changes: []string{"$.rename(c.word())", "$.name = \"\""},
	},
	{
		feature: "askcall",
		asks:    []string{"$.odd()", "odd($.n)"},
		denies:  []string{"!$.odd()", "!odd($.n)"},
		changes: []string{"$.bump()", "$.n++", "$.n = c.request().n"},
	},
	{
		feature: "askcall",
		asks:    []string{"$.getMode() == modeDry", "$.getMode().isDry()"},
		denies:  []string{"$.getMode() != modeDry"},
		changes: []string{"$.mode = modeWet", "$.mode = mode(c.p.Pick(2))"},
	},
}

// variableQuestions are about other variables.
var variableQuestions = []question{
	{
		subject: "$ := c.p.Pick(2)",
		asks:    []string{"$%2 == 0"},
		denies:  []string{"$%2 != 0", "!($%2 == 0)"},
		changes: []string{"$++", "$--", "$ = 1", "func() { $ = 0 }()", "for range c.p.Pick(2) { $++ }"},
	},
	{
		subject: "$ := c.p.Pick(3)",
		asks:    []string{"$ == 1"},
		denies:  []string{"$ != 1"},
		changes: []string{"$++", "$ = 1", "func() { $ = 0 }()"},
	},
	{
		subject: "$ := c.list()",
		asks:    []string{"len($) > 0", "len($) != 0", "len($) >= 1"},
		denies:  []string{"len($) == 0", "len($) < 1"},
		changes: []string{"$ = nil", "$ = append($, 1)", "$ = c.list()"},
	},
	{
		subject: "$ := c.table()",
		asks:    []string{"$[0]"},
		denies:  []string{"!$[0]"},
		changes: []string{"$[0] = true", "delete($, 0)", "$ = nil", "clear($)", "$[0] = !$[0]", "$ = c.table()", "same := $; same[0] = false"},
	},
	{
		subject: "$ := c.table()",
		asks:    []string{"len($) > 0"},
		denies:  []string{"len($) == 0"},
		changes: []string{"$[0] = true", "clear($)", "$ = c.table()"},
	},
	{
		subject: "$ := []bool{c.p.Choose(), false}",
		asks:    []string{"$[0]"},
		denies:  []string{"!$[0]"},
		changes: []string{"$[0] = !$[0]", "$[0], $[1] = $[1], $[0]", "for i := range $ { $[i] = true }", "same := $; same[0] = false", "invert(&$[0])"},
	},
	{
		subject: "$ := [...]bool{c.p.Choose(), false}",
		asks:    []string{"$[0]"},
		denies:  []string{"!$[0]"},
		changes: []string{"$[0] = !$[0]", "$[0], $[1] = $[1], $[0]", "for i := range $ { $[i] = true }", "invert(&$[0])", "$[c.p.Pick(2)] = c.p.Choose()"},
	},
	{
		subject: "$ := new(bool); *$ = c.p.Choose()",
		asks:    []string{"*$"},
		denies:  []string{"!*$"},
		changes: []string{"*$ = !*$", "*$ = true", "invert($)", "$ = new(bool)", "func() { *$ = c.p.Choose() }()"},
	},
	{
		subject: "$ := c.word()",
		asks:    []string{"$ == \"dry\""},
		denies:  []string{"$ != \"dry\""},
		changes: []string{"$ = \"\"", "$ = c.word()"},
	},
	{
		subject: "$ := c.word()",
		asks:    []string{"strings.HasPrefix($, \"d\")"},
		denies:  []string{"!strings.HasPrefix($, \"d\")"},
		changes: []string{"$ = c.word()"},
	},
	{
		subject: "$ := c.word()",
		asks:    []string{"strings.TrimSpace($) != \"\""},
		denies:  []string{"strings.TrimSpace($) == \"\""},
		changes: []string{"$ = c.word()"},
	},
	{
		subject: "$ := c.word()",
		asks:    []string{"len($) > 0", "$ != \"\""},
		denies:  []string{"len($) == 0", "$ == \"\""},
		changes: []string{"$ = \"\"", "$ = c.word()"},
	},
	{
		subject: "$ := *c.request()",
		asks:    []string{"$.dry"},
		denies:  []string{"!$.dry"},
		changes: []string{"$.dry = !$.dry", "$.flip()", "flip(&$)", "$ = request{}", "$ = *c.request()", "func() { $.dry = c.p.Choose() }()"},
	},
	{
		subject: "$ := struct{ req *request }{c.request()}",
		asks:    []string{"$.req.dry"},
		denies:  []string{"!$.req.dry"},
		changes: []string{"$.req.dry = !$.req.dry", "$.req.flip()", "$.req = c.request()", "flip($.req)"},
	},
	{
		subject: "$ := &box[bool]{c.p.Choose()}",
		asks:    []string{"$.v"},
		denies:  []string{"!$.v"},
		changes: []string{"$.v = !$.v", "$.v = true", "invert(&$.v)"},
	},
	{
		subject: "$ := c.thing()",
		asks:    []string{"isText($)"},
		denies:  []string{"!isText($)"},
		changes: []string{"$ = 1", "$ = \"text\"", "$ = c.thing()"},
		feature: "askcall",
	},
	{
		subject: "$, limit$ := c.p.Pick(2), 0",
		asks:    []string{"$ == limit$", "!($ != limit$)"},
		denies:  []string{"$ != limit$"},
		changes: []string{"limit$++", "$, limit$ = limit$, 5", "$ = 0"},
	},
	{
		subject: "$, or$ := c.p.Choose(), c.p.Choose()",
		asks:    []string{"$ && or$", "!(!$ || !or$)"},
		denies:  []string{"!($ && or$)", "!$ || !or$"},
		changes: []string{"or$ = false", "$ = !$", "$, or$ = or$, $", "func() { or$ = !or$ }()"},
	},
	{
		subject: "$, or$ := c.p.Choose(), c.p.Choose()",
		asks:    []string{"$ || or$", "!(!$ && !or$)"},
		denies:  []string{"!($ || or$)", "!$ && !or$"},
		changes: []string{"or$ = false", "$ = !$", "func() { $ = true }()"},
	},
	{
		subject: "$, or$ := c.p.Choose(), c.p.Choose()",
		asks:    []string{"$ == or$"},
		denies:  []string{"$ != or$"},
		changes: []string{"or$ = c.p.Choose()", "$ = or$"},
	},
	{
		subject: "_, $ := c.thing().(string)",
		asks:    []string{"$"},
		denies:  []string{"!$"},
		changes: []string{"_, $ = c.thing().(string)"},
	},
	{
		subject: "$ := func() bool { return false }; if c.p.Choose() { $ = nil }",
		asks:    []string{"$ != nil"},
		denies:  []string{"$ == nil"},
		changes: []string{"$ = nil"},
	},
}

// ask declares what a question is about and returns the question.
func (g *gen) ask(sc *scope) string {
	g.pay(1)
	all, name := variableQuestions, ""
	if g.chance(55) {
		all = requestQuestions
	}
	q := &all[g.r.IntN(len(all))]
	for !g.set.Has(q.feature) {
		q = &all[g.r.IntN(len(all))]
	}
	g.use(q.feature)
	if q.subject == "" {
		name = g.fresh("req")
		g.p("%s := c.request()", name)
	} else {
		name = g.fresh("q")
		g.p("%s", about(q.subject, name))
	}
	v := variable{question: q, subject: name}
	sc.declare(g, g.words(v, false), "bool", true)
	last := &sc.vars[len(sc.vars)-1]
	last.question, last.subject = q, name
	return last.name
}

// about puts a name into a question or a statement.
func about(text, name string) string {
	return strings.ReplaceAll(text, "$", name)
}

// words are a question again, with as many words as it has.
func (g *gen) words(v variable, no bool) string {
	list := v.question.asks
	if no {
		list = v.question.denies
	}
	text := about(list[g.r.IntN(len(list))], v.subject)
	if strings.Contains(text, " ") {
		text = "(" + text + ")"
	}
	return text
}

// answer writes a statement after which a question may have another answer, or, some
// of the time, the same.
func (g *gen) answer(sc *scope) {
	var all []variable
	for _, v := range sc.of("bool") {
		if v.question != nil {
			all = append(all, v)
		}
	}
	if len(all) == 0 {
		g.fork(sc)
		return
	}
	v := all[g.r.IntN(len(all))]
	list := v.question.changes
	if v.question.subject == "" && g.chance(30) {
		list = otherwise
	}
	text := list[g.r.IntN(len(list))]
	g.use("answer")
	if strings.Contains(text, ":=") {
		text = fmt.Sprintf("{ %s }", text)
	}
	g.p("%s", about(text, v.subject))
}
