package gorm

import (
	"context"
	"net/http"
	"net/http/httptest"

	"gorm.io/gorm"
)

// Derived ends the transaction through a handle made of it.
func (c Cases) Derived(ctx context.Context) error {
	tx := c.db.Begin()
	if tx.Error != nil {
		return tx.Error
	}
	q := tx.Session(&gorm.Session{NewDB: true}).WithContext(ctx)
	if err := q.Exec("DELETE FROM orders").Error; err != nil {
		q.Rollback()
		return err
	}
	return q.Commit().Error
}

// DerivedForgotten derives a handle and leaves it.
func (c Cases) DerivedForgotten(ctx context.Context) error {
	tx := c.db.Begin()
	if tx.Error != nil {
		return tx.Error
	}
	q := tx.WithContext(ctx)
	if err := q.Exec("DELETE FROM orders").Error; err != nil {
		return err // want `return leaves transaction tx open`
	}
	return q.Commit().Error
}

// Reassigned chains on the variable itself, as old code does.
func (c Cases) Reassigned() error {
	tx := c.db.Begin()
	if tx.Error != nil {
		return tx.Error
	}
	tx = tx.Exec("DELETE FROM orders")
	if tx.Error != nil {
		tx.Rollback()
		return tx.Error
	}
	return tx.Commit().Error
}

// CancelledBefore begins with a context that it cancels on its way out.
func (c Cases) CancelledBefore(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	tx := c.db.WithContext(ctx).Begin()
	if tx.Error != nil {
		return tx.Error
	}
	if err := tx.Exec("DELETE FROM orders").Error; err != nil {
		return err
	}
	return tx.Commit().Error
}

// CancelledBySession sets the context on the handle.
func (c Cases) CancelledBySession(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	db := c.db.WithContext(ctx)
	tx := db.Begin()
	if tx.Error != nil {
		return tx.Error
	}
	if err := tx.Exec("DELETE FROM orders").Error; err != nil {
		return err
	}
	return tx.Commit().Error
}

// CancelledByOptions sets it in the options of a session.
func (c Cases) CancelledByOptions(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	tx := c.db.Session(&gorm.Session{NewDB: true, Context: ctx}).Begin()
	if tx.Error != nil {
		return tx.Error
	}
	if err := tx.Exec("DELETE FROM orders").Error; err != nil {
		return err
	}
	return tx.Commit().Error
}

// CancelledByOther sets no context in the options, and another one before.
func (c Cases) CancelledByOther(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	db := c.db.WithContext(ctx).Session(&gorm.Session{PrepareStmt: false})
	tx := db.Begin()
	if tx.Error != nil {
		return tx.Error
	}
	if err := tx.Exec("DELETE FROM orders").Error; err != nil {
		return err
	}
	return tx.Commit().Error
}

// NotCancelledByOptions sets none that anybody cancels.
func (c Cases) NotCancelledByOptions(ctx context.Context) error {
	tx := c.db.Session(&gorm.Session{Context: context.WithoutCancel(ctx)}).Begin()
	if tx.Error != nil {
		return tx.Error
	}
	if err := tx.Exec("DELETE FROM orders").Error; err != nil {
		return err // want `return leaves transaction tx open`
	}
	return tx.Commit().Error
}

// Served has the context of a request, which the server cancels in the end.
func (c Cases) Served() error {
	r := httptest.NewRequest(http.MethodPost, "/orders", nil)
	db := c.db.Session(&gorm.Session{Context: r.Context()})
	tx := db.Where("paid = ?", true).Begin()
	if tx.Error != nil {
		return tx.Error
	}
	if err := tx.Exec("DELETE FROM orders").Error; err != nil {
		return err // want `return leaves transaction tx open: .* when err != nil; it is rolled back silently when its context is cancelled`
	}
	return tx.Commit().Error
}

// CancelledAfter sets the context when it is too late for the transaction.
func (c Cases) CancelledAfter(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	tx := c.db.Begin().WithContext(ctx)
	if tx.Error != nil {
		return tx.Error
	}
	if err := tx.Exec("DELETE FROM orders").Error; err != nil {
		return err // want `return leaves transaction tx open`
	}
	return tx.Commit().Error
}

// OldError begins on a handle that carries the error of a query: Begin opens a
// transaction all the same, and shows that error.
func (c Cases) OldError() error {
	db := c.db.Exec("DELETE FROM orders")
	tx := db.Begin()
	if tx.Error != nil {
		return tx.Error // want `return leaves transaction tx open`
	}
	return tx.Commit().Error
}

