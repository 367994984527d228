// Package gorm holds cases of gorm.io/gorm: Begin returns a handle that carries its
// own error, and every handle derived from it is the same transaction.
package gorm

import (
	"errors"

	"gorm.io/gorm"
	"gorm.io/gorm/logger"
	"gorm.io/gorm/utils/tests"

	"txcases/txprobe"
)

// Cases are the functions to judge.
type Cases struct {
	p  *txprobe.Probe
	db *gorm.DB
}

// New returns the cases for one run.
func New(p *txprobe.Probe) any {
	db, err := gorm.Open(dialector{}, &gorm.Config{
		ConnPool: p.DB, Logger: logger.Discard, SkipDefaultTransaction: true, DisableAutomaticPing: true,
	})
	if err != nil {
		panic(err)
	}
	p.Owner(func(v any) bool {
		tx, ok := v.(*gorm.DB)
		if ok {
			tx.Rollback()
		}
		return ok
	})
	return Cases{p, db}
}

// A dialector speaks enough SQL, and knows savepoints.
type dialector struct{ tests.DummyDialector }

// SavePoint implements gorm.SavePointerDialectorInterface.
func (dialector) SavePoint(tx *gorm.DB, name string) error {
	return tx.Exec("SAVEPOINT " + name).Error
}

// RollbackTo implements gorm.SavePointerDialectorInterface.
func (dialector) RollbackTo(tx *gorm.DB, name string) error {
	return tx.Exec("ROLLBACK TO SAVEPOINT " + name).Error
}

// Order is a row of the table orders.
type Order struct {
	ID    uint
	Item  string
	Count int
}

var errNone = errors.New("nothing to change")

// Create forgets the rollback after its insert.
func (c Cases) Create() error {
	tx := c.db.Begin()
	if tx.Error != nil {
		return tx.Error
	}
	if err := tx.Create(&Order{Item: "tea"}).Error; err != nil {
		return err // want `return leaves transaction tx open`
	}
	return tx.Commit().Error
}

// CreateAsDocumented is the example of the documentation.
func (c Cases) CreateAsDocumented() error {
	tx := c.db.Begin()
	defer func() {
		if r := recover(); r != nil {
			tx.Rollback()
		}
	}()
	if err := tx.Error; err != nil {
		return err
	}
	if err := tx.Create(&Order{Item: "tea"}).Error; err != nil {
		tx.Rollback()
		return err
	}
	return tx.Commit().Error
}

// Unchecked never looks at the error of Begin.
func (c Cases) Unchecked() error {
	tx := c.db.Begin()
	if err := tx.Exec("DELETE FROM orders").Error; err != nil {
		return err // want `return leaves transaction tx open`
	}
	return tx.Commit().Error
}

// UncheckedDeferred needs no look at it: Rollback of a failed Begin does no harm.
func (c Cases) UncheckedDeferred() error {
	tx := c.db.Begin()
	defer tx.Rollback()
	if err := tx.Exec("DELETE FROM orders").Error; err != nil {
		return err
	}
	return tx.Commit().Error
}

// NoRows rolls back on an error, but not when nothing was changed.
func (c Cases) NoRows() error {
	tx := c.db.Begin()
	if err := tx.Error; err != nil {
		return err
	}
	res := tx.Model(&Order{}).Where("id = ?", 1).Update("count", 0)
	if res.Error != nil {
		tx.Rollback()
		return res.Error
	}
	if res.RowsAffected == 0 {
		return errNone // want `return leaves transaction tx open`
	}
	return tx.Commit().Error
}

// NoRowsEnds rolls back through the handle of the update.
func (c Cases) NoRowsEnds() error {
	tx := c.db.Begin()
	if err := tx.Error; err != nil {
		return err
	}
	res := tx.Model(&Order{}).Where("id = ?", 1).Update("count", 0)
	if res.Error != nil || res.RowsAffected == 0 {
		res.Rollback()
		return errNone
	}
	return tx.Commit().Error
}

// NamedError decides in a deferred function.
func (c Cases) NamedError() (err error) {
	tx := c.db.Begin()
	if tx.Error != nil {
		return tx.Error
	}
	defer func() {
		if err != nil {
			tx.Rollback()
		} else {
			err = tx.Commit().Error
		}
	}()
	if err = tx.Exec("DELETE FROM orders").Error; err != nil {
		return err
	}
	return nil
}

// ShadowedError decides by an error that the body shadows.
func (c Cases) ShadowedError() error {
	var err error
	tx := c.db.Begin()
	if tx.Error != nil {
		return tx.Error
	}
	defer func() {
		if err != nil {
			tx.Rollback()
		}
	}()
	if err := tx.Exec("DELETE FROM orders").Error; err != nil {
		return err // want `return leaves transaction tx open`
	}
	return tx.Commit().Error
}

// Saved rolls back to a savepoint, which ends nothing.
func (c Cases) Saved() error {
	tx := c.db.Begin()
	if tx.Error != nil {
		return tx.Error
	}
	tx.SavePoint("before")
	if err := tx.Exec("DELETE FROM orders").Error; err != nil {
		tx.RollbackTo("before")
		return err // want `return leaves transaction tx open`
	}
	return tx.Commit().Error
}

// Managed leaves all of it to the library.
func (c Cases) Managed() error {
	return c.db.Transaction(func(tx *gorm.DB) error {
		if err := tx.Exec("DELETE FROM orders").Error; err != nil {
			return err
		}
		return nil
	})
}

// ManagedBeside begins another transaction next to the managed one.
func (c Cases) ManagedBeside() error {
	return c.db.Transaction(func(tx *gorm.DB) error {
		audit := c.db.Begin()
		if audit.Error != nil {
			return audit.Error
		}
		if err := audit.Exec("INSERT INTO audit VALUES (1)").Error; err != nil {
			return err // want `return leaves transaction audit open`
		}
		return audit.Commit().Error
	})
}

// Switched turns a setting on again in a deferred statement, beside the transaction.
func (c Cases) Switched() error {
	c.db.Exec("SET checks = 0")
	defer c.db.Exec("SET checks = 1")
	tx := c.db.Begin()
	if tx.Error != nil {
		return tx.Error
	}
	defer tx.Rollback()
	if err := tx.Exec("DELETE FROM orders").Error; err != nil {
		return err
	}
	return tx.Commit().Error
}

// SwitchedForgets defers that statement alone.
func (c Cases) SwitchedForgets() error {
	c.db.Exec("SET checks = 0")
	defer c.db.Exec("SET checks = 1")
	tx := c.db.Begin()
	if tx.Error != nil {
		return tx.Error
	}
	if err := tx.Exec("DELETE FROM orders").Error; err != nil {
		return err // want `return leaves transaction tx open`
	}
	return tx.Commit().Error
}
