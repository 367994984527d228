package memdb

import (
	"reflect"

	"github.com/hashicorp/go-memdb"

	"txcases/txprobe"
)

// New returns the cases for one run, on a store of its own.
func New(p *txprobe.Probe) any {
	db, err := memdb.NewMemDB(&memdb.DBSchema{Tables: map[string]*memdb.TableSchema{
		"job": {Name: "job", Indexes: map[string]*memdb.IndexSchema{
			"id": {Name: "id", Unique: true, Indexer: &memdb.StringFieldIndex{Field: "ID"}},
		}},
	}})
	if err != nil {
		panic(err)
	}
	p.Watch(func(v any) func() bool {
		txn, _ := v.(*memdb.Txn)
		if txn == nil || !reflect.ValueOf(txn).Elem().FieldByName("write").Bool() {
			return nil
		}
		root := reflect.ValueOf(txn).Elem().FieldByName("rootTxn")
		return func() bool { return !root.IsNil() }
	})
	p.Owner(func(v any) bool {
		txn, ok := v.(*memdb.Txn)
		if ok {
			txn.Abort()
		}
		return ok || reflect.TypeOf(v) == reflect.TypeFor[*memdb.MemDB]()
	})
	return Cases{p, db}
}
