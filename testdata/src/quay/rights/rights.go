// Package rights has what ships may do. It knows no database.
package rights

import "sync/atomic"

// Tow is a right.
const Tow = 4

// A Step is one of several.
type Step struct{ Whole bool }

// Rights are somebody's.
type Rights struct {
	Flags  uint
	Labels map[string]string
	Steps  []Step
	Notes  []string
}

// Has reports whether there is such a label.
func (r *Rights) Has(label string) bool {
	_, ok := r.Labels[label]
	return ok
}

// May reports whether a flag is set.
func (r Rights) May(flag uint) bool { return r.Flags&flag != 0 }

// First reports whether the first step is whole.
func (r *Rights) First() bool { return len(r.Steps) > 0 && r.Steps[0].Whole }

// Whole reports whether any step is.
func (r *Rights) Whole() bool {
	for _, s := range r.Steps {
		if s.Whole {
			return true
		}
	}
	return false
}

// Noted reports whether there are notes.
func (r *Rights) Noted() bool { return len(r.Notes) > 0 }

// Count counts the notes.
func Count(r *Rights) int { return len(r.Notes) }

// Strip takes a label away.
func (r *Rights) Strip(label string) { delete(r.Labels, label) }

// A Request is one for rights.
type Request interface {
	Whole() bool
}

// A Stay is a request.
type Stay struct{ All bool }

// Whole tells.
func (s *Stay) Whole() bool { return s.All }

// A Visit is a request.
type Visit struct{ Ship string }

// Whole tells.
func (v *Visit) Whole() bool { return v.Ship != "" }

// Tie puts a label on.
func (r *Rights) Tie(label string) { r.Labels[label] = "yes" }

// A Permit is one that can be taken back at any time.
type Permit struct {
	valid atomic.Bool
	asked atomic.Int32
}

// NewPermit issues one.
func NewPermit(valid bool) *Permit {
	p := &Permit{}
	p.valid.Store(valid)
	return p
}

// Valid reports whether it is.
func (p *Permit) Valid() bool { return p.valid.Load() }

// Ask counts, and takes it back.
func (p *Permit) Ask() {
	if p.asked.Add(1) > 1 {
		p.valid.Store(false)
	}
}
