// Package terms has the terms that work is done on. It knows no database.
package terms

// Terms are what somebody has agreed to.
type Terms struct {
	Atomic bool
	warned map[string]bool
	left   int
}

// Read returns terms.
func Read(atomic bool) *Terms { return &Terms{Atomic: atomic, warned: make(map[string]bool), left: 1} }

// Whole reports whether all of the work is done, or nothing.
func (t *Terms) Whole() bool { return t.Atomic }

// Warn notes that something was said.
func (t *Terms) Warn(what string) { t.warned[what] = true }

// Allow reports whether one more may be done.
func (t *Terms) Allow() bool {
	if t.left == 0 {
		return false
	}
	t.left--
	return true
}
