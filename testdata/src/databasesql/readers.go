package databasesql

import (
	"database/sql"
	"encoding/json"
	"errors"
	"io"
	"log"
	"reflect"
)

var errTooHeavy = errors.New("too heavy")

// A parcel is what is written down.
type parcel struct {
	Name   string
	Insure bool
}

// Encoded asks the parcel again after it was encoded, which changes nothing (T2).
func (c Cases) Encoded(insure bool) error { return c.encoded(&parcel{"book", insure}) }

func (c Cases) encoded(p *parcel) error {
	var tx *sql.Tx
	var err error
	if p.Insure {
		if tx, err = c.p.DB.Begin(); err != nil {
			return err
		}
	}
	body, err := json.Marshal(p)
	if !p.Insure {
		return err
	}
	defer tx.Rollback()
	if err != nil {
		return err // not reached
	}
	if _, err := tx.Exec("INSERT INTO parcels (body) VALUES (?)", body); err != nil {
		return err
	}
	return tx.Commit()
}

// Compared compares it.
func (c Cases) Compared(insure bool) error { return c.compared(&parcel{"book", insure}) }

func (c Cases) compared(p *parcel) error {
	var tx *sql.Tx
	var err error
	if p.Insure {
		if tx, err = c.p.DB.Begin(); err != nil {
			return err
		}
	}
	same := reflect.DeepEqual(p, &parcel{"book", true})
	if p.Insure {
		_, err = tx.Exec("UPDATE parcels SET same = ?", same)
		_ = tx.Rollback()
	}
	return err
}

// Decoded fills it, so that it may be another one then.
func (c Cases) Decoded(insure bool) error {
	return c.decoded(&parcel{"book", insure}, []byte(`{"Insure": false}`))
}

func (c Cases) decoded(p *parcel, body []byte) error {
	var tx *sql.Tx
	var err error
	if p.Insure {
		if tx, err = c.p.DB.Begin(); err != nil {
			return err
		}
	}
	err = json.Unmarshal(body, p)
	if !p.Insure {
		return err // want `return leaves transaction tx open`
	}
	return tx.Rollback() // not reached
}

// EncodedOpen encodes an object that says whether the transaction is open.
func (c Cases) EncodedOpen() error {
	p := &parcel{Name: "book"}
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	p.Insure = true
	defer func() {
		if p.Insure {
			_ = tx.Rollback()
		}
	}()
	body, err := json.Marshal(p)
	if err != nil {
		return err // not reached
	}
	if _, err := tx.Exec("INSERT INTO parcels (body) VALUES (?)", body); err != nil {
		return err
	}
	p.Insure = false
	return tx.Commit()
}

// A shipment is a parcel with the transaction that is about it.
type shipment struct {
	Name  string
	tries int
	tx    *sql.Tx
}

func (c Cases) shipment() (*shipment, error) {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return nil, err
	}
	return &shipment{tx: tx, tries: c.p.Pick(4)}, nil
}

// ShipmentLogged prints it, and goes by a field of it.
func (c Cases) ShipmentLogged() error {
	s, err := c.shipment()
	if err != nil {
		return err
	}
	log.New(io.Discard, "", 0).Println(s)
	if s.tries > 2 {
		return errStock // want `return leaves transaction s open`
	}
	return s.tx.Commit()
}

// ShipmentDecoded fills it, and goes by what it was filled with.
func (c Cases) ShipmentDecoded() error {
	s, err := c.shipment()
	if err != nil {
		return err
	}
	if err := json.Unmarshal([]byte(`{}`), s); err != nil {
		_ = s.tx.Rollback()
		return err // not reached
	}
	if s.Name == "" {
		return errStock // want `return leaves transaction s open`
	}
	return s.tx.Commit() // not reached
}

// ShipmentRead is given up where it was tried too often, after it was printed.
func (c Cases) ShipmentRead() error {
	s, err := c.shipment()
	if err != nil {
		return err
	}
	if s.tries > 2 {
		_ = s.tx.Rollback()
	}
	log.New(io.Discard, "", 0).Println(s)
	if s.tries > 2 {
		return errStock
	}
	return s.tx.Commit()
}

// A pallet is read of a row.
type pallet struct {
	ID     int
	Weight int
}

// ScannedForgets asks what was read last into one of several fields.
func (c Cases) ScannedForgets() error {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	var p pallet
	if err := tx.QueryRow("SELECT id, weight FROM pallets FOR UPDATE").Scan(&p.ID, &p.Weight); err != nil {
		_ = tx.Rollback()
		return err
	}
	if p.Weight > 0 {
		return errTooHeavy // want `return leaves transaction tx open`
	}
	return tx.Commit()
}

// Scanned gives the transaction away with what it has read.
func (c Cases) Scanned() error {
	tx, p, err := c.scanned()
	if err != nil || tx == nil {
		return err
	}
	if _, err := tx.Exec("DELETE FROM pallets WHERE id = ?", p.ID); err != nil {
		_ = tx.Rollback()
		return err
	}
	return tx.Commit()
}

func (c Cases) scanned() (*sql.Tx, *pallet, error) {
	tx, err := c.p.DB.Begin()
	if err != nil {
		return nil, nil, err
	}
	p := &pallet{}
	if err := tx.QueryRow("SELECT id, weight FROM pallets FOR UPDATE").Scan(&p.ID, &p.Weight); err != nil {
		_ = tx.Rollback()
		return nil, nil, err
	}
	if p.Weight == 0 {
		_ = tx.Rollback()
		return nil, nil, nil
	}
	return tx, p, nil
}
