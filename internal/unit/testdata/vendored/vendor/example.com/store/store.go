// Package store has what it does from another module.
package store

import "example.com/far"

type Store struct{ far.Base }
