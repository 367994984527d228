// Command peer is a linter of another project, or a bare analyzer to compare with,
// as a tool of go vet. Which one its name tells.
package main

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/MirrexOne/unqueryvet"
	"github.com/jingyugao/rowserrcheck/passes/rowserr"
	"github.com/jjti/go-spancheck"
	"github.com/ryanrolds/sqlclosecheck/pkg/analyzer"
	"github.com/timakin/bodyclose/passes/bodyclose"
	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/passes/buildssa"
	"golang.org/x/tools/go/analysis/unitchecker"
)

// peers make the analyzers. One that does nothing but build the SSA form is the
// least that any linter on that form costs.
var peers = map[string]func() (*analysis.Analyzer, error){
	"bodyclose":    func() (*analysis.Analyzer, error) { return bodyclose.Analyzer, nil },
	"rowserrcheck": func() (*analysis.Analyzer, error) { return rowserr.NewAnalyzer("github.com/jmoiron/sqlx"), nil },
	"spancheck": func() (*analysis.Analyzer, error) {
		return spancheck.NewAnalyzerWithConfig(spancheck.NewDefaultConfig()), nil
	},
	"sqlclosecheck": func() (*analysis.Analyzer, error) { return analyzer.NewAnalyzer(), nil },
	"unqueryvet": func() (*analysis.Analyzer, error) {
		settings := unqueryvet.DefaultSettings()
		settings.TxLeakDetectionEnabled = true
		return unqueryvet.NewWithConfig(&settings), nil
	},
	"ssa": func() (*analysis.Analyzer, error) {
		return &analysis.Analyzer{
			Name: "ssa", Doc: "build the SSA form", Requires: []*analysis.Analyzer{buildssa.Analyzer},
			Run: func(*analysis.Pass) (any, error) { return nil, nil },
		}, nil
	},
}

func main() {
	name := filepath.Base(os.Args[0])
	build, ok := peers[name]
	if !ok {
		fmt.Fprintf(os.Stderr, "peer: no linter is called %s\n", name)
		os.Exit(2)
	}
	a, err := build()
	if err != nil {
		fmt.Fprintf(os.Stderr, "peer: %v\n", err)
		os.Exit(2)
	}
	unitchecker.Main(a)
}
