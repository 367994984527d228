// Code generated from a private fork of xorm. DO NOT EDIT.

// Package xorm stands for a fork of xorm that a company keeps under a path of its
// own: it is known by the names of its types alone.
package xorm

import "database/sql"

// Engine is a database.
type Engine struct{ DB *sql.DB }

// EngineGroup is a database with copies for reading.
type EngineGroup struct{ *Engine }

// Session is a conversation with the database, and its transaction.
type Session struct {
	engine *Engine
	tx     *sql.Tx
}

// NewSession begins nothing.
func (e *Engine) NewSession() *Session { return &Session{engine: e} }

// Transaction ends the session that it gives to f.
func (e *Engine) Transaction(f func(*Session) (any, error)) (any, error) {
	s := e.NewSession()
	defer s.Close()
	if err := s.Begin(); err != nil {
		return nil, err
	}
	v, err := f(s)
	if err != nil {
		return v, err
	}
	return v, s.Commit()
}

// Begin makes a transaction of the session; inside of one it does nothing.
func (s *Session) Begin() (err error) {
	if s.tx == nil {
		s.tx, err = s.engine.DB.Begin()
	}
	return err
}

// Commit ends it.
func (s *Session) Commit() error { return s.end((*sql.Tx).Commit) }

// Rollback ends it.
func (s *Session) Rollback() error { return s.end((*sql.Tx).Rollback) }

// Close ends it, if it is open.
func (s *Session) Close() error { return s.Rollback() }

func (s *Session) end(f func(*sql.Tx) error) error {
	tx := s.tx
	if s.tx = nil; tx == nil {
		return nil
	}
	return f(tx)
}

// Where is one of the methods that build a query.
func (s *Session) Where(string, ...any) *Session { return s }

// Exec runs a statement.
func (s *Session) Exec(query string, args ...any) (sql.Result, error) {
	if s.tx != nil {
		return s.tx.Exec(query, args...)
	}
	return s.engine.DB.Exec(query, args...)
}
