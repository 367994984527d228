package beegov1

import (
	"context"
	"fmt"

	"github.com/beego/beego/logs"
	"github.com/beego/beego/orm"
)

// Rename forgets the rollback after the second of two statements.
func (c Cases) Rename() (err error) {
	o := orm.NewOrm()
	if err = o.Begin(); err != nil {
		return
	}
	if _, err = o.Raw("UPDATE document SET title = ?", "new").Exec(); err != nil {
		o.Rollback()
		return
	}
	if _, err = o.Raw("INSERT INTO history (what) VALUES (?)", "rename").Exec(); err != nil {
		logs.SetPrefix("history failed")
		return // want `return leaves transaction o open`
	}
	return o.Commit()
}

// RenameMended rolls back after both.
func (c Cases) RenameMended() (err error) {
	o := orm.NewOrm()
	if err = o.Begin(); err != nil {
		return
	}
	if _, err = o.Raw("UPDATE document SET title = ?", "new").Exec(); err != nil {
		o.Rollback()
		return
	}
	if _, err = o.Raw("INSERT INTO history (what) VALUES (?)", "rename").Exec(); err != nil {
		logs.SetPrefix("history failed")
		o.Rollback()
		return
	}
	return o.Commit()
}

// Publish rolls back by an err that an if has hidden.
func (c Cases) Publish() error {
	o := orm.NewOrm()
	err := o.Begin()
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			o.Rollback()
		}
	}()
	if _, err := o.QueryTable("document").Filter("id", 1).Update(orm.Params{"state": 1}); err != nil {
		return fmt.Errorf("publish: %w", err) // want `return leaves transaction o open`
	}
	err = o.Commit()
	return err
}

// PublishMended assigns to it.
func (c Cases) PublishMended() error {
	o := orm.NewOrm()
	err := o.Begin()
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			o.Rollback()
		}
	}()
	if _, err = o.QueryTable("document").Filter("id", 1).Update(orm.Params{"state": 1}); err != nil {
		return fmt.Errorf("publish: %w", err)
	}
	err = o.Commit()
	return err
}

// Archive ends by a flag.
func (c Cases) Archive(ctx context.Context) error {
	o := orm.NewOrm()
	if err := o.BeginTx(ctx, nil); err != nil {
		return err
	}
	ok := false
	defer func() {
		if ok {
			o.Commit()
		} else {
			o.Rollback()
		}
	}()
	doc := Document{Id: 1}
	if err := o.ReadForUpdate(&doc); err != nil {
		return err
	}
	if doc.State == 1 {
		return errState
	}
	ok = true
	return nil
}

// ArchiveHalf commits by the flag and never rolls back.
func (c Cases) ArchiveHalf(ctx context.Context) error {
	o := orm.NewOrm()
	if err := o.BeginTx(ctx, nil); err != nil {
		return err
	}
	ok := false
	defer func() {
		if ok {
			o.Commit()
		}
	}()
	doc := Document{Id: 1}
	if err := o.ReadForUpdate(&doc); err != nil {
		return err // want `return leaves transaction o open`
	}
	if doc.State == 1 {
		return errState // want `return leaves transaction o open`
	}
	ok = true
	return nil
}

// Post stops the request inside a switch.
func (c Cases) Post() {
	this := c.controller()
	o := orm.NewOrm()
	if err := o.Begin(); err != nil {
		this.Abort("503")
	}
	doc := Document{Id: 1}
	switch err := o.Read(&doc); err {
	case nil:
		o.Commit()
	case orm.ErrNoRows:
		this.StopRun() // want `StopRun leaves transaction o open`
	default:
		o.Rollback()
		this.CustomAbort(500, err.Error())
	}
	this.StopRun()
}

// PostMended rolls back in each case.
func (c Cases) PostMended() {
	this := c.controller()
	o := orm.NewOrm()
	if err := o.Begin(); err != nil {
		this.Abort("503")
	}
	doc := Document{Id: 1}
	switch err := o.Read(&doc); err {
	case nil:
		o.Commit()
	case orm.ErrNoRows:
		o.Rollback()
		this.StopRun()
	default:
		o.Rollback()
		this.CustomAbort(500, err.Error())
	}
	this.StopRun()
}

// Delete recovers from a panic, and only then rolls back.
func (c Cases) Delete() (err error) {
	o := orm.NewOrm()
	if err = o.Begin(); err != nil {
		return err
	}
	defer func() {
		if r := recover(); r != nil {
			o.Rollback()
			err = fmt.Errorf("delete: %v", r)
		}
	}()
	n, err := o.Delete(&Document{Id: 1})
	if err != nil {
		return err // want `return leaves transaction o open`
	}
	if n > 1 {
		panic("more than one")
	}
	return o.Commit()
}

// DeleteMended rolls back for errors too.
func (c Cases) DeleteMended() (err error) {
	o := orm.NewOrm()
	if err = o.Begin(); err != nil {
		return err
	}
	defer func() {
		if r := recover(); r != nil {
			o.Rollback()
			err = fmt.Errorf("delete: %v", r)
		}
	}()
	n, err := o.Delete(&Document{Id: 1})
	if err != nil {
		o.Rollback()
		return err
	}
	if n > 1 {
		panic("more than one")
	}
	return o.Commit()
}

// Import begins under a condition and ends under it.
func (c Cases) Import(inTx bool) error {
	o := orm.NewOrm()
	if inTx {
		if err := o.Begin(); err != nil {
			return err
		}
	}
	_, err := o.Insert(&Document{Title: "imported"})
	if inTx {
		if err != nil {
			o.Rollback()
			return err
		}
		return o.Commit()
	}
	return err
}

// ImportForgetful returns the error before it asks.
func (c Cases) ImportForgetful(inTx bool) error {
	o := orm.NewOrm()
	if inTx {
		if err := o.Begin(); err != nil {
			return err
		}
	}
	_, err := o.Insert(&Document{Title: "imported"})
	if err != nil {
		return err // want `return leaves transaction o open`
	}
	if inTx {
		return o.Commit()
	}
	return nil
}

// Used begins, writes and leaves.
func (c Cases) Used() {
	o := orm.NewOrm()
	o.Using("default")
	if o.Begin() != nil {
		return
	}
	o.Insert(&Document{Title: "lost"})
} // want `end of function leaves transaction o open`

// UsedEnds commits as its last act.
func (c Cases) UsedEnds() {
	o := orm.NewOrm()
	o.Using("default")
	if o.Begin() != nil {
		return
	}
	o.Insert(&Document{Title: "kept"})
	o.Commit()
}
