package only

import (
	"testing"

	"units/fatal"
)

func TestOnly(t *testing.T) {
	fatal.Must(nil)
	t.Fatal("never", t.Name())
}
