package badgerv2

import (
	"reflect"
	"sync"

	"github.com/dgraph-io/badger/v2"

	"txcases/txprobe"
)

// store is one for all paths: what one leaves open is in nobody's way.
var store = sync.OnceValue(func() *badger.DB {
	db, err := badger.Open(badger.DefaultOptions("").WithInMemory(true).WithLogger(nil).WithNumCompactors(2))
	if err != nil {
		panic(err)
	}
	for _, key := range []string{"a", "hot"} {
		put(db, key)
	}
	return db
})

// New returns the cases for one run.
func New(p *txprobe.Probe) any {
	db := store()
	p.Watch(func(v any) func() bool {
		txn, _ := v.(*badger.Txn)
		if txn == nil {
			return nil
		}
		fields := reflect.ValueOf(txn).Elem()
		if fields.FieldByName("update").Bool() && p.Fails("Commit") {
			conflict(db, txn)
		}
		discarded := fields.FieldByName("discarded")
		return func() bool { return !discarded.Bool() }
	})
	p.Owner(func(v any) bool {
		switch v := v.(type) {
		case *badger.Txn:
			v.Discard()
		case *badger.DB, *badger.WriteBatch:
		default:
			return false
		}
		return true
	})
	return Cases{p, db}
}

// conflict changes what the transaction has read.
func conflict(db *badger.DB, txn *badger.Txn) {
	_, _ = txn.Get([]byte("hot"))
	put(db, "hot")
}

func put(db *badger.DB, key string) {
	if err := db.Update(func(txn *badger.Txn) error { return txn.Set([]byte(key), []byte(key)) }); err != nil {
		panic(err)
	}
}
