package txprobe

import (
	"fmt"
	"reflect"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"time"
)

// Go stands for a go statement. The new goroutine runs before the old one goes
// on, until it has ended or waits for something, so that the order of their
// questions does not depend on chance.
func Go(f any, args ...any) {
	fn := reflect.ValueOf(f)
	in := make([]reflect.Value, len(args))
	for i, arg := range args {
		want := fn.Type().In(min(i, fn.Type().NumIn()-1))
		if arg == nil {
			in[i] = reflect.Zero(want)
			continue
		}
		in[i] = reflect.ValueOf(arg)
		if in[i].Kind() != reflect.Func && in[i].CanConvert(want) {
			in[i] = in[i].Convert(want)
		}
	}
	p := current.Load()
	if p == nil {
		go fn.Call(in)
		return
	}
	g := p.start(func() { fn.Call(in) })
	p.mu.Lock()
	p.children = append(p.children, g)
	p.mu.Unlock()
	p.wait(g, 200*time.Microsecond)
}

// start runs f as a goroutine of the path.
func (p *path) start(f func()) *goroutine {
	p.mu.Lock()
	p.started++
	g := &goroutine{order: p.started, done: make(chan struct{})}
	p.mu.Unlock()
	known := make(chan struct{})
	go func() {
		defer close(g.done)
		p.mu.Lock()
		g.id = goid()
		p.gors[self()] = g
		p.mu.Unlock()
		close(known)
		defer p.forget()
		defer func() {
			if v := recover(); v != nil {
				p.panicked(g, v)
			}
		}()
		f()
	}()
	<-known
	return g
}

// forget takes the calling goroutine, which ends, from those of the path: another one
// may be given the same memory.
func (p *path) forget() {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.gors, self())
}

// panicked notes a panic that came out of a goroutine.
func (p *path) panicked(g *goroutine, v any) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, f := range g.pending {
		f.left.v = v
	}
	g.pending = nil
	if err, ok := v.(runtime.Error); ok {
		p.errors = append(p.errors, fmt.Sprintf("panic: %v", err))
	}
}

// wait returns when the goroutine has ended, or waits for something that does
// not come; the result tells which. It looks every pause. A goroutine that waits
// here itself, for one that it has started, goes on in time: only who waits for
// the one that was started last can tell that nothing comes.
func (p *path) wait(g *goroutine, pause time.Duration) (ended bool) {
	p.mu.Lock()
	p.waits = append(p.waits, g.order)
	p.mu.Unlock()
	defer func() {
		p.mu.Lock()
		defer p.mu.Unlock()
		i := slices.Index(p.waits, g.order)
		p.waits = slices.Delete(p.waits, i, i+1)
	}()
	waiting := 0
	for {
		select {
		case <-g.done:
			return true
		case <-time.After(pause):
		}
		p.mu.Lock()
		last := slices.Max(p.waits) == g.order
		p.mu.Unlock()
		if !last || !blocked(g.id) {
			waiting = 0
		} else if waiting++; waiting == 5 {
			return false
		}
	}
}

// blocked reports whether the goroutine waits for another, and none is about to go
// on that it may wait for: on a busy machine a library's own threads come late.
func blocked(id int64) bool {
	buf := make([]byte, 1<<16)
	n := runtime.Stack(buf, true)
	for n == len(buf) {
		buf = make([]byte, 2*len(buf))
		n = runtime.Stack(buf, true)
	}
	waits := false
	for i, text := range strings.Split(string(buf[:n]), "\n\n") {
		text = strings.TrimPrefix(text, "goroutine ")
		number, after, _ := strings.Cut(text, " [")
		state, _, _ := strings.Cut(after, "]")
		state, _, _ = strings.Cut(state, ",")
		if i == 0 {
			continue // this one
		}
		if strings.HasPrefix(state, "GC ") {
			return false // it helps the collector
		}
		switch state {
		case "running", "runnable", "preempted", "waiting":
			return false
		case "syscall", "sleep", "IO wait":
		default:
			waits = waits || number == strconv.FormatInt(id, 10)
		}
	}
	return waits
}

// EndProcess stands for os.Exit and log.Fatal: nothing of the case runs after it.
func EndProcess(...any) {
	p := current.Load()
	if p == nil {
		panic("txprobe: the process ends outside a case")
	}
	p.mu.Lock()
	p.ended, p.over = true, true
	p.mu.Unlock()
	runtime.Goexit()
}

// EndProcessf stands for log.Fatalf.
func EndProcessf(string, ...any) { EndProcess() }
