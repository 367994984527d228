package gorm

import "gorm.io/gorm"

// What begins in the arms of a branch, and is checked behind it.

// ArmsForget begins in one of two ways, and checks once.
func (c Cases) ArmsForget(debug bool) error {
	var tx *gorm.DB
	if debug {
		tx = c.db.Debug().Begin()
	} else {
		tx = c.db.Begin()
	}
	if tx.Error != nil {
		return tx.Error
	}
	if c.p.Choose() {
		return errSold // want `return leaves transaction tx open` `return leaves transaction tx open`
	}
	return tx.Commit().Error
}

// ArmsEnd does not forget.
func (c Cases) ArmsEnd(debug bool) error {
	var tx *gorm.DB
	if debug {
		tx = c.db.Debug().Begin()
	} else {
		tx = c.db.Begin()
	}
	if tx.Error != nil {
		return tx.Error
	}
	defer tx.Rollback()
	if c.p.Choose() {
		return errSold
	}
	return tx.Commit().Error
}
