// Package iface has no library, only interfaces that look like one.
package iface

type Unit interface {
	Commit() error
	Rollback() error
}

type Source interface{ Begin() (Unit, error) }
