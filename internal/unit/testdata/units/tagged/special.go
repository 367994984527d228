//go:build special

package tagged

import (
	"context"

	"units/store"
)

func begin(s *store.Store) (*store.Handle, error) { return s.Open(context.Background()) }
