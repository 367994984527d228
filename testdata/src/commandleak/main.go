// Commandleak never finishes what its main begins: nothing that it writes stays.
package main

import (
	"database/sql"
	"log"
	"os"
)

func main() {
	db, err := sql.Open(os.Getenv("DRIVER"), os.Getenv("DSN"))
	if err != nil {
		log.Fatal(err)
	}
	tx, err := db.Begin()
	if err != nil {
		log.Fatal(err)
	}
	if _, err := tx.Exec("UPDATE stock SET n = 0"); err != nil {
		log.Print(err)
		return // want `return leaves transaction tx open`
	}
	log.Print("done")
} // want `end of function leaves transaction tx open`
