// Package beegov2 holds cases of beego's second ORM: Begin returns a handle of
// its own.
package beegov2

import (
	"errors"
	"net/http"
	"net/http/httptest"

	"github.com/beego/beego/v2/client/orm"
	"github.com/beego/beego/v2/server/web"
	"github.com/beego/beego/v2/server/web/context"

	"txcases/txprobe"
)

// Cases are the functions to judge.
type Cases struct{ p *txprobe.Probe }

// New returns the cases for one run.
func New(p *txprobe.Probe) any {
	p.Recovers(func(v any) bool { return v == web.ErrAbort })
	return Cases{p}
}

// Order is a row of the table order.
type Order struct {
	Id    int
	Item  string
	Count int
}

func init() {
	orm.RegisterModel(new(Order))
	if err := orm.RegisterDriver(txprobe.DriverName, orm.DRMySQL); err != nil {
		panic(err)
	}
	if err := orm.RegisterDataBase("default", txprobe.DriverName, "orders"); err != nil {
		panic(err)
	}
}

// OrderController takes orders.
type OrderController struct {
	web.Controller
}

// fail answers with an error and stops the request.
func (this *OrderController) fail(err error) {
	this.Ctx.WriteString(err.Error())
	this.StopRun()
}

// controller returns one in the middle of a request.
func (c Cases) controller() *OrderController {
	ctx := context.NewContext()
	ctx.Reset(httptest.NewRecorder(), httptest.NewRequest(http.MethodPost, "/", nil))
	this := &OrderController{}
	this.Init(ctx, "OrderController", "Post", nil)
	return this
}

var errCount = errors.New("too few")
