package txgen

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/txcheck/txcheck/internal/corpus"
	"github.com/txcheck/txcheck/internal/govet"
)

// A Kind of disagreement.
type Kind string

// The kinds.
const (
	Miss   Kind = "miss"         // it leaks and is not reported
	False  Kind = "false alarm"  // it is reported and no path leaks there
	Double Kind = "double alarm" // each leak it speaks of is reported elsewhere in the function, too
)

// A Verdict is what is known of one unit.
type Verdict struct {
	Unit     Unit
	Rejected string // why it does not count
	Paths    int
	Leaks    []corpus.Leak
	Reports  []Report
	Wrong    []Disagreement

	late   bool // some path uses a finished transaction
	result corpus.Result
	text   map[string][]byte // of its files
}

// A Report is a diagnostic as far as the execution can confirm it.
type Report struct {
	File, Kind  string
	Line, Begin int
	Message     string
	Fix         []Edit // nil if there is none
}

// An Edit of a fix.
type Edit struct {
	File       string
	Start, End int
	New        string
}

// A Disagreement between execution and analyser.
type Disagreement struct {
	Kind    Kind
	Exit    string // "return", "end", "next", ...
	File    string
	Line    int
	Begin   int
	Witness string   // choices of a path that leaks, or the message of the alarm
	Trace   []string // what happened on that path
}

func (v *Verdict) note(s source) {
	if v.text == nil {
		v.text = map[string][]byte{}
	}
	v.text[s.name] = s.text
}

// Leaks tells whether some path leaks.
func (v *Verdict) leaks() bool { return len(v.Leaks) > 0 }

var onLine = regexp.MustCompile(` on line (\d+)`)

// report reads a message; kinds are those of corpus.
func report(f, message string, line int) Report {
	r := Report{File: f, Line: line, Message: message, Kind: "panic"}
	for prefix, kind := range map[string]string{
		"return ": "return", "end of function ": "end", "next iteration ": "next",
		"overwriting ": "overwriting", "discarding ": "discarding",
	} {
		if strings.HasPrefix(message, prefix) {
			r.Kind = kind
		}
	}
	for _, digits := range onLine.FindStringSubmatch(message) {
		if n, err := strconv.Atoi(digits); err == nil {
			r.Begin = n
		}
	}
	return r
}

// executed fills in what the execution showed, and takes away the files of units
// that it rejects: the analyser shall not spend its time on them.
func (b *batch) executed(dir string, results []corpus.Result) error {
	byName := map[string]*Verdict{}
	for i := range b.verdicts {
		byName[b.verdicts[i].Unit.Name] = &b.verdicts[i]
	}
	for _, res := range results {
		v := byName[res.Case]
		if v == nil {
			continue
		}
		v.result = res
		v.Paths, v.Leaks, v.late = res.Paths, res.Leaks, res.Late
		switch {
		case len(res.Errors) > 0:
			v.Rejected = res.Errors[0]
		case res.Capped:
			v.Rejected = "too many paths"
		case res.Blocked > 0:
			v.Rejected = "waits for ever"
		}
	}
	for name, at := range b.files {
		if at.verdict < 0 || b.verdicts[at.verdict].Rejected == "" {
			continue
		}
		if err := os.Remove(filepath.Join(dir, filepath.FromSlash(name))); err != nil {
			return err
		}
	}
	return nil
}

// compare pairs what was executed with what is reported.
func (b *batch) compare(found *govet.Result) []Verdict {
	for _, f := range found.Findings {
		name, ok := b.fileOf(f.Pos.File)
		if !ok {
			continue
		}
		r := report(name, f.Message, f.Pos.Line)
		if len(f.Fixes) > 0 {
			for _, e := range f.Fixes[0].Edits {
				if file, ok := b.fileOf(e.File); ok {
					r.Fix = append(r.Fix, Edit{file, e.Start, e.End, e.New})
				}
			}
		}
		b.report(b.files[name], r)
	}
	for i := range b.verdicts {
		if v := &b.verdicts[i]; v.Rejected == "" {
			v.judge()
			// What a finished transaction returns is certain, and no analyser's concern.
			if v.Rejected != "" {
				v.Wrong = nil
			} else if v.late && len(v.Wrong) > 0 {
				v.Wrong, v.Rejected = nil, "uses a finished transaction"
			}
		}
	}
	return b.verdicts
}

// fileOf returns the name of a file of the batch, from the module's folder.
func (b *batch) fileOf(path string) (string, bool) {
	parts := strings.Split(filepath.ToSlash(path), "/")
	for i := range parts {
		name := strings.Join(parts[i:], "/")
		if _, ok := b.files[name]; ok {
			return name, true
		}
	}
	return "", false
}

// report gives a report to its unit; one about a prelude is everyone's, and said
// by the first.
func (b *batch) report(at origin, r Report) {
	v := &b.verdicts[max(at.verdict, 0)]
	v.Reports = append(v.Reports, r)
}

// judge pairs leaks and reports.
func (v *Verdict) judge() {
	needed := make([]bool, len(v.Reports))
	some := make([]bool, len(v.Reports))
	for _, leak := range v.Leaks {
		var at []int
		fn := map[int]string{} // of the exits that are reported
		for i, r := range v.Reports {
			for _, e := range leak.Exits {
				if r.File == e.File && r.Line == e.Line && r.Kind == e.Kind && r.Begin == e.Begin {
					at = append(at, i)
					fn[i] = e.Func
					break
				}
			}
		}
		for _, i := range at {
			some[i] = true
			needed[i] = needed[i] || !slices.ContainsFunc(at, func(j int) bool {
				return j != i && fn[j] == fn[i]
			})
		}
		if len(at) == 0 {
			e := leak.Exits[0]
			v.Wrong = append(v.Wrong, Disagreement{Miss, e.Kind, e.File, e.Line, e.Begin,
				exits(leak.Exits) + "; " + leak.Choices, leak.Trace})
		}
	}
	for i, r := range v.Reports {
		kind := Double
		if !some[i] && !v.ran(r) {
			v.Rejected = "a function is never called"
		}
		if !some[i] {
			kind = False
		}
		if !needed[i] {
			v.Wrong = append(v.Wrong, Disagreement{kind, r.Kind, r.File, r.Line, r.Begin, r.Message, nil})
		}
	}
}

// ran reports whether the function that a report is about was executed at all:
// the declaration or the literal.
func (v *Verdict) ran(r Report) bool {
	fset := token.NewFileSet()
	f, err := parser.ParseFile(fset, "", v.text[r.File], parser.SkipObjectResolution)
	if err != nil {
		return true
	}
	from, to := 0, 0
	ast.Inspect(f, func(n ast.Node) bool {
		switch n.(type) {
		case *ast.FuncDecl, *ast.FuncLit:
			if a, b := fset.Position(n.Pos()).Line, fset.Position(n.End()).Line; a <= r.Line && r.Line <= b {
				from, to = a, b
			}
		}
		return true
	})
	return slices.ContainsFunc(v.result.Marks, func(m corpus.Mark) bool {
		return m.File == r.File && from <= m.Line && m.Line <= to
	})
}

func exits(all []corpus.Exit) string {
	var words []string
	for _, e := range all {
		words = append(words, fmt.Sprintf("%s %s:%d (begin %d)", e.Kind, e.File, e.Line, e.Begin))
	}
	return strings.Join(words, ", ")
}
