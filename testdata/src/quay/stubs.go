package quay

import (
	"database/sql"
	"errors"

	"txcases/quay/rooms"
)

// Interfaces beside which there is only a stub in view.

var errNoRooms = errors.New("no rooms")

type noRooms struct{}

func (noRooms) Count(*sql.Tx, int) (int, error) { return 0, errNoRooms }

// A quota is asked within a transaction. What the program works with is elsewhere.
type quota interface {
	Used(tx *sql.Tx) (bool, error)
}

type unlimited struct{}

func (unlimited) Used(*sql.Tx) (bool, error) { return false, nil }

func (c Cases) quota() quota {
	if c.p.Choose() {
		return rooms.Full().(quota)
	}
	return unlimited{}
}

type house struct {
	db    *sql.DB
	rooms rooms.Rooms
	quota quota
}

func (c Cases) house() *house {
	h := &house{db: c.p.DB, rooms: noRooms{}, quota: c.quota()}
	if c.p.Choose() {
		h.rooms = rooms.Real()
	}
	return h
}

func (h *house) count(room int) error {
	tx, err := h.db.Begin()
	if err != nil {
		return err
	}
	if _, err := h.rooms.Count(tx, room); err != nil {
		_ = tx.Rollback()
		return err
	}
	if used, err := h.quota.Used(tx); err != nil || used {
		_ = tx.Rollback()
		return err
	}
	return tx.Commit()
}

// StubRooms ends the transaction whatever the rooms say.
func (c Cases) StubRooms(room int) error { return c.house().count(room) }

func (h *house) countForgets(room int) error {
	tx, err := h.db.Begin()
	if err != nil {
		return err
	}
	if _, err := h.rooms.Count(tx, room); err != nil {
		_ = tx.Rollback()
		return err
	}
	used, err := h.quota.Used(tx)
	if err != nil {
		_ = tx.Rollback()
		return err // not reached
	}
	if used {
		return nil // want `return leaves transaction tx open`
	}
	return tx.Commit()
}

// StubRoomsForgets leaves it open when all is used.
func (c Cases) StubRoomsForgets(room int) error { return c.house().countForgets(room) }
