package unit

import (
	"go/token"
	"go/types"
	"os/exec"
	"strings"
	"testing"

	"golang.org/x/tools/go/analysis"

	"github.com/txcheck/txcheck/internal/txflow"
)

// TestStandard shows that the standard library has nothing that its importers would
// have to know (U7): no package but database/sql reaches transactions, and no type
// brings one. That its functions which never return have roles is part of TestSame.
func TestStandard(t *testing.T) {
	if testing.Short() {
		t.Skip("builds the standard library")
	}
	out, err := exec.Command("go", "list", "-export", "-f", "{{.ImportPath}}\t{{.Export}}\t{{join .Imports \" \"}}", "std").Output()
	if err != nil {
		t.Fatal(err)
	}
	flow := txflow.New(txflow.DefaultOptions())
	count := 0
	for line := range strings.Lines(string(out)) {
		path, rest, _ := strings.Cut(strings.TrimSuffix(line, "\n"), "\t")
		file, imports, _ := strings.Cut(rest, "\t")
		if file == "" || strings.HasPrefix(path, "database/sql") {
			continue
		}
		count++
		if strings.Contains(" "+imports+" ", " database/sql") {
			t.Errorf("%s imports database/sql", path)
		}
		fset := token.NewFileSet()
		pkg, err := readExportData(fset, make(map[string]*types.Package), file, path)
		if err != nil {
			t.Fatal(err)
		}
		res, err := flow.Run(&analysis.Pass{
			Analyzer: flow, Fset: fset, Pkg: pkg, TypesInfo: new(types.Info),
			ImportPackageFact: func(*types.Package, analysis.Fact) bool { return false },
			ExportPackageFact: func(fact analysis.Fact) { t.Errorf("%s: %v", path, fact) },
		})
		if err != nil {
			t.Fatal(err)
		}
		if names := res.(*txflow.Result).Carriers(); len(names) > 0 {
			t.Errorf("%s has carriers: %v", path, names)
		}
	}
	if count < 100 {
		t.Errorf("only %d packages", count)
	}
}
