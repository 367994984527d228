// Package kit holds cases whose helpers come from another module.
package kit

import (
	"context"
	"database/sql"
	"errors"

	"othercases/txkit"

	"txcases/txprobe"
)

// Cases are the functions to judge.
type Cases struct{ p *txprobe.Probe }

// New returns the cases for one run.
func New(p *txprobe.Probe) any { return Cases{p} }

var errStale = errors.New("somebody was faster")

// Begins begins with a function of the other module.
func (c Cases) Begins(ctx context.Context) error {
	tx, err := txkit.Begin(ctx, c.p.DB)
	if err != nil {
		return err
	}
	defer txkit.Rollback(tx)
	if err := txkit.Note(ctx, tx, "begins"); err != nil {
		return err
	}
	return tx.Commit()
}

// BeginsForgets has no defer.
func (c Cases) BeginsForgets(ctx context.Context) error {
	tx, err := txkit.Begin(ctx, c.p.DB)
	if err != nil {
		return err
	}
	if err := txkit.Note(ctx, tx, "begins"); err != nil {
		return err // want `return leaves transaction tx open`
	}
	return tx.Commit()
}

// BeginsOn begins through an interface of the other module.
func (c Cases) BeginsOn(ctx context.Context) error {
	tx, err := txkit.BeginWith(ctx, c.p.DB, "SET search_path = shop")
	if err != nil {
		return err
	}
	if err := txkit.Note(ctx, tx, "begins"); err != nil {
		txkit.Rollback(tx)
		return err
	}
	return tx.Commit()
}

// BeginsOnForgets takes a stale row for no error.
func (c Cases) BeginsOnForgets(ctx context.Context) error {
	tx, err := txkit.BeginWith(ctx, c.p.DB, "SET search_path = shop")
	if err != nil {
		return err
	}
	res, err := tx.ExecContext(ctx, "UPDATE items SET n = n + 1")
	if err != nil {
		txkit.Rollback(tx)
		return err
	}
	if n, err := res.RowsAffected(); err != nil || n == 0 {
		return errStale // want `return leaves transaction tx open`
	}
	return tx.Commit()
}

// Starts defers what comes with the transaction.
func (c Cases) Starts(ctx context.Context) (err error) {
	tx, done, err := txkit.Start(ctx, c.p.DB)
	if err != nil {
		return err
	}
	defer done(&err)
	return txkit.Note(ctx, tx, "starts")
}

// StartsForgets calls it at the end only.
func (c Cases) StartsForgets(ctx context.Context) error {
	tx, done, err := txkit.Start(ctx, c.p.DB)
	if err != nil {
		return err
	}
	if err := txkit.Note(ctx, tx, "starts"); err != nil {
		return err // want `return leaves transaction tx open`
	}
	done(&err)
	return err
}

// Failed rolls back in the other module when there was an error.
func (c Cases) Failed(ctx context.Context) error {
	tx, err := c.p.DB.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	if err := txkit.Note(ctx, tx, "failed"); err != nil {
		txkit.RollbackOn(tx, err)
		return err
	}
	return tx.Commit()
}

// FailedOther shows it an error that is nil by now.
func (c Cases) FailedOther(ctx context.Context) error {
	tx, err := c.p.DB.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	if err := txkit.Note(ctx, tx, "failed"); err == nil {
		txkit.RollbackOn(tx, err)
		return errStale // want `return leaves transaction tx open`
	}
	return tx.Rollback()
}

// Well rolls back unless all went well.
func (c Cases) Well(ctx context.Context) (well bool) {
	tx, err := c.p.DB.BeginTx(ctx, nil)
	if err != nil {
		return false
	}
	defer func() { txkit.RollbackUnless(tx, well) }()
	if err := txkit.Note(ctx, tx, "well"); err != nil {
		return false
	}
	return tx.Commit() == nil
}

// WellSaid says that it went well when there was nothing to do.
func (c Cases) WellSaid(ctx context.Context) (well bool) {
	tx, err := c.p.DB.BeginTx(ctx, nil)
	if err != nil {
		return false
	}
	defer func() { txkit.RollbackUnless(tx, well) }()
	if c.p.Choose() {
		return true // want `return leaves transaction tx open`
	}
	return tx.Commit() == nil
}

// Ended has the other module read the named result at the end.
func (c Cases) Ended(ctx context.Context) (err error) {
	tx, err := c.p.DB.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer txkit.End(tx, &err)
	return txkit.Note(ctx, tx, "ended")
}

