package txflow

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"os"
	"reflect"
	"runtime/debug"
	"sync"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/txcheck/txcheck/internal/protocol"
)

// A Result is what rules read, after Complete: the leaks of one package, in source
// order.
type Result struct {
	Leaks []*Leak
	// Troubles are what the analysis itself ran into: a broken option, or a
	// function that it failed on.
	Troubles []Trouble
	// Verdicts answer Options.Why.
	Verdicts []Verdict
	// Doubts are calls which would panic where a transaction is open, or after which
	// nobody knows whether it still is: of what Again returns, where somebody asks.
	Doubts map[token.Pos]bool
	// Capped are the Begins that were not followed to the end because a bound was hit.
	Capped []Trouble

	pass *analysis.Pass
	opts *Options
	// protocols are nil if the option is broken.
	protocols *protocol.Set
	// rest is what Complete has to do.
	rest sync.Once
	flow *flow // nil if there is nothing to look at
	// reaches: transactions can be reached from here.
	reaches bool
	faces   []*types.TypeName // that the package declares, see isFace
	need    need
}

// Complete follows the transactions of all functions, and so finds the leaks. Before,
// only those are followed that importers need facts of: of a package that is just a
// dependency nobody asks for more.
func (r *Result) Complete() {
	r.rest.Do(func() {
		if r.flow == nil || r.need != needAll {
			return
		}
		for _, fn := range r.flow.funcs {
			r.flow.analyzeSafely(fn)
		}
	})
}

// A Trouble is a fault of the analysis or of its configuration, at a position.
type Trouble struct {
	Pos  token.Pos
	Text string
}

// New returns the flow pass for one suite of rules.
func New(opts *Options) *analysis.Analyzer {
	return &analysis.Analyzer{
		Name:       "txflow",
		Doc:        "follow every database transaction to the exits of its function",
		Run:        func(pass *analysis.Pass) (any, error) { return run(pass, opts), nil },
		ResultType: reflect.TypeFor[*Result](),
		FactTypes:  []analysis.Fact{new(Summary), new(reached), new(face)},
	}
}

// A flow is the analysis of one package.
type flow struct {
	pass      *analysis.Pass
	opts      *Options
	protocols *protocol.Set
	prog      *ssa.Program
	result    *Result

	work        int // instructions executed so far
	limit       int // of work, see packageSteps
	tried       int // work of the trials of fixes, see Again
	infos       map[*ssa.Function]*funcInfo
	questions   map[askKey]asked
	mods        map[*ssa.Function]map[string]bool
	sources     map[ast.Node]*source
	done        map[*ssa.Function]*funcResult
	repeated    map[*ssa.Function]int
	analyzing   int             // depth of nested analyses
	assumed     int             // outermost open analysis whose function is assumed to open nothing
	funcs       []*ssa.Function // declared functions, in source order
	stores      map[*ssa.Global]storeKind
	assigned    map[*types.Var]*ssa.Function  // see alwaysIn
	plain       map[*ssa.Global]bool          // those of stores that are errors which wrap none
	code        map[*ssa.Global]*ssa.Function // those of stores that are functions
	ended       map[*ssa.Global]bool          // see endedErrors
	endAsked    map[*ssa.Function]bool        // see asksForEnd
	endings     map[*ssa.Function]ending
	usesOnce    map[*ssa.Function][]Use      // see usesAsked
	askingEnds  int                          // depth of such questions
	mentions    map[*ssa.Function]bool       // see mentionsEnd
	branches    map[*ssa.Function]int        // see branchesOf
	behind      map[*types.Func]bool         // see mayEndBehind
	toldBehind  map[*types.Func]bool         // see undoesTold
	takers      map[*types.Func]bool         // see mayTake
	calledAgain map[ssa.CallInstruction]bool // see isCalledAgain
	panics      map[*ssa.Function]bool
	errors      map[*ssa.Function][]Case
	lent        map[lentPlace]lending
	asking      int                    // depth of nested questions about lending
	relies      int                    // outermost open question that the current answer assumes
	relying     []lentPlace            // answers that assume an open question, in the order found
	barrier     int                    // questions further out must not be assumed
	told        map[*ast.FuncDecl]bool // see tellers
	impls       map[*types.Func]*types.Func
	beginners   map[*types.Func]*beginners
	standIns    map[*types.Func]*Summary // see standIn
	madeFor     map[standInKey]*types.Func
	hidden      map[*types.Named]*hiddenType   // what stands for them
	inside      map[string]types.Type          // see typeNamed
	holding     map[types.Type]bool            // see mayHold
	faces       map[*types.TypeName]bool       // see isFace
	paths       map[types.Type][]string        // see txPaths
	below       map[*ssa.Parameter][]string    // see spotsBelow
	looking     map[*ssa.Parameter]bool        // see looksForTx
	asserted    assertions                     // see assertsTx
	private     map[ssa.Value]bool             // see isPrivate
	harmless    map[*ssa.Function]bool         // see looks
	allLook     map[*types.Func]bool           // see looksAway
	lookedAt    map[types.Type]map[string]bool // see mayLookAt
}

