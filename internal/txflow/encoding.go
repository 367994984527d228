package txflow

import (
	"encoding/binary"
	"slices"
)

// Facts travel between processes in a form of our own, not in the one that gob
// makes of a struct: its first byte is a version.
// What another version wrote cannot be read, as fields may have come to mean
// something else; gob would fill in those it recognises.
//
// Such a fact, like a damaged one, is read as one that says nothing, about a
// package that was not analysed (T8): that is unknown, not an error, as an error
// while facts are read stops the whole run.
const factVersion = 13

// maxFact is the size in bytes above which a fact is cut down to what callers must
// know to be quiet. One with maxCases cases of five conditions each takes about 300.
const maxFact = 2048

// A coder writes facts or reads them. Each method does the one or the other, so
// that what is written and what is read cannot differ.
type coder struct {
	data    []byte
	reading bool
	bad     bool // what is read is no fact of this version
}

func encodeFact(write func(*coder)) []byte {
	c := &coder{data: []byte{factVersion}}
	write(c)
	return c.data
}

// decodeFact reports whether data held just what read has read.
func decodeFact(data []byte, read func(*coder)) bool {
	if len(data) == 0 || data[0] != factVersion {
		return false
	}
	c := &coder{data: data[1:], reading: true}
	read(c)
	return !c.bad && len(c.data) == 0
}

func (c *coder) number(n int) int {
	if !c.reading {
		c.data = binary.AppendUvarint(c.data, uint64(n))
		return n
	}
	v, size := binary.Uvarint(c.data)
	if size <= 0 || v > 1<<30 {
		c.bad, c.data = true, nil
		return 0
	}
	c.data = c.data[size:]
	return int(v)
}

func (c *coder) flag(b *bool) {
	n := 0
	if *b {
		n = 1
	}
	n = c.number(n)
	if c.reading {
		*b = n != 0
	}
}

func (c *coder) index(i *int) {
	n := c.number(*i)
	if c.reading {
		*i = n
	}
}

func (c *coder) text(s *string) {
	n := c.number(len(*s))
	if !c.reading {
		c.data = append(c.data, *s...)
		return
	}
	if n > len(c.data) {
		c.bad, c.data = true, nil
		return
	}
	*s, c.data = string(c.data[:n]), c.data[n:]
}

// small is for the enumerations, whose last value is known.
func small[T ~uint8](c *coder, v *T, last T) {
	n := c.number(int(*v))
	if n > int(last) {
		c.bad, n = true, 0
	}
	if c.reading { // what is being written may be read elsewhere at the same time
		*v = T(n)
	}
}

func list[T any](c *coder, items *[]T, each func(*coder, *T)) {
	n := c.number(len(*items))
	if !c.reading {
		for i := range *items {
			each(c, &(*items)[i])
		}
		return
	}
	for range n {
		if c.bad || len(c.data) == 0 { // every item takes a byte
			c.bad = true
			return
		}
		var item T
		each(c, &item)
		*items = append(*items, item)
	}
}

func (c *coder) summary(s *Summary) {
	small(c, &s.Ends, abortEnd)
	list(c, &s.Begins, (*coder).beginning)
	list(c, &s.Uses, (*coder).use)
	list(c, &s.Lent, (*coder).index)
	list(c, &s.Errors, (*coder).oneCase)
	c.flag(&s.Makes)
	c.flag(&s.MakesAll)
	c.flag(&s.Looks)
	list(c, &s.Runs, (*coder).run)
}

// withoutOpenings writes a summary but for the places of the Begins.
func (s *Summary) withoutOpenings(c *coder) {
	plain := *s
	plain.Begins = slices.Clone(s.Begins)
	for i := range plain.Begins {
		plain.Begins[i].Openings = nil
	}
	c.summary(&plain)
}

func (c *coder) beginning(b *Beginning) {
	list(c, &b.Cases, (*coder).oneCase)
	list(c, &b.Openings, (*coder).opening)
	c.text(&b.ErrField)
	c.text((*string)(&b.Level))
	c.flag(&b.Chosen)
	has := b.Ctx != nil
	if c.flag(&has); has {
		if b.Ctx == nil {
			b.Ctx = new(Spot)
		}
		c.spot(b.Ctx)
	}
}

