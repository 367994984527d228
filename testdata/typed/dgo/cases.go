// Package dgo holds cases of github.com/dgraph-io/dgo. They need a server and are not
// run. The server keeps something for a transaction only after a mutation.
//
//txprobe:not-run
package dgo

import (
	"context"
	"errors"

	"github.com/dgraph-io/dgo/v240"
	"github.com/dgraph-io/dgo/v240/protos/api"
)

// Cases are the functions to judge.
type Cases struct{ client *dgo.Dgraph }

var errSubject = errors.New("no subject")

// Set forgets the Discard when there is nothing to delete, with a mutation behind it
// (T3). The mutation that fails discards.
func (c Cases) Set(ctx context.Context, quads []byte) error {
	txn := c.client.NewTxn()
	if _, err := txn.Mutate(ctx, &api.Mutation{SetNquads: quads}); err != nil {
		return err
	}
	if _, err := txn.Query(ctx, "{}"); err != nil {
		return err // want `return leaves transaction txn open: c.client.NewTxn on line \d+ is neither committed nor rolled back when err != nil; it holds no connection`
	}
	return txn.Commit(ctx)
}

// SetDeferred discards in any case (T6).
func (c Cases) SetDeferred(ctx context.Context, quads []byte) error {
	txn := c.client.NewTxn()
	defer txn.Discard(ctx)
	if _, err := txn.Mutate(ctx, &api.Mutation{SetNquads: quads}); err != nil {
		return err
	}
	return txn.Commit(ctx)
}

// Query needs no end.
func (c Cases) Query(ctx context.Context, q string) (*api.Response, error) {
	return c.client.NewReadOnlyTxn().BestEffort().Query(ctx, q)
}

// QueryOnce asks one thing, for which the server keeps nothing.
func (c Cases) QueryOnce(ctx context.Context, q string) (*api.Response, error) {
	return c.client.NewTxn().Query(ctx, q)
}

// SetNow commits by the mutation.
func (c Cases) SetNow(ctx context.Context, quads []byte) error {
	_, err := c.client.NewTxn().Mutate(ctx, &api.Mutation{SetNquads: quads, CommitNow: true})
	return err
}

// Upsert returns between query and mutation.
func (c Cases) Upsert(ctx context.Context, subject string) error {
	txn := c.client.NewTxn()
	if _, err := txn.QueryWithVars(ctx, "query q($s: string) {}", map[string]string{"$s": subject}); err != nil {
		_ = txn.Discard(ctx)
		return err
	}
	if subject == "" {
		return errSubject // want `return leaves transaction txn open`
	}
	_, err := txn.Mutate(ctx, &api.Mutation{CommitNow: true})
	if err != nil {
		_ = txn.Discard(ctx)
		return err
	}
	return txn.Commit(ctx)
}

// Retry starts a transaction per try, and leaves those that cannot be asked.
func (c Cases) Retry(ctx context.Context, quads []byte) error {
	for range 3 {
		txn := c.client.NewTxn()
		if _, err := txn.Mutate(ctx, &api.Mutation{SetNquads: quads}); err != nil {
			continue
		}
		if _, err := txn.Query(ctx, "{}"); errors.Is(err, dgo.ErrAborted) {
			continue // want `next iteration leaves transaction txn open`
		} else if err != nil {
			_ = txn.Discard(ctx)
			return err
		}
		return txn.Commit(ctx)
	}
	return dgo.ErrAborted // want `return leaves transaction txn open`
}

// RetryDiscarded discards them.
func (c Cases) RetryDiscarded(ctx context.Context, quads []byte) error {
	for range 3 {
		txn := c.client.NewTxn()
		if _, err := txn.Mutate(ctx, &api.Mutation{SetNquads: quads}); err != nil {
			_ = txn.Discard(ctx)
			continue
		}
		return txn.Commit(ctx)
	}
	return dgo.ErrAborted
}

// begin hands the transaction to its caller (T10).
func (c Cases) begin() *dgo.Txn { return c.client.NewTxn() }

// Helper discards what it got.
func (c Cases) Helper(ctx context.Context, quads []byte) error {
	txn := c.begin()
	defer func() { _ = txn.Discard(ctx) }()
	_, err := txn.Mutate(ctx, &api.Mutation{DelNquads: quads})
	return err
}

// HelperEarly does not (T8).
func (c Cases) HelperEarly(ctx context.Context, quads []byte) error {
	txn := c.begin()
	if len(quads) == 0 {
		return errSubject // want `return leaves transaction txn open`
	}
	defer txn.Discard(ctx)
	_, err := txn.Mutate(ctx, &api.Mutation{DelNquads: quads})
	return err
}
