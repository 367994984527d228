package main

import (
	"os"
	"path/filepath"
	"strings"

	"github.com/txcheck/txcheck/internal/govet"
	"github.com/txcheck/txcheck/internal/report"
	"github.com/txcheck/txcheck/passes"
)

// softCategories are the kinds of findings that are less than an error: what holds
// no connection of its own, what is rolled back in the end, and directives.
var softCategories = []string{"savepoint", "soft", "context-bounded", "directive"}

// describe makes a report of what a run found.
func (s *settings) describe(res *govet.Result) (report.Report, error) {
	base, err := os.Getwd()
	if err != nil {
		return report.Report{}, err
	}
	dir := s.run.Dir
	if !filepath.IsAbs(dir) {
		dir = filepath.Join(base, dir)
	}
	return report.Report{
		Findings: res.Findings, Trouble: res.Trouble,
		Rules: rules(), Version: ownVersion(),
		Base: base, Root: sourceRoot(dir),
	}, nil
}

// rules describes all rules. What the findings were made by is this executable, so
// that its own text is the right one.
func rules() (all []report.Rule) {
	for _, a := range passes.New(passes.DefaultOptions()) {
		summary, _, _ := strings.Cut(a.Doc, "\n\n")
		all = append(all, report.Rule{
			Name: a.Name, URL: a.URL, Help: a.Doc, Soft: softCategories,
			Summary: strings.Join(strings.Fields(summary), " "),
		})
	}
	return all
}

// sourceRoot returns the top of the repository that a directory is in, which is what
// code hosts take paths to be relative to, or the directory itself.
func sourceRoot(dir string) string {
	if real, err := filepath.EvalSymlinks(dir); err == nil {
		dir = real
	}
	for d := dir; ; d = filepath.Dir(d) {
		if _, err := os.Stat(filepath.Join(d, ".git")); err == nil {
			return d
		}
		if d == filepath.Dir(d) {
			return dir
		}
	}
}
