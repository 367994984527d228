// Package mongov2 holds cases of go.mongodb.org/mongo-driver/v2, in which a session
// is a pointer to a struct and callbacks get a plain context. They need a server and
// are not run.
//
//txprobe:not-run
package mongov2

import (
	"context"
	"fmt"

	"go.mongodb.org/mongo-driver/v2/bson"
	"go.mongodb.org/mongo-driver/v2/mongo"
)

// Cases are the functions to judge.
type Cases struct {
	client *mongo.Client
	orders *mongo.Collection
}

func (c Cases) place(ctx context.Context, item string) error {
	if _, err := c.orders.InsertOne(ctx, bson.M{"item": item}); err != nil {
		return fmt.Errorf("place: %w", err)
	}
	return nil
}

// Place ends the session only if all went well (T3).
func (c Cases) Place(ctx context.Context, item string) error {
	sess, err := c.client.StartSession()
	if err != nil {
		return err
	}
	if err := c.place(mongo.NewSessionContext(ctx, sess), item); err != nil {
		return err // want `return leaves session sess open`
	}
	sess.EndSession(ctx)
	return nil
}

// Context returns the session inside a context (T10).
func (c Cases) Context(ctx context.Context) (context.Context, error) {
	sess, err := c.client.StartSession()
	if err != nil {
		return nil, err
	}
	return mongo.NewSessionContext(ctx, sess), nil
}

// PlaceDeferred ends it in any case (T6).
func (c Cases) PlaceDeferred(ctx context.Context, item string) error {
	sess, err := c.client.StartSession()
	if err != nil {
		return err
	}
	defer sess.EndSession(context.WithoutCancel(ctx))
	_, err = sess.WithTransaction(ctx, func(ctx context.Context) (any, error) {
		return nil, c.place(ctx, item)
	})
	return err
}

// PlaceOne has the session in a callback, and the transaction in its hands (T7).
func (c Cases) PlaceOne(ctx context.Context, item string) error {
	return c.client.UseSession(ctx, func(ctx context.Context) error {
		sess := mongo.SessionFromContext(ctx)
		if err := sess.StartTransaction(); err != nil {
			return err
		}
		if err := c.place(ctx, item); err != nil {
			return err
		}
		return sess.CommitTransaction(ctx)
	})
}

// PlaceEach has one session for all, and a transaction for each.
func (c Cases) PlaceEach(ctx context.Context, sess *mongo.Session, items []string) error {
	for _, item := range items {
		if err := sess.StartTransaction(); err != nil {
			return err
		}
		if err := c.place(mongo.NewSessionContext(ctx, sess), item); err != nil {
			return err // want `return leaves transaction sess open`
		}
		if err := sess.CommitTransaction(ctx); err != nil {
			_ = sess.AbortTransaction(ctx)
			return err
		}
	}
	return nil
}

// PlaceEachAborted aborts what failed.
func (c Cases) PlaceEachAborted(ctx context.Context, sess *mongo.Session, items []string) error {
	for _, item := range items {
		if err := sess.StartTransaction(); err != nil {
			return err
		}
		err := c.place(mongo.NewSessionContext(ctx, sess), item)
		if err == nil {
			err = sess.CommitTransaction(ctx)
		}
		if err != nil {
			return fmt.Errorf("%w, abort: %v", err, sess.AbortTransaction(ctx))
		}
	}
	return nil
}

// unit is a session with its transaction.
type unit struct{ sess *mongo.Session }

// Unit hands both to its caller, inside a struct (T10).
func (c Cases) Unit(ctx context.Context) (*unit, error) {
	sess, err := c.client.StartSession()
	if err != nil {
		return nil, err
	}
	if err := sess.StartTransaction(); err != nil {
		sess.EndSession(ctx)
		return nil, err
	}
	return &unit{sess}, nil
}

func (u *unit) close(ctx context.Context) { u.sess.EndSession(ctx) }

