// Package foreman pays crews off, and knows nothing of what they have.
package foreman

import (
	"context"
	"log"

	"txcases/crew"
)

// Settle pays off, whichever way it went.
func Settle(c *crew.Crew, err *error) { *err = c.PayOff(*err) }

// Look only looks.
func Look(ctx context.Context, c *crew.Crew) error {
	log.Print("looking")
	return c.Carry(ctx, "rope")
}
