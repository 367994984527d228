// Package mongov1 holds cases of go.mongodb.org/mongo-driver. They need a server and
// are not run. There are two layers: a session, which wants its EndSession, and a
// transaction on it, which that aborts.
//
//txprobe:not-run
package mongov1

import (
	"context"
	"errors"

	"go.mongodb.org/mongo-driver/bson"
	"go.mongodb.org/mongo-driver/mongo"
)

// Cases are the functions to judge.
type Cases struct {
	client   *mongo.Client
	accounts *mongo.Collection
}

var errPoor = errors.New("balance too low")

func (c Cases) debit(ctx context.Context, amount int) error {
	_, err := c.accounts.UpdateByID(ctx, 1, bson.M{"$inc": bson.M{"balance": -amount}})
	return err
}

// Session forgets the session when the transaction fails (T3).
func (c Cases) Session(ctx context.Context, amount int) error {
	sess, err := c.client.StartSession()
	if err != nil {
		return err
	}
	_, err = sess.WithTransaction(ctx, func(ctx mongo.SessionContext) (any, error) {
		return nil, c.debit(ctx, amount)
	})
	if err != nil {
		return err // want `return leaves session sess open: c.client.StartSession on line \d+ is not ended when err != nil`
	}
	sess.EndSession(ctx)
	return nil
}

// SessionDeferred is the form of the documentation (T6).
func (c Cases) SessionDeferred(ctx context.Context, amount int) error {
	sess, err := c.client.StartSession()
	if err != nil {
		return err
	}
	defer sess.EndSession(ctx)
	_, err = sess.WithTransaction(ctx, func(ctx mongo.SessionContext) (any, error) {
		return nil, c.debit(ctx, amount)
	})
	return err
}

// Transaction aborts in one of two ways out; the session ends in both.
func (c Cases) Transaction(ctx context.Context, amount int) error {
	sess, err := c.client.StartSession()
	if err != nil {
		return err
	}
	defer sess.EndSession(ctx)
	if err := sess.StartTransaction(); err != nil {
		return err
	}
	if err := c.debit(mongo.NewSessionContext(ctx, sess), amount); err != nil {
		return err
	}
	return sess.CommitTransaction(ctx)
}

// Lent begins on a session that is the caller's, and forgets the transaction.
func (c Cases) Lent(ctx context.Context, sess mongo.Session, amount int) error {
	if err := sess.StartTransaction(); err != nil {
		return err
	}
	if err := c.debit(mongo.NewSessionContext(ctx, sess), amount); err != nil {
		return err // want `return leaves transaction sess open: sess.StartTransaction on line \d+ is neither committed nor rolled back when err != nil`
	}
	if amount == 0 {
		_ = sess.AbortTransaction(ctx)
		return errPoor
	}
	for {
		if err := sess.CommitTransaction(ctx); err == nil {
			return nil
		}
	}
}

// LentAborted aborts where the other forgets.
func (c Cases) LentAborted(ctx context.Context, sess mongo.Session, amount int) (err error) {
	if err = sess.StartTransaction(); err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_ = sess.AbortTransaction(ctx)
		}
	}()
	if err = c.debit(mongo.NewSessionContext(ctx, sess), amount); err != nil {
		return err
	}
	if err = sess.CommitTransaction(ctx); err != nil {
		return err
	}
	return nil
}

// CommitOnce takes a commit that failed for the end, as it is unless it timed out.
func (c Cases) CommitOnce(ctx context.Context, sess mongo.Session) error {
	if err := sess.StartTransaction(); err != nil {
		return err
	}
	if err := sess.CommitTransaction(ctx); err != nil {
		return err // limit L24 misses `return leaves transaction sess open`
	}
	return nil
}

// UseSession ends the session itself (T7).
func (c Cases) UseSession(ctx context.Context, amount int) error {
	return c.client.UseSession(ctx, func(ctx mongo.SessionContext) error {
		if err := c.debit(ctx, amount); err != nil {
			return err
		}
		return nil
	})
}

// UseSessionTwice starts another session in there.
func (c Cases) UseSessionTwice(ctx context.Context) error {
	return c.client.UseSession(ctx, func(ctx mongo.SessionContext) error {
		other, err := c.client.StartSession()
		if err != nil {
			return err
		}
		if err := c.debit(ctx, 1); err != nil {
			return err // want `return leaves session other open`
		}
		other.EndSession(ctx)
		return nil
	})
}

// start hands a session to its caller (T10).
func (c Cases) start(ctx context.Context) (mongo.Session, error) {
	sess, err := c.client.StartSession()
	if err != nil {
		return nil, err
	}
	if err := sess.StartTransaction(); err != nil {
		sess.EndSession(ctx)
		return nil, err
	}
	return sess, nil
}

// Started ends what it got.
func (c Cases) Started(ctx context.Context) error {
	sess, err := c.start(ctx)
	if err != nil {
		return err
	}
	defer sess.EndSession(ctx)
	return sess.CommitTransaction(ctx)
}
