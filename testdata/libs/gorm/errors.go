package gorm

import "gorm.io/gorm"

// The errors that handles collect.

// TwiceResult asks for the error of a result twice.
func (c Cases) TwiceResult() (err error) {
	tx := c.db.Begin()
	if tx.Error != nil {
		return tx.Error
	}
	defer func() {
		if err != nil {
			tx.Rollback()
		}
	}()
	res := tx.Create(&Order{})
	if res.Error != nil {
		return res.Error
	}
	return tx.Commit().Error
}

// TwiceResultNone forgets to set an error.
func (c Cases) TwiceResultNone() (err error) {
	tx := c.db.Begin()
	if err = tx.Error; err != nil {
		return err
	}
	defer func() {
		if err != nil {
			tx.Rollback()
		}
	}()
	res := tx.Create(&Order{})
	if res.Error != nil {
		return res.Error
	}
	if c.p.Choose() {
		return nil // want `return leaves transaction tx open`
	}
	return tx.Commit().Error
}

// ChainError asks a chain for the error of what has run on it.
func (c Cases) ChainError() error {
	tx := c.db.Begin()
	if tx.Error != nil {
		return tx.Error
	}
	q := tx.Model(&Order{}).Where("id = ?", 1)
	q.Update("count", 2)
	if q.Error != nil {
		return q.Error // want `return leaves transaction tx open`
	}
	return tx.Commit().Error
}

// ChainBuilt builds a query step by step.
func (c Cases) ChainBuilt(item string) (list []Order, err error) {
	tx := c.db.Begin()
	if err := tx.Error; err != nil {
		return nil, err
	}
	query := tx.Table("orders")
	if item != "" {
		query = query.Where("item = ?", item)
	}
	query.Order("id").Find(&list)
	if query.Error != nil {
		return nil, query.Error // want `return leaves transaction tx open`
	}
	tx.Commit()
	return list, nil
}

// ChainNothing asks a chain on which nothing has run.
func (c Cases) ChainNothing() error {
	tx := c.db.Begin()
	if tx.Error != nil {
		return tx.Error
	}
	q := tx.Where("count = 0")
	if q.Error != nil {
		return q.Error // not reached
	}
	return tx.Commit().Error
}

// A starter begins, whichever it is.
type starter interface{ Begin() *gorm.DB }

type plainStarter struct{ db *gorm.DB }

func (s plainStarter) Begin() *gorm.DB { return s.db.Begin() }

type countedStarter struct {
	db *gorm.DB
	n  int
}

func (s *countedStarter) Begin() *gorm.DB { s.n++; return s.db.Begin() }

func startWith(s starter, empty bool) error {
	tx := s.Begin()
	if tx.Error != nil {
		return tx.Error
	}
	if empty {
		return errNone // want `return leaves transaction tx open`
	}
	defer tx.Rollback()
	if err := tx.Create(&Order{}).Error; err != nil {
		return err
	}
	return tx.Commit().Error
}

// Starters begins with both.
func (c Cases) Starters() error {
	if err := startWith(plainStarter{c.db}, c.p.Choose()); err != nil {
		return err
	}
	return startWith(&countedStarter{db: c.db}, c.p.Choose())
}
