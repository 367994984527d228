package report

import (
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// result describes a finding.
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
