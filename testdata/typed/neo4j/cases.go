// Package neo4j holds cases of github.com/neo4j/neo4j-go-driver/v5. They need a
// server and are not run. A statement that fails ends the transaction, and so does
// the end of its session.
//
//txprobe:not-run
package neo4j

import (
	"context"
	"errors"

	"github.com/neo4j/neo4j-go-driver/v5/neo4j"
)

// Cases are the functions to judge.
type Cases struct{ driver neo4j.DriverWithContext }

var errAlone = errors.New("nobody to follow")

const follow = "MERGE (a:User {id: $a})-[:FOLLOWS]->(b:User {id: $b})"

// Follow forgets the transaction, but not when a statement fails, which ends it.
func (c Cases) Follow(ctx context.Context, session neo4j.SessionWithContext, b int) error {
	tx, err := session.BeginTransaction(ctx)
	if err != nil {
		return err
	}
	if _, err := tx.Run(ctx, follow, map[string]any{"a": 1, "b": b}); err != nil {
		return err
	}
	if b == 0 {
		return errAlone // want `return leaves transaction tx open`
	}
	return tx.Commit(ctx)
}

// FollowClosed closes it in any case (T6).
func (c Cases) FollowClosed(ctx context.Context, session neo4j.SessionWithContext, b int) error {
	tx, err := session.BeginTransaction(ctx)
	if err != nil {
		return err
	}
	defer tx.Close(ctx)
	if _, err := tx.Run(ctx, follow, map[string]any{"a": 1, "b": b}); err != nil {
		return err
	}
	if b == 0 {
		return errAlone
	}
	return tx.Commit(ctx)
}

// FollowSession ends the session that the transaction is part of.
func (c Cases) FollowSession(ctx context.Context, b int) error {
	session := c.driver.NewSession(ctx, neo4j.SessionConfig{})
	defer session.Close(ctx)
	tx, err := session.BeginTransaction(ctx)
	if err != nil {
		return err
	}
	if b == 0 {
		return errAlone
	}
	return tx.Commit(ctx)
}

// FollowOther ends another one.
func (c Cases) FollowOther(ctx context.Context, session neo4j.SessionWithContext, b int) error {
	other := c.driver.NewSession(ctx, neo4j.SessionConfig{})
	defer other.Close(ctx)
	tx, err := session.BeginTransaction(ctx)
	if err != nil {
		return err
	}
	if b == 0 {
		return errAlone // want `return leaves transaction tx open`
	}
	return tx.Commit(ctx)
}

// FollowManaged leaves the end to the driver (T7).
func (c Cases) FollowManaged(ctx context.Context, session neo4j.SessionWithContext, b int) error {
	_, err := session.ExecuteWrite(ctx, func(tx neo4j.ManagedTransaction) (any, error) {
		if b == 0 {
			return nil, errAlone
		}
		return tx.Run(ctx, follow, map[string]any{"a": 1, "b": b})
	})
	return err
}

// FollowInside begins on another session inside of it.
func (c Cases) FollowInside(ctx context.Context, session, other neo4j.SessionWithContext) error {
	_, err := session.ExecuteRead(ctx, func(tx neo4j.ManagedTransaction) (any, error) {
		log, err := other.BeginTransaction(ctx)
		if err != nil {
			return nil, err
		}
		res, err := tx.Run(ctx, "MATCH (a) RETURN a", nil)
		if err != nil {
			return nil, err // want `return leaves transaction log open`
		}
		return res, log.Commit(ctx)
	})
	return err
}

// FollowRead looks at the result and returns while the transaction is open.
func (c Cases) FollowRead(ctx context.Context, session neo4j.SessionWithContext) (n int, err error) {
	tx, err := session.BeginTransaction(ctx)
	if err != nil {
		return 0, err
	}
	res, err := tx.Run(ctx, "MATCH (a) RETURN a", nil)
	if err != nil {
		return 0, err
	}
	for res.Next(ctx) {
		n++
	}
	if err := res.Err(); err != nil {
		return 0, err // want `return leaves transaction tx open`
	}
	return n, tx.Rollback(ctx)
}

// FollowEach ends each before the next one.
func (c Cases) FollowEach(ctx context.Context, session neo4j.SessionWithContext, ids []int) error {
	for _, id := range ids {
		tx, err := session.BeginTransaction(ctx)
		if err != nil {
			return err
		}
		if _, err := tx.Run(ctx, follow, map[string]any{"a": id, "b": 1}); err != nil {
			continue
		}
		if err := tx.Commit(ctx); err != nil {
			return err
		}
	}
	return nil
}
