// Package baseline remembers the findings of a day, so that only later ones are
// reported.
//
// An entry has no line numbers: a finding is known by its package, its rule and its
// message without them, which names the function, the variable, the call that begins
// and the condition. Findings that are alike in all that are counted, and the first
// ones in the source are taken for the known ones.
package baseline

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"

	"github.com/txcheck/txcheck/internal/report"
)

// version is that of the format. A file with another one is refused.
const version = 1

// A File is the contents of a baseline.
type File struct {
	Version  int     `json:"version"`
	Findings []Entry `json:"findings"`
}

// An Entry is one finding, or several that are alike.
type Entry struct {
	Package string `json:"package"`
	Rule    string `json:"rule"`
	Message string `json:"message"`
	Count   int    `json:"count"`
}

// key is an entry without its count.
func (e Entry) key() Entry {
	e.Count = 0
	return e
}

// entryOf returns what is remembered of a finding.
func entryOf(f report.Finding) Entry {
	pkg, message := report.WithoutLines(f)
	return Entry{Package: pkg, Rule: f.Rule, Message: message}
}

// Of returns a baseline that knows these findings and no others.
func Of(findings []report.Finding) *File {
	counts := make(map[Entry]int)
	for _, f := range findings {
		counts[entryOf(f)]++
	}
	b := &File{Version: version, Findings: []Entry{}}
	for e, n := range counts {
		e.Count = n
		b.Findings = append(b.Findings, e)
	}
	slices.SortFunc(b.Findings, func(x, y Entry) int {
		return cmp.Or(cmp.Compare(x.Package, y.Package), cmp.Compare(x.Rule, y.Rule), cmp.Compare(x.Message, y.Message))
	})
	return b
}

// Encode returns the text of the file: the same for the same findings, with a line
// for each part of an entry, so that a diff of two is readable.
func (b *File) Encode() ([]byte, error) {
	var text bytes.Buffer
	enc := json.NewEncoder(&text)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "\t")
	err := enc.Encode(b)
	return text.Bytes(), err
}

// Parse reads what Encode has written. The name is for messages.
func Parse(name string, text []byte) (*File, error) {
	dec := json.NewDecoder(bytes.NewReader(text))
	dec.DisallowUnknownFields()
	b := new(File)
	err := dec.Decode(b)
	if err == nil {
		if _, more := dec.Token(); !errors.Is(more, io.EOF) {
			err = errors.New("text follows the baseline")
		}
	}
	if err == nil && b.Version != version {
		err = fmt.Errorf("version %d is not %d, the one that is understood", b.Version, version)
	}
	if err == nil {
		err = b.check()
	}
	if err != nil {
		place := name
		if syntax, ok := errors.AsType[*json.SyntaxError](err); ok {
			place = fmt.Sprintf("%s:%d", name, 1+bytes.Count(text[:syntax.Offset], []byte("\n")))
		}
		return nil, fmt.Errorf("%s: not a baseline: %w; `txcheck baseline write` makes one", place, err)
	}
	return b, nil
}

// check refuses entries that Encode never writes.
func (b *File) check() error {
	seen := make(map[Entry]bool)
	for _, e := range b.Findings {
		switch {
		case e.Package == "" || e.Rule == "" || e.Message == "" || e.Count < 1:
			return fmt.Errorf("an entry wants package, rule, message and a count of at least 1, unlike %+v", e)
		case seen[e.key()]:
			return fmt.Errorf("two entries for %s: %s", e.Package, e.Message)
		}
		seen[e.key()] = true
	}
	return nil
}

// Filter returns the findings that the baseline does not know, and what is left of
// its entries: what is no longer found.
func (b *File) Filter(findings []report.Finding) (fresh []report.Finding, gone []Entry) {
	left := make(map[Entry]int)
	for _, e := range b.Findings {
		left[e.key()] = e.Count
	}
	for _, f := range findings {
		if e := entryOf(f); left[e] > 0 {
			left[e]--
		} else {
			fresh = append(fresh, f)
		}
	}
	for _, e := range b.Findings {
		if n := left[e.key()]; n > 0 {
			e.Count = n
			gone = append(gone, e)
		}
	}
	return fresh, gone
}
