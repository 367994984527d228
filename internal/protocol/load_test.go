package protocol

import (
	"os"
	"reflect"
	"strings"
	"testing"
)

const small = `
library: our store
imports: [example.com/platform/store]
source: its README
handles: ["*store.Tx"]
open:
  - func: (*store.DB).Begin
finish:
  - commit: (*store.Tx).Commit
    rollback: [(*store.Tx).Rollback, (*store.Tx).Close]
    unless-done: true
`

func TestLoad(t *testing.T) {
	files, err := Load("store.yml", []byte(small))
	if err != nil {
		t.Fatal(err)
	}
	lib := files[0].Library
	want := &Library{
		Name: "our store", Imports: []string{"example.com/platform/store"}, Source: "its README",
		File: "store.yml", Handles: []string{"*example.com/platform/store.Tx"},
		Opens:    []string{"(*store.DB).Begin"},
		Finishes: []string{"(*store.Tx).Commit", "(*store.Tx).Rollback", "(*store.Tx).Close"},
	}
	if !reflect.DeepEqual(lib, want) {
		t.Errorf("got %+v, want %+v", lib, want)
	}
	r := files[0].roles[symbol{"store", "Tx", "Close"}]
	wantFinish := &Finish{
		Lib: lib, Func: "(*store.Tx).Close", Handle: Place{Kind: Recv}, Outcome: Rollback,
		UnlessDone: true, OnErr: "finished", Again: "nil",
	}
	if r == nil || !reflect.DeepEqual(r.Finish, wantFinish) || r.Runs != -1 || r.Keeps != -1 {
		t.Errorf("got %+v, want a Finish %+v alone", r, wantFinish)
	}
}

func TestLoadSeveral(t *testing.T) {
	text := small + "---\nlibrary: other\nimports: [example.com/other]\nplain: other.Do\n---\n# nothing here\n"
	files, err := Load("x", []byte(text))
	if err != nil || len(files) != 2 {
		t.Fatalf("got %d files and error %v, want 2", len(files), err)
	}
	for _, text := range []string{"", "# nothing\n", "---\n"} {
		if files, err := Load("x", []byte(text)); err != nil || files != nil {
			t.Errorf("%q: got %v, %v, want nothing", text, files, err)
		}
	}
}

// TestLoadErrors wants each fault with its line, its column and a caret.
func TestLoadErrors(t *testing.T) {
	const head = "library: x\nimports: [example.com/x]\n"
	tests := []struct {
		text, at, message string
	}{
		{"library: x\nimport: [a]\n", "2:1", `unknown field "import"`},
		{head + "open:\n  - fun: x.Begin\n", "4:5", `unknown field "fun"`},
		{head + "library: y\n", "3:1", `mapping key "library" already defined`},
		{"library: [x\n", "1:10", "sequence"},
		{"imports: [example.com/x]\n", "1:8", "the library has no name"},
		{"library: x\n", "1:8", "lists no import path"},
		{"library: x\nimports: example.com/x\n", "2:10", "want a list of import paths"},
		{"library: x\nimports: [example.com/go-x]\n", "2:11", "malformed import path"},
		{"library: x\nimports: [a.b/x, a.b/x]\n", "2:18", "listed twice"},
		{head + "open:\n  - func: x.Begin\n    handle: resul 0\n", "5:13", `malformed place "resul 0"`},
		{head + "open:\n  - func: x.Begin\n    handle: result x\n", "5:13", "malformed place"},
		{head + "open:\n  - func: x.Begin\n    handle: self\n", "5:13", `"self" cannot stand here`},
		{head + "open:\n  - func: x.Begin\n    when: arg 0 = 1\n", "5:11", "malformed condition"},
		{head + "open:\n  - func: x.Begin\n    level: big\n", "5:12", `"big" is unknown here: want transaction`},
		{head + "open:\n  - func: [x.Begin, Begin]\n", "4:21", `malformed function "Begin"`},
		{head + "open:\n  - func: (x.T.Begin\n", "4:11", "malformed function"},
		{head + "open:\n  - func: {a: b}\n", "4:11", "want a word"},
		{head + "open:\n  - func: y.Begin\n", "4:11", `package "y" is not among the imports of library "x"`},
		{head + "open:\n  - func: x.Begin\n  - func: x.Begin\n", "5:11", "x.Begin has a second open entry"},
		{head + "plain: x.A\n---\n" + head + "plain: x.A\n", "7:8", `x.A is described twice: library "x" has it already`},
		{head + "nilness:\n  - func: x.A\n", "4:11", "wants exactly one of nonnil"},
		{head + "assert:\n  - func: x.A\n", "4:11", "malformed condition"},
		{head + "assert:\n  - func: x.A\n    returns-if: arg 0 is big\n", "5:17", `"big" is unknown here`},
		{head + "handles: [Tx]\n", "3:11", "malformed type"},
		{head + "handles: [x.Tx, x.Tx]\n", "3:17", "listed twice"},
	}
	for _, tt := range tests {
		_, err := Load("our.yml", []byte(tt.text))
		if err == nil {
			t.Errorf("%q: no error, want %q", tt.text, tt.message)
			continue
		}
		first, excerpt, _ := strings.Cut(err.Error(), "\n")
		if !strings.HasPrefix(first, "our.yml:"+tt.at+": ") || !strings.Contains(first, tt.message) {
			t.Errorf("%q:\n got %s\nwant our.yml:%s: ...%s...", tt.text, err, tt.at, tt.message)
		}
		if !strings.Contains(excerpt, "^") {
			t.Errorf("%q: no caret in %q", tt.text, excerpt)
		}
	}
}

