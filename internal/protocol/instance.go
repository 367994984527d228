package protocol

import (
	"go/types"
	"slices"
)

// instance makes the Role of one function from its template: the name as
// go/types writes it, and what the file leaves to the signature. It is nil when
// the signature has no room for a fact: the library has changed, and what was
// read in another version must not be believed of this one.
func (r *Role) instance(fn *types.Func) *Role {
	c := checker{sig: fn.Signature(), ok: true}
	out := *r
	name := fn.FullName()
	if o := copied(r.Open); o != nil {
		o.Func = name
		c.open(o)
		out.Open = o
	}
	if f := copied(r.Finish); f != nil {
		f.Func = name
		c.place(f.Handle)
		out.Finish = f
	}
	if f := copied(r.EndsOnErr); f != nil {
		f.Func = name
		c.place(f.Handle)
		c.ok = c.ok && c.errorResult() >= 0
		out.EndsOnErr = f
	}
	if a := copied(r.Alias); a != nil {
		a.Func = name
		a.Ctx = c.context(a.Ctx)
		c.place(a.From)
		c.place(a.To)
		c.place(a.Ctx)
		out.Alias = a
	}
	if m := copied(r.Managed); m != nil {
		m.Func = name
		c.managed(m)
		out.Managed = m
	}
	if n := copied(r.Nilness); n != nil {
		n.Func = name
		c.place(Place{Kind: Result, Index: n.Result})
		c.arg(n.Arg)
		out.Nilness = n
	}
	if a := copied(r.Assert); a != nil {
		a.Func = name
		c.arg(a.Arg)
		c.arg(a.Other)
		out.Assert = a
	}
	c.ok = c.ok && (!r.Running && !r.Writable || c.sig.Recv() != nil)
	c.arg(r.Runs)
	c.arg(r.Keeps)
	if !c.ok {
		return nil
	}
	return &out
}

func copied[T any](p *T) *T {
	if p == nil {
		return nil
	}
	c := *p
	return &c
}

// A checker holds facts against a signature.
type checker struct {
	sig *types.Signature
	ok  bool
}

func (c *checker) open(o *Open) {
	if o.Err.Kind == inferred {
		o.Err = Place{}
		if i := c.errorResult(); i >= 0 {
			o.Err = Place{Kind: Result, Index: i}
		}
	}
	if o.Ctx == inferredArg {
		o.Ctx = c.param(isContext)
	}
	c.ok = c.ok && (!o.CtxOfRecv || c.sig.Recv() != nil)
	c.place(o.Handle)
	c.place(o.Err)
	c.place(o.Owner)
	c.arg(o.Ctx)
	for _, w := range slices.Concat(o.When, o.ReadsIf) {
		c.arg(w.Index)
	}
}

func (c *checker) managed(m *Managed) {
	if m.Callback == inferredArg {
		m.Callback = c.param(isFunc)
		c.ok = c.ok && m.Callback >= 0
	}
	c.arg(m.Callback)
	if !c.ok {
		return
	}
	// A callback may hide in an interface (neo4j's ManagedTransactionWork is a
	// func, but a user's own may not be).
	if f, ok := c.sig.Params().At(m.Callback).Type().Underlying().(*types.Signature); ok {
		c.ok = m.Handle < f.Params().Len()
	}
}

func (c *checker) place(p Place) {
	switch p.Kind {
	case Recv:
		c.ok = c.ok && c.sig.Recv() != nil
	case Arg:
		c.arg(p.Index)
	case Result:
		c.ok = c.ok && p.Index < c.sig.Results().Len()
	}
}

func (c *checker) arg(i int) {
	c.ok = c.ok && i < c.sig.Params().Len()
}

// errorResult is the index of the last result, if that is an error, else -1.
func (c *checker) errorResult() int {
	last := c.sig.Results().Len() - 1
	if last >= 0 && isError(c.sig.Results().At(last).Type()) {
		return last
	}
	return -1
}

// context is the place of a context, by its type if nothing is said.
func (c *checker) context(p Place) Place {
	if p.Kind != inferred {
		return p
	}
	if i := c.param(isContext); i >= 0 {
		return Place{Kind: Arg, Index: i}
	}
	return Place{}
}

// param is the index of the first parameter with such a type, else -1.
func (c *checker) param(is func(types.Type) bool) int {
	for i := range c.sig.Params().Len() {
		if is(c.sig.Params().At(i).Type()) {
			return i
		}
	}
	return -1
}

func isError(t types.Type) bool {
	return types.Identical(t, types.Universe.Lookup("error").Type())
}

func isContext(t types.Type) bool {
	n, ok := types.Unalias(t).(*types.Named)
	return ok && n.Obj().Name() == "Context" && n.Obj().Pkg() != nil && n.Obj().Pkg().Path() == "context"
}

func isFunc(t types.Type) bool {
	_, ok := t.Underlying().(*types.Signature)
	return ok
}
