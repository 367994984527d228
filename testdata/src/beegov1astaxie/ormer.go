package beegov1astaxie

import (
	"context"
	"database/sql"

	"github.com/astaxie/beego/orm"
)

// Transfer moves money and forgets the rollback when there is too little.
func (c Cases) Transfer() error {
	o := orm.NewOrm()
	if err := o.Begin(); err != nil {
		return err
	}
	var balance int
	if err := o.Raw("SELECT balance FROM account WHERE id = 1 FOR UPDATE").QueryRow(&balance); err != nil {
		o.Rollback()
		return err
	}
	if balance == 0 {
		return errFunds // want `return leaves transaction o open`
	}
	return o.Commit()
}

// TransferMended rolls back then as well.
func (c Cases) TransferMended() error {
	o := orm.NewOrm()
	if err := o.Begin(); err != nil {
		return err
	}
	var balance int
	if err := o.Raw("SELECT balance FROM account WHERE id = 1 FOR UPDATE").QueryRow(&balance); err != nil {
		o.Rollback()
		return err
	}
	if balance == 0 {
		o.Rollback()
		return errFunds
	}
	return o.Commit()
}

// Given works on the ormer of its caller and ends what it began.
func (c Cases) Given() error {
	return c.insert(orm.NewOrm())
}

func (c Cases) insert(o orm.Ormer) error {
	if err := o.Begin(); err != nil {
		return err
	}
	if _, err := o.Insert(&Account{Name: "new"}); err != nil {
		o.Rollback()
		return err
	}
	return o.Commit()
}

// GivenForgetful ends it on one way out of two.
func (c Cases) GivenForgetful() error {
	return c.insertForgetful(orm.NewOrm())
}

func (c Cases) insertForgetful(o orm.Ormer) error {
	if err := o.Begin(); err != nil {
		return err
	}
	if _, err := o.Insert(&Account{Name: "new"}); err != nil {
		return err // want `return leaves transaction o open`
	}
	return o.Commit()
}

// HandedBack begins in a function that leaves the end to its caller.
func (c Cases) HandedBack() error {
	o := orm.NewOrm()
	if err := start(o); err != nil {
		return err
	}
	if _, err := o.Insert(&Account{Name: "new"}); err != nil {
		o.Rollback()
		return err
	}
	return o.Commit()
}

// start opens the caller's transaction.
func start(o orm.Ormer) error {
	return o.Begin()
}

// WithOptions begins with a context and options.
func (c Cases) WithOptions(ctx context.Context) error {
	o := orm.NewOrm()
	err := o.BeginTx(ctx, &sql.TxOptions{Isolation: sql.LevelSerializable})
	if err != nil {
		return err
	}
	if _, err = o.Update(&Account{Id: 1}, "Balance"); err != nil {
		return err // want `return leaves transaction o open`
	}
	return o.Commit()
}

// WithOptionsDeferred rolls back by the error that it returns.
func (c Cases) WithOptionsDeferred(ctx context.Context) (err error) {
	o := orm.NewOrm()
	err = o.BeginTx(ctx, &sql.TxOptions{Isolation: sql.LevelSerializable})
	if err != nil {
		return err
	}
	defer func() {
		if err != nil {
			o.Rollback()
		} else {
			err = o.Commit()
		}
	}()
	_, err = o.Update(&Account{Id: 1}, "Balance")
	return err
}

// CancelledContext begins with a context that it cancels on return.
func (c Cases) CancelledContext(ctx context.Context) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	o := orm.NewOrm()
	if err := o.BeginTx(ctx, nil); err != nil {
		return err
	}
	if _, err := o.Delete(&Account{Id: 1}); err != nil {
		return err
	}
	return o.Commit()
}

// DeferBeforeBegin registers the rollback before there is a transaction.
func (c Cases) DeferBeforeBegin() error {
	o := orm.NewOrm()
	defer o.Rollback()
	if err := o.Begin(); err != nil {
		return err
	}
	if _, err := o.Delete(&Account{Id: 1}); err != nil {
		return err
	}
	return o.Commit()
}

// NewOrmEachRound goes on to the next account with this one's ormer open.
func (c Cases) NewOrmEachRound() error {
	for id := range 2 {
		o := orm.NewOrm()
		if err := o.Begin(); err != nil {
			return err
		}
		if _, err := o.Delete(&Account{Id: id + 1}); err != nil {
			continue // want `next iteration leaves transaction o open`
		}
		if err := o.Commit(); err != nil {
			return err
		}
	}
	return nil // want `return leaves transaction o open`
}

// NewOrmEachRoundEnds rolls back first.
func (c Cases) NewOrmEachRoundEnds() error {
	for id := range 2 {
		o := orm.NewOrm()
		if err := o.Begin(); err != nil {
			return err
		}
		if _, err := o.Delete(&Account{Id: id + 1}); err != nil {
			o.Rollback()
			continue
		}
		if err := o.Commit(); err != nil {
			return err
		}
	}
	return nil
}

// Handed gives the open ormer to its caller.
func (c Cases) Handed() (orm.Ormer, error) {
	o := orm.NewOrm()
	if err := o.Begin(); err != nil {
		return nil, err
	}
	return o, nil
}
