package report

import (
	"io"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// srcRoot is the name under which SARIF consumers know the top of the source tree.
const srcRoot = "%SRCROOT%"

// sarif prints a log of one run in the OASIS standard SARIF 2.1.0.
func sarif(w io.Writer, r Report) error {
	s := sarifWriter{r, r.allRules(), r.sources()}
	run := sarifRun{
		Tool: sarifTool{sarifDriver{
			Name: "txcheck", FullName: "txcheck: unfinished database transactions",
			SemanticVersion: semanticVersion(r.Version),
			InformationURI:  "https://github.com/txcheck/txcheck", Rules: s.describeRules(),
		}},
		Invocations: []sarifInvocation{{Successful: len(r.Trouble) == 0}},
		BaseIDs:     map[string]sarifArtifact{srcRoot: {URI: strings.TrimSuffix(fileURL("", r.Root), "/") + "/"}},
		ColumnKind:  "utf16CodeUnits",
		Automation:  sarifAutomation{"txcheck/"},
		Results:     []sarifResult{},
	}
	for _, t := range r.Trouble {
		run.Invocations[0].Notifications = append(run.Invocations[0].Notifications,
			sarifNotification{"error", sarifMessage{Text: plainMessage(t)}})
	}
	prints := Fingerprints(r.Findings)
	for i, f := range r.Findings {
		run.Results = append(run.Results, s.result(f, prints[i]))
	}
	return writeJSON(w, sarifLog{"https://json.schemastore.org/sarif-2.1.0.json", "2.1.0", []sarifRun{run}})
}

// semanticVersion returns a version without its v, or one that says that there is
// none.
func semanticVersion(version string) string {
	if v, ok := strings.CutPrefix(version, "v"); ok {
		return v
	}
	return "0.0.0-devel"
}

// allRules returns the rules that were switched on and those that findings name.
func (r Report) allRules() []Rule {
	rules := slices.Clone(r.Rules)
	for _, f := range r.Findings {
		if !slices.ContainsFunc(rules, func(rule Rule) bool { return rule.Name == f.Rule }) {
			rules = append(rules, Rule{Name: f.Rule, Summary: f.Rule, Help: f.Rule})
		}
	}
	return rules
}

// A sarifWriter writes results.
type sarifWriter struct {
	Report
	rules []Rule
	src   *sources
}

// describeRules returns the table of rules.
func (s sarifWriter) describeRules() []sarifRule {
	rules := []sarifRule{}
	for _, rule := range s.rules {
		rules = append(rules, sarifRule{
			ID:    rule.Name,
			Short: sarifMessage{Text: sentence(rule.Summary)}, Full: sarifMessage{Text: sentence(rule.Summary)},
			Help: sarifMessage{Text: rule.Help, Markdown: rule.Help}, HelpURI: rule.URL,
			Default:    sarifDefault{"error"},
			Properties: sarifProperties{"very-high", "error", []string{"correctness", "database", "resource-leak"}},
		})
	}
	return rules
}

// sentence ends a text with a period, as SARIF wants it.
func sentence(text string) string {
	return strings.TrimRight(text, ".") + "."
}

func (s sarifWriter) result(f Finding, print string) sarifResult {
	result := sarifResult{
		RuleID:       f.Rule,
		RuleIndex:    slices.IndexFunc(s.rules, func(r Rule) bool { return r.Name == f.Rule }),
		Level:        "error",
		Message:      sarifMessage{Text: sentence(plainMessage(f.Message))},
		Locations:    []sarifLocation{{Physical: s.withSnippet(s.physical(f.Pos, f.End), f.Pos)}},
		Fingerprints: map[string]string{"txcheck/v1": print},
	}
	if s.soft(f) {
		result.Level = "warning"
	}
	if f.Category != "" {
		result.Properties = map[string]string{"category": f.Category}
	}
	if len(f.Steps) > 0 {
		var links []string
		var flow []sarifFlowLocation
		for i, step := range f.Steps {
			id := i + 1
			location := sarifLocation{Physical: s.physical(step.Pos, step.End), Message: &sarifMessage{Text: plainMessage(step.Message)}}
			flow = append(flow, sarifFlowLocation{location, "essential"})
			location.ID = &id
			result.Related = append(result.Related, location)
			links = append(links, link(step.Message, id))
		}
		result.CodeFlows = []sarifCodeFlow{{[]sarifThreadFlow{{flow}}}}
		// GitHub shows a related location only where the message leads to it.
		result.Message.Text += "\nPath: " + strings.Join(links, ", ") + "."
	}
	for _, fix := range f.Fixes {
		if changes := s.changes(fix); changes != nil {
			result.Fixes = append(result.Fixes, sarifFix{sarifMessage{Text: sentence(plainMessage(fix.Message))}, changes})
		}
	}
	return result
}

// physical describes a range of a file.
func (s sarifWriter) physical(pos, end Position) sarifPhysical {
	p := sarifPhysical{Artifact: s.artifact(pos.File)}
	if pos.Line > 0 {
		region := s.region(pos, end)
		p.Region = &region
	}
	return p
}

// withSnippet adds the lines around a range of one line, for those who look at the
// log without the source.
func (s sarifWriter) withSnippet(p sarifPhysical, pos Position) sarifPhysical {
	src := s.src.file(pos.File)
	text, ok := src.line(pos.Line)
	if !ok || p.Region.EndLine != pos.Line || p.Region.EndColumn > src.utf16Column(pos.Line, len(text)+1) {
		return p
	}
	p.Region.Snippet = &sarifContent{text}
	around := sarifRegion{StartLine: max(pos.Line-1, 1), EndLine: min(pos.Line+1, len(src.lines))}
	around.Snippet = &sarifContent{strings.Join(src.lines[around.StartLine-1:around.EndLine], "\n")}
	p.Context = &around
	return p
}

func (s sarifWriter) artifact(file string) sarifArtifact {
	path, ok := s.inTree(file)
	if !ok {
		return sarifArtifact{URI: fileURL("", file)}
	}
	// A first segment with a colon would be taken for a scheme.
	return sarifArtifact{URI: (&url.URL{Path: path}).String(), BaseID: srcRoot}
}

// region counts columns as columnKind says; its end is the column after the last
// character.
func (s sarifWriter) region(pos, end Position) sarifRegion {
	if end.File != pos.File || comparePositions(end, pos) < 0 {
		end = pos
	}
	src := s.src.file(pos.File)
	return sarifRegion{
		StartLine: pos.Line, StartColumn: src.utf16Column(pos.Line, max(pos.Column, 1)),
		EndLine: end.Line, EndColumn: src.utf16Column(end.Line, max(end.Column, 1)),
	}
}

// changes describes a fix, or returns nil if its files are not as they were.
func (s sarifWriter) changes(fix Fix) (changes []sarifChange) {
	for _, e := range fix.Edits {
		src := s.src.file(e.File)
		line, column, ok := src.place(e.Start)
		endLine, endColumn, okEnd := src.place(e.End)
		if !ok || !okEnd {
			return nil
		}
		artifact := s.artifact(e.File)
		i := slices.IndexFunc(changes, func(c sarifChange) bool { return c.Artifact == artifact })
		if i < 0 {
			i = len(changes)
			changes = append(changes, sarifChange{Artifact: artifact})
		}
		changes[i].Replacements = append(changes[i].Replacements, sarifReplacement{
			sarifRegion{
				StartLine: line, StartColumn: src.utf16Column(line, column),
				EndLine: endLine, EndColumn: src.utf16Column(endLine, endColumn),
			},
			sarifContent{e.New},
		})
	}
	return changes
}

// What a SARIF message takes for a placeholder and for a link.
var (
	placeholder = regexp.MustCompile(`\{(\d+)\}`)
	linkLike    = regexp.MustCompile(`\[([^\[\]]*)\]\(`)
	brackets    = strings.NewReplacer(`\`, `\\`, `[`, `\[`, `]`, `\]`)
)

// plainMessage returns a text that means itself as a SARIF message.
func plainMessage(text string) string {
	text = placeholder.ReplaceAllString(text, "{{$1}}")
	return linkLike.ReplaceAllString(text, `\[$1\](`)
}

// link returns a text that leads to a related location.
func link(text string, id int) string {
	return "[" + brackets.Replace(placeholder.ReplaceAllString(text, "{{$1}}")) + "](" + strconv.Itoa(id) + ")"
}
