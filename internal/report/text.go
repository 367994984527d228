package report

import (
	"bufio"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/rivo/uniseg"
)

// text shows, for each transaction, what was found, the source along the paths
// that lead there, and the fix.
func text(w io.Writer, r Report) error {
	out := bufio.NewWriter(w)
	t := textWriter{r, out, r.sources()}
	all := groups(r.Findings)
	for i, g := range all {
		if i > 0 {
			fmt.Fprintln(out)
		}
		for _, f := range g.findings {
			t.headline(f)
		}
		marks, fixes := g.marks(), g.distinctFixes()
		l := listing{out, r.Style, t.numbers(marks, fixes)}
		t.paths(l, g, marks)
		for _, fix := range fixes {
			t.fix(l, g, fix)
		}
	}
	if len(all) > 0 {
		fmt.Fprintf(out, "\n%s\n", r.Style.paint(bold, summary(all)))
	}
	for _, remark := range r.Remarks {
		fmt.Fprintln(out, remark)
	}
	return out.Flush()
}

// A textWriter prints for people.
type textWriter struct {
	Report
	out io.Writer
	src *sources
}

// headline prints a finding on a line of its own, as problem matchers want it. Only
// where the width of the terminal is known it goes on in further lines.
func (t textWriter) headline(f Finding) {
	place := t.place(f.Pos)
	what, why, _ := strings.Cut(oneLine(f.Message), ": ")
	if why != "" {
		why = t.Style.wrap(": "+why, uniseg.StringWidth(place+": "+what))
	}
	fmt.Fprintf(t.out, "%s: %s%s\n", t.Style.link(f.Pos, t.Style.paint(bold, place)), t.Style.paint(t.color(f), what), why)
}

// color returns the colour of a finding.
func (t textWriter) color(f Finding) string {
	if t.soft(f) {
		return caution
	}
	return failure
}

// numbers returns how wide the line numbers of a group are.
func (t textWriter) numbers(marks []mark, fixes []Fix) int {
	last := 0
	for _, m := range marks {
		last = max(last, m.pos.Line)
	}
	for _, fix := range fixes {
		for _, e := range fix.Edits {
			line, _, _ := t.src.file(e.File).place(e.End)
			last = max(last, line+1)
		}
	}
	return len(fmt.Sprint(last))
}

// paths prints the excerpts of a group, file by file, and as text what cannot be
// shown in the source.
func (t textWriter) paths(l listing, g *group, marks []mark) {
	byFile := make(map[string][]mark)
	var files []string
	for _, m := range marks {
		if _, ok := t.src.file(m.pos.File).line(m.pos.Line); !ok {
			if m.text != "" {
				note := fmt.Sprintf("%s: %s", t.Style.link(m.pos, t.place(m.pos)), oneLine(m.text))
				fmt.Fprintf(t.out, "  %s\n", strings.TrimSpace(m.label+" "+note))
			}
			continue
		}
		if byFile[m.pos.File] == nil {
			files = append(files, m.pos.File)
		}
		byFile[m.pos.File] = append(byFile[m.pos.File], m)
	}
	for _, file := range files {
		t.nameFile(l, g, file)
		l.row(0, "|", "", "")
		l.excerpt(t.src.file(file), byFile[file], t.color(g.findings[0]))
	}
}

// nameFile tells which file follows, if that is not the one of the headline.
func (t textWriter) nameFile(l listing, g *group, file string) {
	if file != g.findings[0].Pos.File {
		l.note("in " + t.Style.link(Position{File: file}, t.shorten(file)))
	}
}

// fix prints what -fix would change, as a diff.
func (t textWriter) fix(l listing, g *group, fix Fix) {
	l.row(0, "|", "", "")
	l.note(t.Style.paint(added, "fix:") + " " + oneLine(fix.Message))
	var files []string
	for _, e := range fix.Edits {
		if !slices.Contains(files, e.File) {
			files = append(files, e.File)
		}
	}
	for _, file := range files {
		t.nameFile(l, g, file)
		edits := slices.DeleteFunc(slices.Clone(fix.Edits), func(e Edit) bool { return e.File != file })
		l.diff(t.src.file(file), t.src.file(file).changes(edits))
	}
}

// summary counts in one line.
func summary(all []*group) string {
	findings, transactions, fixable := 0, 0, 0
	for _, g := range all {
		findings += len(g.findings)
		for _, f := range g.findings {
			if len(f.Fixes) > 0 {
				fixable++
			}
		}
		if len(g.findings[0].Steps) > 0 {
			transactions++
		}
	}
	text := count(findings, "finding")
	if transactions > 0 {
		text += " about " + count(transactions, "transaction")
	}
	switch {
	case fixable == 0:
		return text
	case fixable < findings:
		return fmt.Sprintf("%s; -fix mends %d of them", text, fixable)
	case findings == 1:
		return text + "; -fix mends it"
	case findings == 2:
		return text + "; -fix mends both"
	}
	return text + "; -fix mends all"
}

func count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}
