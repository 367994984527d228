package txflow

import (
	"go/constant"
	"go/token"
	"testing"
)

// TestMasked compares what operations come to, one after the other, with their results.
func TestMasked(t *testing.T) {
	do := map[token.Token]func(x, y uint64) uint64{
		token.AND:     func(x, y uint64) uint64 { return x & y },
		token.AND_NOT: func(x, y uint64) uint64 { return x &^ y },
		token.OR:      func(x, y uint64) uint64 { return x | y },
		token.XOR:     func(x, y uint64) uint64 { return x ^ y },
	}
	for first, f := range do {
		for second, g := range do {
			for i := range uint64(8 * 8 * 8) {
				x, a, b := i%8, i/8%8, i/64
				by, ok := maskOf(first, constant.MakeUint64(a))
				next, alsoOk := maskOf(second, constant.MakeUint64(b))
				both := by.then(next)
				if got, want := x&both.keep^both.flip, g(f(x, a), b); !ok || !alsoOk || got != want {
					t.Fatalf("%d %s %d %s %d: got %d, want %d", x, first, a, second, b, got, want)
				}
			}
		}
	}
}
