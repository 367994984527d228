package report

import "testing"

func TestShorten(t *testing.T) {
	r := Report{Base: "/home/me/work/project"}
	for file, want := range map[string]string{
		"/home/me/work/project/a/b.go": "a/b.go",
		"/home/me/work/other/b.go":     "../other/b.go",
		"/b.go":                        "/b.go",
		"":                             "",
	} {
		if got := r.shorten(file); got != want {
			t.Errorf("shorten(%q) = %q, want %q", file, got, want)
		}
	}
}

func TestArtifact(t *testing.T) {
	w := sarifWriter{Report: Report{Root: "/work"}}
	for file, want := range map[string]sarifArtifact{
		"/work/a/b.go":     {URI: "a/b.go", BaseID: srcRoot},
		"/work/a b/ä#1.go": {URI: "a%20b/%C3%A4%231.go", BaseID: srcRoot},
		"/work/a:b.go":     {URI: "./a:b.go", BaseID: srcRoot},
		"/go/mod/x.go":     {URI: "file:///go/mod/x.go"},
	} {
		if got := w.artifact(file); got != want {
			t.Errorf("artifact(%q) = %+v, want %+v", file, got, want)
		}
	}
}

func TestSARIFMessages(t *testing.T) {
	if got := plainMessage("x{0} f[i](y)"); got != `x{{0}} f\[i\](y)` {
		t.Errorf("got %s", got)
	}
	if got := link("a[0] == {1}", 2); got != `[a\[0\] == {{1}}](2)` {
		t.Errorf("got %s", got)
	}
}

func TestGitHubEscapes(t *testing.T) {
	r := Report{Findings: []Finding{{
		Rule: "r", Message: "50% of it: a, b", Pos: Position{File: "/w/a,b:c.go", Line: 1, Column: 1},
		End: Position{File: "/w/a,b:c.go", Line: 2, Column: 1},
	}}, Root: "/w"}
	const want = "::error title=txcheck%3A r,file=a%2Cb%3Ac.go,line=1,endLine=2::50%25 of it: a, b\n"
	if got := render(t, Format{Print: github}, r); got != want {
		t.Errorf("got  %swant %s", got, want)
	}
}