// Use closes it.
func (c Cases) Use(ctx context.Context) error {
	u, err := c.Unit(ctx)
	if err != nil {
		return err
	}
	defer u.close(ctx)
	if err := c.place(mongo.NewSessionContext(ctx, u.sess), "bolt"); err != nil {
		return err
	}
	return u.sess.CommitTransaction(ctx)
}

// UseEarly closes it too late (T8).
func (c Cases) UseEarly(ctx context.Context, item string) error {
	sess, err := c.client.StartSession()
	if err != nil {
		return err
	}
	if item == "" {
		return nil // want `return leaves session sess open`
	}
	u := &unit{sess}
	defer u.close(ctx)
	return c.place(ctx, item)
}

// Again starts a second session under the name of the first.
func (c Cases) Again(ctx context.Context) error {
	sess, err := c.client.StartSession()
	if err != nil {
		return err
	}
	sess.EndSession(ctx)
	if sess, err = c.client.StartSession(); err != nil {
		return err
	}
	if err := c.place(mongo.NewSessionContext(ctx, sess), "nut"); err != nil {
		return err // want `return leaves session sess open`
	}
	sess.EndSession(ctx)
	return nil
}

// AbortRunning asks the session whether there is something to abort (T2).
func (c Cases) AbortRunning(ctx context.Context, sess *mongo.Session, item string) error {
	if err := sess.StartTransaction(); err != nil {
		return err
	}
	defer func() {
		if sess.TransactionRunning() {
			_ = sess.AbortTransaction(ctx)
		}
	}()
	if err := c.place(mongo.NewSessionContext(ctx, sess), item); err != nil {
		return err
	}
	return sess.CommitTransaction(ctx)
}

// AbortOther has the question the wrong way round.
func (c Cases) AbortOther(ctx context.Context, sess *mongo.Session, item string) error {
	if err := sess.StartTransaction(); err != nil {
		return err
	}
	err := c.place(mongo.NewSessionContext(ctx, sess), item)
	if err == nil {
		err = sess.CommitTransaction(ctx)
	}
	if !sess.TransactionRunning() {
		_ = sess.AbortTransaction(ctx)
	}
	return err // want `return leaves transaction sess open`
}

// commit tries until it is known what became of it.
func (c Cases) commit(ctx context.Context) error {
	sess := mongo.SessionFromContext(ctx)
	for {
		err := sess.CommitTransaction(ctx)
		if !mongo.IsTimeout(err) {
			return err
		}
	}
}

// CommitBelow commits through the context alone (T12).
func (c Cases) CommitBelow(ctx context.Context, item string) error {
	sess := mongo.SessionFromContext(ctx)
	if err := sess.StartTransaction(); err != nil {
		return err
	}
	if err := c.place(ctx, item); err != nil {
		_ = mongo.SessionFromContext(ctx).AbortTransaction(ctx)
		return err
	}
	return c.commit(ctx)
}

// PlaceBelow forgets what it began in the session of a context.
func (c Cases) PlaceBelow(ctx context.Context, item string) error {
	sess := mongo.SessionFromContext(ctx)
	if err := sess.StartTransaction(); err != nil {
		return err
	}
	if err := c.place(ctx, item); err != nil {
		return err // want `return leaves transaction sess open`
	}
	return c.commit(ctx)
}

// PlaceForgotten ends neither the session nor its transaction: one call ends both.
func (c Cases) PlaceForgotten(ctx context.Context, item string) error {
	sess, err := c.client.StartSession()
	if err != nil {
		return err
	}
	if err := sess.StartTransaction(); err != nil {
		return err // want `return leaves session sess open`
	}
	if err := c.place(mongo.NewSessionContext(ctx, sess), item); err != nil {
		return err // want `return leaves session sess open` `return leaves transaction sess open`
	}
	return sess.CommitTransaction(ctx) // want `return leaves session sess open`
}