// run analyses a package as far as its importers need, and exports facts.
func run(pass *analysis.Pass, opts *Options) *Result {
	res := prepare(pass, opts)
	about := &reached{Analysed: true}
	switch {
	case res.need == needNothing:
	case res.need < needAll || protocol.Builtin().Describes(pass.Pkg.Path()):
		// What a library's own functions do to transactions is the data's to say: its
		// bodies work below what a handle stands for (sql.Row.Scan closes rows, not
		// their transaction).
		res.flow.exportValues(res.need == needValues)
	default:
		about.Hidden = res.flow.hiddenTypes(res.flow.export())
		about.Ended = res.flow.endedHere()
	}
	for _, tn := range res.faces {
		if tn.Exported() { // importers can name no other
			pass.ExportObjectFact(tn, new(face))
		}
	}
	if res.reaches {
		pass.ExportPackageFact(about)
	}
	return res
}

// prepare finds out how much of a package must be looked at, and makes its SSA form.
func prepare(pass *analysis.Pass, opts *Options) *Result {
	res := &Result{pass: pass, opts: opts}
	set, err := opts.Set()
	if err != nil {
		res.Troubles = append(res.Troubles, Trouble{packagePos(pass), "option protocols: " + err.Error()})
		return res
	}
	f := &flow{
		pass: pass, opts: opts, protocols: set, result: res, limit: packageSteps,
		infos:       make(map[*ssa.Function]*funcInfo),
		questions:   make(map[askKey]asked),
		mods:        make(map[*ssa.Function]map[string]bool),
		sources:     make(map[ast.Node]*source),
		done:        make(map[*ssa.Function]*funcResult),
		repeated:    make(map[*ssa.Function]int),
		assumed:     reliesOnNone,
		endAsked:    make(map[*ssa.Function]bool),
		endings:     make(map[*ssa.Function]ending),
		usesOnce:    make(map[*ssa.Function][]Use),
		mentions:    make(map[*ssa.Function]bool),
		branches:    make(map[*ssa.Function]int),
		behind:      make(map[*types.Func]bool),
		toldBehind:  make(map[*types.Func]bool),
		takers:      make(map[*types.Func]bool),
		calledAgain: make(map[ssa.CallInstruction]bool),
		panics:      make(map[*ssa.Function]bool),
		errors:      make(map[*ssa.Function][]Case),
		lent:        make(map[lentPlace]lending),
		impls:       make(map[*types.Func]*types.Func),
		beginners:   make(map[*types.Func]*beginners),
		standIns:    make(map[*types.Func]*Summary),
		madeFor:     make(map[standInKey]*types.Func),
		hidden:      make(map[*types.Named]*hiddenType),
		inside:      make(map[string]types.Type),
		holding:     make(map[types.Type]bool),
		faces:       make(map[*types.TypeName]bool),
		paths:       make(map[types.Type][]string),
		below:       make(map[*ssa.Parameter][]string),
		looking:     make(map[*ssa.Parameter]bool),
		asserted:    assertions{paths: make(map[*ssa.Parameter][]string)},
		private:     make(map[ssa.Value]bool),
		harmless:    make(map[*ssa.Function]bool),
		allLook:     make(map[*types.Func]bool),
		lookedAt:    make(map[types.Type]map[string]bool),
	}
	res.protocols = set
	reaches := f.reaches()
	if reaches && !protocol.Builtin().Describes(pass.Pkg.Path()) {
		res.faces = f.findFaces()
	}
	need := f.need(reaches)
	if f.askedHere() {
		need = needAll
	}
	if need != needNothing {
		res.flow, res.need = f, need
		if need < needAll {
			f.funcs = f.buildEndless()
		} else {
			f.funcs = f.buildOf(pass.Files, pass.TypesInfo)
		}
	}
	return res
}

// exportValues makes facts of the functions that never return and, with values, of what
// the others yield.
func (f *flow) exportValues(values bool) {
	for _, fn := range f.funcs {
		if obj, ok := fn.Object().(*types.Func); ok && obj.Exported() {
			if s := f.valueSafely(fn, values); s != nil {
				f.pass.ExportObjectFact(obj, s.bounded())
			}
		}
	}
}

