package govet

import (
	"slices"
	"strings"
)

// explain returns the go command's own words for a failure, package by package, less
// the lines that speak of flags which the user never typed. It prints packages in
// the order in which they fail.
func explain(text string) []string {
	var head string
	blocks := make(map[string][]string) // by heading
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, "\n")
		switch {
		case strings.HasPrefix(line, "flag provided but not defined: -fix"):
			return []string{"fixes are applied by the go command of Go 1.26 or later, and this one is older"}
		case strings.HasPrefix(line, "go: error obtaining buildID for "):
			// The tool has said why on the line before.
		case strings.HasPrefix(line, downloading):
		case strings.HasPrefix(line, "go: unlinkat "):
			// Go 1.27 fails to clean up after a tool that refuses to run.
		case strings.Contains(line, ": ignoring alternative fix "):
			// The first one is applied, as promised.
		case line == "no packages to vet":
			// Follows `go: warning: "./..." matched no packages`.
		case strings.HasPrefix(line, "# ["):
			// Names the package that a variant for tests belongs to.
		case strings.HasPrefix(line, "# "):
			head = line
		case strings.HasSuffix(line, "does not contain main module or its selected dependencies"):
			blocks[head] = append(blocks[head], line+": is there a go.mod here or in a parent directory?")
		case strings.HasSuffix(line, "does not contain modules listed in go.work or their selected dependencies"):
			blocks[head] = append(blocks[head], line+": `txcheck work` checks all modules of the workspace")
		case line != "":
			blocks[head] = append(blocks[head], line)
		}
	}
	var entries []string
	for head, lines := range blocks {
		if head != "" {
			lines = append([]string{head}, lines...)
		}
		entries = append(entries, strings.Join(lines, "\n"))
	}
	slices.Sort(entries)
	if len(entries) == 0 {
		return []string{noReason}
	}
	return entries
}

// noReason stands where the go command gives none.
const noReason = "go vet failed and did not say why"

// notes returns what a tool printed in a run that went well: all but the go
// command's headings and its news of downloads.
func notes(text string) string {
	var b strings.Builder
	for line := range strings.Lines(text) {
		if !strings.HasPrefix(line, "# ") && !strings.HasPrefix(line, downloading) {
			b.WriteString(line)
		}
	}
	return b.String()
}

// downloading begins a line that the go command prints while it fetches a module.
const downloading = "go: downloading "
