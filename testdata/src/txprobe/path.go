package txprobe

import (
	"context"
	"fmt"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// Bounds of the search.
const (
	maxVisits = 4     // forks of one place on one path: three rounds of a loop and the way out
	maxPaths  = 20000 // paths of one case
	maxJumps  = 100   // rounds of the loops of one activation
)

// current is the path that runs; there is one at a time.
var current atomic.Pointer[path]

// A path is one execution of a case.
type path struct {
	mu       sync.Mutex
	finished *sync.Cond // a transaction was finished
	script   []choice   // answers to repeat, then new ones
	choices  []choice
	visits   map[string]int
	clock    int // orders events
	records  []*record
	frames   []*Frame
	gors     map[uintptr]*goroutine // by self
	children []*goroutine
	started  int   // goroutines
	waits    []int // the order of those that are waited for
	after    []func()
	byDesign []func(any) bool
	// finishers are tried on what the case returned.
	finishers []func(any) bool
	// marks: a savepoint is followed like a transaction.
	marks bool
	// The hooks of engines: see Watch, Before, Busy and Cleanup.
	watchers []func(any) func() bool
	before   []func(any)
	busy     []func() bool
	cleanup  []func()

	errors []string

	settled   bool // no more forks: the case has returned
	over      bool // what still runs shall stop
	abandoned bool // too deep: what was seen does not count
	ended     bool // the process ended
	blocked   bool // the case waits for ever
	late      bool // a finished transaction was used
}

// A choice is one answer, at one place, out of n. The driver gives those that are
// about a transaction, by its number, or about none of them.
type choice struct {
	at     string
	n, v   int
	driver bool
	about  int
}

func newPath(script []choice) *path {
	p := &path{script: script, visits: map[string]int{}, gors: map[uintptr]*goroutine{}}
	p.finished = sync.NewCond(&p.mu)
	return p
}

// choose returns the answer to the next question of this path, 0 first. It does not
// return where the path is given up.
func (p *path) choose(op string, n int) int {
	return p.must(p.ask(op, choice{n: n}))
}

// must leaves a path that is given up.
func (p *path) must(v int, given bool) int {
	if given {
		runtime.Goexit()
	}
	return v
}

// ask is choose for a question in the middle of a library that could not stand to
// be left there: a path that is given up goes on to the next mark.
func (p *path) ask(op string, c choice) (v int, given bool) {
	if p == nil {
		return 0, false
	}
	at, from := caller()
	at = op + " " + at
	p.mu.Lock()
	defer p.mu.Unlock()
	// Threads of database/sql itself ask nothing: their turn is a matter of chance.
	if p.gors[self()] == nil {
		return 0, false
	}
	if p.over || p.abandoned {
		return 0, true
	}
	if p.settled {
		return 0, false
	}
	c.at = at
	if i := len(p.choices); i < len(p.script) {
		if p.script[i].at != at || p.script[i].n != c.n {
			p.errors = append(p.errors, fmt.Sprintf("not deterministic: %s, then %s", p.script[i].at, at))
			p.settled, p.abandoned = true, true
			return 0, true
		}
		c.v = p.script[i].v
	}
	if p.visits[at+from]++; p.visits[at+from] > maxVisits {
		p.settled, p.abandoned = true, true
		return 0, true
	}
	p.choices = append(p.choices, c)
	return c.v, false
}

// next returns the script of the path after this one in depth-first order.
func (p *path) next() ([]choice, bool) {
	for i := len(p.choices) - 1; i >= 0; i-- {
		if c := p.choices[i]; c.v+1 < c.n {
			c.v++
			return append(p.choices[:i:i], c), true
		}
	}
	return nil, false
}

func (p *path) String() string {
	var words []string
	for _, c := range p.choices {
		words = append(words, fmt.Sprintf("%s=%d", c.at, c.v))
	}
	return strings.Join(words, ", ")
}

// answers are the choices without their places: what the program was told, then what
// the driver was asked, with the number of the transaction. Two executions are the
// same if both agree, however the two are interleaved: the driver does not see when
// the program looks at its conditions.
func (p *path) answers() string {
	var told, asked []string
	for _, c := range p.choices {
		op, _, _ := strings.Cut(c.at, " ")
		if c.driver {
			asked = append(asked, fmt.Sprintf("%d.%s=%d", c.about, op, c.v))
		} else {
			told = append(told, fmt.Sprintf("%s=%d", op, c.v))
		}
	}
	for _, r := range p.records {
		if r.unasked {
			asked = append(asked, fmt.Sprintf("%d.Rollback=0", r.id))
		}
	}
	return strings.Join(append(append(told, "|"), asked...), " ")
}

// A record is the life of one transaction.
type record struct {
	path  *path
	id    int
	ctx   context.Context
	at    int   // when it began
	end   int   // when it was finished, 0 while it is open
	calls []pos // where it began, in the functions of the cases, innermost first
	how   string
	open  func() bool // asks a store; nil where the end is noticed
	// unasked: a thread of database/sql rolled it back, which asks nothing.
	unasked bool
}

// A pos is a line that a frame was at.
type pos struct {
	frame *Frame
	line  int
}

func (p *path) opened(ctx context.Context) *record {
	if p == nil {
		return &record{}
	}
	calls := p.where()
	p.mu.Lock()
	defer p.mu.Unlock()
	p.clock++
	r := &record{path: p, id: len(p.records) + 1, ctx: ctx, at: p.clock, calls: calls}
	p.records = append(p.records, r)
	return r
}

// reached notes in every function that is running that it begins a transaction
// now, if the driver lets it.
func (p *path) reached() {
	if p == nil {
		return
	}
	calls := p.where()
	p.mu.Lock()
	defer p.mu.Unlock()
	p.clock++
	for _, c := range calls {
		c.frame.again = append(c.frame.again, reach{c.line, p.clock})
	}
}

// byLibrary notes whether it is a thread of database/sql that rolls back.
func (r *record) byLibrary() {
	if p := r.path; p != nil {
		p.mu.Lock()
		defer p.mu.Unlock()
		r.unasked = r.end == 0 && p.gors[self()] == nil
	}
}

func (r *record) finish(how string) {
	p := r.path
	if p == nil {
		return
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	if r.end == 0 && !p.over { // else the engine is being taken down
		p.clock++
		r.end, r.how = p.clock, how
		p.finished.Broadcast()
	}
}

// settle notes which transactions of a store have ended by now. It waits for
// database/sql to roll back those whose context is cancelled, which it does on a
// thread of its own.
func (p *path) settle() {
	if p == nil {
		return
	}
	p.quiesce()
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, r := range p.records {
		if r.end == 0 && r.open != nil && !r.open() {
			p.clock++
			r.end, r.how = p.clock, "its end"
		}
		if r.end != 0 || r.ctx.Err() == nil {
			continue
		}
		late := false
		timer := time.AfterFunc(5*time.Second, func() {
			p.mu.Lock()
			defer p.mu.Unlock()
			late = true
			p.finished.Broadcast()
		})
		for r.end == 0 && !late {
			p.finished.Wait()
		}
		timer.Stop()
		if late {
			p.errors = append(p.errors, "a cancelled context rolled nothing back")
		}
	}
}
