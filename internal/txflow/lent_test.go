package txflow

import "testing"

// lentSource has a helper use the transaction in a loop, and a way out that cannot be,
// as only the helper's results tell.
const lentSource = `
func addAll(tx *Tx, items []string) (n int, err error) {
	for range items {
		if err := tx.Exec(); err != nil {
			return 0, err
		}
		n++
	}
	if n == 0 {
		return 0, errNothing
	}
	return n, nil
}
type failure struct{}
func (failure) Error() string { return "nothing" }
var errNothing error = failure{}
func f(db *DB, items []string) error {
	tx, err := db.Begin()
	if err != nil {
		return err
	}
	n, err := addAll(tx, items)
	if err != nil {
		tx.Rollback()
		return err
	}
	if n == 0 {
		return errNothing
	}
	return tx.Commit()
}`

// The helper yields no error only if it has counted, which is not known of it: L21
// of docs/limits.md.
func TestLongCallee(t *testing.T) {
	if res := analyzeToy(t, lentSource); len(res.Leaks) != 1 {
		t.Errorf("%d leaks, want the false one of the limit:\n%s", len(res.Leaks), tell(res))
	}
}

func TestOnlyUses(t *testing.T) {
	res := analyzeToy(t, `
func only(tx *Tx, n int) error {
	for range n {
		if err := again(tx, n-1); err != nil {
			return err
		}
	}
	return tx.Exec()
}
func again(tx *Tx, n int) error { return only(tx, n) }
func ends(tx *Tx, n int) error {
	for range n {
		if err := tx.Exec(); err != nil {
			return tx.Rollback()
		}
	}
	return nil
}
func keeps(tx *Tx, n int) *Tx {
	for range n {
		tx.Exec()
	}
	return tx
}`)
	wantUses(t, res, map[string]bool{"only": true, "again": true, "ends": false, "keeps": false})
}

func wantUses(t *testing.T, res *Result, want map[string]bool) {
	t.Helper()
	for _, fn := range res.flow.funcs {
		uses, asked := want[fn.Name()]
		if asked && res.flow.onlyUses(fn.Params[0]) != uses {
			t.Errorf("%s only uses the transaction: %v", fn.Name(), !uses)
		}
	}
}

// Functions that call one another are told by induction, and none of them relies on
// one that turns out to do more.
func TestOnlyUsesMutually(t *testing.T) {
	res := analyzeToy(t, `
func east(tx *Tx, n int) error {
	for range n {
		if err := west(tx, n-1); err != nil {
			return err
		}
	}
	return tx.Exec()
}
func west(tx *Tx, n int) error {
	for range n {
		if err := south(tx, n-1); err != nil {
			return err
		}
	}
	return tx.Exec()
}
func south(tx *Tx, n int) error {
	for range n {
		if err := east(tx, n-1); err != nil {
			return err
		}
		if err := west(tx, n-1); err != nil {
			return err
		}
	}
	return nil
}
func up(tx *Tx, n int) error {
	for range n {
		if err := down(tx, n-1); err != nil {
			return err
		}
	}
	return tx.Rollback()
}
func down(tx *Tx, n int) error {
	for range n {
		if err := up(tx, n-1); err != nil {
			return err
		}
		if err := aside(tx, n-1); err != nil {
			return err
		}
	}
	return nil
}
func aside(tx *Tx, n int) error {
	for range n {
		if err := down(tx, n-1); err != nil {
			return err
		}
	}
	return nil
}`)
	wantUses(t, res, map[string]bool{
		"east": true, "west": true, "south": true,
		"up": false, "down": false, "aside": false,
	})
	if len(res.flow.relying) > 0 {
		t.Errorf("%d answers still rely on others", len(res.flow.relying))
	}
}
