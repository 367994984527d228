package bolt

import (
	"errors"
	"os"
	"path/filepath"
	"reflect"

	"github.com/boltdb/bolt"

	"txcases/txprobe"
)

// New returns the cases for one run, on a store of its own.
func New(p *txprobe.Probe) any {
	dir, err := os.MkdirTemp("", "bolt")
	if err != nil {
		panic(err)
	}
	db, err := bolt.Open(filepath.Join(dir, "store"), 0o600, nil)
	if err != nil {
		panic(err)
	}
	db.NoSync = true
	err = db.Update(func(tx *bolt.Tx) error {
		_, err := tx.CreateBucket(queue)
		return err
	})
	if err != nil {
		panic(err)
	}
	fields := reflect.ValueOf(db).Elem()
	opened := (*bool)(fields.FieldByName("opened").Addr().UnsafePointer())
	full := false
	write := (*func([]byte, int64) (int, error))(fields.FieldByName("ops").FieldByName("writeAt").Addr().UnsafePointer())
	disk := *write
	*write = func(b []byte, at int64) (int, error) {
		if full = full || p.Fails("Commit"); full {
			return 0, errors.New("no space left on device")
		}
		return disk(b, at)
	}
	p.Before(func(any) { *opened = !p.Fails("Begin") })
	p.Watch(func(v any) func() bool {
		*opened = true
		if tx, _ := v.(*bolt.Tx); tx != nil {
			return func() bool { return tx.DB() != nil }
		}
		return nil
	})
	p.Owner(func(v any) bool {
		switch v := v.(type) {
		case *bolt.Tx:
			_ = v.Rollback()
		case *bolt.DB:
		default:
			return false
		}
		return true
	})
	p.Cleanup(func() {
		os.RemoveAll(dir)
		go db.Close() // waits for what leaks
	})
	return Cases{p, db}
}
