package gorm

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