// EndedFailed has it do so only for errors, and returns them all.
func (c Cases) EndedFailed(ctx context.Context) (err error) {
	tx, err := c.p.DB.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer txkit.EndFailed(tx, &err)
	if err := txkit.Note(ctx, tx, "ended"); err != nil {
		return err
	}
	return tx.Commit()
}

// EndedFailedHides shows it a variable of its own.
func (c Cases) EndedFailedHides(ctx context.Context) error {
	tx, err := c.p.DB.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	var failure error
	defer txkit.EndFailed(tx, &failure)
	if err := txkit.Note(ctx, tx, "ended"); err != nil {
		return err // want `return leaves transaction tx open`
	}
	return tx.Commit()
}

// EndedFailedShows assigns to the variable that it shows.
func (c Cases) EndedFailedShows(ctx context.Context) error {
	tx, err := c.p.DB.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	var failure error
	defer txkit.EndFailed(tx, &failure)
	if failure = txkit.Note(ctx, tx, "ended"); failure != nil {
		return failure
	}
	return tx.Commit()
}

// Applied returns with the error of a helper that has rolled back.
func (c Cases) Applied(ctx context.Context) error {
	tx, err := c.p.DB.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	if err := txkit.Apply(ctx, tx, "DELETE FROM items WHERE n = ?", 0); err != nil {
		return err
	}
	return tx.Commit()
}

// AppliedForgets takes a note for an application.
func (c Cases) AppliedForgets(ctx context.Context) error {
	tx, err := c.p.DB.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	if err := txkit.Apply(ctx, tx, "DELETE FROM items WHERE n = ?", 0); err != nil {
		return err
	}
	if err := txkit.Note(ctx, tx, "applied"); err != nil {
		return err // want `return leaves transaction tx open`
	}
	return tx.Commit()
}

// Quiet passes a method on.
func (c Cases) Quiet(ctx context.Context) error {
	tx, err := c.p.DB.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer txkit.Quietly(tx.Rollback)
	return txkit.Note(ctx, tx, "quiet")
}

// Runs gives a function to the other module.
func (c Cases) Runs(ctx context.Context) error {
	return txkit.WithTx(ctx, c.p.DB, func(tx *sql.Tx) error {
		return txkit.Note(ctx, tx, "runs")
	})
}

// RunsTwo begins a second transaction in there.
func (c Cases) RunsTwo(ctx context.Context) error {
	return txkit.WithTx(ctx, c.p.DB, func(tx *sql.Tx) error {
		second, err := txkit.Begin(ctx, c.p.DB)
		if err != nil {
			return err
		}
		if err := txkit.Note(ctx, tx, "runs"); err != nil {
			return err // want `return leaves transaction second open`
		}
		return second.Commit()
	})
}

// Session closes what it has opened.
func (c Cases) Session(ctx context.Context) error {
	s, err := txkit.Open(ctx, c.p.DB, "session")
	if err != nil {
		return err
	}
	defer s.Close()
	if err := txkit.Note(ctx, s.Tx, s.Name); err != nil {
		return err
	}
	return s.Commit()
}

// SessionForgets flushes, which closes nothing.
func (c Cases) SessionForgets(ctx context.Context) error {
	s, err := txkit.Open(ctx, c.p.DB, "session")
	if err != nil {
		return err
	}
	defer s.Flush()
	if err := txkit.Note(ctx, s.Tx, s.Name); err != nil {
		return err // want `return leaves transaction .* open`
	}
	return s.Commit()
}

// Held releases what it holds.
func (c Cases) Held(ctx context.Context) error {
	tx, err := txkit.Begin(ctx, c.p.DB)
	if err != nil {
		return err
	}
	h := txkit.Hold(tx)
	defer h.Release()
	if err := txkit.Note(ctx, h.Use(), "held"); err != nil {
		return err
	}
	return h.Use().Commit()
}

// HeldForgets holds it and never releases it.
func (c Cases) HeldForgets(ctx context.Context) error {
	tx, err := txkit.Begin(ctx, c.p.DB)
	if err != nil {
		return err
	}
	h := txkit.Hold(tx)
	if err := txkit.Note(ctx, h.Use(), "held"); err != nil {
		return err // want `return leaves transaction tx open`
	}
	return h.Tx.Commit()
}

// StartsInner calls it while an outer transaction waits for what err is in the end.
func (c Cases) StartsInner(ctx context.Context) (err error) {
	outer, err := c.p.DB.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_ = outer.Rollback()
		}
	}()
	tx, done, err := txkit.Start(ctx, c.p.DB)
	if err != nil {
		return err
	}
	defer done(&err)
	if e := txkit.Note(ctx, tx, "inner"); e != nil {
		return e
	}
	return // want `return leaves transaction outer open`
}
