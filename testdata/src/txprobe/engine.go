package txprobe

import (
	"context"
	"fmt"
	"time"
)

// What the probe offers to engines other than its own driver: a server that a
// client talks to, or a store in this process. Such an engine asks whether a call
// fails, and tells what is open in one of two ways: it sees transactions begin and
// end (Begin), or can look at one that a call has returned (Watch).

// A Tx is a transaction whose begin and end the engine sees.
type Tx struct{ rec *record }

// Fails asks whether the call fails that the engine is about to carry out.
func (p *Probe) Fails(op string) bool { return p.Outcome(op, 2) == 1 }

// Outcome asks which of n ways the call comes out; 0 is the usual one.
func (p *Probe) Outcome(op string, n int) int {
	v, _ := p.path.ask(op, choice{n: n, driver: true})
	return v
}

// Begin asks whether a transaction can begin, which it does if there is a result.
func (p *Probe) Begin() *Tx {
	p.path.settle()
	p.path.reached()
	if p.Fails("Begin") {
		return nil
	}
	return &Tx{p.path.opened(context.Background())}
}

// End notes that the transaction has ended; a second time does nothing.
func (t *Tx) End(how string) { t.rec.finish(how) }

// Watch names a function that looks at what a call which begins transactions has
// returned. For an open transaction it returns a function that tells whether it
// still is, for anything else nil.
func (p *Probe) Watch(opened func(v any) (open func() bool)) {
	p.path.watchers = append(p.path.watchers, opened)
}

// Before names a function that is told of what a transaction is about to be begun
// on, and may see to it that this fails.
func (p *Probe) Before(begin func(v any)) { p.path.before = append(p.path.before, begin) }

// Busy names a function that tells whether the library is at work on threads of
// its own, which may yet end a transaction.
func (p *Probe) Busy(busy func() bool) { p.path.busy = append(p.path.busy, busy) }

// Cleanup names a function that runs at the end of the path.
func (p *Probe) Cleanup(f func()) { p.path.cleanup = append(p.path.cleanup, f) }

// Begun passes on what a call has returned that begins a transaction.
func Begun[T any](v T) T {
	if p := current.Load(); p != nil {
		p.begun(v)
	}
	return v
}

// Begun2 is Begun for a call with two results.
func Begun2[T, E any](v T, err E) (T, E) { return Begun(v), err }

// begun asks the engines about v, and notes the transaction that it is.
func (p *path) begun(v any) {
	for _, watch := range p.watchers {
		if open := watch(v); open != nil {
			r := p.opened(context.Background())
			p.mu.Lock()
			r.open = open
			p.mu.Unlock()
			return
		}
	}
}

// quiesce waits until no engine is busy.
func (p *path) quiesce() {
	if len(p.busy) == 0 {
		return
	}
	end := time.Now().Add(5 * time.Second)
	for _, busy := range p.busy {
		for busy() {
			if time.Now().After(end) {
				p.mu.Lock()
				defer p.mu.Unlock()
				p.errors = append(p.errors, fmt.Sprintf("an engine has not come to rest after %v", p))
				return
			}
			time.Sleep(50 * time.Microsecond)
		}
	}
}
