// Package embed passes a store on by embedding.
package embed

import "units/store"

type Service struct{ *store.Store }
