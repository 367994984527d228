package protocol

import (
	"errors"
	"slices"
)

// inferred stands in a template for what the signature will tell.
const inferred PlaceKind = 255

// inferredArg likewise, for an argument's index.
const inferredArg = -2

// transactions reads the sections that make up a protocol.
func (b *builder) transactions() {
	for _, e := range b.d.Open {
		b.open(e)
	}
	for _, e := range b.d.Finish {
		b.finish(e.Commit, Commit, e)
		b.finish(e.Rollback, Rollback, e)
		b.finish(e.Decided, Decided, e)
	}
	for _, w := range b.d.EndsOnErr {
		_, r := b.role(w)
		b.once(w, r.EndsOnErr != nil, "ends-on-error")
		r.EndsOnErr = &Finish{
			Lib: b.Library, Func: w.text, Handle: Place{Kind: Recv},
			Outcome: Rollback, OnErr: "finished", Again: "error",
		}
	}
	for _, e := range b.d.Alias {
		b.alias(e)
	}
	for _, e := range b.d.Managed {
		b.managed(e)
	}
	b.flag(b.d.Plain, "plain", func(r *Role) *bool { return &r.Plain })
	b.flag(b.d.Pure, "pure", func(r *Role) *bool { return &r.Pure })
	b.flag(b.d.Reads, "reads", func(r *Role) *bool { return &r.Reads })
	b.flag(b.d.Running, "running", func(r *Role) *bool { return &r.Running })
	b.flag(b.d.Writable, "writable", func(r *Role) *bool { return &r.Writable })
}

// flag says of the functions in a list that they are what a key names.
func (b *builder) flag(list wordList, key string, of func(*Role) *bool) {
	for _, w := range list {
		_, r := b.role(w)
		is := of(r)
		b.once(w, *is, key)
		*is = true
	}
}

func (b *builder) open(e openEntry) {
	o := Open{
		Lib:            b.Library,
		Handle:         b.place(e.Handle.or("result 0"), Recv, Arg, Result),
		Err:            Place{Kind: inferred},
		MaybeOpen:      e.MaybeOpen,
		LiveOnErr:      e.LiveOnErr,
		When:           b.conditions(e.When),
		Ctx:            inferredArg,
		CancelFinishes: e.CancelFinishes,
		Reentry: b.oneOf(e.Reentry.or("independent"), "independent", "error", "noop",
			"same-handle", "same-result", "savepoint-handle", "counted", "outer-alias", "deadlock", "replaces"),
		Level: b.level(e.Level.or("transaction")),
		Holds: b.oneOf(e.Holds.or("connection"), "connection", "lock", "server-state", "client-state", "nothing"),
		Owner: b.place(e.Owner.or("none"), Nowhere, Recv, Arg),
	}
	if e.Err.tok != nil {
		o.Err = b.place(e.Err, Nowhere, Result, OfHandle, Panics)
	}
	if len(e.ReadOnly) == 1 && e.ReadOnly[0].text == "always" {
		o.OnlyReads = true
	} else {
		o.ReadsIf = b.conditions(e.ReadOnly)
	}
	if e.Ctx.tok != nil {
		o.CtxOfRecv = e.Ctx.text == "recv"
		o.Ctx = -1
		if !o.CtxOfRecv {
			o.Ctx = b.argIndex(e.Ctx)
		}
	}
	if c := e.Call; c != nil {
		o.Call = &Finish{
			Lib: b.Library, Handle: Place{Kind: Self}, OnErr: "finished",
			Outcome: Outcome(b.oneOf(c.Outcome, "commit", "rollback", "decided")),
			Again:   b.again(c.Again.or("error")),
		}
		b.Library.CallEnds = true
	}
	for _, w := range e.Func {
		_, r := b.role(w)
		b.once(w, r.Open != nil, "open")
		own := o
		own.Func = w.text
		r.Open = &own
		b.Library.Opens = append(b.Library.Opens, w.text)
	}
}

func (b *builder) level(w word) Level {
	return Level(b.oneOf(w, string(Transaction), string(Session), string(Savepoint), string(Soft)))
}

func (b *builder) again(w word) string {
	return b.oneOf(w, "error", "nil", "noop", "panic", "damages-outer")
}

func (b *builder) finish(funcs wordList, outcome Outcome, e finishEntry) {
	again := "error"
	if e.UnlessDone {
		again = "nil"
	}
	f := Finish{
		Lib:        b.Library,
		Handle:     b.place(e.Handle.or("recv"), Recv, Arg),
		Outcome:    outcome,
		UnlessDone: e.UnlessDone,
		OnErr:      b.oneOf(e.OnErr.or("finished"), "finished", "open"),
		Again:      b.again(e.Again.or(again)),
		NilPanics:  e.NilPanics,
		Children:   e.Children.texts(),
		When:       b.conditions(e.When),
		OfOwner:    e.OfOwner,
	}
	for _, w := range f.When {
		if !slices.Contains(b.Library.EndsBy, w) {
			b.Library.EndsBy = append(b.Library.EndsBy, w)
		}
	}
	if e.Only.tok != nil {
		f.Only = b.level(e.Only)
	}
	for _, w := range funcs {
		_, r := b.role(w)
		b.once(w, r.Finish != nil, "finish")
		own := f
		own.Func = w.text
		r.Finish = &own
		b.Library.Finishes = append(b.Library.Finishes, w.text)
	}
}

