package beegov2

import (
	"github.com/beego/beego/v2/client/orm"
)

// Post stops the request with the transaction open.
func (c Cases) Post() {
	this := c.controller()
	tx, err := orm.NewOrm().Begin()
	if err != nil {
		this.Abort("503")
	}
	if _, err := tx.Insert(&Order{Item: "tea"}); err != nil {
		this.StopRun() // want `StopRun leaves transaction tx open`
	}
	_ = tx.Commit()
}

// PostDeferred has a deferred rollback.
func (c Cases) PostDeferred() {
	this := c.controller()
	tx, err := orm.NewOrm().Begin()
	if err != nil {
		this.Abort("503")
	}
	defer tx.RollbackUnlessCommit()
	if _, err := tx.Insert(&Order{Item: "tea"}); err != nil {
		this.StopRun()
	}
	_ = tx.Commit()
}

// Fails answers through a helper, with the returns that follow it by habit.
func (c Cases) Fails() {
	this := c.controller()
	tx, err := orm.NewOrm().Begin()
	if err != nil {
		this.fail(err)
		return // not reached
	}
	if _, err := tx.Insert(&Order{Item: "tea"}); err != nil {
		this.fail(err) // want `fail leaves transaction tx open`
		return         // not reached
	}
	if err := tx.Commit(); err != nil {
		this.fail(err)
	}
}

// FailsRolledBack rolls back before the answer.
func (c Cases) FailsRolledBack() {
	this := c.controller()
	tx, err := orm.NewOrm().Begin()
	if err != nil {
		this.fail(err)
		return // not reached
	}
	if _, err := tx.Insert(&Order{Item: "tea"}); err != nil {
		_ = tx.Rollback()
		this.fail(err)
		return // not reached
	}
	if err := tx.Commit(); err != nil {
		this.fail(err)
	}
}

// FailsInLiteral answers through a function literal.
func (c Cases) FailsInLiteral() {
	this := c.controller()
	stop := func(text string) {
		this.Ctx.WriteString(text)
		this.StopRun()
	}
	tx, err := orm.NewOrm().Begin()
	if err != nil {
		stop("busy")
	}
	if _, err := tx.Insert(&Order{Item: "tea"}); err != nil {
		_ = tx.Rollback()
		stop("failed")
	}
	_ = tx.Commit()
}

// Recovered catches the stop itself, and still leaves the transaction open.
func (c Cases) Recovered() {
	this := c.controller()
	defer func() {
		if r := recover(); r != nil {
			this.Ctx.WriteString("stopped")
		}
	}()
	tx, err := orm.NewOrm().Begin()
	if err != nil {
		this.StopRun()
	}
	if _, err := tx.Insert(&Order{Item: "tea"}); err != nil {
		this.StopRun() // want `StopRun leaves transaction tx open`
	}
	_ = tx.Commit()
}

// RecoveredEnds rolls back where it catches it.
func (c Cases) RecoveredEnds() {
	this := c.controller()
	tx, err := orm.NewOrm().Begin()
	if err != nil {
		this.StopRun()
	}
	defer func() {
		if r := recover(); r != nil {
			_ = tx.Rollback()
			this.Ctx.WriteString("stopped")
		}
	}()
	if _, err := tx.Insert(&Order{Item: "tea"}); err != nil {
		this.StopRun()
	}
	_ = tx.Commit()
}

// Retry begins again after a failure without ending the try.
func (c Cases) Retry() error {
	o := orm.NewOrm()
	var last error
	for range 2 {
		tx, err := o.Begin()
		if err != nil {
			return err
		}
		if _, last = tx.Insert(&Order{Item: "tea"}); last != nil {
			continue // want `next iteration leaves transaction tx open`
		}
		return tx.Commit()
	}
	return last // want `return leaves transaction tx open`
}

// RetryEnds ends each try.
func (c Cases) RetryEnds() error {
	o := orm.NewOrm()
	var last error
	for range 2 {
		tx, err := o.Begin()
		if err != nil {
			return err
		}
		if _, last = tx.Insert(&Order{Item: "tea"}); last != nil {
			_ = tx.Rollback()
			continue
		}
		return tx.Commit()
	}
	return last
}
