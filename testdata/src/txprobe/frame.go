package txprobe

import (
	"fmt"
	"regexp"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"unsafe"
)

// A Frame is one activation of a function of a case, from Enter to Leave.
type Frame struct {
	path  *path
	gor   *goroutine
	file  string
	fn    string // as the runtime names it
	jumps []jump
	again []reach // calls that begin a transaction
	ret   exit    // the last return or end of body
	panic exit    // the last panic that passed or was recovered here
	left  exit    // how it ended; kind "" while it runs
}

type exit struct {
	kind string // return, end, panic, goexit
	line int
	at   int
	v    any // the value of a panic
}

// A jump goes back to the head of a loop that spans lines from..to.
type jump struct{ line, from, to, at int }

// A reach is a call that begins a transaction, as it was reached.
type reach struct{ line, at int }

// A goroutine that runs cases.
type goroutine struct {
	id      int64
	order   int // of its start, from 1
	stack   []*Frame
	pending []*Frame // left by a panic that nobody has recovered yet
	done    chan struct{}
}

// Enter opens the frame of the calling function.
func Enter(file string) *Frame {
	p := current.Load()
	if p == nil {
		return &Frame{}
	}
	pc, _, _, _ := runtime.Caller(1)
	p.mu.Lock()
	defer p.mu.Unlock()
	id := self()
	g := p.gors[id]
	if g == nil { // started by a library
		g = &goroutine{id: goid()}
		p.gors[id] = g
	}
	f := &Frame{path: p, gor: g, file: file, fn: base(runtime.FuncForPC(pc).Name())}
	g.stack = append(g.stack, f)
	p.frames = append(p.frames, f)
	return f
}

// Leave closes the frame. It is the last deferred call of the function.
func (f *Frame) Leave() {
	p := f.path
	if p == nil {
		return
	}
	p.settle()
	line, why := f.unwinding()
	p.mu.Lock()
	defer p.mu.Unlock()
	p.clock++
	f.left = f.ret
	switch {
	case why != "":
		f.left = exit{kind: why, line: line}
		if why == "panic" {
			f.gor.pending = append(f.gor.pending, f)
		}
	case f.panic.at > f.ret.at:
		f.left = f.panic
	}
	f.left.at = p.clock
	for i := len(f.gor.stack) - 1; i >= 0; i-- {
		if f.gor.stack[i] == f {
			f.gor.stack = f.gor.stack[:i]
			break
		}
	}
}

// Ret marks a return statement, End the closing brace of a function without
// results, Jump a way back to the head of a loop.
func (f *Frame) Ret(line int) { f.mark("return", line) }

// End marks the closing brace.
func (f *Frame) End(line int) { f.mark("end", line) }

func (f *Frame) mark(kind string, line int) {
	p := f.path
	if p == nil {
		return
	}
	p.settle()
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.abandoned {
		runtime.Goexit()
	}
	p.clock++
	f.ret = exit{kind: kind, line: line, at: p.clock}
}

// Jump marks a way back to the head of the loop on the lines from..to.
func (f *Frame) Jump(line, from, to int) {
	p := f.path
	if p == nil {
		return
	}
	p.settle()
	p.mu.Lock()
	defer p.mu.Unlock()
	p.clock++
	f.jumps = append(f.jumps, jump{line, from, to, p.clock})
	if len(f.jumps) > maxJumps && !p.settled { // a loop that asks nothing
		p.settled, p.abandoned = true, true
	}
	if p.abandoned {
		runtime.Goexit()
	}
}

// Reach notes that a call which begins a transaction on v comes next, whether or
// not the call gets as far as the driver.
func Reach[T any](f *Frame, line int, v T) T {
	if p := f.path; p != nil {
		p.settle()
		for _, before := range p.before {
			before(v)
		}
		p.mu.Lock()
		defer p.mu.Unlock()
		p.clock++
		f.again = append(f.again, reach{line, p.clock})
	}
	return v
}

