// Package ticket knows of no transactions.
package ticket

// A Ticket has in it what whoever made it wants.
type Ticket struct{ handle any }

// For makes a ticket for what is in it.
func For(handle any) Ticket { return Ticket{handle} }

// Handle yields what is in it.
func (t Ticket) Handle() any { return t.handle }
