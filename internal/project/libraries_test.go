package project

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/txcheck/txcheck/internal/protocol"
)

// The table of libraries is made from the data that the analysis uses.
func TestLibraryTable(t *testing.T) {
	page := filepath.Join(root, "docs", "libraries.md")
	want := libraryTable()
	if *update {
		if err := os.WriteFile(page, []byte(want), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	if got, err := os.ReadFile(page); err != nil || string(got) != want {
		t.Errorf("docs/libraries.md is stale (%v): run go test ./internal/project -update", err)
	}
}

// libraryTable renders the page.
func libraryTable() string {
	libs := slices.DeleteFunc(protocol.Builtin().Libraries(), func(l *protocol.Library) bool {
		return len(l.Handles) == 0 // tells only how functions end, or what they return
	})
	slices.SortFunc(libs, func(a, b *protocol.Library) int { return strings.Compare(a.Name, b.Name) })
	var b strings.Builder
	b.WriteString("# Libraries\n\n" +
		"<!-- Made from internal/protocol/lib by `go test ./internal/project -update`. -->\n\n" +
		"What txcheck knows of each library is in `internal/protocol/lib`, with the source of each fact.\n\n" +
		"| library | import paths | facts read from |\n| --- | --- | --- |\n")
	for _, l := range libs {
		paths := make([]string, len(l.Imports))
		for i, p := range l.Imports {
			paths[i] = "`" + p + "`"
		}
		fmt.Fprintf(&b, "| %s | %s | %s %s |\n", l.Name, strings.Join(paths, ", "), l.Module, l.Version)
	}
	return b.String()
}
