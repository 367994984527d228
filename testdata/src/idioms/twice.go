package idioms

import (
	"database/sql"
	"errors"
	"slices"
	"strings"
	"sync"
)

// settings decide whether something is done in a transaction.
type settings struct {
	mu    sync.Mutex
	on    bool
	level int
	name  string
	tags  map[string]bool
	steps []string
	sub   *settings
}

func (s *settings) enabled() bool { return s.on }

func (s *settings) locked() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.on
}

func (s *settings) writes() bool {
	switch s.name {
	case "write", "both":
		return true
	}
	return false
}

func (s *settings) deep() bool { return s.sub != nil && s.sub.on && s.level > 1 }

func (s *settings) list() []string { return s.steps }

func (s *settings) count() int { return len(s.list()) }

func (s *settings) toggle() { s.on = !s.on }

func (s *settings) drop(tag string) { delete(s.tags, tag) }

// settings are whatever somebody has configured.
func (c Cases) settings() *settings {
	s := &settings{name: "read", tags: make(map[string]bool), level: c.p.Pick(2) + 1, sub: new(settings)}
	if c.p.Choose() {
		s.on, s.sub.on = true, true
		s.name = "write"
		s.tags["tx"] = true
		s.steps = []string{"one"}
	}
	return s
}

// log may fail.
func (c Cases) log() error {
	if c.p.Choose() {
		return errors.New("disk full")
	}
	return nil
}

// Nested asks a setting of a setting twice.
func (c Cases) Nested() error {
	s := c.settings()
	var tx *sql.Tx
	if s.sub.on {
		var err error
		if tx, err = c.p.DB.Begin(); err != nil {
			return err
		}
	}
	err := c.log()
	if s.sub.on {
		if err != nil {
			return tx.Rollback()
		}
		return tx.Commit()
	}
	return err
}

// NestedToggled has it changed in between.
func (c Cases) NestedToggled() error {
	s := c.settings()
	var tx *sql.Tx
	if s.sub.on {
		var err error
		if tx, err = c.p.DB.Begin(); err != nil {
			return err
		}
	}
	if c.log() != nil {
		s.sub.toggle()
	}
	if s.sub.on && tx != nil {
		return tx.Commit()
	}
	return nil // want `return leaves transaction tx open`
}

// NestedReplaced asks the same of other settings.
func (c Cases) NestedReplaced() error {
	s := c.settings()
	var tx *sql.Tx
	if s.sub.on {
		var err error
		if tx, err = c.p.DB.Begin(); err != nil {
			return err
		}
	}
	s.sub = &settings{on: c.p.Choose()}
	if s.sub.on && tx != nil {
		return tx.Commit()
	}
	return nil // want `return leaves transaction tx open`
}

// Long asks twice whether there is anything to do.
func (c Cases) Long(steps []string) error {
	var tx *sql.Tx
	if len(steps) > 0 {
		var err error
		if tx, err = c.p.DB.Begin(); err != nil {
			return err
		}
	}
	for _, step := range steps {
		if err := add(tx, step); err != nil {
			_ = tx.Rollback()
			return err
		}
	}
	if len(steps) > 0 {
		return tx.Commit()
	}
	return nil
}

// LongCut takes one off in between.
func (c Cases) LongCut(steps []string) error {
	var tx *sql.Tx
	if len(steps) > 0 {
		var err error
		if tx, err = c.p.DB.Begin(); err != nil {
			return err
		}
		steps = steps[1:]
	}
	if len(steps) > 0 {
		return tx.Commit()
	}
	return nil // want `return leaves transaction tx open`
}

// Tagged looks the same key up twice.
func (c Cases) Tagged() error {
	s := c.settings()
	var tx *sql.Tx
	if s.tags["tx"] {
		var err error
		if tx, err = c.p.DB.Begin(); err != nil {
			return err
		}
	}
	err := c.log()
	if !s.tags["tx"] {
		return err
	}
	return tx.Commit()
}

