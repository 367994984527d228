package govet

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/txcheck/txcheck/internal/report"
)

// A tree is one JSON object as the tool printed it: package, then analyzer, then
// a list of diagnostics or an object that tells of an error.
type tree map[string]map[string]json.RawMessage

// internalTrouble is the category of diagnostics in which a tool speaks of itself,
// not of the code: the go command would lose an error.
const internalTrouble = "internal"

// jsonDiagnostic is the form that x/tools gives to a diagnostic. It leaves out the
// URL, which is that of the rule's page for all that a rule reports.
type jsonDiagnostic struct {
	Category string        `json:"category"`
	Posn     string        `json:"posn"`
	End      string        `json:"end"`
	Message  string        `json:"message"`
	Fixes    []jsonFix     `json:"suggested_fixes"`
	Related  []jsonRelated `json:"related"`
}

type jsonFix struct {
	Message string `json:"message"`
	Edits   []struct {
		Filename string `json:"filename"`
		Start    int    `json:"start"`
		End      int    `json:"end"`
		New      string `json:"new"`
	} `json:"edits"`
}

type jsonRelated struct {
	Posn    string `json:"posn"`
	End     string `json:"end"`
	Message string `json:"message"`
}

// decode collects the findings of every JSON object in a stream and returns the
// text that stands between the objects. An object starts with a line "{" and
// ends with a line "}"; one that is empty stands on one line.
func (res *Result) decode(stream []byte) (text string) {
	var object, rest strings.Builder
	inside := false
	for line := range strings.Lines(string(stream)) {
		bare := strings.TrimRight(line, "\r\n")
		switch {
		case !inside && bare == "{}":
			res.printed = true
		case !inside && bare == "{":
			inside, res.printed = true, true
			object.WriteString(line)
		case inside && bare == "}":
			inside = false
			object.WriteString(line)
			res.add(object.String())
			object.Reset()
		case inside:
			object.WriteString(line)
		default:
			rest.WriteString(line)
		}
	}
	if inside {
		res.Trouble = append(res.Trouble, "the output of go vet ends in the middle of a JSON object")
	}
	return rest.String()
}

// add decodes one object.
func (res *Result) add(object string) {
	var t tree
	if err := json.Unmarshal([]byte(object), &t); err != nil {
		res.Trouble = append(res.Trouble, fmt.Sprintf("cannot read the output of go vet: %v", err))
		return
	}
	for _, pkg := range slices.Sorted(maps.Keys(t)) {
		res.answered = append(res.answered, pkg)
		for _, rule := range slices.Sorted(maps.Keys(t[pkg])) {
			if err := res.addRule(pkg, rule, t[pkg][rule]); err != nil {
				res.Trouble = append(res.Trouble, fmt.Sprintf("%s: %s: %v", pkg, rule, err))
			}
		}
	}
}

// addRule decodes what one analyzer told about one package.
func (res *Result) addRule(pkg, rule string, raw json.RawMessage) error {
	var failure struct {
		Error string `json:"error"`
	}
	if json.Unmarshal(raw, &failure) == nil {
		return fmt.Errorf("%s", failure.Error)
	}
	var diags []jsonDiagnostic
	if err := json.Unmarshal(raw, &diags); err != nil {
		return err
	}
	for _, d := range diags {
		if d.Category == internalTrouble {
			res.Trouble = append(res.Trouble, d.Posn+": "+d.Message)
			continue
		}
		f := report.Finding{
			Package: pkg, Rule: rule, Category: d.Category, Message: d.Message,
			Pos: position(d.Posn), End: position(d.End),
		}
		for _, r := range d.Related {
			f.Steps = append(f.Steps, report.Step{Pos: position(r.Posn), End: position(r.End), Message: r.Message})
		}
		for _, jf := range d.Fixes {
			fix := report.Fix{Message: jf.Message}
			for _, e := range jf.Edits {
				fix.Edits = append(fix.Edits, report.Edit{File: e.Filename, Start: e.Start, End: e.End, New: e.New})
			}
			f.Fixes = append(f.Fixes, fix)
		}
		res.Findings = append(res.Findings, f)
	}
	return nil
}

// position parses file:line:column, where the file may hold colons and column,
// or column and line, may be missing.
func position(s string) report.Position {
	file, last, ok := cutNumber(s)
	if !ok {
		return report.Position{File: s}
	}
	if rest, line, ok := cutNumber(file); ok {
		return report.Position{File: rest, Line: line, Column: last}
	}
	return report.Position{File: file, Line: last, Column: 1}
}

// cutNumber splits "a:1" into "a" and 1.
func cutNumber(s string) (rest string, n int, ok bool) {
	i := strings.LastIndexByte(s, ':')
	if i < 0 {
		return s, 0, false
	}
	n, err := strconv.Atoi(s[i+1:])
	return s[:i], n, err == nil
}
