package txflow

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"maps"
	"slices"
	"strconv"
	"sync"
)

// A state is known by a digest of a text that equal states share: the text of one is long,
// and there are many.

// A keyWriter writes such texts, one after the other.
type keyWriter struct {
	text bytes.Buffer
	locs []loc
	syms []symID
	regs []register
}

// A register is a value that a frame keeps, with its number.
type register struct {
	number int
	v      value
}

var keyWriters = sync.Pool{New: func() any { return new(keyWriter) }}

// digestSize is how many bytes of a digest are kept: no two texts share as many by chance.
const digestSize = 16

// Key implements property.State.
func (st *state) Key() string {
	w := keyWriters.Get().(*keyWriter)
	w.write(st)
	sum := sha256.Sum256(w.text.Bytes())
	w.forget()
	return string(sum[:digestSize])
}

// forget lets go of what was written, and of the values in it.
func (w *keyWriter) forget() {
	w.text.Reset()
	clear(w.regs[:cap(w.regs)])
	keyWriters.Put(w)
}

// write writes the text of a state. What only tells how to put a path into words, such as its
// trail, is none of it.
func (w *keyWriter) write(st *state) {
	b := &w.text
	b.WriteString(st.Property())
	b.WriteByte('0' + byte(st.beginErr))
	writeID(b, 'x', int(st.ctx))
	writeID(b, 'o', int(st.owner))
	writeID(b, 'n', st.nested)
	b.WriteString(st.round)
	if st.gathered != nil {
		b.WriteByte('g')
	}
	if st.mislaid {
		b.WriteByte('m')
	}
	if st.kept {
		b.WriteByte('k')
	}
	if st.entrusted != noTrust {
		b.WriteByte('e')
		b.WriteByte('0' + byte(st.entrusted))
	}
	for _, d := range st.doubts {
		d.key(b)
	}
	for _, d := range st.denied {
		writeID(b, '!', d.Index)
		b.WriteString(d.Value)
	}
	if st.tx == open {
		st.bornAt.key(b)
	}
	for _, f := range st.frames {
		w.writeFrame(f)
	}
	w.locs = slices.AppendSeq(w.locs[:0], maps.Keys(st.heap))
	slices.SortFunc(w.locs, compareLoc)
	for _, l := range w.locs {
		writeID(b, '\n', int(l.cell))
		b.WriteString(l.path)
		b.WriteByte('=')
		st.heap[l].key(b)
	}
	w.syms = slices.AppendSeq(w.syms[:0], maps.Keys(st.facts))
	slices.Sort(w.syms)
	for _, s := range w.syms {
		writeID(b, '\t', int(s))
		st.facts[s].key(b)
	}
	w.syms = slices.AppendSeq(w.syms[:0], maps.Keys(st.blurred))
	slices.Sort(w.syms)
	for _, s := range w.syms {
		writeID(b, '~', int(s))
	}
}

func (w *keyWriter) writeFrame(f *frame) {
	b := &w.text
	writeID(b, '\f', int(f.ctx))
	if f.unwinding {
		b.WriteByte('p')
	}
	w.regs = w.regs[:0]
	for r, v := range f.regs {
		w.regs = append(w.regs, register{f.numbers[r], v})
	}
	slices.SortFunc(w.regs, func(x, y register) int { return cmp.Compare(x.number, y.number) })
	for _, r := range w.regs {
		writeID(b, ' ', r.number)
		b.WriteByte('=')
		r.v.key(b)
	}
	for _, d := range f.defers {
		b.WriteString(" d")
		b.WriteString(strconv.Itoa(int(d.instr.Pos())))
		d.fun.key(b)
		for _, a := range d.args {
			a.key(b)
		}
	}
}

func writeID(b *bytes.Buffer, kind byte, id int) {
	b.WriteByte(kind)
	b.Write(strconv.AppendInt(b.AvailableBuffer(), int64(id), 10))
	b.WriteByte('.')
}

func keyOf(v value) string {
	var b bytes.Buffer
	v.key(&b)
	return b.String()
}
