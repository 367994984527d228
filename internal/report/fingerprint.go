package report

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"regexp"
	"strings"
)

// lineNumber is how messages refer to lines: "on line 7", "in store.go:7".
var lineNumber = regexp.MustCompile(`(\bline |\.go:)\d+`)

// Fingerprints returns a name for each of some sorted findings that stays the
// same when code elsewhere in the file changes, when the file is renamed and on
// another machine: it is made from the rule, the package and the message without
// its line numbers. Findings that are alike in all that are told apart by their
// order.
func Fingerprints(findings []Finding) []string {
	prints := make([]string, len(findings))
	seen := make(map[string]int)
	for i, f := range findings {
		pkg, message := WithoutLines(f)
		sum := sha256.Sum256([]byte(strings.Join([]string{f.Rule, pkg, f.Category, message}, "\x00")))
		print := hex.EncodeToString(sum[:12])
		seen[print]++
		prints[i] = fmt.Sprintf("%s:%d", print, seen[print])
	}
	return prints
}

// WithoutLines returns the package of a finding, whatever variant for tests it was
// seen in, and its message without line numbers.
func WithoutLines(f Finding) (pkg, message string) {
	// "p [p.test]" is p with its test files.
	pkg, _, _ = strings.Cut(f.Package, " ")
	return pkg, lineNumber.ReplaceAllString(f.Message, "${1}N")
}
