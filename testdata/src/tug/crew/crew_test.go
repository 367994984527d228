package crew

import (
	"context"
	"testing"

	"txcases/wharf"
)

type fakeCommitter struct{ n int }

func (f *fakeCommitter) Commit() error   { f.n++; return nil }
func (f *fakeCommitter) Rollback() error { f.n++; return nil }

type fakeHold struct{ fakeCommitter }

func (f *fakeHold) Load(context.Context, string) error { return nil }

type fakeShip struct{}

func (fakeShip) Begin(context.Context) (wharf.Hold, error) { return new(fakeHold), nil }

func TestLoad(t *testing.T) {
	if err := (&Crew{Ship: fakeShip{}}).Load(context.Background(), "salt"); err != nil {
		t.Error(err)
	}
}
