package beegov2

import (
	"context"
	"database/sql"
	"errors"

	"github.com/beego/beego/v2/client/orm"
)

// Place forgets the rollback after its insert.
func (c Cases) Place() error {
	tx, err := orm.NewOrm().Begin()
	if err != nil {
		return err
	}
	if _, err = tx.Insert(&Order{Item: "tea"}); err != nil {
		return err // want `return leaves transaction tx open`
	}
	return tx.Commit()
}

// PlaceMended rolls back.
func (c Cases) PlaceMended() error {
	tx, err := orm.NewOrm().Begin()
	if err != nil {
		return err
	}
	if _, err = tx.Insert(&Order{Item: "tea"}); err != nil {
		return errors.Join(err, tx.Rollback())
	}
	return tx.Commit()
}

// PlaceUnlessCommit defers the rollback that beego has for this.
func (c Cases) PlaceUnlessCommit() error {
	o := orm.NewOrm()
	tx, err := o.Begin()
	if err != nil {
		return err
	}
	defer tx.RollbackUnlessCommit()
	if _, err = tx.Insert(&Order{Item: "tea"}); err != nil {
		return err
	}
	return tx.Commit()
}

// UnlessCommitTooLate defers it after the first way out.
func (c Cases) UnlessCommitTooLate() error {
	o := orm.NewOrm()
	tx, err := o.Begin()
	if err != nil {
		return err
	}
	if _, err = tx.Insert(&Order{Item: "tea"}); err != nil {
		return err // want `return leaves transaction tx open`
	}
	defer tx.RollbackUnlessCommit()
	if _, err = tx.Insert(&Order{Item: "milk"}); err != nil {
		return err
	}
	return tx.Commit()
}

// WithCtx begins with a context.
func (c Cases) WithCtx(ctx context.Context) error {
	tx, err := orm.NewOrm().BeginWithCtx(ctx)
	if err != nil {
		return err
	}
	if _, err := tx.UpdateWithCtx(ctx, &Order{Id: 1}, "Count"); err != nil {
		return err // want `return leaves transaction tx open`
	}
	return tx.Commit()
}

// WithCtxEnds ends it.
func (c Cases) WithCtxEnds(ctx context.Context) error {
	tx, err := orm.NewOrm().BeginWithCtx(ctx)
	if err != nil {
		return err
	}
	if _, err := tx.UpdateWithCtx(ctx, &Order{Id: 1}, "Count"); err != nil {
		_ = tx.Rollback()
		return err
	}
	return tx.Commit()
}

// WithCtxCancelled cancels the context on return.
func (c Cases) WithCtxCancelled(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	tx, err := orm.NewOrm().BeginWithCtx(ctx)
	if err != nil {
		return err
	}
	if _, err := tx.UpdateWithCtx(ctx, &Order{Id: 1}, "Count"); err != nil {
		return err
	}
	return tx.Commit()
}

// WithOpts begins with options.
func (c Cases) WithOpts() error {
	tx, err := orm.NewOrm().BeginWithOpts(&sql.TxOptions{ReadOnly: true})
	if err != nil {
		return err
	}
	var count int
	if err := tx.Raw("SELECT count FROM `order` WHERE id = 1").QueryRow(&count); err != nil {
		_ = tx.Rollback()
		return err
	}
	if count == 0 {
		return errCount // want `return leaves transaction tx open`
	}
	return tx.Commit()
}

// WithOptsEnds rolls back.
func (c Cases) WithOptsEnds() error {
	tx, err := orm.NewOrm().BeginWithOpts(&sql.TxOptions{ReadOnly: true})
	if err != nil {
		return err
	}
	var count int
	if err := tx.Raw("SELECT count FROM `order` WHERE id = 1").QueryRow(&count); err != nil {
		_ = tx.Rollback()
		return err
	}
	if count == 0 {
		_ = tx.Rollback()
		return errCount
	}
	return tx.Commit()
}

// WithBoth begins with both and returns nil too soon.
func (c Cases) WithBoth(ctx context.Context) (err error) {
	tx, err := orm.NewOrm().BeginWithCtxAndOpts(ctx, nil)
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_ = tx.Rollback()
		}
	}()
	n, err := tx.DeleteWithCtx(ctx, &Order{Id: 1})
	if err != nil {
		return err
	}
	if n == 0 {
		return nil // want `return leaves transaction tx open`
	}
	return tx.Commit()
}

// WithBothEnds commits in the deferred function.
func (c Cases) WithBothEnds(ctx context.Context) (err error) {
	tx, err := orm.NewOrm().BeginWithCtxAndOpts(ctx, nil)
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			_ = tx.Rollback()
		} else {
			err = tx.Commit()
		}
	}()
	n, err := tx.DeleteWithCtx(ctx, &Order{Id: 1})
	if err != nil {
		return err
	}
	if n == 0 {
		return nil
	}
	return nil
}

// Managed leaves all of it to the library.
func (c Cases) Managed() error {
	return orm.NewOrm().DoTx(func(ctx context.Context, tx orm.TxOrmer) error {
		if _, err := tx.InsertWithCtx(ctx, &Order{Item: "tea"}); err != nil {
			return err
		}
		return nil
	})
}

// ManagedInside begins another one inside.
func (c Cases) ManagedInside() error {
	o := orm.NewOrm()
	return o.DoTxWithOpts(nil, func(ctx context.Context, tx orm.TxOrmer) error {
		audit, err := o.BeginWithCtx(ctx)
		if err != nil {
			return err
		}
		if _, err := audit.Raw("INSERT INTO audit (what) VALUES ('order')").Exec(); err != nil {
			return err // want `return leaves transaction audit open`
		}
		return audit.Commit()
	})
}

// Given begins on the ormer of its caller.
func (c Cases) Given() error {
	return c.take(orm.NewOrm(), &Order{Item: "tea"})
}

func (c Cases) take(o orm.Ormer, order *Order) error {
	tx, err := o.Begin()
	if err != nil {
		return err
	}
	if _, err := tx.Insert(order); err != nil {
		_ = tx.Rollback()
		return err
	}
	if order.Count == 0 {
		return errCount // want `return leaves transaction tx open`
	}
	return tx.Commit() // not reached
}

// UsedAsExecutor lends the handle under the type that cannot end it.
func (c Cases) UsedAsExecutor() error {
	tx, err := orm.NewOrm().Begin()
	if err != nil {
		return err
	}
	if err := store(tx, "tea"); err != nil {
		return err // want `return leaves transaction tx open`
	}
	return tx.Commit()
}

// UsedAsExecutorEnds takes it back.
func (c Cases) UsedAsExecutorEnds() error {
	tx, err := orm.NewOrm().Begin()
	if err != nil {
		return err
	}
	if err := store(tx, "tea"); err != nil {
		_ = tx.RollbackUnlessCommit()
		return err
	}
	return tx.Commit()
}

// store writes one order.
func store(db orm.DML, item string) error {
	_, err := db.Insert(&Order{Item: item})
	return err
}

// Discarded throws the handle away.
func (c Cases) Discarded() error {
	o := orm.NewOrm()
	_, err := o.Begin() // want `discarding leaves the transaction of .*Begin open`
	return err
}

// Handed gives it to its caller.
func (c Cases) Handed(ctx context.Context) (orm.TxOrmer, error) {
	return orm.NewOrm().BeginWithCtx(ctx)
}
