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
	src := r.sources()
	all := groups(r.Findings)
	for i, g := range all {
		if i > 0 {
			fmt.Fprintln(out)
		}
		for _, f := range g.findings {
			r.headline(out, f)
		}
		r.paths(out, src, g)
		r.fixes(out, src, g)
	}
	if len(all) > 0 {
		fmt.Fprintf(out, "\n%s\n", r.Style.paint(bold, summary(all)))
	}
	return out.Flush()
}

// headline prints a finding on a line of its own, as problem matchers want it. Only
// where the width of the terminal is known it goes on in further lines.
func (r Report) headline(out io.Writer, f Finding) {
	place := r.place(f.Pos)
	what, why, _ := strings.Cut(oneLine(f.Message), ": ")
	column := uniseg.StringWidth(place + ": " + what)
	if why != "" {
		why = r.Style.wrap(": "+why, column)
	}
	fmt.Fprintf(out, "%s: %s%s\n", r.Style.link(f.Pos, r.Style.paint(bold, place)), r.Style.paint(r.color(f), what), why)
}

// color returns the colour of a finding.
func (r Report) color(f Finding) string {
	if r.soft(f) {
		return caution
	}
	return failure
}

// paths prints the excerpts of a group, file by file, and what cannot be shown in
// the source as text.
func (r Report) paths(out io.Writer, src *sources, g *group) {
	l := listing{out, r.Style, r.numbers(src, g)}
	byFile := make(map[string][]mark)
	var files []string
	for _, m := range g.marks() {
		if _, ok := src.file(m.pos.File).line(m.pos.Line); !ok {
			if m.text != "" {
				fmt.Fprintf(out, "  %s %s: %s\n", m.label, r.Style.link(m.pos, r.place(m.pos)), oneLine(m.text))
			}
			continue
		}
		if byFile[m.pos.File] == nil {
			files = append(files, m.pos.File)
		}
		byFile[m.pos.File] = append(byFile[m.pos.File], m)
	}
	for _, file := range files {
		if file != g.findings[0].Pos.File {
			fmt.Fprintf(out, "%s in %s\n", strings.Repeat(" ", l.numbers), r.Style.link(Position{File: file}, r.shorten(file)))
		}
		l.row(0, "|", "", "")
		l.excerpt(src.file(file), byFile[file], r.color(g.findings[0]))
	}
}

// numbers returns how wide the line numbers of a group are.
func (r Report) numbers(src *sources, g *group) int {
	last := 0
	for _, m := range g.marks() {
		last = max(last, m.pos.Line)
	}
	for _, fix := range g.distinctFixes() {
		for _, e := range fix.Edits {
			line, _, _ := src.file(e.File).place(e.End)
			last = max(last, line+1)
		}
	}
	return len(fmt.Sprint(last))
}

// distinctFixes returns the first fix of each finding, each once.
func (g *group) distinctFixes() (fixes []Fix) {
	for _, f := range g.findings {
		if len(f.Fixes) > 0 && !slices.ContainsFunc(fixes, f.Fixes[0].equal) {
			fixes = append(fixes, f.Fixes[0])
		}
	}
	return fixes
}

func (f Fix) equal(other Fix) bool {
	return f.Message == other.Message && slices.Equal(f.Edits, other.Edits)
}

// fixes prints what -fix would change, as a diff.
func (r Report) fixes(out io.Writer, src *sources, g *group) {
	l := listing{out, r.Style, r.numbers(src, g)}
	for _, fix := range g.distinctFixes() {
		l.row(0, "|", "", "")
		fmt.Fprintf(out, "%s %s %s\n", strings.Repeat(" ", l.numbers),
			r.Style.paint(added, "fix:"), oneLine(fix.Message))
		var files []string
		for _, e := range fix.Edits {
			if !slices.Contains(files, e.File) {
				files = append(files, e.File)
			}
		}
		for _, file := range files {
			if file != g.findings[0].Pos.File {
				fmt.Fprintf(out, "%s in %s\n", strings.Repeat(" ", l.numbers), r.shorten(file))
			}
			edits := slices.DeleteFunc(slices.Clone(fix.Edits), func(e Edit) bool { return e.File != file })
			l.diff(src.file(file), src.file(file).changes(edits))
		}
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
