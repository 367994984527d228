package goleveldb

import (
	"errors"
	"reflect"
	"sync/atomic"

	"github.com/syndtr/goleveldb/leveldb"
	"github.com/syndtr/goleveldb/leveldb/storage"

	"txcases/txprobe"
)

// New returns the cases for one run, on a store of its own.
func New(p *txprobe.Probe) any {
	db, err := leveldb.Open(full{storage.NewMemStorage(), p}, nil)
	if err != nil {
		panic(err)
	}
	// Begin fails as if the store were closed.
	closed := (*uint32)(reflect.ValueOf(db).Elem().FieldByName("closed").Addr().UnsafePointer())
	p.Before(func(any) {
		if p.Fails("OpenTransaction") {
			atomic.StoreUint32(closed, 1)
		}
	})
	p.Watch(func(v any) func() bool {
		atomic.StoreUint32(closed, 0)
		tr, _ := v.(*leveldb.Transaction)
		if tr == nil {
			return nil
		}
		done := reflect.ValueOf(tr).Elem().FieldByName("closed")
		return func() bool { return !done.Bool() }
	})
	p.Owner(func(v any) bool {
		tr, ok := v.(*leveldb.Transaction)
		if ok {
			tr.Discard()
		}
		return ok || reflect.TypeOf(v) == reflect.TypeFor[*leveldb.DB]()
	})
	p.Cleanup(func() { go db.Close() })
	return Cases{p, db}
}

// full is a storage on which there may be no space for another table: Commit writes one.
type full struct {
	storage.Storage
	p *txprobe.Probe
}

// Create fails where the probe says so.
func (f full) Create(fd storage.FileDesc) (storage.Writer, error) {
	if fd.Type == storage.TypeTable && f.p.Fails("Commit") {
		return nil, errors.New("no space left on device")
	}
	return f.Storage.Create(fd)
}
