package main

import (
	"encoding/xml"
	"errors"
	"go/parser"
	"go/token"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// The picture is well-formed, and has every point.
func TestPicture(t *testing.T) {
	all := dimensions()
	points := 0
	for _, d := range all {
		for _, n := range d.sizes {
			d.points = append(d.points, point{n, 0.001 * float64(n)})
			points++
		}
	}
	text := picture(all)
	for dec := xml.NewDecoder(strings.NewReader(text)); ; {
		if _, err := dec.Token(); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
	}
	if n := strings.Count(text, "<circle "); n != points {
		t.Errorf("%d points drawn, want %d", n, points)
	}
}

// The programs that are measured are Go.
func TestPrograms(t *testing.T) {
	for _, d := range dimensions() {
		for _, text := range d.program(d.sizes[0]) {
			if _, err := parser.ParseFile(token.NewFileSet(), "p.go", text, 0); err != nil {
				t.Errorf("%s: %v", d.title, err)
			}
		}
	}
}

func TestNiceStep(t *testing.T) {
	for most, want := range map[float64]float64{0.5: 1, 6: 1, 7: 2, 29: 5, 31: 10, 700: 200} {
		if got := niceStep(most); got != want {
			t.Errorf("niceStep(%g) = %g, want %g", most, got, want)
		}
	}
}

// What packages of another module cost is not counted.
func TestRecorded(t *testing.T) {
	dir := t.TempDir()
	config := filepath.Join(dir, "vet.cfg")
	notes := filepath.Join(dir, "notes")
	if err := os.Mkdir(notes, 0o777); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"m/a", "m/b", "fmt"} {
		if err := os.WriteFile(config, []byte(`{"ImportPath": "`+path+`"}`), 0o666); err != nil {
			t.Fatal(err)
		}
		if err := note(notes, config, cost{CPU: 2}); err != nil {
			t.Fatal(err)
		}
	}
	if sum, err := recorded(notes, "m"); err != nil || sum != 4 {
		t.Errorf("%g, %v, want 4", sum, err)
	}
}

func TestTable(t *testing.T) {
	tools := []*tool{
		{name: "vet", cold: []usage{{2, 100}, {4, 90}}, warm: []usage{{1, 9}, {1, 9}}},
		{name: "txcheck", cold: []usage{{1, 80}, {1, 90}}, warm: []usage{{1, 9}, {1, 9}}},
		{name: "broken", failure: "panic"},
	}
	got := table("/src/m", []string{"./..."}, tools)
	for _, want := range []string{
		"m ./..., go", "2 runs each",
		"| vet | 3.0 | 1.00 | 1.00–1.00 | 100 | 1.0 |",
		"| txcheck | 1.0 | 0.38 | 0.25–0.50 | 90 | 1.0 |",
		"| broken | fails: panic |",
	} {
		if !strings.Contains(got, want) {
			t.Errorf("no %q in\n%s", want, got)
		}
	}
}
