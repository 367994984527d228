package unit

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"errors"
	"os"
	"slices"

	"github.com/txcheck/txcheck/internal/txflow"
)

// An answer is what the analysis of a package tells its importers: the contents of
// a vetx file. The empty file is the answer that there is nothing.
type answer struct {
	// libraries are the descriptions of the libraries within reach (U2).
	libraries []string
	// carriers are the types that can bring a transaction (U3).
	carriers []string
	facts    []factEntry
}

// A factEntry is a fact, and what it is about.
type factEntry struct {
	key
	concern txflow.Concern
	text    string // the fact, encoded
}

// A key names a fact and its object: a method, a function or another object at
// package level, or the package if there is no name.
type key struct {
	pkg  string
	recv string // name of a method's receiver type
	name string
	typ  string // of the fact
}

// travels reports whether importers of importers need the fact (U6): that of a method, or of a
// type.
func (k key) travels() bool { return k.recv != "" || k.typ == "face" }

func (k key) compare(other key) int {
	return cmp.Or(cmp.Compare(k.pkg, other.pkg), cmp.Compare(k.recv, other.recv),
		cmp.Compare(k.name, other.name), cmp.Compare(k.typ, other.typ))
}

// magic begins every answer that is not empty.
const magic = "txcheck\x01"

// encode returns the bytes of an answer, the same for the same contents.
func (a *answer) encode() []byte {
	if len(a.libraries) == 0 && len(a.carriers) == 0 && len(a.facts) == 0 {
		return nil
	}
	var w writer
	w = append(w, magic...)
	w.list(a.libraries)
	w.list(a.carriers)
	slices.SortFunc(a.facts, func(x, y factEntry) int { return x.compare(y.key) })
	w.number(len(a.facts))
	for i := range a.facts {
		e := &a.facts[i]
		for _, s := range []string{e.pkg, e.recv, e.name, e.typ, e.text} {
			w.string(s)
		}
		w.number(int(e.concern))
	}
	return w
}

// decodeAnswer reads what encode has written.
func decodeAnswer(data []byte) (*answer, error) {
	a := new(answer)
	if len(data) == 0 {
		return a, nil
	}
	rest, ok := bytes.CutPrefix(data, []byte(magic))
	if !ok {
		return nil, errors.New("not written by this tool")
	}
	r := reader{rest: string(rest)}
	a.libraries, a.carriers = r.list(), r.list()
	a.facts = make([]factEntry, r.count())
	for i := range a.facts {
		a.facts[i] = factEntry{
			key:  key{pkg: r.string(), recv: r.string(), name: r.string(), typ: r.string()},
			text: r.string(), concern: txflow.Concern(r.number()),
		}
	}
	if r.bad || r.rest != "" {
		return nil, errors.New("damaged")
	}
	return a, nil
}

// write stores the answer of the unit.
func (u *unit) write(a *answer) error {
	if u.cfg.VetxOutput == "" {
		return nil
	}
	return os.WriteFile(u.cfg.VetxOutput, a.encode(), 0o666)
}

// A writer appends numbers and strings with their lengths.
type writer []byte

func (w *writer) number(n int) { *w = binary.AppendUvarint(*w, uint64(n)) }

func (w *writer) string(s string) {
	w.number(len(s))
	*w = append(*w, s...)
}

func (w *writer) list(list []string) {
	w.number(len(list))
	for _, s := range list {
		w.string(s)
	}
}

// A reader takes apart what a writer has put together.
type reader struct {
	rest string
	bad  bool
}

func (r *reader) number() int {
	var n uint64
	for shift := 0; shift < 63 && r.rest != ""; shift += 7 {
		b := r.rest[0]
		r.rest = r.rest[1:]
		n |= uint64(b&0x7f) << shift
		if b < 0x80 {
			return int(n)
		}
	}
	r.bad = true
	return 0
}

// count is a number of things that follow, each of at least one byte.
func (r *reader) count() int {
	n := r.number()
	if n > len(r.rest) {
		r.bad = true
		return 0
	}
	return n
}

func (r *reader) string() string {
	n := r.count()
	s := r.rest[:n]
	r.rest = r.rest[n:]
	return s
}

func (r *reader) list() (list []string) {
	for range r.count() {
		list = append(list, r.string())
	}
	return list
}
