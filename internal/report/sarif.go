package report

import (
	"io"
	"slices"
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
