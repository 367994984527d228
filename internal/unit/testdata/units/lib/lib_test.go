package lib_test

import (
	"database/sql"
	"testing"

	"units/lib"
)

func TestLeak(t *testing.T) {
	tx, err := lib.Start(new(sql.DB))
	if err != nil {
		t.Fatal(err)
	}
	if t.Failed() {
		return
	}
	tx.Rollback()
}