// TaggedDropped has it deleted in between.
func (c Cases) TaggedDropped() error {
	s := c.settings()
	var tx *sql.Tx
	if _, ok := s.tags["tx"]; ok {
		var err error
		if tx, err = c.p.DB.Begin(); err != nil {
			return err
		}
	}
	if c.log() != nil {
		s.drop("tx")
	}
	if _, ok := s.tags["tx"]; !ok {
		return nil // want `return leaves transaction tx open`
	}
	return tx.Commit()
}

// TaggedOther looks up another key.
func (c Cases) TaggedOther(key string) error {
	s := c.settings()
	var tx *sql.Tx
	if s.tags["tx"] {
		var err error
		if tx, err = c.p.DB.Begin(); err != nil {
			return err
		}
	}
	if !s.tags[key+"x"] {
		return nil // want `return leaves transaction tx open`
	}
	return tx.Commit() // not reached
}

// Even asks for the remainder twice.
func (c Cases) Even(n int) error {
	var tx *sql.Tx
	if n%2 == 0 {
		var err error
		if tx, err = c.p.DB.Begin(); err != nil {
			return err
		}
	}
	if n%2 != 0 {
		return c.log()
	}
	return tx.Commit()
}

// EvenNext asks for that of the next number.
func (c Cases) EvenNext(n int) error {
	var tx *sql.Tx
	if n%2 == 0 {
		var err error
		if tx, err = c.p.DB.Begin(); err != nil {
			return err
		}
	}
	n++
	if n%2 == 0 && tx != nil {
		return tx.Commit() // not reached
	}
	return nil // want `return leaves transaction tx open`
}

// Prefixed asks for the prefix twice.
func (c Cases) Prefixed() error {
	s := c.settings()
	var tx *sql.Tx
	if strings.HasPrefix(s.name, "write") {
		var err error
		if tx, err = c.p.DB.Begin(); err != nil {
			return err
		}
	}
	if err := c.log(); err != nil && !strings.HasPrefix(s.name, "write") {
		return err
	}
	if strings.HasPrefix(s.name, "write") {
		return tx.Commit()
	}
	return nil
}

// PrefixedRenamed has the name changed in between.
func (c Cases) PrefixedRenamed() error {
	s := c.settings()
	var tx *sql.Tx
	if strings.HasPrefix(s.name, "write") {
		var err error
		if tx, err = c.p.DB.Begin(); err != nil {
			return err
		}
	}
	if c.log() != nil {
		s.name = "read"
	}
	if strings.HasPrefix(s.name, "write") {
		return tx.Commit()
	}
	return nil // want `return leaves transaction tx open`
}

// Element asks for the first of a list twice.
func (c Cases) Element(names []string) error {
	names = append(names, "b")
	var tx *sql.Tx
	if names[0] == "a" {
		var err error
		if tx, err = c.p.DB.Begin(); err != nil {
			return err
		}
	}
	err := c.log()
	if names[0] == "a" {
		return tx.Commit()
	}
	return err
}

// ElementStored has it overwritten by one that may be the same.
func (c Cases) ElementStored(i int) error {
	names := strings.Fields("a b")
	at := max(0, min(i, 1))
	var tx *sql.Tx
	if names[0] == "a" {
		var err error
		if tx, err = c.p.DB.Begin(); err != nil {
			return err
		}
	}
	names[at] = "c"
	if names[0] == "a" {
		return tx.Commit()
	}
	return nil // want `return leaves transaction tx open`
}

// Asked calls a method for the answer.
func (c Cases) Asked() error {
	s := c.settings()
	var tx *sql.Tx
	if s.enabled() {
		var err error
		if tx, err = c.p.DB.Begin(); err != nil {
			return err
		}
	}
	err := c.log()
	if s.enabled() {
		return tx.Commit()
	}
	return err
}

// AskedToggled has the answer changed.
func (c Cases) AskedToggled() error {
	s := c.settings()
	var tx *sql.Tx
	if s.enabled() {
		var err error
		if tx, err = c.p.DB.Begin(); err != nil {
			return err
		}
	}
	if c.log() != nil {
		s.toggle()
	}
	if s.enabled() && tx != nil {
		return tx.Commit()
	}
	return nil // want `return leaves transaction tx open`
}

