package txflow

import (
	"fmt"
	"go/types"
	"reflect"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/go/analysis"
)

// tell lists leaks by line of the source (its first is line 2) and kind.
func tell(res *Result) string {
	var b strings.Builder
	for _, l := range res.Leaks {
		fmt.Fprintf(&b, "%s %s %d: %s\n", l.Func, l.Name(), l.Kind, l.Cond)
		for _, s := range l.Path {
			fmt.Fprintf(&b, "\t%d %s\n", s.Pos, s.Text)
		}
	}
	for _, t := range res.Troubles {
		fmt.Fprintf(&b, "TROUBLE %s\n", t.Text)
	}
	return b.String()
}

// statements are what the fuzzer puts functions together from. Each is complete
// but for the braces that "}" closes.
var statements = []string{
	"if a[0] {", "if err != nil {", "if e2 != nil {", "for range 3 {", "for i := range a { _ = i", "switch {\ncase a[1]:",
	"func() {", "defer func() {", "} else {", "}", "}", "}",
	"tx.Commit()", "tx.Rollback()", "err = tx.Commit()", "e2 = tx.Exec()", "tx, err = db.Begin()", "tx2, e2 := db.Begin(); _, _ = tx2, e2",
	"defer tx.Rollback()", "f = tx.Rollback", "f()", "defer f()", "use(tx)", "end(tx, err)", "keep.tx = tx", "h.tx = tx", "h.done = true", "h.close()",
	"return nil", "return err", "return tx.Commit()", "panic(1)", "recover()", "go end(tx, err)", "ch <- tx", "tx = nil", "err = nil", "if h.done {",
	"goto out", "break", "continue", "run(func() error { return tx.Commit() })", "run(func() error { return tx.Exec() })",
}

const fuzzHead = `
type holder struct { tx *Tx; done bool }
func (h *holder) close() { if !h.done { h.tx.Rollback() } }
var keep holder
func use(tx *Tx) error { return tx.Exec() }
func end(tx *Tx, err error) { if err != nil { tx.Rollback() } else { tx.Commit() } }
func run(f func() error) error { return f() }
func fuzzed(db *DB, a []bool, ch chan *Tx) (err error) {
	var e2 error
	var f = func() error { return nil }
	h := &holder{}
	tx, err := db.Begin()
	if err != nil { return err }
	h.tx, _, _ = tx, e2, f
`

// fuzzSource makes a function of bytes: whatever they are, its braces match.
func fuzzSource(data []byte) string {
	var b strings.Builder
	b.WriteString(fuzzHead)
	depth := 0
	for _, c := range data {
		s := statements[int(c)%len(statements)]
		if strings.HasPrefix(s, "}") && depth == 0 {
			continue
		}
		depth += strings.Count(s, "{") - strings.Count(s, "}")
		b.WriteString(s + "\n")
		if strings.HasPrefix(s, "func() {") {
			b.WriteString("_ = 0\n")
		}
	}
	b.WriteString(strings.Repeat("}\n", depth))
	b.WriteString("\nout:\n\t_, _ = f, h\n\treturn tx.Commit()\n}\n")
	return b.String()
}

// FuzzAnalyze holds that no function which type-checks makes the analysis fail, and
// that the same function gives the same result. Sources that do not type-check are
// passed over.
func FuzzAnalyze(f *testing.F) {
	f.Add([]byte{0, 28, 9, 12})
	f.Add([]byte{7, 1, 13, 9, 9, 15, 2, 29, 9})
	f.Add([]byte{3, 16, 1, 36, 9, 9, 18, 33, 21})
	f.Fuzz(func(t *testing.T, data []byte) {
		if len(data) > 40 {
			return
		}
		src := fuzzSource(data)
		if !typeChecks(src) {
			return
		}
		first := tell(analyzeToy(t, src))
		if strings.Contains(first, "TROUBLE") {
			t.Fatalf("%s\n%s", src, first)
		}
		if second := tell(analyzeToy(t, src)); second != first {
			t.Fatalf("%s\nfirst\n%s\nthen\n%s", src, first, second)
		}
	})
}

// summaries analyses a toy source and returns the facts about its functions.
func summaries(t *testing.T, src string) map[string]*Summary {
	t.Helper()
	facts := make(map[string]*Summary)
	runToy(t, src, func(obj types.Object, fact analysis.Fact) {
		facts[obj.Name()] = fact.(*Summary)
	})
	return facts
}

