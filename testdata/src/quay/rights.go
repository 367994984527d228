package quay

import (
	"database/sql"

	"txcases/quay/rights"
)

// Questions that functions of another package answer, by whatever they compute.

func towed(all bool) *rights.Rights {
	r := &rights.Rights{Labels: make(map[string]string), Steps: []rights.Step{{Whole: all}}}
	if all {
		r.Labels["tow"] = "yes"
		r.Flags = rights.Tow
		r.Notes = []string{"towed"}
	}
	return r
}

func label(db *sql.DB, r *rights.Rights) error {
	if !r.Has("tow") {
		return nil
	}
	tx, err := db.Begin()
	if err != nil {
		return err
	}
	if r.Has("tow") {
		return tx.Commit()
	}
	return nil // not reached
}

// RightsLabel looks into a map twice.
func (c Cases) RightsLabel(all bool) error { return label(c.p.DB, towed(all)) }

func labels(db *sql.DB, r *rights.Rights) error {
	if !r.Has("tow") {
		return nil
	}
	tx, err := db.Begin()
	if err != nil {
		return err
	}
	if r.Has("pilot") {
		return tx.Commit()
	}
	return nil // want `return leaves transaction tx open`
}

// RightsLabels looks for another label.
func (c Cases) RightsLabels(all, pilot bool) error {
	r := towed(all)
	if pilot {
		r.Labels["pilot"] = "yes"
	}
	return labels(c.p.DB, r)
}

func stripped(db *sql.DB, r *rights.Rights) error {
	if !r.Has("tow") {
		return nil
	}
	tx, err := db.Begin()
	if err != nil {
		return err
	}
	r.Strip("tow")
	if !r.Has("tow") {
		return tx.Commit()
	}
	return nil // not reached
}

// RightsStripped changes the answer.
func (c Cases) RightsStripped(all bool) error { return stripped(c.p.DB, towed(all)) }

func deleted(db *sql.DB, r *rights.Rights) error {
	if !r.Has("tow") {
		return nil
	}
	tx, err := db.Begin()
	if err != nil {
		return err
	}
	delete(r.Labels, "tow")
	if !r.Has("tow") {
		return tx.Commit()
	}
	return nil // not reached
}

// RightsDeleted changes the answer in place.
func (c Cases) RightsDeleted(all bool) error { return deleted(c.p.DB, towed(all)) }

func flag(db *sql.DB, r rights.Rights) error {
	var tx *sql.Tx
	if r.May(rights.Tow) {
		var err error
		if tx, err = db.Begin(); err != nil {
			return err
		}
	}
	if r.May(rights.Tow) {
		return tx.Commit()
	}
	return nil
}

// RightsFlag asks for a bit twice.
func (c Cases) RightsFlag(all bool) error { return flag(c.p.DB, *towed(all)) }

func flagForgets(db *sql.DB, r rights.Rights) error {
	var tx *sql.Tx
	if r.May(rights.Tow) {
		var err error
		if tx, err = db.Begin(); err != nil {
			return err
		}
	}
	if !r.May(rights.Tow) {
		return nil
	}
	if _, err := tx.Exec("UPDATE rights SET tows = 1"); err != nil {
		return err // want `return leaves transaction tx open`
	}
	return tx.Commit()
}

// RightsFlagForgets leaves it open where it is set.
func (c Cases) RightsFlagForgets(all bool) error { return flagForgets(c.p.DB, *towed(all)) }

func first(db *sql.DB, r *rights.Rights) error {
	if !r.First() {
		return nil
	}
	tx, err := db.Begin()
	if err != nil {
		return err
	}
	if r.First() {
		return tx.Commit()
	}
	return nil // not reached
}

// RightsFirst asks for an element twice.
func (c Cases) RightsFirst(all bool) error { return first(c.p.DB, towed(all)) }

func unset(db *sql.DB, r *rights.Rights) error {
	if !r.First() {
		return nil
	}
	tx, err := db.Begin()
	if err != nil {
		return err
	}
	r.Steps[0].Whole = false
	if r.First() {
		return nil // not reached
	}
	return tx.Commit()
}

// RightsUnset changes the element.
func (c Cases) RightsUnset(all bool) error { return unset(c.p.DB, towed(all)) }

func steps(db *sql.DB, r *rights.Rights) error {
	if !r.Whole() {
		return nil
	}
	tx, err := db.Begin()
	if err != nil {
		return err
	}
	if r.Whole() {
		return tx.Commit()
	}
	return nil // not reached
}

// RightsSteps asks for any of several twice.
func (c Cases) RightsSteps(all bool) error { return steps(c.p.DB, towed(all)) }

func anyWhole(r *rights.Rights) bool {
	for _, s := range r.Steps {
		if s.Whole {
			return true
		}
	}
	return false
}

