package badgerv4

import (
	"reflect"
	"sync"

	"github.com/dgraph-io/badger/v4"

	"txcases/txprobe"
)

// open makes the one store of all paths: what one leaves open is in nobody's way.
var open = sync.OnceValue(func() *badger.DB {
	options := badger.DefaultOptions("").WithInMemory(true).WithLogger(nil).
		WithMemTableSize(1 << 20).WithValueThreshold(1 << 10).WithNumCompactors(2).WithBlockCacheSize(1 << 20)
	db, err := badger.Open(options)
	if err != nil {
		panic(err)
	}
	set(db, "a")
	return db
})

// New returns the cases for one run.
func New(p *txprobe.Probe) any {
	db := open()
	p.Watch(func(v any) func() bool {
		txn, _ := v.(*badger.Txn)
		if txn == nil {
			return nil
		}
		fields := reflect.ValueOf(txn).Elem()
		if fields.FieldByName("update").Bool() && p.Fails("Commit") {
			_, _ = txn.Get([]byte("hot"))
			set(db, "hot") // a conflict
		}
		discarded := fields.FieldByName("discarded")
		return func() bool { return !discarded.Bool() }
	})
	p.Owner(func(v any) bool {
		txn, ok := v.(*badger.Txn)
		if ok {
			txn.Discard()
		}
		return ok || reflect.TypeOf(v) == reflect.TypeFor[*badger.DB]()
	})
	return Cases{p, db}
}

func set(db *badger.DB, key string) {
	if err := db.Update(func(txn *badger.Txn) error { return txn.Set([]byte(key), []byte{1}) }); err != nil {
		panic(err)
	}
}
