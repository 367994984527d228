// Package pact declares what a program asks of its storage; it imports no library of
// transactions.
package pact

// A Tx is a transaction.
type Tx interface {
	Commit() error
	Rollback() error
	Put(name string) error
}

// A Storage begins transactions.
type Storage interface{ Begin() (Tx, error) }
