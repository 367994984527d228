// Package beegov1astaxie holds cases of beego's ORM as most old services import
// it: Begin turns the ormer itself into the transaction.
package beegov1astaxie

import (
	"errors"
	"net/http"
	"net/http/httptest"

	"github.com/astaxie/beego"
	"github.com/astaxie/beego/context"
	"github.com/astaxie/beego/orm"

	"txcases/txprobe"
)

// Cases are the functions to judge.
type Cases struct{ p *txprobe.Probe }

// New returns the cases for one run.
func New(p *txprobe.Probe) any {
	p.Recovers(func(v any) bool { return v == beego.ErrAbort })
	return Cases{p}
}

// Account is a row of the table account.
type Account struct {
	Id      int
	Name    string
	Balance int
}

func init() {
	orm.RegisterModel(new(Account))
	if err := orm.RegisterDriver(txprobe.DriverName, orm.DRMySQL); err != nil {
		panic(err)
	}
	if err := orm.RegisterDataBase("default", txprobe.DriverName, "shop"); err != nil {
		panic(err)
	}
}

// request returns a controller in the middle of a request.
func (c Cases) request() beego.Controller {
	ctx := context.NewContext()
	ctx.Reset(httptest.NewRecorder(), httptest.NewRequest(http.MethodPost, "/", nil))
	var base beego.Controller
	base.Init(ctx, "MainController", "Post", nil)
	return base
}

var errFunds = errors.New("not enough funds")
