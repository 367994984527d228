// Package handback holds cases of transactions that begin on a value of the
// caller's, and are the caller's then.
package handback

import (
	"errors"

	"github.com/astaxie/beego/orm"

	"txcases/txprobe"
)

// Cases are the functions to judge.
type Cases struct{ p *txprobe.Probe }

// New returns the cases for one run.
func New(p *txprobe.Probe) any { return Cases{p} }

// Member is a row of the table member.
type Member struct {
	Id   int
	Name string
}

func init() {
	orm.RegisterModel(new(Member))
	if err := orm.RegisterDriver(txprobe.DriverName, orm.DRMySQL); err != nil {
		panic(err)
	}
	if err := orm.RegisterDataBase("default", txprobe.DriverName, "club"); err != nil {
		panic(err)
	}
}

var errClub = errors.New("the club is closed")

// begin begins on the ormer of its caller.
func begin(o orm.Ormer) error {
	if err := o.Begin(); err != nil {
		return err
	}
	return nil
}

// beginSet begins and runs a statement. It ends nothing, failed or not.
func beginSet(o orm.Ormer) error {
	if err := o.Begin(); err != nil {
		return err
	}
	_, err := o.Raw("SET club = 1").Exec()
	return err
}

// beginOrEnd begins and runs a statement. When that fails, it rolls back.
func beginOrEnd(o orm.Ormer) error {
	if err := o.Begin(); err != nil {
		return err
	}
	if _, err := o.Raw("SET club = 1").Exec(); err != nil {
		o.Rollback()
		return err
	}
	return nil // want `return leaves transaction o open`
}

// end ends it on the ormer of its caller.
func end(o orm.Ormer, err error) error {
	if err != nil {
		o.Rollback()
		return err
	}
	return o.Commit()
}

// Join begins in one function and ends in another.
func (c Cases) Join() error {
	o := orm.NewOrm()
	if err := begin(o); err != nil {
		return err
	}
	_, err := o.Insert(&Member{Name: "new"})
	return end(o, err)
}

// JoinForgets returns before it ends what the function has begun.
func (c Cases) JoinForgets() error {
	o := orm.NewOrm()
	if err := begin(o); err != nil {
		return err
	}
	if _, err := o.Insert(&Member{Name: "new"}); err != nil {
		return err // want `return leaves transaction o open`
	}
	return end(o, nil)
}

// Leave is told of a failure by a function that has begun all the same.
func (c Cases) Leave() error {
	o := orm.NewOrm()
	if err := beginSet(o); err != nil {
		o.Rollback()
		return err
	}
	return end(o, nil)
}

// LeaveForgets takes a failure for the end.
func (c Cases) LeaveForgets() error {
	o := orm.NewOrm()
	if err := beginSet(o); err != nil {
		return err // want `return leaves transaction o open`
	}
	return end(o, nil)
}

// Half calls the function that ends on one of its two ways out.
func (c Cases) Half() error {
	o := orm.NewOrm()
	if err := beginOrEnd(o); err != nil {
		return err
	}
	return end(o, nil)
}

// HalfForgets does not know that anything is left to end.
func (c Cases) HalfForgets() error {
	o := orm.NewOrm()
	return beginOrEnd(o)
}

// A book keeps an ormer for its methods.
type book struct {
	o  orm.Ormer
	in bool
}

// open begins on the book's ormer.
func (b *book) open() error {
	if err := b.o.Begin(); err != nil {
		return err
	}
	b.in = true
	return nil
}

// close ends it.
func (b *book) close() {
	if b.in {
		b.o.Rollback()
		b.in = false
	}
}

// Book closes what it opens.
func (c Cases) Book() error {
	b := &book{o: orm.NewOrm()}
	if err := b.open(); err != nil {
		return err
	}
	defer b.close()
	_, err := b.o.Insert(&Member{Name: "new"})
	return err
}

// BookForgets leaves it open.
func (c Cases) BookForgets() error {
	b := &book{o: orm.NewOrm()}
	if err := b.open(); err != nil {
		return err
	}
	if _, err := b.o.Insert(&Member{Name: "new"}); err != nil {
		return err // want `return leaves transaction .* open`
	}
	b.close()
	return nil
}

// Made returns the ormer with its transaction.
func (c Cases) Made() (orm.Ormer, error) {
	o := orm.NewOrm()
	if err := begin(o); err != nil {
		return nil, err
	}
	if _, err := o.Insert(&Member{Name: "new"}); err != nil {
		return nil, end(o, err)
	}
	return o, nil
}

// MadeForgets does so along one path.
func (c Cases) MadeForgets() (orm.Ormer, error) {
	o := orm.NewOrm()
	if err := begin(o); err != nil {
		return nil, err
	}
	if _, err := o.Insert(&Member{Name: "new"}); err != nil {
		return nil, err // want `return leaves transaction o open`
	}
	return o, nil
}

// Discards begins on an ormer that nobody else will ever see.
func (c Cases) Discards() error {
	return begin(orm.NewOrm()) // want `return leaves .*transaction.* open`
}

// Deferred ends by an error of its own, before the Begin.
func (c Cases) Deferred() (err error) {
	o := orm.NewOrm()
	began := false
	defer func() {
		if began {
			err = end(o, err)
		}
	}()
	if err = begin(o); err != nil {
		return err
	}
	began = true
	if c.p.Choose() {
		return errClub
	}
	_, err = o.Insert(&Member{Name: "new"})
	return err
}

// DeferredLate raises the flag too late.
func (c Cases) DeferredLate() (err error) {
	o := orm.NewOrm()
	began := false
	defer func() {
		if began {
			err = end(o, err)
		}
	}()
	if err = begin(o); err != nil {
		return err
	}
	if c.p.Choose() {
		return errClub // want `return leaves transaction o open`
	}
	began = true
	_, err = o.Insert(&Member{Name: "new"})
	return err
}
