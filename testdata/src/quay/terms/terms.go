// Package terms has the terms that work is done on. It knows no database.
package terms

// Terms are what somebody has agreed to.
type Terms struct {
	Atomic bool
	warned map[string]bool
}

// Read returns terms.
func Read(atomic bool) *Terms { return &Terms{Atomic: atomic, warned: make(map[string]bool)} }

// Whole reports whether all of the work is done, or nothing.
func (t *Terms) Whole() bool { return t.Atomic }

// Warn notes that something was said.
func (t *Terms) Warn(what string) { t.warned[what] = true }