func TestSummaries(t *testing.T) {
	facts := summaries(t, `
type Wrapped struct { tx *Tx; open bool }
func Always(tx *Tx) { tx.Rollback() }
func OnErr(tx *Tx, err error) { if err != nil { tx.Rollback() } }
func AtExit(tx *Tx, err *error) { if *err != nil { tx.Rollback() } }
func Tried(tx *Tx) error { if err := tx.Exec(); err != nil { tx.Rollback(); return err }; return nil }
func Uses(tx *Tx) { tx.Exec() }
func Open(db *DB) (*Tx, error) { return db.Begin() }
func Wrap(db *DB) (*Wrapped, error) { tx, err := db.Begin(); if err != nil { return nil, err }; return &Wrapped{tx, true}, nil }
func (w *Wrapped) Close() { w.tx.Rollback() }
func Fails(err error) error { if err == nil { return nil }; return &failure{} }
func Calls(f func() error) error { return f() }
type failure struct{ n int }
func (*failure) Error() string { return "" }
func Die() { panic(1) }
`)
	for name, want := range map[string]string{
		"Always": "uses param 0 [finished]",
		"OnErr":  "uses param 0 [param 1!=nil finished] [param 1=nil open]",
		"AtExit": "uses param 0 [param 1*!=nil finished] [param 1*=nil open]",
		"Tried":  "uses param 0 [finished result 0!=nil] [open result 0=nil]",
		"Uses":   "",
		"Open":   "begins [open in result 0 result 0!=nil result 1=nil] [unborn result 0=nil result 1!=nil]",
		"Wrap":   "begins [open in result 0*.0 result 0!=nil result 0*.1=true result 1=nil] [unborn result 0=nil result 1!=nil]; makes",
		"Close":  "uses param 0*.0 [finished]",
		"Fails":  "errors [param 0=nil unborn result 0=nil] [param 0!=nil unborn result 0!=nil result 0:*toy.failure]; looks",
		"Calls":  "runs 0",
		"Die":    "ends",
	} {
		got := ""
		if s := facts[name]; s != nil {
			got = s.String()
		}
		if !sameParts(got, want) {
			t.Errorf("%s: %s, want %s", name, got, want)
		}
	}
}

// sameParts compares facts whose cases may stand in any order.
func sameParts(x, y string) bool {
	count := func(s string) map[string]int {
		parts := make(map[string]int)
		for _, p := range strings.Split(s, "[") {
			parts[strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(p), "]"))]++
		}
		return parts
	}
	return reflect.DeepEqual(count(x), count(y))
}

// Where a bound is hit the analysis stops in bounded time, says so and is quiet.
func TestBound(t *testing.T) {
	res := analyzeToy(t, branches(branchForms["forgotten"], 10_000))
	if len(res.Leaks) > 0 || len(res.Troubles) > 0 {
		t.Errorf("%s", tell(res))
	}
	if len(res.Capped) != 1 {
		t.Errorf("%d bounds recorded, want 1", len(res.Capped))
	}
}

// Where too much is known of the paths to follow them finely, what they leave open is told all
// the same, and no bound is hit.
func TestCoarse(t *testing.T) {
	const flags = 8
	var params, step strings.Builder
	for i := range flags {
		fmt.Fprintf(&params, ", a%d bool", i)
		fmt.Fprintf(&step, "\tif a%d {\n\t\ttx.Exec()\n\t} else {\n\t\tn++\n\t}\n", i)
	}
	src := "func f(db *DB, stop bool" + params.String() + ") error {\n" +
		"tx, err := db.Begin()\nif err != nil {\n\treturn err\n}\nn := 0\nrun := func() {}\n"
	for range 4 {
		src += "{\ninner := run\nrun = func() {\n" + step.String() + "inner()\n" + step.String() + "}\n}\n"
	}
	src += "run()\nif stop {\n\treturn nil\n}\nprintln(n)\nreturn tx.Commit()\n}\n"
	res := analyzeToy(t, src)
	if len(res.Leaks) != 1 || len(res.Capped) > 0 {
		t.Errorf("%d leaks, %d bounds recorded: %s", len(res.Leaks), len(res.Capped), tell(res))
	}
	if work := res.flow.work; work < maxSteps {
		t.Errorf("%d steps: the paths were followed finely", work)
	}
}

// The work for a package is bounded as well: what was found by then is told, and the rest is
// recorded.
func TestPackageBound(t *testing.T) {
	const functions = 40
	analyzed := func(limit int) *Result {
		pass, err := checkToy(scales["functions"](functions))
		if err != nil {
			t.Fatal(err)
		}
		pass.ExportObjectFact = func(types.Object, analysis.Fact) {}
		opts := DefaultOptions()
		opts.Protocols = toyProtocol
		res := run(pass, opts)
		res.flow.limit = limit
		res.Complete()
		return res
	}
	all := analyzed(packageSteps)
	if len(all.Leaks) != functions || len(all.Capped) > 0 {
		t.Fatalf("%d leaks, %d bounds recorded, want %d and none", len(all.Leaks), len(all.Capped), functions)
	}
	res := analyzed(all.flow.work / 2)
	if n := len(res.Leaks); n == 0 || n == functions || len(res.Capped) == 0 || len(res.Troubles) > 0 {
		t.Errorf("%d leaks, %d bounds recorded: %s", n, len(res.Capped), tell(res))
	}
	if again := analyzed(all.flow.work / 2); tell(again) != tell(res) || len(again.Capped) != len(res.Capped) {
		t.Errorf("another time: %s\nwant: %s", tell(again), tell(res))
	}
	all.flow.tried = packageSteps + 1
	if _, err := all.Again(nil, nil); err != ErrWork {
		t.Errorf("a trial beyond the bound: %v", err)
	}
}

