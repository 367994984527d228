package txgen

import (
	"fmt"
	"slices"
	"strings"
	"testing"
)

// asked writes a function that asks a question before a Begin and again before the
// Rollback, with a statement in between.
func asked(name string, q *question, ask, between, again string) Unit {
	subject := q.subject
	if subject == "" {
		subject = "$ := c.request()"
	}
	if strings.Contains(between, ":=") {
		between = "{\n" + between + "\n}"
	}
	lines := []string{
		"func (c Cases) " + name + "() error {",
		subject, "var tx *sql.Tx", "var err error",
		"if " + ask + " {",
		"if tx, err = c.p.DB.Begin(); err != nil {", "return err", "}",
		"}",
		between,
		"if err := c.step(); err != nil {",
		"if (" + again + ") && tx != nil {", "_ = tx.Rollback()", "}",
		"return err", "}",
		"if " + again + " {", "rollbackMaybe(tx)", "}",
		"return nil", "}",
	}
	return Unit{Name: name, Cases: about(strings.Join(lines, "\n"), "q")}
}

// TestQuestions asks every question twice, in all its words and with every change
// in between.
func TestQuestions(t *testing.T) {
	if testing.Short() {
		t.Skip("builds and runs generated packages")
	}
	var units []Unit
	add := func(q *question, ask, between, again string) {
		units = append(units, asked(fmt.Sprintf("Q%d", len(units)), q, ask, between, again))
	}
	for _, q := range slices.Concat(requestQuestions, variableQuestions) {
		if !strings.Contains(agreedQuestions, q.feature) {
			continue
		}
		for _, a := range q.asks {
			for _, b := range q.asks {
				add(&q, a, "", b)
			}
		}
		for _, d := range q.denies {
			add(&q, "!("+d+")", "", q.asks[0])
			add(&q, q.asks[0], "", "!("+d+")")
		}
		for _, change := range q.changes {
			add(&q, q.asks[0], change, q.asks[0])
			add(&q, q.denies[0], change, q.denies[0])
			if strings.Contains(change, "= !") {
				add(&q, q.asks[0], change, q.denies[0])
			}
		}
		if q.subject == "" {
			for _, change := range otherwise {
				add(&q, q.asks[0], change, q.asks[0])
			}
		}
	}
	t.Logf("%d functions", len(units))
	for _, v := range judged(t, units) {
		if v.Rejected != "" {
			t.Errorf("%s: %s\n%s", v.Unit.Name, v.Rejected, v.Unit.Cases)
		}
	}
}

// agreedQuestions are the features of questions that the test asks.
const agreedQuestions = "ask askcall"
