package databasesql

import (
	"bytes"
	"container/list"
	"errors"
	"strings"
)

// ProblemsWritten notes what has failed in a text, and asks for that when it leaves (T2).
func (c Cases) ProblemsWritten(names []string) error {
	var problems strings.Builder
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	defer func() {
		if problems.Len() > 0 {
			_ = tx.Rollback()
		}
	}()
	for _, name := range names {
		if err := touch(tx); err != nil {
			problems.WriteString(name + " has failed\n")
		}
	}
	if problems.String() != "" {
		return errors.New(problems.String())
	}
	return tx.Commit()
}

// ProblemsNotWritten forgets to note one of them.
func (c Cases) ProblemsNotWritten(name string) error {
	var problems strings.Builder
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	defer func() {
		if problems.Len() > 0 {
			_ = tx.Rollback()
		}
	}()
	if err := touch(tx); err != nil {
		return err // want `return leaves transaction tx open`
	}
	if err := touch(tx); err != nil {
		problems.WriteString(name + " has failed\n")
		return err
	}
	return tx.Commit()
}

// BufferWritten rolls back where it writes.
func (c Cases) BufferWritten() error {
	var buf bytes.Buffer
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	if err := touch(tx); err != nil {
		_ = tx.Rollback()
		buf.WriteString("it has failed")
	}
	if buf.Len() > 0 {
		return errStock
	}
	return tx.Commit()
}

// BufferReset writes, and has nothing left then.
func (c Cases) BufferReset() error {
	var buf bytes.Buffer
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	buf.WriteString("UPDATE items SET seen = 1")
	_, err = tx.Exec(buf.String())
	buf.Reset()
	if buf.Len() > 0 {
		_ = tx.Rollback() // never
	}
	if err != nil {
		return err // want `return leaves transaction tx open`
	}
	return tx.Commit()
}

// QueueDrained begins for a queue with anything in it.
func (c Cases) QueueDrained(names []string) error {
	queue := list.New()
	for _, name := range names {
		queue.PushBack(name)
	}
	if queue.Len() == 0 {
		return nil
	}
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	if queue.Len() > 0 {
		return tx.Commit()
	}
	return nil // not reached
}

// QueueEmptied asks for more of it when it was taken out.
func (c Cases) QueueEmptied(name string) error {
	queue := list.New()
	queue.PushBack(name)
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	queue.Remove(queue.Front())
	if queue.Len() > 0 {
		return tx.Commit() // not reached
	}
	return errStock // want `return leaves transaction tx open`
}
