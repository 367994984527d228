// Command reports on the stock. Its main may leave a transaction to the end of
// the process, because it does finish it on some way out; its other functions
// may not.
package main

import (
	"database/sql"
	"fmt"
	"log"
	"os"
)

func main() {
	db, err := sql.Open(os.Getenv("DRIVER"), os.Getenv("DSN"))
	if err != nil {
		log.Fatal(err)
	}
	if err := clear(db); err != nil {
		log.Print(err)
	}
	tx, err := db.Begin()
	if err != nil {
		log.Fatal(err)
	}
	var n int
	if err := tx.QueryRow("SELECT count(*) FROM stock").Scan(&n); err != nil {
		log.Print(err)
		return
	}
	fmt.Println(n)
	if err := tx.Commit(); err != nil {
		log.Fatal(err)
	}
}

// clear forgets a rollback, in a process that goes on.
func clear(db *sql.DB) error {
	tx, err := db.Begin()
	if err != nil {
		return err
	}
	if _, err := tx.Exec("DELETE FROM carts"); err != nil {
		return err // want `return leaves transaction tx open`
	}
	return tx.Commit()
}
