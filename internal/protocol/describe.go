package protocol

import "slices"

// A Description tells in names what a library is known for.
type Description struct {
	*Library
	Opens, Finishes []string
}

// Describe returns what is known of each library that has transactions, the user's
// first.
func (s *Set) Describe() (all []Description) {
	files := slices.Clone(s.user)
	for _, src := range s.sources {
		if src.opens {
			files = append(files, src.parse())
		}
	}
	for _, f := range files {
		d := Description{Library: f.Library}
		for _, sym := range f.order {
			switch r := f.roles[sym]; {
			case r.Open != nil:
				d.Opens = append(d.Opens, f.written[sym].text)
			case r.Finish != nil:
				d.Finishes = append(d.Finishes, f.written[sym].text)
			}
		}
		all = append(all, d)
	}
	return all
}
