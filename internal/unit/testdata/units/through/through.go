// Package through reaches package store through embed alone.
package through

import (
	"context"

	"units/alias"
	"units/embed"
)

func Leak(ctx context.Context, s *embed.Service, stop bool) error {
	tx, err := s.Open(ctx)
	if err != nil || stop {
		return err
	}
	s.Shut(tx)
	return nil
}

func Hold(p alias.Piece) *alias.Piece { return &p }
