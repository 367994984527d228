package txprobe

import (
	"context"
	"strings"
)

// A savepoint is a part of a transaction that can be rolled back alone.
type savepoint struct {
	name string
	rec  *record
}

// mark follows the statement that makes a savepoint.
func (c *conn) mark(query string) {
	if p := c.running(); p != nil && p.marks {
		if words := words(query); len(words) == 2 && words[0] == "savepoint" {
			p.reached()
			c.marks = append(c.marks, savepoint{words[1], p.opened(context.Background())})
		}
	}
}

// endMark follows one that ends a savepoint, which it does whatever comes of it, and
// reports whether it is one.
func (c *conn) endMark(query string) bool {
	words := words(query)
	if len(words) < 2 || words[0] != "release" && (words[0] != "rollback" || words[1] != "to") {
		return false
	}
	for i := len(c.marks) - 1; i >= 0; i-- {
		if c.marks[i].name == words[len(words)-1] {
			c.endMarks(i, words[0])
			break
		}
	}
	return true
}

func words(query string) []string {
	return strings.Fields(strings.TrimSuffix(strings.ToLower(query), ";"))
}

// endMarks ends the savepoints from number i on: those that were made later end with
// an earlier one.
func (c *conn) endMarks(i int, how string) {
	for _, m := range c.marks[i:] {
		m.rec.finish(how)
	}
	c.marks = c.marks[:i]
}