// The work for the transactions of a function grows with their number, where one is ended
// before the next begins.
func TestManyBegins(t *testing.T) {
	work := func(n int) int { return analyzeToy(t, scales["begins"](n)).flow.work }
	if few, many := work(40), work(160); many > 5*few {
		t.Errorf("%d steps for 40, %d for 160", few, many)
	}
}

// TestWhy asks about each kind of standing.
func TestWhy(t *testing.T) {
	const src = `
type box struct{ tx *Tx }

func f(db *DB, b *box, ch chan *Tx, n int) (*Tx, error) {
	tx, err := db.Begin()
	if err != nil {
		return nil, err
	}
	switch n {
	case 0:
		return tx, nil
	case 1:
		b.tx = tx
		return nil, nil
	case 2:
		ch <- tx
		return nil, nil
	case 3:
		defer tx.Rollback()
		return nil, nil
	case 4:
		return nil, nil
	}
	return nil, tx.Commit()
}
`
	pass, err := checkToy(src)
	if err != nil {
		t.Fatal(err)
	}
	opts := DefaultOptions()
	opts.Protocols, opts.Why = toyProtocol, "toy1.go:6"
	pass.ExportObjectFact = func(types.Object, analysis.Fact) {}
	res := run(pass, opts)
	res.Complete()
	if len(res.Verdicts) != 1 {
		t.Fatalf("verdicts: %v", res.Verdicts)
	}
	var got []string
	for _, w := range res.Verdicts[0].Ways {
		got = append(got, w.Text)
	}
	want := []string{
		"return: nothing is open",
		"return: handed over: it is returned",
		"return: handed over on line 14: it is stored in what outlives the call",
		"return: handed over on line 17: it is sent on a channel",
		"return: finished by deferred tx.Rollback on line 20",
		"return: open",
		"return: finished by tx.Commit on line 25",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

// TestPanics reports panics only on demand, at the call where a helper panics.
func TestPanics(t *testing.T) {
	const src = `
func must(err error) {
	if err != nil {
		panic(err)
	}
}

func f(db *DB) (err error) {
	defer func() { recover() }()
	tx, err := db.Begin()
	must(err)
	must(tx.Exec())
	return tx.Commit()
}
`
	for _, on := range []bool{false, true} {
		pass, err := checkToy(src)
		if err != nil {
			t.Fatal(err)
		}
		pass.ExportObjectFact = func(types.Object, analysis.Fact) {}
		opts := DefaultOptions()
		opts.Protocols, opts.Panics = toyProtocol, on
		res := run(pass, opts)
		res.Complete()
		leaks := res.Leaks
		if !on && len(leaks) > 0 || on && (len(leaks) != 1 || leaks[0].Exit != "must") {
			t.Errorf("panics=%v: %v", on, leaks)
		}
	}
}

// It does not matter which of two functions that call one another comes first.
func TestCircle(t *testing.T) {
	ping := "func Ping(db *DB, n int) (*Tx, error) {\n\tif n > 0 {\n\t\treturn Pong(db, n-1)\n\t}\n\treturn db.Begin()\n}\n"
	pong := "func Pong(db *DB, n int) (*Tx, error) { return Ping(db, n-1) }\n"
	user := "func f(db *DB) error {\n\ttx, err := Pong(db, 1)\n\tif err != nil {\n\t\treturn err\n\t}\n\tif err := tx.Exec(); err != nil {\n\t\treturn err\n\t}\n\treturn tx.Commit()\n}\n"
	for name, src := range map[string]string{"ping first": ping + pong + user, "pong first": pong + ping + user} {
		if res := analyzeToy(t, src); len(res.Leaks) != 1 {
			t.Errorf("%s: %d leaks, want 1", name, len(res.Leaks))
		}
	}
}

// What two paths know is joined the same way, whichever comes first.
func TestJoin(t *testing.T) {
	path := func(heap map[loc]value, known nilness) *state {
		facts := make(map[symID]*fact)
		if known != maybeNil {
			facts[3] = &fact{nilness: known}
		}
		return &state{tx: open, frames: []*frame{{}}, heap: heap, facts: facts}
	}
	paths := []*state{
		path(map[loc]value{{cell: 1}: handle{}}, maybeNil),
		path(map[loc]value{{cell: 2}: boolVal(true)}, isNil),
		path(map[loc]value{{cell: 2}: boolVal(false)}, isNotNil),
	}
	for i, x := range paths {
		if got, want := x.Join(x).Key(), x.Key(); got != want {
			t.Errorf("path %d joined with itself: %q, want %q", i, got, want)
		}
		for j, y := range paths {
			if x.Join(y).Key() != y.Join(x).Key() {
				t.Errorf("paths %d and %d: %q or %q", i, j, x.Join(y).Key(), y.Join(x).Key())
			}
		}
	}
}