func (b *builder) alias(e aliasEntry) {
	a := Alias{
		Lib:        b.Library,
		From:       b.place(e.From.or("recv"), Recv, Arg),
		To:         b.place(e.To.or("result 0"), Result),
		View:       e.View,
		Itself:     e.Itself,
		KeepsError: e.KeepsError,
		NeverFails: e.NeverFails,
		Ctx:        Place{Kind: inferred},
	}
	if e.Ctx.tok != nil {
		a.Ctx = b.place(e.Ctx, Arg, Nowhere)
	}
	chains := map[symbol]bool{}
	b.typeSet(e.Chain, chains)
	for sym := range chains {
		if _, twice := b.chains[sym]; twice {
			b.fail(e.Chain[0], "type %s is listed twice", sym.name)
		}
		own := a
		b.chains[sym] = &own
	}
	for _, w := range e.Func {
		_, r := b.role(w)
		b.once(w, r.Alias != nil, "alias")
		own := a
		own.Func = w.text
		r.Alias = &own
	}
}

func (b *builder) managed(e managedEntry) {
	m := Managed{
		Lib:      b.Library,
		Callback: inferredArg,
		Handle:   b.argIndex(e.Handle.or("none")),
	}
	if e.Callback.tok != nil {
		m.Callback = b.argIndex(e.Callback)
	}
	for _, w := range e.Func {
		_, r := b.role(w)
		b.once(w, r.Managed != nil, "managed")
		own := m
		own.Func = w.text
		r.Managed = &own
		b.Library.Manages = append(b.Library.Manages, w.text)
	}
}

// values reads the sections that are about control flow and values.
func (b *builder) values() {
	x := b.d.Exit
	b.exit(x.Process, Process)
	b.exit(x.Test, Test)
	b.exit(x.Recovered, Recovered)
	b.exit(x.Panics, Panicking)
	for _, w := range b.d.Recovered {
		sym, err := parseFunc(w.text)
		if err != nil || sym.recv != "" {
			b.fail(w, "malformed variable %q: want pkg.Var", w.text)
			continue
		}
		sym.pkg = b.known(w, sym.pkg)
		b.vars[sym], b.written[sym] = true, w
	}
	for _, e := range b.d.Nilness {
		b.nilness(e)
	}
	for _, e := range b.d.Assert {
		b.assert(e)
	}
	for _, e := range b.d.Runs {
		for _, w := range e.Func {
			_, r := b.role(w)
			b.once(w, r.Runs >= 0, "runs")
			r.Runs = b.argIndex(e.Callback.or("arg 0"))
		}
	}
	for _, e := range b.d.Keeps {
		for _, w := range e.Func {
			_, r := b.role(w)
			b.once(w, r.Keeps >= 0, "keeps")
			r.Keeps = b.argIndex(e.Callback.or("arg 0"))
		}
	}
}

func (b *builder) exit(funcs wordList, kind Exit) {
	for _, w := range funcs {
		_, r := b.role(w)
		b.once(w, r.Exit != "", "exit")
		r.Exit = kind
	}
}

func (b *builder) nilness(e nilnessEntry) {
	n := Nilness{NonNil: e.NonNil, Arg: -1}
	if e.Result.tok != nil {
		n.Result = b.place(e.Result, Result).Index
	}
	said := 0
	if e.NonNil {
		said++
	}
	if e.NilAs.tok != nil {
		n.Arg = b.argIndex(e.NilAs)
		said++
	}
	if e.Proves.tok != nil {
		n.Arg, n.ProvesArg = b.argIndex(e.Proves), true
		said++
	}
	for _, w := range e.Func {
		if said != 1 {
			b.fail(w, "a nilness entry wants exactly one of nonnil: true, nil-as: arg N, proves: arg N")
		}
		_, r := b.role(w)
		b.once(w, r.Nilness != nil, "nilness")
		own := n
		own.Func = w.text
		r.Nilness = &own
	}
}

func (b *builder) assert(e assertEntry) {
	cond, tells := e.If, e.True.text != ""
	if tells {
		cond = e.True
	}
	c, err := parseArgIs(cond.text)
	if err == nil && tells && e.If.text != "" {
		err = errors.New("an assert entry wants one of returns-if and true-if")
	}
	a := Assert{Tells: tells, Arg: c.Index, Value: c.Value, Other: -1}
	if other, bad := parsePlace(c.Value); bad == nil && other.Kind == Arg {
		a.Value, a.Other = "equal", other.Index
	}
	for _, w := range e.Func {
		if err != nil {
			b.fail(cond.orAt(w), "%v", err)
		}
		b.oneOf(word{a.Value, cond.tok}, "nil", "nonnil", "true", "false", "equal")
		_, r := b.role(w)
		b.once(w, r.Assert != nil, "assert")
		own := a
		own.Func = w.text
		r.Assert = &own
	}
}

// orAt lends a word that is not there the place of another.
func (w word) orAt(at word) word {
	if w.tok == nil {
		w.tok = at.tok
	}
	return w
}