func ownSteps(db *sql.DB, r *rights.Rights) error {
	if !anyWhole(r) {
		return nil
	}
	tx, err := db.Begin()
	if err != nil {
		return err
	}
	if anyWhole(r) {
		return tx.Commit()
	}
	return nil // not reached
}

// RightsOwnSteps does that by a function of this package.
func (c Cases) RightsOwnSteps(all bool) error { return ownSteps(c.p.DB, towed(all)) }

func ownStepsForget(db *sql.DB, r, other *rights.Rights) error {
	if !anyWhole(r) {
		return nil
	}
	tx, err := db.Begin()
	if err != nil {
		return err
	}
	if anyWhole(other) {
		return tx.Commit()
	}
	return nil // want `return leaves transaction tx open`
}

// RightsOwnStepsForget asks for those of another one.
func (c Cases) RightsOwnStepsForget(all, other bool) error {
	return ownStepsForget(c.p.DB, towed(all), towed(other))
}

func counted(db *sql.DB, r *rights.Rights) (int, error) {
	if !r.Noted() {
		return 0, nil
	}
	tx, err := db.Begin()
	if err != nil {
		return 0, err
	}
	n := rights.Count(r)
	if r.Noted() {
		return n, tx.Commit()
	}
	return n, nil // not reached
}

// RightsCounted counts in between.
func (c Cases) RightsCounted(all bool) error {
	_, err := counted(c.p.DB, towed(all))
	return err
}

func requested(db *sql.DB, r rights.Request) error {
	if !r.Whole() {
		return nil
	}
	tx, err := db.Begin()
	if err != nil {
		return err
	}
	if r.Whole() {
		return tx.Commit()
	}
	return nil // not reached
}

// RightsRequested asks one of two that only look.
func (c Cases) RightsRequested(all, stay bool) error {
	if stay {
		return requested(c.p.DB, &rights.Stay{All: all})
	}
	return requested(c.p.DB, &rights.Visit{})
}

func requestedForgets(db *sql.DB, r, other rights.Request) error {
	if !r.Whole() {
		return nil
	}
	tx, err := db.Begin()
	if err != nil {
		return err
	}
	if other.Whole() {
		return tx.Commit()
	}
	return nil // want `return leaves transaction tx open`
}

// RightsRequestedForgets asks the other one.
func (c Cases) RightsRequestedForgets(all, other bool) error {
	return requestedForgets(c.p.DB, &rights.Stay{All: all}, &rights.Stay{All: other})
}

// prepare ties labels to rights.
func prepare(names []string, r *rights.Rights) {
	for _, name := range names {
		r.Tie(name)
	}
}

func prepared(db *sql.DB, r *rights.Rights) error {
	if r.Has("tow") {
		return nil
	}
	tx, err := db.Begin()
	if err != nil {
		return err
	}
	prepare([]string{"tow"}, r)
	if r.Has("tow") {
		return tx.Commit()
	}
	return nil // not reached
}

// RightsPrepared changes the answer by a function of this package.
func (c Cases) RightsPrepared(all bool) error { return prepared(c.p.DB, towed(all)) }

func preparedLate(db *sql.DB, r *rights.Rights) error {
	if r.Has("tow") {
		return nil
	}
	tx, err := db.Begin()
	if err != nil {
		return err
	}
	if r.Has("tow") {
		return tx.Commit() // not reached
	}
	prepare([]string{"tow"}, r)
	return nil // want `return leaves transaction tx open`
}

// RightsPreparedLate forgets to commit.
func (c Cases) RightsPreparedLate(all bool) error { return preparedLate(c.p.DB, towed(all)) }

func permitted(db *sql.DB, p *rights.Permit) error {
	if !p.Valid() {
		return nil
	}
	tx, err := db.Begin()
	if err != nil {
		return err
	}
	if _, err := tx.Exec("UPDATE berths SET n = 1"); err != nil {
		if p.Valid() {
			_ = tx.Rollback()
		}
		return err
	}
	if p.Valid() {
		return tx.Commit()
	}
	return nil // not reached
}

// RightsPermit asks an atomic twice.
func (c Cases) RightsPermit(valid bool) error { return permitted(c.p.DB, rights.NewPermit(valid)) }

func permittedHasty(db *sql.DB, p *rights.Permit) error {
	if !p.Valid() {
		return nil
	}
	tx, err := db.Begin()
	if err != nil {
		return err
	}
	if _, err := tx.Exec("UPDATE berths SET n = 1"); err != nil {
		return err // want `return leaves transaction tx open`
	}
	if p.Valid() {
		return tx.Commit()
	}
	return nil // not reached
}

// RightsPermitHasty forgets the failure.
func (c Cases) RightsPermitHasty(valid bool) error {
	p := rights.NewPermit(valid)
	defer p.Ask()
	return permittedHasty(c.p.DB, p)
}
