// Package beegov1 holds cases of the last release of beego's first ORM, under
// the import path that it moved to.
package beegov1

import (
	"errors"
	"net/http"
	"net/http/httptest"

	"github.com/beego/beego"
	"github.com/beego/beego/context"
	"github.com/beego/beego/orm"

	"txcases/txprobe"
)

// Cases are the functions to judge.
type Cases struct{ p *txprobe.Probe }

// New returns the cases for one run.
func New(p *txprobe.Probe) any {
	p.Recovers(func(v any) bool { return v == beego.ErrAbort })
	return Cases{p}
}

// Document is a row of the table document.
type Document struct {
	Id    int
	Title string
	State int
}

func init() {
	orm.RegisterModel(new(Document))
	if err := orm.RegisterDriver(txprobe.DriverName, orm.DRMySQL); err != nil {
		panic(err)
	}
	if err := orm.RegisterDataBase("default", txprobe.DriverName, "wiki"); err != nil {
		panic(err)
	}
}

// DocumentController edits the documents of a wiki.
type DocumentController struct {
	beego.Controller
}

// controller returns one in the middle of a request.
func (c Cases) controller() *DocumentController {
	ctx := context.NewContext()
	ctx.Reset(httptest.NewRecorder(), httptest.NewRequest(http.MethodPost, "/", nil))
	this := &DocumentController{}
	this.Init(ctx, "DocumentController", "Post", nil)
	return this
}

var errState = errors.New("document is published")
