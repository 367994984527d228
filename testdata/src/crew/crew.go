// Package crew keeps a load behind an interface in a field of its own.
package crew

import (
	"context"
	"database/sql"

	"txcases/pier"
)

// A Crew works on a load.
type Crew struct {
	load  pier.Load
	hands int
}

// Hire begins a load.
func Hire(ctx context.Context, db *sql.DB) (*Crew, error) {
	load, err := pier.NewPier(db).Land(ctx)
	if err != nil {
		return nil, err
	}
	return &Crew{load: load, hands: 2}, nil
}

// Carry puts something.
func (c *Crew) Carry(ctx context.Context, name string) error {
	c.hands--
	return c.load.Put(ctx, name)
}

// PayOff ends the load.
func (c *Crew) PayOff(err error) error { return c.load.Done(err) }

// A Gang is a crew with a name.
type Gang struct {
	*Crew
	Name string
}

// Gather begins a load.
func Gather(ctx context.Context, db *sql.DB, name string) (*Gang, error) {
	crew, err := Hire(ctx, db)
	if err != nil {
		return nil, err
	}
	return &Gang{Crew: crew, Name: name}, nil
}
