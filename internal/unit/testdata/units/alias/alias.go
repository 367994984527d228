// Package alias names no word of any library.
package alias

import "units/store"

type Piece = store.Work

type Row struct{ H *store.Handle }

func Keep(h *store.Handle) *Row { return &Row{h} }
