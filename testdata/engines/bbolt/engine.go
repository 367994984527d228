package bbolt

import (
	"errors"
	"os"
	"path/filepath"
	"reflect"

	"go.etcd.io/bbolt"

	"txcases/txprobe"
)

// New returns the cases for one run, on a store of its own.
func New(p *txprobe.Probe) any {
	dir, err := os.MkdirTemp("", "bbolt")
	if err != nil {
		panic(err)
	}
	db, err := bbolt.Open(filepath.Join(dir, "store"), 0o600, &bbolt.Options{NoSync: true, NoFreelistSync: true})
	if err != nil {
		panic(err)
	}
	err = db.Update(func(tx *bbolt.Tx) error {
		_, err := tx.CreateBucket(items)
		return err
	})
	if err != nil {
		panic(err)
	}
	watch(p, db)
	p.Cleanup(func() {
		os.RemoveAll(dir)
		go db.Close() // waits for what leaks
	})
	p.Owner(func(v any) bool {
		tx, ok := v.(*bbolt.Tx)
		if ok {
			_ = tx.Rollback()
		}
		return ok || reflect.TypeOf(v) == reflect.TypeFor[*bbolt.DB]()
	})
	return Cases{p, db}
}

// watch tells the probe what is open, and lets Begin and Commit fail: the one as if
// the store were closed, the other for want of space.
func watch(p *txprobe.Probe, db *bbolt.DB) {
	fields := reflect.ValueOf(db).Elem()
	opened := (*bool)(fields.FieldByName("opened").Addr().UnsafePointer())
	write := (*func([]byte, int64) (int, error))(fields.FieldByName("ops").FieldByName("writeAt").Addr().UnsafePointer())
	asked := false // of this commit
	real := *write
	*write = func(b []byte, at int64) (int, error) {
		if !asked && p.Fails("Commit") {
			return 0, errors.New("no space left on device")
		}
		asked = true
		return real(b, at)
	}
	p.Before(func(any) { *opened, asked = !p.Fails("Begin"), false })
	p.Watch(func(v any) func() bool {
		*opened = true
		tx, _ := v.(*bbolt.Tx)
		if tx == nil {
			return nil
		}
		return func() bool { return tx.DB() != nil }
	})
}