// valueSafely is the summary of a function that has to do with no transaction, nil if
// there is nothing to say.
func (f *flow) valueSafely(fn *ssa.Function, values bool) *Summary {
	defer f.rescue(fn)
	s := &Summary{Ends: f.endingOf(fn)}
	if values && s.Ends == mayReturn && len(fn.Blocks) > 0 {
		s.Errors, s.Runs = f.values(fn), f.runs(fn)
		s.Looks = (s.Errors != nil || answersTo(fn)) && f.looks(fn)
	}
	if s.Ends == mayReturn && s.Errors == nil && s.Runs == nil && !s.Looks {
		return nil
	}
	return s
}

// export makes facts of the declared functions that have something to say, and returns
// them.
func (f *flow) export() map[*types.Func]*Summary {
	facts := make(map[*types.Func]*Summary)
	for _, fn := range f.funcs {
		obj, ok := fn.Object().(*types.Func)
		if !ok || !obj.Exported() {
			continue
		}
		if s := f.summarizeSafely(fn); s != nil {
			facts[obj] = s
			f.pass.ExportObjectFact(obj, s.bounded())
		}
	}
	return facts
}

func packagePos(pass *analysis.Pass) token.Pos {
	if len(pass.Files) == 0 {
		return token.NoPos
	}
	return pass.Files[0].Package
}

// buildOf makes the SSA form of the package, as far as it is in some files, and returns
// its declared functions in source order.
//
// It does not ask ctrlflow which functions never return, as passes/buildssa does:
// that would delete the returns behind calls which panic for a framework to
// recover, and these are exits (T5).
func (f *flow) buildOf(files []*ast.File, info *types.Info) []*ssa.Function {
	f.prog = ssa.NewProgram(f.pass.Fset, ssa.BuilderMode(0))
	for _, p := range f.pass.Pkg.Imports() {
		f.prog.CreatePackage(p, nil, nil, true)
	}
	pkg := f.prog.CreatePackage(f.pass.Pkg, files, info, false)
	pkg.Build()
	var funcs []*ssa.Function
	for _, file := range files {
		for _, d := range file.Decls {
			if d, ok := d.(*ast.FuncDecl); ok {
				if obj, ok := f.pass.TypesInfo.Defs[d.Name].(*types.Func); ok {
					if fn := f.prog.FuncValue(obj); fn != nil {
						funcs = append(funcs, fn)
					}
				}
			}
		}
	}
	if init := pkg.Func("init"); init != nil {
		funcs = append(funcs, init) // literals in package variables
	}
	return funcs
}

// analyzeSafely analyses a function and the literals inside it. A panic of the
// analysis is a trouble of that function alone: an error from Run would be lost
// by go vet on the next, cached run.
func (f *flow) analyzeSafely(fn *ssa.Function) {
	defer f.rescue(fn)
	work := []*ssa.Function{fn}
	for len(work) > 0 {
		fn := work[0]
		work = append(work[1:], fn.AnonFuncs...)
		if isRangeBody(fn) {
			continue // part of its function
		}
		f.result.Leaks = append(f.result.Leaks, f.analyze(fn).leaks...)
		f.explainCalls(fn)
	}
}

// summarizeSafely is summarize, with the same care.
func (f *flow) summarizeSafely(fn *ssa.Function) *Summary {
	defer f.rescue(fn)
	return f.summarize(fn)
}

func (f *flow) rescue(fn *ssa.Function) {
	if r := recover(); r != nil {
		f.dropQuestions()
		text := fmt.Sprintf("internal error in %s: %v", fn.Name(), r)
		if f.opts.Debug {
			fmt.Fprintf(os.Stderr, "txcheck: %s\n%s", text, debug.Stack())
		}
		f.result.Troubles = append(f.result.Troubles, Trouble{fn.Pos(), text})
	}
}

func (f *flow) info(fn *ssa.Function) *funcInfo {
	fi := f.infos[fn]
	if fi == nil {
		fi = newFuncInfo(fn)
		f.infos[fn] = fi
	}
	return fi
}

// source returns the syntax of the function that fn is part of.
func (f *flow) source(fn *ssa.Function) *source {
	root := sourceFunc(fn).Syntax()
	s := f.sources[root]
	if s == nil {
		s = newSource(f.pass.Fset, f.pass.TypesInfo, root)
		f.sources[root] = s
	}
	return s
}
