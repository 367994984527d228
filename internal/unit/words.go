package unit

import (
	"slices"

	"github.com/txcheck/txcheck/internal/protocol"
	"github.com/txcheck/txcheck/internal/txflow"
)

// words are the identifiers that make a unit worth a look.
type words struct {
	marks   map[string]mark
	reaches bool
	shapes  [][]string // each worth a look if all its words occur (U4)
	files   []string   // the description of each shape
	seen    map[string]bool
}

// A mark tells what a word means.
type mark uint8

const (
	telling mark = 1 << iota // worth a look by itself
	ending                   // may end a path, and nothing more
	shaping                  // part of a shape
)

// words collects the identifiers to look for in a unit (U1, U3).
func (v *view) words(set *protocol.Set, reaches bool) *words {
	w := &words{marks: make(map[string]mark), seen: make(map[string]bool), reaches: reaches}
	tx, exit := set.Calls(v.answer.libraries)
	for name := range exit {
		w.marks[name] |= ending
	}
	for name := range tx {
		w.marks[name] |= telling
	}
	for _, name := range protocol.EndNames() {
		w.marks[name] |= telling
	}
	for _, a := range v.imports {
		for _, name := range a.carriers {
			w.marks[name] |= telling
		}
		for i := range a.facts {
			switch a.facts[i].concern {
			case txflow.EndsPaths:
				w.marks[a.facts[i].name] |= ending
			case txflow.HasTx:
				if reaches {
					w.marks[a.facts[i].name] |= telling
				}
			}
		}
	}
	w.files, w.shapes = set.Shapes()
	for _, types := range w.shapes {
		for _, name := range types {
			w.marks[name] |= shaping
		}
	}
	return w
}

// occur reports whether the texts have a telling word, or all words of a shape, and
// whether they have one that may end a path.
func (w *words) occur(texts [][]byte) (found, ends bool) {
	for _, text := range texts {
		identifiers(text, func(id []byte) {
			m := w.marks[string(id)]
			if m&telling != 0 || w.reaches && protocol.NamesBegin(string(id)) {
				found = true
			}
			ends = ends || m&ending != 0
			if m&shaping != 0 {
				w.seen[string(id)] = true
			}
		})
	}
	for i := range w.shapes {
		found = found || w.fits(i)
	}
	return found, ends
}

// ends reports whether what has a name may end a path.
func (w *words) ends(name string) bool { return w.marks[name]&ending != 0 }

// fits reports whether the words of a shape have all been seen.
func (w *words) fits(i int) bool {
	for _, name := range w.shapes[i] {
		if !w.seen[name] {
			return false
		}
	}
	return true
}

// withShapes adds the descriptions of the shapes that the texts may have.
func (w *words) withShapes(libraries []string) []string {
	for i, file := range w.files {
		if file != "" && w.fits(i) && !slices.Contains(libraries, file) {
			libraries = append(libraries, file)
		}
	}
	return libraries
}

// identifiers calls yield for every identifier and keyword of a Go source text. What
// stands in comments and literals is none. On a text that is no Go it may yield too much
// or too little; it does not parse then.
func identifiers(text []byte, yield func(id []byte)) {
	for i := 0; i < len(text); {
		switch c := text[i]; {
		case inWord(c):
			start := i
			for i++; i < len(text) && inWord(text[i]); i++ {
			}
			if c < '0' || c > '9' {
				yield(text[start:i])
			}
		case c == '"' || c == '\'':
			i = afterQuote(text, i)
		case c == '`':
			i = after(text, i+1, "`")
		case c == '/' && i+1 < len(text) && text[i+1] == '/':
			i = after(text, i, "\n")
		case c == '/' && i+1 < len(text) && text[i+1] == '*':
			i = after(text, i+2, "*/")
		default:
			i++
		}
	}
}

// inWord reports whether a byte can be part of an identifier. Letters beyond ASCII
// are bytes from 0x80 on.
func inWord(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || c == '_' || c >= 0x80
}

// afterQuote returns the index behind a string or rune literal.
func afterQuote(text []byte, i int) int {
	quote := text[i]
	for i++; i < len(text); i++ {
		switch text[i] {
		case '\\':
			i++
		case quote, '\n':
			return i + 1
		}
	}
	return len(text)
}

// after returns the index behind the next occurrence of end.
func after(text []byte, from int, end string) int {
	for i := from; i+len(end) <= len(text); i++ {
		if string(text[i:i+len(end)]) == end {
			return i + len(end)
		}
	}
	return len(text)
}