func (c *coder) opening(o *Opening) {
	c.text(&o.Call)
	c.text(&o.File)
	c.index(&o.Line)
	c.index(&o.Column)
	c.index(&o.Width)
}

func (c *coder) use(u *Use) {
	c.spot(&u.At)
	list(c, &u.Cases, (*coder).oneCase)
	small(c, &u.Undoes, undoesMaybe)
	c.flag(&u.Repeats)
	c.flag(&u.Renews)
}

func (c *coder) run(r *Run) {
	c.index(&r.Param)
	c.flag(&r.Once)
	c.flag(&r.Returned)
	c.flag(&r.Fails)
	c.flag(&r.Works)
}

func (c *coder) oneCase(k *Case) {
	list(c, &k.When, (*coder).cond)
	list(c, &k.Then, (*coder).cond)
	small(c, &k.Tx, unknown)
	list(c, &k.Holds, (*coder).hold)
	list(c, &k.Untold, (*coder).index)
}

func (c *coder) spot(s *Spot) {
	c.flag(&s.Result)
	c.index(&s.Index)
	c.text(&s.Path)
}

func (c *coder) cond(k *Cond) {
	c.spot(&k.At)
	small(c, &k.Is, condType)
	switch k.Is {
	case condSame:
		c.spot(&k.Same)
	case condGlobal:
		c.text(&k.Global)
	case condConst, condOther, condAtLeast, condAtMost, condType:
		c.text(&k.Const)
	}
}

func (c *coder) hold(h *Hold) {
	c.spot(&h.At)
	if c.flag(&h.Func); h.Func {
		c.flag(&h.Undoes)
	}
}

func (c *coder) reached(r *reached) {
	c.flag(&r.Analysed)
	list(c, &r.Hidden, (*coder).hiddenType)
	list(c, &r.Ended, (*coder).text)
}

func (c *coder) hiddenType(h *hiddenType) {
	c.text(&h.Name)
	list(c, &h.Methods, (*coder).hiddenMethod)
}

func (c *coder) hiddenMethod(m *hiddenMethod) {
	c.text(&m.ID)
	c.index(&m.Shape)
	if c.flag(&m.Says); m.Says {
		c.summary(&m.Does)
	}
}

// GobEncode is how drivers write the fact.
func (s *Summary) GobEncode() ([]byte, error) {
	return encodeFact(func(c *coder) { c.summary(s) }), nil
}

// GobDecode is how drivers read the fact.
func (s *Summary) GobDecode(data []byte) error {
	*s = Summary{}
	if !decodeFact(data, func(c *coder) { c.summary(s) }) {
		*s = Summary{}
	}
	return nil
}

// GobEncode is how drivers write the fact.
func (r *reached) GobEncode() ([]byte, error) {
	return encodeFact(func(c *coder) { c.reached(r) }), nil
}

// GobDecode is how drivers read the fact.
func (r *reached) GobDecode(data []byte) error {
	*r = reached{}
	if !decodeFact(data, func(c *coder) { c.reached(r) }) {
		*r = reached{}
	}
	return nil
}

// GobEncode is how drivers write the fact.
func (*face) GobEncode() ([]byte, error) { return encodeFact(func(*coder) {}), nil }

// GobDecode is how drivers read the fact. There is nothing in it.
func (*face) GobDecode([]byte) error { return nil }

// bounded returns s or, if it is too large, what it comes to when nothing is told
// about the transactions but which may be affected.
func (s *Summary) bounded() *Summary {
	if len(encodeFact(func(c *coder) { c.summary(s) })) <= maxFact {
		return s
	}
	short := &Summary{Ends: s.Ends}
	for _, u := range s.Uses {
		short.Uses = append(short.Uses, Use{At: u.At, Cases: []Case{{Tx: unknown}}})
	}
	return short
}
