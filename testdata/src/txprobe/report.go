package txprobe

import (
	"database/sql"
	"encoding/json"
	"flag"
	"fmt"
	"math"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"
)

// A Result is what all paths of one case have shown.
type Result struct {
	Package, Case string
	Paths         int
	Abandoned     int  // paths that were too deep
	Blocked       int  // paths that wait for ever
	Capped        bool // there are more paths
	Late          bool // a path uses a finished transaction; see Live
	Leaks         []Leak
	Marks         []Mark // returns and ends of bodies that were executed
	Errors        []string
	// Sound are the paths that end all they begin: what the program was told there, and
	// what the driver was asked to do, in order.
	Sound []string
}

// A Mark is the line of a return or of the end of a body.
type Mark struct {
	File string
	Line int
}

// A Leak is a transaction that stays open. It has one exit for each function
// that ran when it began, innermost first, or more where the same exit can be
// said in two ways.
type Leak struct {
	Exits   []Exit
	Choices string // how to get there
	Trace   []string
}

// An Exit is a place that a leak may be reported at. Kind is "return", "end" of
// body, "next" iteration, "overwriting" or "discarding" begin, or "panic".
type Exit struct {
	Kind  string
	File  string
	Line  int
	Func  string
	Begin int // line of the begin, seen from the function of the exit
}

// add takes in one path.
func (res *Result) add(p *path, seen map[string]bool, marks map[Mark]bool, sound map[string]bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, e := range p.errors {
		res.Errors = append(res.Errors, e+" ["+p.String()+"]")
	}
	res.Late = res.Late || p.late
	if p.abandoned {
		res.Abandoned++
		return
	}
	if p.blocked {
		res.Blocked++
	}
	for _, f := range p.frames {
		if f.ret.kind != "" {
			marks[Mark{f.file, f.ret.line}] = true
		}
	}
	if p.ended {
		return
	}
	clean := !slices.ContainsFunc(p.records, func(r *record) bool { return r.end == 0 || len(r.exits()) > 0 })
	if clean && !p.blocked {
		sound[p.answers()] = true
	}
	for _, r := range p.records {
		exits := r.exits()
		key := fmt.Sprint(exits)
		if len(exits) == 0 || seen[key] {
			continue
		}
		seen[key] = true
		res.Leaks = append(res.Leaks, Leak{Exits: exits, Choices: p.String(), Trace: r.trace()})
	}
}

// exits returns the places where the transaction may be said to leak; none if it
// does not.
func (r *record) exits() []Exit {
	if len(r.calls) == 0 {
		return nil
	}
	var all []Exit
	for _, call := range r.calls {
		f := call.frame
		if round, again, ok := r.round(call); ok {
			all = append(all, f.exit("next", round, call), f.exit("discarding", call.line, call))
			all = append(all, r.overwriting(call, again)...)
			continue
		}
		if r.end != 0 {
			continue
		}
		left := f.left
		if left.kind == "" { // it waits in a deferred call, or for ever
			left = f.ret
		}
		switch {
		case left.kind == "return" || left.kind == "end":
			all = append(all, f.exit(left.kind, left.line, call))
		case left.kind == "panic" && r.path.expected(left.v):
			all = append(all, f.exit("panic", left.line, call))
		default:
			return nil
		}
		for _, over := range r.overwriting(call, math.MaxInt) {
			if !slices.Contains(all, over) {
				all = append(all, over)
			}
		}
		all = append(all, f.exit("discarding", call.line, call))
	}
	return all
}

// overwriting are the other begins that the function came to before a time while the
// transaction was open: each may have taken its variable.
func (r *record) overwriting(call pos, before int) (all []Exit) {
	for _, a := range call.frame.again {
		over := call.frame.exit("overwriting", a.line, call)
		if r.at < a.at && a.at < before && a.line != call.line && !slices.Contains(all, over) {
			all = append(all, over)
		}
	}
	return all
}

// round returns the line from which first the function went back to the begin of the
// transaction while that was open, and when that began again. One call may begin twice in a
// round. A deferred call that finishes it when the function returns comes too late; code that
// finishes it before does not.
func (r *record) round(call pos) (line, again int, ok bool) {
	f := call.frame
	var times []int
	for _, a := range f.again {
		if a.at > r.at && a.line == call.line {
			times = append(times, a.at)
		}
	}
	for _, other := range r.path.records {
		for _, c := range other.calls {
			if c.frame == f && c.line == call.line && other.at > r.at {
				times = append(times, other.at)
			}
		}
	}
	slices.Sort(times)
	for _, again := range times {
		if r.end != 0 && (r.end < again || !f.deferred(r.end)) {
			return 0, 0, false
		}
		for _, j := range f.jumps {
			if r.at < j.at && j.at < again && j.from <= call.line && call.line <= j.to {
				return j.line, again, true
			}
		}
	}
	return 0, 0, false
}

// deferred reports whether the deferred calls of the frame ran at that time.
func (f *Frame) deferred(at int) bool {
	return f.ret.kind != "" && f.ret.at < at && (f.left.at == 0 || at < f.left.at)
}

func (f *Frame) exit(kind string, line int, begin pos) Exit {
	return Exit{Kind: kind, File: f.file, Line: line, Func: f.name(), Begin: begin.line}
}

// name is the function's name as a reader would say it.
func (f *Frame) name() string {
	return f.fn[strings.LastIndexByte(f.fn, '/')+1:]
}

// trace tells the life of the transaction.
func (r *record) trace() []string {
	var steps []string
	for _, c := range r.calls {
		steps = append(steps, fmt.Sprintf("%s:%d begin in %s", c.frame.file, c.line, c.frame.name()))
	}
	for _, f := range r.path.frames {
		for _, j := range f.jumps {
			if j.at > r.at {
				steps = append(steps, fmt.Sprintf("%s:%d goes round in %s", f.file, j.line, f.name()))
			}
		}
		if f.left.at > r.at {
			steps = append(steps, fmt.Sprintf("%s:%d %s of %s", f.file, f.left.line, f.left.kind, f.name()))
		}
	}
	if r.end != 0 {
		steps = append(steps, r.how+" comes too late")
	}
	return steps
}

// Main explores all cases of one package and writes the results as JSON.
func Main(path string, newCases func(*Probe) any) {
	testing.Init()
	out := flag.String("out", "", "`file` for the results")
	only := flag.String("only", "", "run the cases whose name contains `text`")
	paths := flag.Int("paths", maxPaths, "give up a case after `n` paths")
	flag.Parse()
	run := func(t *testing.T) {
		var results []Result
		methods := reflect.TypeOf(newCases(&Probe{DB: sql.OpenDB(connector{}), path: newPath(nil)}))
		for i := range methods.NumMethod() {
			c := Case{Package: path, Name: methods.Method(i).Name, New: newCases, T: t, Paths: *paths}
			if strings.Contains(c.Name, *only) {
				results = append(results, c.Explore())
			}
		}
		text, err := json.MarshalIndent(results, "", " ")
		if err == nil {
			err = os.WriteFile(*out, text, 0o666)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	match := func(string, string) (bool, error) { return true, nil }
	testing.Main(match, []testing.InternalTest{{Name: "Truth", F: run}}, nil, nil)
}
