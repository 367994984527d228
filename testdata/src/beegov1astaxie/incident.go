package beegov1astaxie

import (
	"github.com/astaxie/beego"
	"github.com/astaxie/beego/orm"

	"txcases/txprobe"
)

// MainController serves the pages of the shop.
type MainController struct {
	beego.Controller
	p *txprobe.Probe
}

// prices returns what a supplier asks for an item; nil where it has nothing.
func (this *MainController) prices(item int) map[string]int {
	switch this.p.Pick(3) {
	case 0:
		return nil
	case 1:
		return map[string]int{"net": 0}
	}
	return map[string]int{"net": item}
}

// update stores the supplier's price, and ends its transaction on no way out.
func (this *MainController) update(item int) bool {
	o := orm.NewOrm()
	if err := o.Begin(); err != nil {
		return false
	}
	prices := this.prices(item)
	if prices == nil {
		return false // want `return leaves transaction o open`
	}
	if prices["net"] <= 0 {
		return false // want `return leaves transaction o open`
	}
	_, err := o.Raw("UPDATE item SET price = ? WHERE id = ?", prices["net"], item).Exec()
	if err == nil {
		return true // want `return leaves transaction o open`
	}
	return false // want `return leaves transaction o open`
}

// updateArticle is update with the rollback that the first outage taught.
func (this *MainController) updateArticle(item int) bool {
	o := orm.NewOrm()
	if err := o.Begin(); err != nil {
		return false
	}
	prices := this.prices(item)
	if prices == nil {
		o.Rollback()
		return false
	}
	if prices["net"] <= 0 {
		return false // want `return leaves transaction o open`
	}
	_, err := o.Raw("UPDATE item SET price = ? WHERE id = ?", prices["net"], item).Exec()
	if err == nil {
		return true // want `return leaves transaction o open`
	}
	return false // want `return leaves transaction o open`
}

// updateMended ends its transaction on each way out.
func (this *MainController) updateMended(item int) bool {
	o := orm.NewOrm()
	if err := o.Begin(); err != nil {
		return false
	}
	prices := this.prices(item)
	if prices == nil {
		o.Rollback()
		return false
	}
	if prices["net"] <= 0 {
		o.Rollback()
		return false
	}
	_, err := o.Raw("UPDATE item SET price = ? WHERE id = ?", prices["net"], item).Exec()
	if err != nil {
		o.Rollback()
		return false
	}
	return o.Commit() == nil
}

// updateDeferred leaves the ways out that fail to a deferred rollback.
func (this *MainController) updateDeferred(item int) bool {
	o := orm.NewOrm()
	if err := o.Begin(); err != nil {
		return false
	}
	defer o.Rollback()
	prices := this.prices(item)
	if prices == nil {
		return false
	}
	if prices["net"] <= 0 {
		return false
	}
	_, err := o.Raw("UPDATE item SET price = ? WHERE id = ?", prices["net"], item).Exec()
	if err != nil {
		return false
	}
	return o.Commit() == nil
}

// updateUnchecked does not look at the error of its Begin.
func (this *MainController) updateUnchecked(item int) bool {
	o := orm.NewOrm()
	o.Begin()
	prices := this.prices(item)
	if prices == nil {
		return false // want `return leaves transaction o open`
	}
	if _, err := o.Raw("UPDATE item SET price = ? WHERE id = ?", prices["net"], item).Exec(); err != nil {
		o.Rollback()
		return false
	}
	o.Commit()
	return true
}

// Update runs the method of the outage.
func (c Cases) Update() bool {
	return (&MainController{c.request(), c.p}).update(7)
}

// UpdateArticle runs it with one exit mended.
func (c Cases) UpdateArticle() bool {
	return (&MainController{c.request(), c.p}).updateArticle(7)
}

// UpdateMended runs it with all of them mended.
func (c Cases) UpdateMended() bool {
	return (&MainController{c.request(), c.p}).updateMended(7)
}

// UpdateDeferred runs it mended in one line.
func (c Cases) UpdateDeferred() bool {
	return (&MainController{c.request(), c.p}).updateDeferred(7)
}

// UpdateUnchecked runs it without a check of the Begin.
func (c Cases) UpdateUnchecked() bool {
	return (&MainController{c.request(), c.p}).updateUnchecked(7)
}
