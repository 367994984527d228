package txprobe

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"reflect"
	"testing"
	"time"
)

// A Case is one method of the cases of a package.
type Case struct {
	Package string             // import path
	Name    string             // method
	New     func(p *Probe) any // makes the receiver
	T       *testing.T         // of the whole run
	Paths   int                // after so many paths the rest is given up
}

// Explore runs every path of the case, depth first.
func (c *Case) Explore() Result {
	res := Result{Package: c.Package, Case: c.Name}
	seen := map[string]bool{}
	marks, sound := map[Mark]bool{}, map[string]bool{}
	var script []choice
	for more := true; more; {
		if res.Paths == c.Paths {
			res.Capped = true
			break
		}
		p := c.run(script)
		res.Paths++
		res.add(p, seen, marks, sound)
		if len(res.Errors) > 0 {
			break
		}
		script, more = p.next()
	}
	for m := range marks {
		res.Marks = append(res.Marks, m)
	}
	for s := range sound {
		res.Sound = append(res.Sound, s)
	}
	return res
}

// run executes one path.
func (c *Case) run(script []choice) *path {
	p := newPath(script)
	db := sql.OpenDB(connector{p})
	defer db.Close()
	current.Store(p)
	defer current.Store(nil)
	probe := &Probe{DB: db, path: p}
	method := reflect.ValueOf(c.New(probe)).MethodByName(c.Name)

	var results []reflect.Value
	call := func(t *testing.T) {
		results = method.Call(p.arguments(method.Type(), t))
	}
	body := func() { call(nil) }
	if takesT(method.Type()) {
		body = func() { c.T.Run(c.Name, func(t *testing.T) { p.adopt(func() { call(t) }) }) }
	}
	g := p.start(body)
	p.blocked = !p.wait(g, 20*time.Millisecond)
	for i := 0; i < len(p.children); i++ {
		p.wait(p.children[i], 200*time.Microsecond)
	}
	p.settle()
	p.settled = true
	if !p.ended && !p.abandoned {
		p.owners(results)
	}
	p.settle()
	p.over = true
	for _, f := range p.cleanup {
		f()
	}
	return p
}

// owners finish what was handed to them.
func (p *path) owners(results []reflect.Value) {
	defer func() {
		if v := recover(); v != nil {
			p.errors = append(p.errors, fmt.Sprintf("panic after the case: %v", v))
		}
	}()
	for _, v := range results {
		p.finishAll(v, 5)
	}
	for _, f := range p.after {
		f()
	}
}

// adopt runs f on a goroutine of the testing package.
func (p *path) adopt(f func()) {
	p.mu.Lock()
	g := &goroutine{id: goid()}
	p.gors[self()] = g
	p.mu.Unlock()
	defer p.forget()
	defer func() {
		if v := recover(); v != nil {
			p.panicked(g, v)
		}
	}()
	f()
}

func takesT(m reflect.Type) bool {
	return m.NumIn() > 0 && m.In(0) == reflect.TypeFor[*testing.T]()
}

// arguments forks over a few values of each parameter.
func (p *path) arguments(m reflect.Type, t *testing.T) []reflect.Value {
	var in []reflect.Value
	for i := range m.NumIn() {
		typ := m.In(i)
		var values []any
		switch {
		case typ == reflect.TypeFor[*testing.T]():
			values = []any{t}
		case typ == reflect.TypeFor[context.Context]():
			values = []any{context.Background()}
		case typ == reflect.TypeFor[error]():
			values = []any{nil, errors.New("given")}
		case typ.Kind() == reflect.Bool:
			values = []any{false, true}
		case typ.Kind() == reflect.Int, typ.Kind() == reflect.Int64:
			values = []any{0, 1}
		case typ.Kind() == reflect.String:
			values = []any{"", "a"}
		case typ == reflect.TypeFor[[]int]():
			values = []any{nil, []int{1}, []int{1, 2}}
		case typ == reflect.TypeFor[[]string]():
			values = []any{nil, []string{"a"}, []string{"a", "b"}}
		default:
			p.errors = append(p.errors, "no values for a parameter of type "+typ.String())
			values = []any{nil}
		}
		v := values[p.choose(fmt.Sprintf("parameter %d", i), len(values))]
		if v == nil {
			in = append(in, reflect.Zero(typ))
		} else {
			in = append(in, reflect.ValueOf(v).Convert(typ))
		}
	}
	return in
}

// finishAll does what a careful caller does with a result that holds open
// transactions: it rolls them back, or calls the function that does.
func (p *path) finishAll(v reflect.Value, depth int) {
	if !v.IsValid() || depth == 0 {
		return
	}
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface, reflect.Map, reflect.Slice, reflect.Func, reflect.Chan:
		if v.IsNil() {
			return
		}
	}
	if !v.CanInterface() { // an unexported field
		v = reflect.NewAt(v.Type(), v.Addr().UnsafePointer()).Elem()
	}
	switch v.Type() {
	case reflect.TypeFor[*sql.DB](), reflect.TypeFor[*Probe](), reflect.TypeFor[*testing.T](), reflect.TypeFor[context.Context]():
		return
	}
	for _, finish := range p.finishers {
		if finish(v.Interface()) {
			return
		}
	}
	if tx, ok := v.Interface().(interface{ Rollback() error }); ok {
		_ = tx.Rollback()
		return
	}
	switch v.Kind() {
	case reflect.Pointer, reflect.Interface:
		p.finishAll(v.Elem(), depth-1)
	case reflect.Struct:
		if !v.CanAddr() {
			w := reflect.New(v.Type()).Elem()
			w.Set(v)
			v = w
		}
		for i := range v.NumField() {
			p.finishAll(v.Field(i), depth-1)
		}
	case reflect.Slice, reflect.Array:
		for i := range v.Len() {
			p.finishAll(v.Index(i), depth-1)
		}
	case reflect.Map:
		for _, key := range v.MapKeys() {
			p.finishAll(v.MapIndex(key), depth-1)
		}
	case reflect.Chan:
		for v.Len() > 0 {
			x, _ := v.Recv()
			p.finishAll(x, depth-1)
		}
	case reflect.Func:
		var in []reflect.Value
		for i := range v.Type().NumIn() {
			if t := v.Type().In(i); t.Kind() == reflect.Pointer {
				in = append(in, reflect.New(t.Elem()))
			} else {
				in = append(in, reflect.Zero(t))
			}
		}
		v.Call(in)
	}
}
