// Package report prints findings, one format a file.
//
// It knows nothing of packages, types or SSA: a Finding holds what a diagnostic
// holds once it has travelled through the go command as JSON, and that is all a
// format may use. Source files are read only to show lines of them and to count
// columns; one that cannot be read costs the excerpt, never the finding.
package report

import (
	"fmt"
	"io"
	"os"
	"strings"
)

// A Report is the outcome of one run, and how it is to be shown.
type Report struct {
	Findings []Finding // in the order of Sort
	// Trouble is what went wrong with some packages; each entry may have several
	// lines. The findings in the others stand.
	Trouble []string
	// Remarks are lines about what is not shown, for people.
	Remarks []string
	Rules   []Rule // those that were switched on, and no others
	Version string // of txcheck

	Base string // the directory that paths for people are relative to
	Root string // the top of the source tree, for formats that others read
	// Style is how a terminal wants its text.
	Style Style
	// ReadFile returns the text of a source file; nil stands for os.ReadFile.
	ReadFile func(name string) ([]byte, error)
}

// A Rule is what a format may tell about the rule that a finding comes from.
type Rule struct {
	Name    string
	Summary string // one line
	Help    string // the rule's page as text
	URL     string // where that page is
	// Soft lists the categories that are less than an error.
	Soft []string
}

// A Format prints a report.
type Format struct {
	Name  string
	Short string // what it is for, in a few words
	Print func(io.Writer, Report) error
}

// Formats returns every format, the default one first.
func Formats() []Format {
	return []Format{
		{"text", "for people: the source with the path to each leak, and the fix", text},
		{"concise", "path:line:col: message, one line a finding, for editors", concise},
		{"json", "everything, as described in docs/report.schema.json", jsonReport},
		{"sarif", "SARIF 2.1.0, for code scanning", sarif},
		{"github", "annotations of GitHub Actions", github},
	}
}

// Named returns the format of that name, or an error that lists the names.
func Named(name string) (Format, error) {
	var names []string
	for _, f := range Formats() {
		if f.Name == name {
			return f, nil
		}
		names = append(names, f.Name)
	}
	return Format{}, fmt.Errorf("no format %q: choose from %s", name, strings.Join(names, ", "))
}

// rule returns what is known about the rule of a finding.
func (r Report) rule(f Finding) Rule {
	for _, rule := range r.Rules {
		if rule.Name == f.Rule {
			return rule
		}
	}
	return Rule{Name: f.Rule}
}

// soft reports whether a finding is less than an error.
func (r Report) soft(f Finding) bool {
	for _, category := range r.rule(f).Soft {
		if category == f.Category {
			return true
		}
	}
	return false
}

// read returns the text of a source file.
func (r Report) read(name string) ([]byte, error) {
	if r.ReadFile != nil {
		return r.ReadFile(name)
	}
	return os.ReadFile(name)
}
