package report

import (
	"encoding/json"
	"io"
)

// The types of the JSON format. Its schema is docs/report.schema.json.
type (
	jsonDocument struct {
		Version  int           `json:"version"` // of this format
		Tool     jsonTool      `json:"tool"`
		Findings []jsonFinding `json:"findings"`
		Trouble  []string      `json:"trouble"`
	}
	jsonTool struct {
		Name    string `json:"name"`
		Version string `json:"version"`
	}
	jsonFinding struct {
		Rule        string     `json:"rule"`
		Category    string     `json:"category,omitempty"`
		Severity    string     `json:"severity"`
		Message     string     `json:"message"`
		URL         string     `json:"url,omitempty"`
		Package     string     `json:"package"`
		Fingerprint string     `json:"fingerprint"`
		Range       jsonRange  `json:"range"`
		Steps       []jsonStep `json:"steps"`
		Fixes       []jsonFix  `json:"fixes"`
	}
	jsonRange struct {
		File  string       `json:"file"`
		Start jsonPosition `json:"start"`
		End   jsonPosition `json:"end"`
	}
	jsonPosition struct {
		Line   int `json:"line"`
		Column int `json:"column"`
	}
	jsonStep struct {
		Message string    `json:"message"`
		Range   jsonRange `json:"range"`
	}
	jsonFix struct {
		Message string     `json:"message"`
		Edits   []jsonEdit `json:"edits"`
	}
	jsonEdit struct {
		File  string `json:"file"`
		Start int    `json:"start"`
		End   int    `json:"end"`
		New   string `json:"new"`
	}
)

// jsonReport prints all that is known.
func jsonReport(w io.Writer, r Report) error {
	doc := jsonDocument{
		Version:  1,
		Tool:     jsonTool{"txcheck", r.Version},
		Findings: []jsonFinding{},
		Trouble:  append([]string{}, r.Trouble...),
	}
	prints := Fingerprints(r.Findings)
	for i, f := range r.Findings {
		doc.Findings = append(doc.Findings, r.jsonFinding(f, prints[i]))
	}
	return writeJSON(w, doc)
}

func (r Report) jsonFinding(f Finding, print string) jsonFinding {
	j := jsonFinding{
		Rule: f.Rule, Category: f.Category, Severity: "error", Message: f.Message,
		URL: r.rule(f).URL, Package: f.Package, Fingerprint: print,
		Range: r.jsonRange(f.Pos, f.End), Steps: []jsonStep{}, Fixes: []jsonFix{},
	}
	if r.soft(f) {
		j.Severity = "warning"
	}
	for _, s := range f.Steps {
		j.Steps = append(j.Steps, jsonStep{s.Message, r.jsonRange(s.Pos, s.End)})
	}
	for _, fix := range f.Fixes {
		edits := []jsonEdit{}
		for _, e := range fix.Edits {
			edits = append(edits, jsonEdit{r.shorten(e.File), e.Start, e.End, e.New})
		}
		j.Fixes = append(j.Fixes, jsonFix{fix.Message, edits})
	}
	return j
}

// jsonRange describes a range. One whose end is unknown, or lies in another file
// by a line directive, is empty.
func (r Report) jsonRange(pos, end Position) jsonRange {
	if end.File != pos.File || comparePositions(end, pos) < 0 {
		end = pos
	}
	return jsonRange{
		r.shorten(pos.File), jsonPosition{pos.Line, pos.Column}, jsonPosition{end.Line, end.Column},
	}
}

// writeJSON prints a document as people like to read it, with < and & as they are.
func writeJSON(w io.Writer, doc any) error {
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(doc)
}
