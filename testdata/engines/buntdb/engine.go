package buntdb

import (
	"os"
	"path/filepath"
	"reflect"
	"unsafe"

	"github.com/tidwall/buntdb"

	"txcases/txprobe"
)

// New returns the cases for one run, on a store of its own.
func New(p *txprobe.Probe) any {
	dir, err := os.MkdirTemp("", "buntdb")
	if err != nil {
		panic(err)
	}
	db, err := buntdb.Open(filepath.Join(dir, "store"))
	if err != nil {
		panic(err)
	}
	if err := db.SetConfig(buntdb.Config{SyncPolicy: buntdb.Never}); err != nil {
		panic(err)
	}
	watch(p, db)
	p.Cleanup(func() {
		os.RemoveAll(dir)
		go db.Close() // waits for what leaks
	})
	p.Owner(func(v any) bool {
		tx, ok := v.(*buntdb.Tx)
		if ok {
			_ = tx.Rollback()
		}
		return ok || reflect.TypeOf(v) == reflect.TypeFor[*buntdb.DB]()
	})
	return Cases{p, db}
}

// watch tells the probe what is open, and lets Begin and Commit fail: the one as if
// the store were closed, the other because its file cannot be written.
func watch(p *txprobe.Probe, db *buntdb.DB) {
	fields := reflect.ValueOf(db).Elem()
	closed := (*bool)(fields.FieldByName("closed").Addr().UnsafePointer())
	file := (**os.File)(fields.FieldByName("file").Addr().UnsafePointer())
	good := *file
	p.Before(func(any) { *closed = p.Fails("Begin") })
	p.Watch(func(v any) func() bool {
		*closed = false
		tx, _ := v.(*buntdb.Tx)
		if tx == nil {
			return nil
		}
		of := reflect.ValueOf(tx).Elem().FieldByName("db")
		if of.IsNil() {
			return nil
		}
		if *file = good; p.Fails("Commit") {
			*file = readOnly(good)
		}
		return func() bool { return *(*unsafe.Pointer)(of.Addr().UnsafePointer()) != nil }
	})
}

// readOnly returns the same file, which cannot be written through that.
func readOnly(file *os.File) *os.File {
	f, err := os.Open(file.Name())
	if err != nil {
		panic(err)
	}
	return f
}