// AskedLocked calls one that locks.
func (c Cases) AskedLocked() error {
	s := c.settings()
	var tx *sql.Tx
	if s.locked() {
		var err error
		if tx, err = c.p.DB.Begin(); err != nil {
			return err
		}
	}
	err := c.log()
	if s.locked() {
		return tx.Commit()
	}
	return err
}

// AskedSwitch calls one with a switch.
func (c Cases) AskedSwitch() error {
	s := c.settings()
	var tx *sql.Tx
	if s.writes() || s.deep() {
		var err error
		if tx, err = c.p.DB.Begin(); err != nil {
			return err
		}
	}
	err := c.log()
	if s.writes() || s.deep() {
		return tx.Commit()
	}
	return err
}

// AskedHalf asks for less than before.
func (c Cases) AskedHalf() error {
	s := c.settings()
	var tx *sql.Tx
	if s.writes() || s.on {
		var err error
		if tx, err = c.p.DB.Begin(); err != nil {
			return err
		}
	}
	err := c.log()
	if s.deep() && tx != nil {
		return tx.Commit()
	}
	return err // want `return leaves transaction tx open`
}

// AskedCount asks for the length of what a method returns.
func (c Cases) AskedCount() error {
	s := c.settings()
	var tx *sql.Tx
	if s.count() > 0 {
		var err error
		if tx, err = c.p.DB.Begin(); err != nil {
			return err
		}
	}
	if s.count() == 0 {
		return c.log()
	}
	return tx.Commit()
}

// AskedCountEmptied has it emptied between.
func (c Cases) AskedCountEmptied() error {
	s := c.settings()
	var tx *sql.Tx
	if s.count() > 0 {
		var err error
		if tx, err = c.p.DB.Begin(); err != nil {
			return err
		}
	}
	if c.log() != nil {
		s.steps = nil
	}
	if s.count() == 0 {
		return nil // want `return leaves transaction tx open`
	}
	return tx.Commit()
}

// open begins where the settings ask for it.
func (c Cases) openIf(s *settings) (*sql.Tx, error) {
	if !s.deep() {
		return nil, nil
	}
	return c.p.DB.Begin()
}

func (s *settings) closeIf(tx *sql.Tx) error {
	if !s.deep() {
		return nil
	}
	return tx.Commit()
}

// AskedInside leaves the question to helpers.
func (c Cases) AskedInside() error {
	s := c.settings()
	tx, err := c.openIf(s)
	if err != nil {
		return err
	}
	_ = c.log()
	return s.closeIf(tx)
}

// AskedInsideToggled has the answer changed between the helpers.
func (c Cases) AskedInsideToggled() error {
	s := c.settings()
	tx, err := c.openIf(s)
	if err != nil {
		return err
	}
	if c.log() != nil {
		s.sub.toggle()
	}
	if tx == nil {
		return nil
	}
	return s.closeIf(tx) // want `return leaves transaction tx open`
}

// Contained asks twice whether a list has an element.
func (c Cases) Contained(names []string) error {
	var tx *sql.Tx
	if slices.Contains(names, "a") {
		var err error
		if tx, err = c.p.DB.Begin(); err != nil {
			return err
		}
	}
	err := c.log()
	if slices.Contains(names, "a") {
		return tx.Commit()
	}
	return err
}

// ContainedStored has the element overwritten.
func (c Cases) ContainedStored(names []string) error {
	var tx *sql.Tx
	if slices.Contains(names, "a") {
		var err error
		if tx, err = c.p.DB.Begin(); err != nil {
			return err
		}
	}
	for i := range names {
		names[i] = "b"
	}
	if slices.Contains(names, "a") {
		return tx.Commit() // not reached
	}
	return nil // want `return leaves transaction tx open`
}

// EachAsked asks for the same element at the start and the end of a turn.
func (c Cases) EachAsked(names []string) error {
	for i := range names {
		var tx *sql.Tx
		if names[i] == "a" {
			var err error
			if tx, err = c.p.DB.Begin(); err != nil {
				return err
			}
		}
		if err := c.log(); err != nil && names[i] != "a" {
			return err
		}
		if names[i] == "a" {
			if err := tx.Commit(); err != nil {
				return err
			}
		}
	}
	return nil
}

