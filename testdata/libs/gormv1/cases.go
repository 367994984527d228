// Package gormv1 holds cases of github.com/jinzhu/gorm, the first gorm.
package gormv1

import (
	"context"
	"errors"

	"github.com/jinzhu/gorm"

	"txcases/txprobe"
)

// Cases are the functions to judge.
type Cases struct {
	p  *txprobe.Probe
	db *gorm.DB
}

// New returns the cases for one run.
func New(p *txprobe.Probe) any {
	db, err := gorm.Open("common", p.DB)
	if err != nil {
		panic(err)
	}
	return Cases{p, db.LogMode(false)}
}

var errNone = errors.New("nothing to change")

// Exec forgets the rollback.
func (c Cases) Exec() error {
	tx := c.db.Begin()
	if tx.Error != nil {
		return tx.Error
	}
	if err := tx.Exec("DELETE FROM orders").Error; err != nil {
		return err // want `return leaves transaction tx open`
	}
	return tx.Commit().Error
}

// ExecAsDocumented is the example of the documentation.
func (c Cases) ExecAsDocumented() error {
	tx := c.db.Begin()
	defer func() {
		if r := recover(); r != nil {
			tx.Rollback()
		}
	}()
	if err := tx.Error; err != nil {
		return err
	}
	if err := tx.Exec("DELETE FROM orders").Error; err != nil {
		tx.Rollback()
		return err
	}
	return tx.Commit().Error
}

// UnlessCommitted defers the rollback that gorm has for this.
func (c Cases) UnlessCommitted() error {
	tx := c.db.Begin()
	defer tx.RollbackUnlessCommitted()
	if err := tx.Exec("DELETE FROM orders").Error; err != nil {
		return err
	}
	return tx.Commit().Error
}

// NoRows leaves when nothing was changed.
func (c Cases) NoRows(ctx context.Context) error {
	tx := c.db.BeginTx(ctx, nil)
	if tx.Error != nil {
		return tx.Error
	}
	res := tx.Exec("UPDATE orders SET count = 0")
	if res.Error != nil {
		tx.Rollback()
		return res.Error
	}
	if res.RowsAffected == 0 {
		return errNone // want `return leaves transaction tx open`
	}
	return tx.Commit().Error
}

// Cancelled begins with a context that it cancels on its way out.
func (c Cases) Cancelled(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	tx := c.db.BeginTx(ctx, nil)
	if tx.Error != nil {
		return tx.Error
	}
	if c.p.Choose() {
		return errNone
	}
	return tx.Commit().Error
}

// Derived ends the transaction through a handle made of it.
func (c Cases) Derived() error {
	tx := c.db.Begin()
	if tx.Error != nil {
		return tx.Error
	}
	q := tx.Where("count = 0").Set("gorm:query_option", "FOR UPDATE")
	if c.p.Choose() {
		q.Rollback()
		return errNone
	}
	return q.Commit().Error
}

// OldError begins on a handle that carries the error of a statement.
func (c Cases) OldError() error {
	db := c.db.Exec("DELETE FROM orders")
	tx := db.Begin()
	if tx.Error != nil {
		return tx.Error // want `return leaves transaction tx open`
	}
	return tx.Commit().Error
}

// Managed leaves all of it to the library.
func (c Cases) Managed() error {
	return c.db.Transaction(func(tx *gorm.DB) error {
		return tx.Exec("DELETE FROM orders").Error
	})
}

// Given takes the transaction as a parameter; its caller ends it.
func (c Cases) Given() error {
	tx := c.db.Begin()
	if tx.Error != nil {
		return tx.Error
	}
	if err := empty(tx); err != nil {
		return err // want `return leaves transaction tx open`
	}
	return tx.Commit().Error
}

func empty(db *gorm.DB) error { return db.Exec("DELETE FROM orders").Error }
