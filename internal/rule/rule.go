// Package rule makes an analyzer of a thin rule and its prose.
//
// A rule's doc.go is the only place where the rule is described: its help text,
// its page in docs and its URL come from there. This package knows nothing of
// what rules look for.
package rule

import (
	"go/doc/comment"
	"strings"

	"golang.org/x/tools/go/analysis"
)

// New returns the analyzer of a rule that reads the flow pass. Source is the text
// of the rule's doc.go.
//
// A rule cannot fail: the go command shows an error from Run once, and takes the
// package for clean when it replays the run from its cache. What goes wrong is to
// be reported as a diagnostic.
func New(name, source string, flow *analysis.Analyzer, run func(*analysis.Pass)) *analysis.Analyzer {
	return &analysis.Analyzer{
		Name:     name,
		Doc:      Doc(name, source),
		URL:      URL(name),
		Requires: []*analysis.Analyzer{flow},
		Run: func(pass *analysis.Pass) (any, error) {
			run(pass)
			return nil, nil
		},
	}
}

// URL returns the address of a rule's page.
func URL(name string) string {
	return "https://github.com/txcheck/txcheck/blob/main/docs/" + name + ".md"
}

// Doc returns the help text of a rule: a summary line, an empty line, the prose. It
// is asked for each time the tool starts, and so leaves the lines as they are.
func Doc(name, source string) string {
	return summaryFirst(name, packageComment(source))
}

// Page returns a rule's page in Markdown.
func Page(name, source string) string {
	doc := new(comment.Parser).Parse(packageComment(source))
	printer := comment.Printer{
		HeadingLevel: 2,
		HeadingID:    func(*comment.Heading) string { return "" },
	}
	var b strings.Builder
	for _, block := range doc.Content {
		if b.Len() > 0 {
			b.WriteByte('\n')
		}
		if code, ok := block.(*comment.Code); ok {
			b.WriteString("```go\n" + code.Text + "```\n")
			continue
		}
		b.Write(printer.Markdown(&comment.Doc{Content: []comment.Block{block}}))
	}
	return "# " + name + "\n\n" +
		"<!-- Made from passes/" + name + "/doc.go by `go test ./internal/project -update`. -->\n\n" +
		summaryFirst(name, b.String())
}

// summaryFirst turns "Package x reports y." into "x reports y.", which reads well
// in a list of rules.
func summaryFirst(name, text string) string {
	return strings.Replace(text, "Package "+name+" ", name+" ", 1)
}

// packageComment returns the text of the line comments above the package clause, or
// nothing if the source does not begin with them: analysis.Validate refuses an
// analyzer without a text.
func packageComment(source string) string {
	var text strings.Builder
	for line := range strings.Lines(source) {
		line, ok := strings.CutPrefix(line, "//")
		if !ok {
			break
		}
		text.WriteString(strings.TrimPrefix(line, " "))
	}
	return text.String()
}
