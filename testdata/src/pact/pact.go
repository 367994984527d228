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

// A Unit is the transaction that it begins.
type Unit interface {
	Begin() error
	Commit() error
	Rollback() error
	Put(name string) error
}

// A Shop is begun on, and gives another one.
type Shop interface {
	BeginTx() (Shop, error)
	CommitTx() error
	RollbackTx() error
	Put(name string) error
}
