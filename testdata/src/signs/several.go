package signs

// Several are errors that are one.
type Several struct{ all []error }

func (s *Several) Error() string { return "several" } // not reached

// ErrorOrNil is nil where there are none.
func (s *Several) ErrorOrNil() error {
	if s == nil || len(s.all) == 0 {
		return nil
	}
	return s
}

// Add adds one to those that there are.
func Add(s *Several, err error) *Several {
	if s == nil {
		s = &Several{}
	}
	s.all = append(s.all, err)
	return s
}
