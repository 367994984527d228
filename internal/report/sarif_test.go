package report

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"
	"unicode/utf16"
)

// What the SARIF log marks and replaces, in columns of UTF-16, is what the findings
// mean in bytes, also behind wide characters.
func TestSARIFRegions(t *testing.T) {
	r := stored(t)
	const wide = "店 := \"日本語 👩‍👩‍👧\"; "
	src := r.sources().file("/src/shop.go")
	at := strings.Index(src.text, wide) + len(wide)
	r.Findings = append(r.Findings, Finding{
		Rule: "unfinishedtx", Message: "behind wide characters", Pos: Position{"/src/shop.go", 34, 44},
		Fixes: []Fix{{"mend", []Edit{{"/src/shop.go", at, at + len("金額"), "x"}}}},
	})
	var log sarifLog
	if err := json.Unmarshal([]byte(render(t, Format{Print: sarif}, r)), &log); err != nil {
		t.Fatal(err)
	}
	results := log.Runs[0].Results
	if len(results) != len(r.Findings) {
		t.Fatalf("%d results for %d findings", len(results), len(r.Findings))
	}
	text := func(l sarifLocation) string { return cutUTF16(t, r, l.Physical.Artifact.URI, *l.Physical.Region) }
	for i, f := range r.Findings {
		if got, want := text(results[i].Locations[0]), cutBytes(t, r, f.Pos, f.End); got != want {
			t.Errorf("%s: the log marks %q, the finding %q", r.place(f.Pos), got, want)
		}
		for n, s := range f.Steps {
			if got, want := text(results[i].Related[n]), cutBytes(t, r, s.Pos, s.End); got != want {
				t.Errorf("%s: the log marks %q, the step %q", r.place(s.Pos), got, want)
			}
		}
		for n, fix := range f.Fixes {
			for m, e := range fix.Edits {
				replacement := results[i].Fixes[n].Changes[0].Replacements[m]
				got := cutUTF16(t, r, "shop.go", replacement.Deleted)
				if want := src.slice(e.Start, e.End); got != want || replacement.Inserted.Text != e.New {
					t.Errorf("the log replaces %q by %q, the fix %q by %q", got, replacement.Inserted.Text, want, e.New)
				}
			}
		}
	}
}

// cutBytes returns the text between two positions of one line.
func cutBytes(t *testing.T, r Report, from, to Position) string {
	t.Helper()
	if to.Line != from.Line {
		return ""
	}
	line, _ := r.sources().file(from.File).line(from.Line)
	return line[from.Column-1 : to.Column-1]
}

// cutUTF16 returns the text of a region of one line.
func cutUTF16(t *testing.T, r Report, uri string, region sarifRegion) string {
	t.Helper()
	line, ok := r.sources().file("/src/" + uri).line(region.StartLine)
	if !ok || region.EndLine != region.StartLine {
		t.Fatalf("region %+v of %s", region, uri)
	}
	units := utf16.Encode([]rune(line))
	return string(utf16.Decode(slices.Clone(units[region.StartColumn-1 : region.EndColumn-1])))
}