func TestPlace(t *testing.T) {
	for _, s := range []string{
		"none", "recv", "arg 1", "result 0", "self", "panics",
		"handle.Error", "result 0.Tx", "recv.Store.Tx",
	} {
		p, err := parsePlace(s)
		if err != nil || p.String() != s {
			t.Errorf("%q is read as %q, %v", s, p, err)
		}
	}
	for _, s := range []string{
		"", "arg", "arg -1", "arg 01", "arg 1 ", "argument 1", "result", "recv 0", "self.X",
		"handle", "recv.", "recv.a b", "none.X", " recv",
	} {
		if p, err := parsePlace(s); err == nil {
			t.Errorf("%q is read as %q, want an error", s, p)
		}
	}
}

func TestQualifier(t *testing.T) {
	for path, want := range map[string]string{
		"database/sql":                "sql",
		"github.com/jackc/pgx/v5":     "pgx",
		"gopkg.in/reform.v1":          "reform",
		"go.mongodb.org/mongo/v2/bar": "bar",
		"v2":                          "v2",
		"github.com/x/go-memdb":       "go-memdb",
	} {
		if got := qualifier(path); got != want {
			t.Errorf("qualifier(%q) = %q, want %q", path, got, want)
		}
	}
}

// TestEmbedded reads every file that we ship, strictly, and compares what the
// quick scan of its head saw with what the parser sees.
func TestEmbedded(t *testing.T) {
	taken := map[string]string{}
	for _, src := range sources() {
		files, err := Load(src.name, []byte(src.text))
		if err != nil {
			t.Error(err)
			continue
		}
		if len(files) != 1 {
			t.Errorf("%s: %d documents, want 1", src.name, len(files))
			continue
		}
		f := files[0]
		if f.Library.Source == "" || f.Library.Module == "" || f.Library.Version == "" {
			t.Errorf("%s: wants module, version and source", src.name)
		}
		if err := f.claim(taken); err != nil {
			t.Error(Locate(src.name, err))
		}
		if src.module != f.Library.Module {
			t.Errorf("%s: the scan sees module %q, the parser %q", src.name, src.module, f.Library.Module)
		}
		heads := map[string][]string{}
		for _, h := range src.heads {
			heads[h.qual] = append(heads[h.qual], h.path.text)
		}
		if !reflect.DeepEqual(heads, f.paths) {
			t.Errorf("%s: the scan sees imports %v, the parser %v", src.name, heads, f.paths)
		}
		if !reflect.DeepEqual(src.shapes, f.shapes) {
			t.Errorf("%s: the scan sees shapes %v, the parser %v", src.name, src.shapes, f.shapes)
		}
		if src.opens != f.opens() {
			t.Errorf("%s: the scan sees transactions: %v, the parser %v", src.name, src.opens, f.opens())
		}
	}
}

// FuzzLoad: no text brings Load down.
func FuzzLoad(f *testing.F) {
	f.Add(small)
	for _, src := range sources() {
		f.Add(src.text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if files, err := Load("fuzz", []byte(text)); err == nil {
			if _, err := New(files...); err != nil {
				t.Error(err)
			}
		}
	})
}

// TestNotation loads the example of the package comment.
func TestNotation(t *testing.T) {
	text, err := os.ReadFile("doc.go")
	if err != nil {
		t.Fatal(err)
	}
	var example strings.Builder
	for line := range strings.Lines(string(text)) {
		if code, ok := strings.CutPrefix(line, "//\t"); ok {
			example.WriteString(code)
		}
	}
	files, err := Load("doc.go", []byte(example.String()))
	if err != nil || len(files) != 1 || len(files[0].roles) < 15 {
		t.Errorf("got %v, %v", files, err)
	}
}