// EachAskedNext asks for the next one at the end.
func (c Cases) EachAskedNext(names []string) error {
	for i := 0; i+1 < len(names); i++ {
		var tx *sql.Tx
		if names[i] == "a" {
			var err error
			if tx, err = c.p.DB.Begin(); err != nil {
				return err
			}
		}
		if names[i+1] == "a" && tx != nil {
			if err := tx.Commit(); err != nil {
				return err // not reached
			}
			continue
		}
		if tx != nil {
			return nil // want `return leaves transaction tx open`
		}
	}
	return nil
}

// Seen asks a map of its own twice.
func (c Cases) Seen(names []string) error {
	seen := make(map[string]bool)
	for _, name := range names {
		seen[name] = true
	}
	var tx *sql.Tx
	if seen["a"] && len(seen) > 0 {
		var err error
		if tx, err = c.p.DB.Begin(); err != nil {
			return err
		}
	}
	err := c.log()
	if len(seen) > 0 && seen["a"] {
		return tx.Commit()
	}
	return err
}

// SeenMore puts more into it.
func (c Cases) SeenMore(names []string) error {
	seen := make(map[string]bool)
	var tx *sql.Tx
	if len(seen) == 0 {
		var err error
		if tx, err = c.p.DB.Begin(); err != nil {
			return err
		}
	}
	for _, name := range names {
		seen[name] = true
	}
	if len(seen) == 0 {
		return tx.Commit()
	}
	return nil // want `return leaves transaction tx open`
}

// SeenThen remembers what the map had before.
func (c Cases) SeenThen(name string) error {
	seen := map[string]bool{"a": true}
	before := seen[name]
	seen[name] = !before
	var tx *sql.Tx
	if before {
		var err error
		if tx, err = c.p.DB.Begin(); err != nil {
			return err
		}
	}
	if seen[name] && tx != nil {
		return tx.Commit() // not reached
	}
	return nil // want `return leaves transaction tx open`
}

// Gathered asks twice whether it has gathered anything.
func (c Cases) Gathered(names []string) error {
	var found []string
	for _, name := range names {
		if name != "b" {
			found = append(found, name)
		}
	}
	var tx *sql.Tx
	if len(found) > 0 {
		var err error
		if tx, err = c.p.DB.Begin(); err != nil {
			return err
		}
	}
	for _, name := range found {
		if err := add(tx, name); err != nil {
			_ = tx.Rollback()
			return err
		}
	}
	if len(found) == 0 {
		return nil
	}
	return tx.Commit()
}

// GatheredLater gathers more in between.
func (c Cases) GatheredLater(names []string) error {
	found := make([]string, 0, len(names))
	var tx *sql.Tx
	if len(found) == 0 {
		var err error
		if tx, err = c.p.DB.Begin(); err != nil {
			return err
		}
	}
	found = append(found, names...)
	if len(found) == 0 {
		return tx.Commit()
	}
	return nil // want `return leaves transaction tx open`
}

// ElementKept remembers what an element was before it is stored to.
func (c Cases) ElementKept() error {
	flags := []bool{c.p.Choose(), c.p.Choose()}
	i := c.p.Pick(2)
	was := flags[0]
	flags[i] = true
	tx, err := c.p.DB.Begin()
	if err != nil {
		return err
	}
	if was {
		return tx.Commit()
	}
	if flags[0] {
		return nil // want `return leaves transaction tx open`
	}
	return tx.Rollback()
}

// ElementKeptTwice asks twice for what it was.
func (c Cases) ElementKeptTwice() error {
	marks := map[string]bool{"a": c.p.Choose()}
	was := marks["a"]
	marks["a"] = true
	var tx *sql.Tx
	if !was {
		var err error
		if tx, err = c.p.DB.Begin(); err != nil {
			return err
		}
	}
	delete(marks, "a")
	err := c.log()
	if !was {
		return tx.Commit()
	}
	return err
}

// ToggledBetween asks for the opposite once a method has turned the answer round.
func (c Cases) ToggledBetween() error {
	s := c.settings()
	var tx *sql.Tx
	if s.on {
		var err error
		if tx, err = c.p.DB.Begin(); err != nil {
			return err
		}
	}
	s.toggle()
	if !s.on {
		return tx.Commit()
	}
	return nil
}
