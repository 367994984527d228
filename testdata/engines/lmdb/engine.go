package lmdb

import (
	"os"
	"reflect"
	"sync"
	"unsafe"

	"github.com/PowerDNS/lmdb-go/lmdb"

	"txcases/txprobe"
)

// New returns the cases for one run, on an environment of its own.
func New(p *txprobe.Probe) any {
	dir, err := os.MkdirTemp("", "lmdb")
	if err != nil {
		panic(err)
	}
	env, err := lmdb.NewEnv()
	if err != nil {
		panic(err)
	}
	if err := env.Open(dir, lmdb.NoSync|lmdb.NoTLS, 0o600); err != nil {
		panic(err)
	}
	var db lmdb.DBI
	err = env.Update(func(txn *lmdb.Txn) (err error) {
		db, err = txn.OpenRoot(0)
		return err
	})
	if err != nil {
		panic(err)
	}
	watch(p, env)
	p.Cleanup(func() { os.RemoveAll(dir) }) // and leaves the environment: a transaction may be open
	p.Owner(func(v any) bool {
		txn, ok := v.(*lmdb.Txn)
		if ok {
			txn.Abort()
		}
		return ok || reflect.TypeOf(v) == reflect.TypeFor[*lmdb.Env]()
	})
	return Cases{p, env, db}
}

// watch tells the probe what is open, and lets BeginTxn fail: by another environment.
func watch(p *txprobe.Probe, env *lmdb.Env) {
	pointer := func(env *lmdb.Env) *unsafe.Pointer {
		return (*unsafe.Pointer)(reflect.ValueOf(env).Elem().FieldByName("_env").Addr().UnsafePointer())
	}
	at, open := pointer(env), *pointer(env)
	p.Before(func(any) {
		if p.Fails("BeginTxn") {
			*at = *pointer(taken())
		}
	})
	p.Watch(func(v any) func() bool {
		*at = open
		txn, _ := v.(*lmdb.Txn)
		if txn == nil {
			return nil
		}
		c := reflect.ValueOf(txn).Elem().FieldByName("_txn").Addr().UnsafePointer()
		return func() bool { return *(*unsafe.Pointer)(c) != nil }
	})
}

// taken is an environment that nobody can write to, and whose table of readers is full.
var taken = sync.OnceValue(func() *lmdb.Env {
	dir, err := os.MkdirTemp("", "lmdb")
	if err != nil {
		panic(err)
	}
	defer os.RemoveAll(dir)
	var env *lmdb.Env
	for _, flags := range []uint{0, lmdb.Readonly} { // the first makes it
		if env, err = lmdb.NewEnv(); err == nil {
			err = env.SetMaxReaders(1)
		}
		if err == nil {
			err = env.Open(dir, flags|lmdb.NoTLS, 0o600)
		}
		if err != nil {
			panic(err)
		}
		if flags == 0 {
			env.Close()
		}
	}
	if reader, err = env.BeginTxn(nil, lmdb.Readonly); err != nil {
		panic(err)
	}
	return env
})

// reader takes the only place in its table.
var reader *lmdb.Txn
