package plumb

import "iter"

// Firsts ranges over the first values of pairs.
func Firsts[T, U any](pairs iter.Seq2[T, U]) iter.Seq[T] {
	return func(yield func(T) bool) {
		for v := range pairs {
			if !yield(v) {
				return
			}
		}
	}
}
