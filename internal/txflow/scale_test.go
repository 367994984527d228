package txflow

import (
	"fmt"
	"go/types"
	"strings"
	"testing"

	"golang.org/x/tools/go/analysis"
)

// Programs of a size, each with one leak per function that begins.
var scales = map[string]func(n int) string{
	// n functions, each with a Begin
	"functions": func(n int) string {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, "func f%d(db *DB, stop bool) error {\n%s}\n", i, leak(0))
		}
		return b.String()
	},
	// n transactions in one function, one after the other
	"begins": func(n int) string {
		var b strings.Builder
		b.WriteString("func f(db *DB, stop bool) error {\n")
		for i := range n {
			fmt.Fprintf(&b, "{\n\ttx, err := db.Begin()\n\tif err != nil {\n\t\treturn err\n\t}\n\tif err := tx.Commit(); err != nil {\n\t\tprintln(%d)\n\t}\n}\n", i)
		}
		return b.String() + leak(0) + "}\n"
	},
	// a transaction that goes through n calls before it is finished
	"depth": func(n int) string {
		var b strings.Builder
		b.WriteString("func g0(tx *Tx) error { return tx.Commit() }\n")
		for i := 1; i <= n; i++ {
			fmt.Fprintf(&b, "func g%d(tx *Tx) error { return g%d(tx) }\n", i, i-1)
		}
		fmt.Fprintf(&b, "func f(db *DB, stop bool) error {\n\ttx, err := db.Begin()\n\tif err != nil || stop {\n\t\treturn err\n\t}\n\treturn g%d(tx)\n}\n", n)
		return b.String()
	},
}

// leak is a body that leaves its transaction open when stop is set.
func leak(i int) string {
	return fmt.Sprintf("\ttx%[1]d, err := db.Begin()\n\tif err != nil {\n\t\treturn err\n\t}\n\tif stop {\n\t\treturn nil\n\t}\n\treturn tx%[1]d.Commit()\n", i)
}

// The cost must grow as the program does.
func BenchmarkScale(b *testing.B) {
	for name, program := range scales {
		for _, n := range []int{25, 50, 100} {
			src := program(n)
			b.Run(fmt.Sprintf("%s/%d", name, n), func(b *testing.B) {
				for b.Loop() {
					analyzeToy(b, src)
				}
			})
		}
	}
}

// BenchmarkSummaries infers the facts of functions that take a transaction.
func BenchmarkSummaries(b *testing.B) {
	var src strings.Builder
	for i := range 50 {
		fmt.Fprintf(&src, "func F%d(tx *Tx, err error) error {\n\tif err != nil {\n\t\ttx.Rollback()\n\t\treturn err\n\t}\n\treturn tx.Commit()\n}\n", i)
	}
	for b.Loop() {
		facts := 0
		runToy(b, src.String(), func(types.Object, analysis.Fact) { facts++ })
		if facts < 50 {
			b.Fatalf("only %d facts", facts)
		}
	}
}
