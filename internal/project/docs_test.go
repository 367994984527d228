package project

import (
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/txcheck/txcheck/internal/report"
	"github.com/txcheck/txcheck/internal/rule"
	"github.com/txcheck/txcheck/passes"
)

var update = flag.Bool("update", false, "write generated pages anew")

const root = "../.."

// Every rule has a page, made from its doc.go, and the help text from the same.
func TestRulePages(t *testing.T) {
	for _, a := range passes.New(passes.DefaultOptions()) {
		source := read(t, "passes/"+a.Name+"/doc.go")
		page := filepath.Join(root, "docs", a.Name+".md")
		want := rule.Page(a.Name, source)
		if *update {
			if err := os.WriteFile(page, []byte(want), 0o666); err != nil {
				t.Fatal(err)
			}
		}
		if got, err := os.ReadFile(page); err != nil || string(got) != want {
			t.Errorf("docs/%s.md is stale (%v): run go test ./internal/project -update", a.Name, err)
		}
		if a.Doc != rule.Doc(a.Name, source) {
			t.Errorf("the help text of %s is not its doc.go", a.Name)
		}
		if !strings.HasSuffix(a.URL, "/docs/"+a.Name+".md") {
			t.Errorf("the URL of %s is %s, which is not its page", a.Name, a.URL)
		}
		for _, section := range []string{
			"What it does", "Why is this bad", "Example", "Use instead",
			"Known problems", "Fix safety", "Options", "Since",
		} {
			if !strings.Contains(want, "\n## "+section+"\n") {
				t.Errorf("the page of %s has no section %q", a.Name, section)
			}
		}
		for _, option := range options() {
			if !strings.Contains(want, "- "+option+": ") {
				t.Errorf("the page of %s does not describe the option %q", a.Name, option)
			}
		}
	}
}

// Options are described wherever a user looks for them.
func TestOptionsAreDocumented(t *testing.T) {
	for _, page := range []string{"README.md", "docs/golangci-lint.md"} {
		text := read(t, page)
		for _, option := range options() {
			if option != "debug" && option != "why" && !strings.Contains(text, "`"+option+"`") {
				t.Errorf("%s does not mention the option `%s`", page, option)
			}
		}
	}
}

// Every output format is described.
func TestFormatsAreDocumented(t *testing.T) {
	text := read(t, "docs/formats.md")
	for _, f := range report.Formats() {
		if !strings.Contains(text, "\n## "+f.Name+"\n") {
			t.Errorf("docs/formats.md has no section %q", f.Name)
		}
	}
}

// options lists the names of all options.
func options() (names []string) {
	var flags flag.FlagSet
	passes.DefaultOptions().Bind(&flags)
	flags.VisitAll(func(f *flag.Flag) { names = append(names, f.Name) })
	return names
}

// Links between the pages of the repository lead somewhere.
func TestLinks(t *testing.T) {
	pages, err := filepath.Glob(filepath.Join(root, "docs", "*.md"))
	if err != nil {
		t.Fatal(err)
	}
	pages = append(pages, filepath.Join(root, "README.md"), filepath.Join(root, "CONTRIBUTING.md"))
	link := regexp.MustCompile(`\]\(([^)#:]+)(#[^)]*)?\)`)
	for _, page := range pages {
		text, err := os.ReadFile(page)
		if err != nil {
			t.Fatal(err)
		}
		for _, m := range link.FindAllStringSubmatch(string(text), -1) {
			if _, err := os.Stat(filepath.Join(filepath.Dir(page), m[1])); err != nil {
				t.Errorf("%s links to %s: %v", page, m[1], err)
			}
		}
	}
}

// The gate runs the test command that the README gives.
func TestGateRunsReadmeTests(t *testing.T) {
	const command = "go test ./... -timeout 30m"
	if !strings.Contains(read(t, "README.md"), "\n    "+command+"\n") {
		t.Errorf("the README does not give the command %q", command)
	}
	if verbose := strings.Replace(command, "test", "test -v", 1); !strings.Contains(read(t, ".ci/run"), " "+verbose+"\n") {
		t.Errorf(".ci/run does not run %q", verbose)
	}
}

// read returns a file of the repository.
func read(t *testing.T, name string) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(root, name))
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}
