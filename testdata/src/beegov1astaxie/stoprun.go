package beegov1astaxie

import (
	"github.com/astaxie/beego"
	"github.com/astaxie/beego/orm"
)

// BaseController has what all controllers of the shop share.
type BaseController struct {
	beego.Controller
}

// jsonResult answers and stops the request; it never comes back.
func (this *BaseController) jsonResult(status int, text string) {
	this.Ctx.Output.SetStatus(status)
	this.Ctx.WriteString(text)
	this.StopRun()
}

// check stops the request if there is an error.
func (this *BaseController) check(err error) {
	if err != nil {
		this.jsonResult(500, err.Error())
	}
}

func (c Cases) base() *BaseController { return &BaseController{c.request()} }

// StopRunOpen stops the request with the transaction open.
func (c Cases) StopRunOpen() {
	this := c.base()
	o := orm.NewOrm()
	if err := o.Begin(); err != nil {
		this.Ctx.WriteString("busy")
		return
	}
	if _, err := o.Insert(&Account{Name: "new"}); err != nil {
		this.Ctx.WriteString("failed")
		this.StopRun() // want `StopRun leaves transaction o open`
	}
	o.Commit()
}

// StopRunRolledBack rolls back before it stops.
func (c Cases) StopRunRolledBack() {
	this := c.base()
	o := orm.NewOrm()
	if err := o.Begin(); err != nil {
		this.Ctx.WriteString("busy")
		return
	}
	if _, err := o.Insert(&Account{Name: "new"}); err != nil {
		o.Rollback()
		this.Ctx.WriteString("failed")
		this.StopRun()
	}
	o.Commit()
}

// StopRunDeferred has a deferred rollback, which the panic runs.
func (c Cases) StopRunDeferred() {
	this := c.base()
	o := orm.NewOrm()
	if err := o.Begin(); err != nil {
		this.StopRun()
	}
	defer o.Rollback()
	if _, err := o.Insert(&Account{Name: "new"}); err != nil {
		this.StopRun()
	}
	o.Commit()
}

// AbortOpen aborts with the transaction open.
func (c Cases) AbortOpen() {
	this := c.base()
	o := orm.NewOrm()
	if o.Begin() != nil {
		this.Abort("503")
	}
	if err := o.Read(&Account{Id: 1}); err == orm.ErrNoRows {
		this.Abort("404") // want `Abort leaves transaction o open`
	} else if err != nil {
		o.Rollback()
		this.CustomAbort(500, err.Error())
	}
	o.Commit()
}

// CustomAbortOpen says why, with the transaction open.
func (c Cases) CustomAbortOpen() {
	this := c.base()
	o := orm.NewOrm()
	if o.Begin() != nil {
		this.Abort("503")
	}
	if err := o.Read(&Account{Id: 1}); err != nil {
		this.CustomAbort(500, err.Error()) // want `CustomAbort leaves transaction o open`
	}
	o.Commit()
}

// HelperStops answers through a helper that never comes back: the return after
// it is for the reader.
func (c Cases) HelperStops() {
	this := c.base()
	o := orm.NewOrm()
	if err := o.Begin(); err != nil {
		this.jsonResult(503, "busy")
		return // not reached
	}
	if _, err := o.Insert(&Account{Name: "new"}); err != nil {
		this.jsonResult(500, "failed") // want `jsonResult leaves transaction o open`
		return                         // not reached
	}
	o.Commit()
	this.jsonResult(200, "ok")
}

// HelperStopsRolledBack rolls back before it answers.
func (c Cases) HelperStopsRolledBack() {
	this := c.base()
	o := orm.NewOrm()
	if err := o.Begin(); err != nil {
		this.jsonResult(503, "busy")
		return // not reached
	}
	if _, err := o.Insert(&Account{Name: "new"}); err != nil {
		o.Rollback()
		this.jsonResult(500, "failed")
		return // not reached
	}
	o.Commit()
	this.jsonResult(200, "ok")
}

// AnsweredBeforeCommit answers, and so never commits.
func (c Cases) AnsweredBeforeCommit() {
	this := c.base()
	o := orm.NewOrm()
	if err := o.Begin(); err != nil {
		this.jsonResult(503, "busy")
	}
	if _, err := o.Insert(&Account{Name: "new"}); err != nil {
		o.Rollback()
		this.jsonResult(500, "failed")
	}
	this.jsonResult(200, "ok") // want `jsonResult leaves transaction o open`
	o.Commit()
}

// ReturnAfterLog answers with a method that does come back.
func (c Cases) ReturnAfterLog() {
	this := c.base()
	o := orm.NewOrm()
	if err := o.Begin(); err != nil {
		this.Ctx.WriteString("busy")
		return
	}
	if _, err := o.Insert(&Account{Name: "new"}); err != nil {
		this.Ctx.WriteString("failed")
		return // want `return leaves transaction o open`
	}
	o.Commit()
	this.StopRun()
}

// StopRunBeforeBegin stops where nothing is open yet or any more.
func (c Cases) StopRunBeforeBegin() {
	this := c.base()
	if c.p.Choose() {
		this.StopRun()
	}
	o := orm.NewOrm()
	if err := o.Begin(); err != nil {
		this.Abort("503")
	}
	if o.Commit() != nil {
		this.StopRun()
	}
}

// CheckedDeferred calls a helper that stops the request only for an error, under
// a deferred rollback.
func (c Cases) CheckedDeferred() {
	this := c.base()
	o := orm.NewOrm()
	this.check(o.Begin())
	defer o.Rollback()
	_, err := o.Raw("UPDATE account SET balance = 0").Exec()
	this.check(err)
	this.check(o.Commit())
}
