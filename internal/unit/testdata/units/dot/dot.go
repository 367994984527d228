// Package dot imports without a name.
package dot

import (
	"context"
	. "units/store"
)

func Leak(ctx context.Context, s *Store, stop bool) {
	if tx, err := s.Open(ctx); err == nil && !stop {
		s.Shut(tx)
	}
}
