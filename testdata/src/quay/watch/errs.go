package watch

// Errs gathers errors.
type Errs struct {
	list []error
}

// Add appends one, if there is one.
func (e *Errs) Add(err error) {
	if err != nil {
		e.list = append(e.list, err)
	}
}

// Len tells how many there are.
func (e *Errs) Len() int { return len(e.list) }

// Err is the first of them.
func (e *Errs) Err() error {
	if len(e.list) == 0 {
		return nil
	}
	return e.list[0]
}

// Keep stores an error for somebody else.
func Keep(first *error, err error) { *first = err }

// KeepFirst stores one if there is none yet.
func KeepFirst(first *error, err error) {
	if *first == nil {
		Keep(first, err)
	}
}
