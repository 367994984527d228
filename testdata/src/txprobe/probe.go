package txprobe

import (
	"database/sql"
	"net/http"
	"reflect"
)

// A Probe is what a case is given: a database and a way to fork.
type Probe struct {
	DB   *sql.DB
	path *path
}

// Choose forks the path: it returns true on one branch and false on the other.
func (p *Probe) Choose() bool { return p.path.choose("Choose", 2) == 1 }

// Pick forks the path n ways and returns a number below n.
func (p *Probe) Pick(n int) int { return p.path.choose("Pick", n) }

// After names a function that runs when the case has returned, in place of
// whoever owns by then what the case handed over.
func (p *Probe) After(f func()) { p.path.after = append(p.path.after, f) }

// Owner names a function that finishes what is inside a result of a case, in place
// of the caller that got it. It reports whether v is something that it knows. What
// has a method Rollback() error needs none.
func (p *Probe) Owner(finish func(v any) bool) { p.path.finishers = append(p.path.finishers, finish) }

// Savepoints tells that the cases hold savepoints in handles of their own, which
// they must end like transactions.
func (p *Probe) Savepoints() { p.path.marks = true }

// Recovers tells which panics the framework around the cases recovers by design.
// One of them ends a function like a return.
func (p *Probe) Recovers(byDesign func(v any) bool) {
	p.path.byDesign = append(p.path.byDesign, byDesign)
}

// expected reports whether a framework recovers the value by design.
func (p *path) expected(v any) bool {
	if v == http.ErrAbortHandler {
		return true
	}
	for _, f := range p.byDesign {
		if f(v) {
			return true
		}
	}
	return false
}

// Live passes a transaction on, and notes when it is finished already: what its
// methods return then no longer depends on the path.
func Live[T any](tx T) T {
	p := current.Load()
	v := reflect.ValueOf(tx)
	if p == nil || v.Type() != reflect.TypeFor[*sql.Tx]() || v.IsNil() {
		return tx
	}
	if v.Elem().FieldByName("done").FieldByName("v").Uint() != 0 {
		p.mu.Lock()
		p.late = true
		p.mu.Unlock()
	}
	return tx
}
