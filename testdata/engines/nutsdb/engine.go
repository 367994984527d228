package nutsdb

import (
	"os"
	"reflect"
	"unsafe"

	"github.com/nutsdb/nutsdb"

	"txcases/txprobe"
)

// limit is how many records the store takes.
const limit = 100

// New returns the cases for one run, on a store of its own.
func New(p *txprobe.Probe) any {
	dir, err := os.MkdirTemp("", "nutsdb")
	if err != nil {
		panic(err)
	}
	opts := nutsdb.DefaultOptions
	opts.Dir, opts.SegmentSize, opts.SyncEnable, opts.MaxWriteRecordCount = dir, 1<<16, false, limit
	db, err := nutsdb.Open(opts)
	if err != nil {
		panic(err)
	}
	err = db.Update(func(tx *nutsdb.Tx) error { return tx.NewBucket(nutsdb.DataStructureBTree, events) })
	if err != nil {
		panic(err)
	}
	watch(p, db)
	p.Cleanup(func() {
		os.RemoveAll(dir)
		go db.Close() // waits for what leaks
	})
	p.Owner(func(v any) bool {
		tx, ok := v.(*nutsdb.Tx)
		if ok {
			_ = tx.Rollback()
		}
		return ok || reflect.TypeOf(v) == reflect.TypeFor[*nutsdb.DB]()
	})
	return Cases{p, db}
}

// watch tells the probe what is open, and lets Begin and Commit fail: the one as if
// the store were closed, the other as if it were full.
func watch(p *txprobe.Probe, db *nutsdb.DB) {
	closed := (*bool)(reflect.ValueOf(db).Elem().FieldByName("closed").Addr().UnsafePointer())
	p.Before(func(any) { *closed = p.Fails("Begin") })
	p.Watch(func(v any) func() bool {
		*closed = false
		tx, _ := v.(*nutsdb.Tx)
		if tx == nil {
			return nil
		}
		of := reflect.ValueOf(tx).Elem().FieldByName("db")
		if of.IsNil() {
			return nil
		}
		if db.RecordCount = 0; p.Fails("Commit") {
			db.RecordCount = limit + 1
		}
		return func() bool { return *(*unsafe.Pointer)(of.Addr().UnsafePointer()) != nil }
	})
}
