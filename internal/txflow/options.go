package txflow

import (
	"flag"
	"sync"

	"github.com/txcheck/txcheck/internal/protocol"
)

// Options are the settings that users give to the analysis. There is one struct
// for the command, the golangci-lint plugin and nogo; Bind is the only place that
// names the flags.
type Options struct {
	// Protocols is YAML text that describes in-house libraries.
	Protocols string
	// Libraries are in-house libraries from a configuration. Protocols replaces them.
	Libraries []*protocol.File
	// Panics also reports explicit panics, and calls that may panic, which leave a
	// transaction open.
	Panics bool
	// CtxCancel accepts a deferred cancel of the transaction's own context as its end.
	CtxCancel bool
	// Why is a place, FILE:LINE: what is known of the transactions that begin or end
	// there is told instead of the leaks.
	Why string
	// Debug prints one line on stderr for each cap that the analysis hit.
	Debug bool

	once sync.Once
	sets *protocol.Set
	err  error
}

// Set returns the protocols in force: those built in, and the user's.
func (o *Options) Set() (*protocol.Set, error) {
	o.once.Do(func() {
		files := o.Libraries
		if o.Protocols != "" {
			if files, o.err = protocol.Load("protocols", []byte(o.Protocols)); o.err != nil {
				return
			}
		}
		if len(files) == 0 {
			o.sets = protocol.Builtin()
			return
		}
		o.sets, o.err = protocol.New(files...)
	})
	return o.sets, o.err
}

// DefaultOptions returns the settings of a run without flags.
func DefaultOptions() *Options {
	return &Options{CtxCancel: true}
}

// Bind declares the options as flags of one analyzer.
func (o *Options) Bind(flags *flag.FlagSet) {
	flags.StringVar(&o.Protocols, "protocols", o.Protocols, "YAML `text` that adds protocols for in-house libraries")
	flags.BoolVar(&o.Panics, "panics", o.Panics, "also report panics that leave a transaction open")
	flags.BoolVar(&o.CtxCancel, "ctxcancel", o.CtxCancel, "accept a deferred cancel of the transaction's context as its end")
	flags.StringVar(&o.Why, "why", o.Why, "tell what is known of the transactions at `FILE:LINE`, instead of reporting")
	flags.BoolVar(&o.Debug, "debug", o.Debug, "print a line on stderr for each bound that the analysis hits")
}
