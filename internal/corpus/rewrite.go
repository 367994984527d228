package corpus

import (
	"bytes"
	"cmp"
	"fmt"
	"go/ast"
	"go/token"
	"slices"
	"strconv"
)

// An edit replaces the source from..to. No edit holds a line break: the lines of
// an instrumented file are those of the original.
type edit struct {
	from, to int
	text     string
}

// A loop is a range of lines that a continue or goto begins again.
type loop struct {
	label    string
	from, to int
}

// A rewriter instruments one file.
type rewriter struct {
	file    *File
	imports map[string]string // name in the file -> path
	edits   []edit
	keep    map[string]bool       // uses that keep imports alive
	values  map[*ast.CallExpr]int // how many values the context takes, 0 where nothing tells
	returns []int
}

// instrument returns the file with its marks (see txprobe), and the lines of its
// return statements.
func (f *File) instrument() (src []byte, returns []int) {
	r := &rewriter{file: f, imports: map[string]string{}, keep: map[string]bool{}, values: map[*ast.CallExpr]int{}}
	for _, spec := range f.Syntax.Imports {
		path, err := strconv.Unquote(spec.Path.Value)
		if err != nil {
			continue
		}
		name := path[1+lastSlash(path):]
		if spec.Name != nil {
			name = spec.Name.Name
		}
		r.imports[name] = path
	}
	framed := false
	for _, d := range f.Syntax.Decls {
		fn, ok := d.(*ast.FuncDecl)
		if ok && fn.Recv == nil && fn.Name.Name == "New" {
			continue // it makes the cases and is none
		}
		if ok && fn.Body != nil {
			r.function(fn.Type, fn.Body)
			framed = true
		} else {
			r.walk(d)
		}
	}
	out := r.apply()
	// The import goes on the line of the package clause.
	at := r.offset(f.Syntax.Name.End())
	line := `; import txmarks "` + probe + `"`
	if !framed {
		line += "; var _ = txmarks.DriverName"
	}
	out = slices.Concat(out[:at], []byte(line), out[at:])
	for use := range r.keep {
		out = fmt.Appendf(out, "\nvar _ = %s\n", use)
	}
	return out, r.returns
}

func lastSlash(s string) int { return bytes.LastIndexByte([]byte(s), '/') }

func (r *rewriter) offset(p token.Pos) int { return r.file.Fset.Position(p).Offset }
func (r *rewriter) line(p token.Pos) int   { return r.file.Fset.Position(p).Line }

func (r *rewriter) insert(p token.Pos, format string, args ...any) {
	at := r.offset(p)
	r.edits = append(r.edits, edit{at, at, fmt.Sprintf(format, args...)})
}

func (r *rewriter) replace(from, to token.Pos, text string) {
	r.edits = append(r.edits, edit{r.offset(from), r.offset(to), text})
}

// apply returns the edited source.
func (r *rewriter) apply() []byte {
	slices.SortStableFunc(r.edits, func(a, b edit) int { return cmp.Compare(a.from, b.from) })
	var out []byte
	at := 0
	for _, e := range r.edits {
		out = append(out, r.file.Src[at:e.from]...)
		out = append(out, e.text...)
		at = e.to
	}
	return append(out, r.file.Src[at:]...)
}

// function instruments a declaration or a literal.
func (r *rewriter) function(t *ast.FuncType, body *ast.BlockStmt) {
	r.insert(body.Lbrace+1, " txframe := txmarks.Enter(%q); defer txframe.Leave(); ", r.file.Name)
	labels := map[string]int{}
	ast.Inspect(body, func(n ast.Node) bool {
		if l, ok := n.(*ast.LabeledStmt); ok {
			labels[l.Label.Name] = r.line(l.Pos())
		}
		_, literal := n.(*ast.FuncLit)
		return !literal
	})
	v := &visitor{r: r, labels: labels, results: t.Results.NumFields()}
	for _, s := range body.List {
		ast.Walk(v, s)
	}
	if t.Results == nil {
		r.insert(body.Rbrace, ";txframe.End(%d)", r.line(body.Rbrace))
	}
}

// walk instruments the function literals of a package-level declaration.
func (r *rewriter) walk(n ast.Node) {
	ast.Inspect(n, func(n ast.Node) bool {
		if lit, ok := n.(*ast.FuncLit); ok {
			r.function(lit.Type, lit.Body)
			return false
		}
		return true
	})
}

// A visitor walks the body of one function.
type visitor struct {
	r      *rewriter
	labels map[string]int
	loops  []loop // around this point, innermost last
	label  string // of the statement that comes next
	// results is how many values the function returns.
	results int
}