// Recover passes on what recover returned in the frame f, and notes where the
// function that deferred f had panicked.
func Recover(f *Frame, v any) any {
	p := f.path
	if p == nil || v == nil {
		return v
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	p.clock++
	g := f.gor
	for _, left := range g.pending {
		left.left.v = v
	}
	g.pending = nil
	if n := len(g.stack); n >= 2 && g.stack[n-1] == f {
		below := g.stack[n-2]
		line, _ := below.unwinding()
		below.panic = exit{kind: "panic", line: line, at: p.clock, v: v}
	}
	return v
}

// unwinding returns the line that the frame is at, and whether a panic or Goexit
// unwinds it.
func (f *Frame) unwinding() (line int, why string) {
	above := true // no function of a case was met yet
	each(func(fr runtime.Frame) bool {
		switch {
		case base(fr.Function) == f.fn:
			line = fr.Line
			return false
		case strings.HasPrefix(fr.Function, casesPrefix):
			above = false
		case above && fr.Function == "runtime.gopanic":
			why = "panic"
		case above && fr.Function == "runtime.Goexit":
			why = "goexit"
		}
		return true
	})
	return line, why
}

// where returns the lines that the frames of this goroutine are at, innermost first.
func (p *path) where() []pos {
	lines := map[string][]int{} // by function, one for each activation
	body := ""                  // a range over a function whose iterator is met next
	each(func(fr runtime.Frame) bool {
		name := base(fr.Function)
		switch {
		case body == "":
			lines[name] = append(lines[name], fr.Line)
			if name != fr.Function {
				body = name
			}
		case fr.Function == body:
			body = ""
		}
		return true
	})
	p.mu.Lock()
	defer p.mu.Unlock()
	g := p.gors[self()]
	if g == nil {
		return nil
	}
	var at []pos
	for i := len(g.stack) - 1; i >= 0; i-- {
		f := g.stack[i]
		if l := lines[f.fn]; len(l) > 0 { // else an iterator, which owns nothing of the body
			at = append(at, pos{f, l[0]})
			lines[f.fn] = l[1:]
		}
	}
	return at
}

// casesPrefix begins the name of every function of a case; own that of this package
// and of the engines below it.
const (
	casesPrefix = "txcases/"
	own         = "txcases/txprobe"
)

var rangeBody = regexp.MustCompile(`(-range\d+)+$`)

// base returns the function that the body of a range over a function stands in.
func base(fn string) string { return rangeBody.ReplaceAllString(fn, "") }

// stacks are the frames that stacks have shown, by the bytes of their program
// counters: to look names up takes longer than all the rest of a path.
var stacks sync.Map

// each calls yield for the functions on the stack, innermost first.
func each(yield func(runtime.Frame) bool) {
	var pcs [128]uintptr
	n := runtime.Callers(0, pcs[:])
	key := string(unsafe.Slice((*byte)(unsafe.Pointer(&pcs)), n*int(unsafe.Sizeof(pcs[0]))))
	all, ok := stacks.Load(key)
	if !ok {
		var list []runtime.Frame
		frames := runtime.CallersFrames(pcs[:n])
		for more := n > 0; more; {
			var fr runtime.Frame
			fr, more = frames.Next()
			if fr.Function != "runtime.Callers" && !strings.HasPrefix(fr.Function, own) {
				list = append(list, fr)
			}
		}
		all = list
		stacks.Store(key, all)
	}
	for _, fr := range all.([]runtime.Frame) {
		if !yield(fr) {
			return
		}
	}
}

// caller names the line of a case that asks, and the one that its function was
// called from: two calls of one helper are two places.
func caller() (at, from string) {
	at = "?"
	each(func(fr runtime.Frame) bool {
		if !strings.HasPrefix(fr.Function, casesPrefix) {
			return true
		}
		if at != "?" {
			from = fmt.Sprintf(" from line %d", fr.Line)
			return false
		}
		file := fr.File[strings.LastIndexByte(fr.File, '/')+1:]
		at = fmt.Sprintf("%s:%d", file, fr.Line)
		return true
	})
	return at, from
}

// goid returns the number of the calling goroutine. What it costs grows with the depth
// of the stack; see self.
func goid() int64 {
	var buf [40]byte
	text := string(buf[:runtime.Stack(buf[:], false)])
	n, _, _ := strings.Cut(strings.TrimPrefix(text, "goroutine "), " ")
	id, _ := strconv.ParseInt(n, 10, 64)
	return id
}
