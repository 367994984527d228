package unfinishedtx

import (
	"fmt"

	"golang.org/x/tools/go/analysis"

	"github.com/txcheck/txcheck/internal/txflow"
)

// message says in one line which transaction is left open, where it was opened and
// under which condition. Different findings have different texts: golangci-lint
// shows only three findings with the same one.
func message(pass *analysis.Pass, l *txflow.Leak) string {
	line := pass.Fset.Position(l.BeginPos).Line
	when := ""
	if l.Cond != "" {
		when = " when " + l.Cond
	}
	in := " (in " + l.Func + ")"
	switch l.Kind {
	case txflow.Discard:
		return fmt.Sprintf("discarding leaves the transaction of %s open: nothing can commit or roll it back%s", l.Opener, in)
	case txflow.NextRound:
		return fmt.Sprintf("next iteration leaves transaction %s open: %s on line %d begins again before it is committed or rolled back%s; a deferred call runs only when the function returns%s",
			l.Name(), l.Opener, line, when, in)
	}
	return fmt.Sprintf("%s leaves transaction %s open: %s on line %d is neither committed nor rolled back%s%s",
		l.Exit, l.Name(), l.Opener, line, when, in)
}
