package gorm

import "gorm.io/gorm"

// What holds the handle from the start.

// A basket writes orders.
type basket struct {
	tx    *gorm.DB
	count int
}

func (b *basket) put() error {
	b.count++
	return b.tx.Create(&Order{}).Error
}

// FieldForgets has the handle in the field of a literal.
func (c Cases) FieldForgets() error {
	b := &basket{tx: c.db.Begin()}
	if b.tx.Error != nil {
		return b.tx.Error
	}
	if err := b.put(); err != nil {
		return err // want `return leaves transaction b.tx open`
	}
	return b.tx.Commit().Error
}

// FieldEnds rolls back.
func (c Cases) FieldEnds() error {
	b := &basket{tx: c.db.Begin()}
	if b.tx.Error != nil {
		return b.tx.Error
	}
	if err := b.put(); err != nil {
		b.tx.Rollback()
		return err
	}
	return b.tx.Commit().Error
}

// A till is a handle with something beside it.
type till struct {
	*gorm.DB
	count int
}

// EmbeddedForgets has the handle embedded.
func (c Cases) EmbeddedForgets() error {
	t := till{c.db.Begin(), 0}
	if t.Error != nil {
		return t.Error
	}
	if c.p.Choose() {
		return errSold // want `return leaves transaction t open`
	}
	return t.Commit().Error
}

// EmbeddedEnds defers the rollback of that.
func (c Cases) EmbeddedEnds() error {
	t := till{c.db.Begin(), 0}
	if t.Error != nil {
		return t.Error
	}
	defer t.Rollback()
	if c.p.Choose() {
		return errSold
	}
	return t.Commit().Error
}
