package databasesql

// EndsByName ends by what it finds under a name, or not at all.
func (c Cases) EndsByName() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	ends := map[string]func() error{"keep": tx.Commit, "drop": tx.Rollback}
	if c.p.Choose() {
		return errStock // want `return leaves transaction tx open`
	}
	return ends["keep"]()
}

// EndsByNameAlways looks there on each path.
func (c Cases) EndsByNameAlways() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	ends := map[bool]func() error{
		true:  func() error { return tx.Commit() },
		false: func() error { return tx.Rollback() },
	}
	end := ends[c.p.Choose()]
	if err := touch(tx); err != nil {
		return ends[false]()
	}
	return end()
}