// Visit implements ast.Visitor.
func (v *visitor) Visit(n ast.Node) ast.Visitor {
	r := v.r
	switch n := n.(type) {
	case *ast.FuncLit:
		r.function(n.Type, n.Body)
		return nil
	case *ast.LabeledStmt:
		w := *v
		w.label = n.Label.Name
		ast.Walk(&w, n.Stmt)
		return nil
	case *ast.ForStmt:
		return v.loop(n, n.Body)
	case *ast.RangeStmt:
		return v.loop(n, n.Body)
	case *ast.AssignStmt:
		r.takes(n.Rhs, len(n.Lhs))
	case *ast.ValueSpec:
		r.takes(n.Values, len(n.Names))
	case *ast.ExprStmt:
		r.takes([]ast.Expr{n.X}, 0)
	case *ast.DeferStmt:
		r.values[n.Call] = 0
	case *ast.ReturnStmt:
		r.takes(n.Results, v.results)
		line := r.line(n.Pos())
		r.returns = append(r.returns, line)
		r.insert(n.Pos(), "txframe.Ret(%d);", line)
	case *ast.BranchStmt:
		v.branch(n)
	case *ast.GoStmt:
		r.values[n.Call] = 0
		r.replace(n.Go, n.Call.Pos(), "txmarks.Go(")
		if len(n.Call.Args) > 0 {
			r.replace(n.Call.Lparen, n.Call.Lparen+1, ", ")
		} else {
			r.replace(n.Call.Lparen, n.Call.Lparen+1, "")
		}
	case *ast.CallExpr:
		if len(n.Args) == 1 {
			if inner, ok := n.Args[0].(*ast.CallExpr); ok {
				r.values[inner] = 0
			}
		}
		r.call(n)
	}
	return v
}

func (v *visitor) loop(n ast.Node, body *ast.BlockStmt) ast.Visitor {
	r := v.r
	l := loop{label: v.label, from: r.line(n.Pos()), to: r.line(n.End())}
	w := *v
	w.label = ""
	w.loops = append(slices.Clip(v.loops), l)
	r.insert(body.Rbrace, ";txframe.Jump(%d, %d, %d)", l.to, l.from, l.to)
	return &w
}

func (v *visitor) branch(n *ast.BranchStmt) {
	r := v.r
	line := r.line(n.Pos())
	switch n.Tok {
	case token.CONTINUE:
		for i := len(v.loops) - 1; i >= 0; i-- {
			if l := v.loops[i]; n.Label == nil || n.Label.Name == l.label {
				r.insert(n.Pos(), "txframe.Jump(%d, %d, %d);", line, l.from, l.to)
				return
			}
		}
	case token.GOTO:
		if to := v.labels[n.Label.Name]; to <= line {
			r.insert(n.Pos(), "txframe.Jump(%d, %d, %d);", line, to, line)
		}
	}
}

// takes notes how many values are taken of a list that is one call.
func (r *rewriter) takes(list []ast.Expr, n int) {
	if len(list) != 1 {
		return
	}
	if call, ok := list[0].(*ast.CallExpr); ok {
		r.values[call] = n
	}
}

// begins are the names of the methods that open a transaction.
var begins = map[string]bool{
	"Begin": true, "BeginTx": true, "BeginWithCtx": true, "BeginWithOpts": true, "BeginWithCtxAndOpts": true,
	"NewTransaction": true, "NewTransactionAt": true, "NewWriteBatch": true, "Txn": true, "BeginRx": true,
	"OpenTransaction": true, "BeginTxn": true,
}

// functions are those of packages that begin on their first argument.
var functions = map[string]bool{
	"Save": true, "Transaction": true, "ImmediateTransaction": true, "ExclusiveTransaction": true,
}

// begun has the engines look at the results of a call (see txprobe.Begun). A call
// that stands where one value is wanted has one, but for the only argument of
// another call: what that takes is not known here.
func (r *rewriter) begun(n *ast.CallExpr) {
	name := "Begun"
	switch values, ok := r.values[n]; {
	case ok && values == 2:
		name = "Begun2"
	case ok && values != 1:
		return
	}
	r.insert(n.Pos(), "txmarks.%s(", name)
	r.insert(n.End(), ")")
}

// ends are the functions that end the process.
var ends = map[string]string{
	"os.Exit": "EndProcess", "log.Fatal": "EndProcess", "log.Fatalln": "EndProcess", "log.Fatalf": "EndProcessf",
}

func (r *rewriter) call(n *ast.CallExpr) {
	switch fun := n.Fun.(type) {
	case *ast.Ident:
		if fun.Name == "recover" && len(n.Args) == 0 {
			r.insert(n.Pos(), "txmarks.Recover(txframe, ")
			r.insert(n.End(), ")")
		}
	case *ast.SelectorExpr:
		pkg := ""
		if id, ok := fun.X.(*ast.Ident); ok {
			pkg = r.imports[id.Name]
		}
		switch end := ends[pkg+"."+fun.Sel.Name]; {
		case end != "":
			r.replace(fun.Pos(), fun.End(), "txmarks."+end)
			r.keep[pkg+"."+fun.Sel.Name] = true
		case pkg == "" && begins[fun.Sel.Name]:
			r.begun(n)
			r.reach(fun.X)
		case pkg != "" && functions[fun.Sel.Name] && len(n.Args) > 0:
			r.begun(n)
			r.reach(n.Args[0])
		}
	}
}

// reach tells that a transaction is about to be begun on the value of x.
func (r *rewriter) reach(x ast.Expr) {
	r.insert(x.Pos(), "txmarks.Reach(txframe, %d, ", r.line(x.Pos()))
	r.insert(x.End(), ")")
}