// OldErrorChecked looks at that error first.
func (c Cases) OldErrorChecked() error {
	db := c.db.Exec("DELETE FROM orders")
	if db.Error != nil {
		return db.Error
	}
	tx := db.Begin()
	if tx.Error != nil {
		return tx.Error
	}
	return tx.Commit().Error
}

// OldErrorDeferred rolls back whatever the error is.
func (c Cases) OldErrorDeferred() error {
	db := c.db.Exec("DELETE FROM orders")
	tx := db.Begin()
	defer tx.Rollback()
	if tx.Error != nil {
		return tx.Error
	}
	return tx.Commit().Error
}

// Inside begins on a transaction, which fails; the result is the outer one.
func (c Cases) Inside() error {
	tx := c.db.Begin()
	if tx.Error != nil {
		return tx.Error
	}
	inner := tx.Begin()
	if inner.Error != nil {
		inner.Rollback()
		return inner.Error
	}
	return tx.Commit().Error // not reached
}

// repo is what services use.
type repo struct{ db *gorm.DB }

func (r repo) withTx(tx *gorm.DB) repo { return repo{tx} }

func (r repo) empty() error { return r.db.Where("count = 0").Delete(&Order{}).Error }

// Repository lends the transaction to a repository.
func (c Cases) Repository() error {
	orders := repo{c.db}
	tx := orders.db.Begin()
	if tx.Error != nil {
		return tx.Error
	}
	if err := orders.withTx(tx).empty(); err != nil {
		return err // want `return leaves transaction tx open`
	}
	return tx.Commit().Error
}

// RepositoryEnds rolls back after it.
func (c Cases) RepositoryEnds() error {
	orders := repo{c.db}
	tx := orders.db.Begin()
	if tx.Error != nil {
		return tx.Error
	}
	if err := orders.withTx(tx).empty(); err != nil {
		tx.Rollback()
		return err
	}
	return tx.Commit().Error
}

// begin hands the transaction to its caller.
func (c Cases) begin(ctx context.Context) (*gorm.DB, error) {
	tx := c.db.WithContext(ctx).Begin()
	if tx.Error != nil {
		return nil, tx.Error
	}
	return tx, nil
}

// Begun takes it from there and forgets it.
func (c Cases) Begun(ctx context.Context) error {
	tx, err := c.begin(ctx)
	if err != nil {
		return err
	}
	if c.p.Choose() {
		return errNone // want `return leaves transaction tx open`
	}
	return tx.Commit().Error
}

// BegunEnds takes it from there.
func (c Cases) BegunEnds(ctx context.Context) (*gorm.DB, error) {
	tx, err := c.begin(ctx)
	if err != nil {
		return nil, err
	}
	if c.p.Choose() {
		return tx, tx.Exec("DELETE FROM orders").Error
	}
	return nil, tx.Commit().Error
}

// remove returns the handle, as gorm's own methods do: a rollback that came behind the
// commit would leave its error in there.
func (c Cases) remove(item string) *gorm.DB {
	tx := c.db.Begin()
	if tx.Error != nil {
		return tx
	}
	if item == "" {
		return c.db // want `return leaves transaction tx open`
	}
	if res := tx.Where("item = ?", item).Delete(&Order{}); res.Error != nil {
		tx.Rollback()
		return res
	}
	return tx.Commit()
}

// Removed looks at the error of the handle.
func (c Cases) Removed(item string) error { return c.remove(item).Error }

// removeCounted tells as well how many there were.
func (c Cases) removeCounted(item string) (int64, *gorm.DB) {
	tx := c.db.Begin()
	if tx.Error != nil {
		return 0, tx
	}
	res := tx.Where("item = ?", item).Delete(&Order{})
	if res.Error != nil {
		tx.Rollback()
		return 0, res
	}
	if res.RowsAffected == 0 {
		return 0, c.db // want `return leaves transaction tx open`
	}
	return res.RowsAffected, tx.Commit()
}

// RemovedCounted looks at the error of the handle.
func (c Cases) RemovedCounted(item string) error {
	_, res := c.removeCounted(item)
	return res.Error
}

// removeEnds rolls back by hand.
func (c Cases) removeEnds(item string) *gorm.DB {
	tx := c.db.Begin()
	if tx.Error != nil {
		return tx
	}
	if res := tx.Where("item = ?", item).Delete(&Order{}); res.Error != nil || res.RowsAffected == 0 {
		tx.Rollback()
		return res
	}
	return tx.Commit()
}

// RemovedEnds looks at the error of the handle.
func (c Cases) RemovedEnds(item string) error { return c.removeEnds(item).Error }
