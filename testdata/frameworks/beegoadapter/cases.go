// Package beegoadapter holds cases of the first ORM of beego as the second release of
// beego still had it: an adapter around the new one, in which a value of the new
// one's is the transaction.
package beegoadapter

import (
	"context"
	"errors"
	"fmt"

	"github.com/beego/beego/v2/adapter/orm"
	client "github.com/beego/beego/v2/client/orm"

	"txcases/txprobe"
)

// Cases are the functions to judge.
type Cases struct{ p *txprobe.Probe }

// New returns the cases for one run.
func New(p *txprobe.Probe) any { return Cases{p} }

// Member is a row of the table member.
type Member struct {
	Id     int
	Name   string
	Active bool
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

var errName = errors.New("a member needs a name")

// Join stops before it has done anything (T3).
func (c Cases) Join(name string) error {
	o := orm.NewOrm()
	if err := o.Begin(); err != nil {
		return err
	}
	if name == "" {
		return errName // want `return leaves transaction o open`
	}
	if _, err := o.Insert(&Member{Name: name}); err != nil {
		o.Rollback()
		return err
	}
	return o.Commit()
}

// JoinDeferred rolls back by the named result (T6).
func (c Cases) JoinDeferred(name string) (err error) {
	o := orm.NewOrm()
	if err = o.Begin(); err != nil {
		return err
	}
	defer func() {
		if err != nil {
			o.Rollback()
			return
		}
		err = o.Commit()
	}()
	if name == "" {
		return errName
	}
	_, err = o.Insert(&Member{Name: name})
	return err
}

// Leave asks by a query set, and forgets the error of it.
func (c Cases) Leave(id int) error {
	o := orm.NewOrm()
	if err := o.Begin(); err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	num, err := o.QueryTable("member").Filter("id", id).Update(client.Params{"active": false})
	if err != nil {
		return err // want `return leaves transaction o open`
	}
	if num == 0 {
		_ = o.Rollback()
		return errName
	}
	return o.Commit()
}

// Unchecked does not look at the error of Begin: there is nothing open if it failed.
func (c Cases) Unchecked() error {
	o := orm.NewOrm()
	_ = o.Begin()
	if _, err := o.Raw("UPDATE member SET active = ?", true).Exec(); err != nil {
		_ = o.Rollback()
		return err
	}
	return o.Commit()
}

// Cancelled has its transaction rolled back with the context (T9).
func (c Cases) Cancelled(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	o := orm.NewOrm()
	if err := o.BeginTx(ctx, nil); err != nil {
		return err
	}
	if _, err := o.Raw("UPDATE member SET active = ?", false).Exec(); err != nil {
		return err
	}
	return o.Commit()
}

// Background has a context that nobody cancels.
func (c Cases) Background(ctx context.Context) error {
	o := orm.NewOrm()
	if err := o.BeginTx(ctx, nil); err != nil {
		return err
	}
	if _, err := o.Raw("UPDATE member SET active = ?", false).Exec(); err != nil {
		return err // want `return leaves transaction o open`
	}
	return o.Commit()
}

// club is a service with an ormer for all its work.
type club struct{ o orm.Ormer }

func (s *club) rename(id int, name string) error {
	if err := s.o.Begin(); err != nil {
		return err
	}
	if _, err := s.o.Update(&Member{Id: id, Name: name}, "Name"); err != nil {
		if e := s.o.Rollback(); e != nil {
			return e
		}
		return err
	}
	return s.o.Commit()
}

func (s *club) swap(a, b int) error {
	if err := s.o.Begin(); err != nil {
		return err
	}
	for _, id := range []int{1, 2} {
		if _, err := s.o.Delete(&Member{Id: id}); err != nil {
			return err // want `return leaves transaction s.o open`
		}
	}
	return s.o.Commit()
}

// Rename calls the service.
func (c Cases) Rename(id int, name string) error {
	return (&club{orm.NewOrm()}).rename(id, name)
}

// Swap calls it too.
func (c Cases) Swap() error { return (&club{orm.NewOrm()}).swap(1, 2) }

// An office has a club, and reaches through it.
type office struct{ club *club }

func (f *office) move(id int) error {
	if err := f.club.o.Begin(); err != nil {
		return err
	}
	if _, err := f.club.o.Delete(&Member{Id: id}); err != nil {
		return err // want `return leaves transaction f.club.o open`
	}
	return f.club.o.Commit()
}

func (f office) stay(id int) error {
	if err := f.club.o.Begin(); err != nil {
		return err
	}
	if _, err := f.club.o.Insert(&Member{Id: id}); err != nil {
		return errors.Join(err, f.club.o.Rollback())
	}
	return f.club.o.Commit()
}

// Move calls it.
func (c Cases) Move(id int) error {
	f := &office{&club{orm.NewOrm()}}
	if err := f.move(id); err != nil {
		return err
	}
	return f.stay(id)
}

// Each begins once per member, after the last one has ended.
func (c Cases) Each(names []string) error {
	o := orm.NewOrm()
	for _, name := range names {
		if err := o.Begin(); err != nil {
			return err
		}
		if _, err := o.Raw("INSERT INTO member (name) VALUES (?)", name).Exec(); err != nil {
			return errors.Join(err, o.Rollback())
		}
		if err := o.Commit(); err != nil {
			return err
		}
	}
	return nil
}
