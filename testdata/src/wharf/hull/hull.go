// Package hull has the ships that are known by their interfaces only.
package hull

import (
	"context"
	"database/sql"

	"txcases/wharf"
)

type ship struct{ db *sql.DB }

// NewShip returns a ship.
func NewShip(db *sql.DB) wharf.Ship { return &ship{db} }

// NewBarge returns a barge.
func NewBarge(db *sql.DB) wharf.Barge { return &ship{db} }

func (s *ship) Begin(ctx context.Context) (wharf.Hold, error) { return s.BeginTx(ctx) }

func (s *ship) BeginTx(ctx context.Context) (wharf.Hold, error) {
	tx, err := s.db.BeginTx(ctx, nil)
	if err != nil {
		return nil, err
	}
	return &hold{tx}, nil
}

type hold struct{ *sql.Tx }

func (h *hold) Load(ctx context.Context, what string) error {
	_, err := h.ExecContext(ctx, "INSERT INTO hold VALUES (?)", what)
	return err
}
