package protocol

import (
	"embed"
	"io/fs"
	"strings"
	"sync"

	"github.com/goccy/go-yaml"
)

//go:embed lib/*.yaml
var lib embed.FS

// A source is one embedded file. One process runs per analysed package, so
// what is read at once is only its head, as text: which packages it is about.
type source struct {
	name, text string
	heads      []importPath // only the texts are set
	shapes     []shape
	module     string
	opens      bool // it has transactions, not just values and exits
	parse      func() *File
}

// newSource reads the head; parse reads the rest, once.
func newSource(name, text string) *source {
	s := &source{name: name, text: text}
	s.scan()
	s.parse = sync.OnceValue(func() *File {
		files, err := Load(name, []byte(text))
		if err != nil || len(files) != 1 {
			panic(sprintf("protocol: embedded %s: %v", name, err))
		}
		return files[0]
	})
	return s
}

// scan reads the imports and shapes of a file without parsing it. It knows
// just the layout that our own files have: sequences in block style, one entry
// a line. A test compares it with the parser.
func (s *source) scan() {
	section := ""
	for line := range strings.Lines(s.text) {
		line = strings.TrimRight(line, "\n")
		item, ok := strings.CutPrefix(strings.TrimLeft(line, " "), "- ")
		switch {
		case line == "" || line[0] == '#':
		case strings.HasPrefix(line, "module: "):
			s.module = strings.TrimPrefix(line, "module: ")
		case !ok || line[0] != ' ' && line[0] != '-':
			if line[0] != ' ' {
				section, _, _ = strings.Cut(line, ":")
			}
			if section == "open" || section == "finish" {
				s.opens = true
				return // imports and shapes stand above
			}
		case section == "imports":
			qual, path, named := strings.Cut(item, ": ")
			if !named {
				qual, path = qualifier(item), item
			}
			s.heads = append(s.heads, importPath{qual, word{text: path}})
		case section == "shapes":
			var sh shape
			if err := yaml.Unmarshal([]byte(item), &sh); err == nil {
				s.shapes = append(s.shapes, sh)
			}
		}
	}
}

// sources are the embedded files in the order of their names.
var sources = sync.OnceValue(func() (list []*source) {
	names, err := fs.Glob(lib, "lib/*.yaml")
	if err != nil {
		panic(err)
	}
	for _, name := range names {
		text, err := lib.ReadFile(name)
		if err != nil {
			panic(err)
		}
		list = append(list, newSource(name, string(text)))
	}
	return list
})
