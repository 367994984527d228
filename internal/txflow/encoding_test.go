package txflow

import (
	"bytes"
	"encoding/gob"
	"fmt"
	"reflect"
	"testing"
)

const factSource = `
func Finish(tx *Tx, err *error, ok bool) error { if *err != nil || !ok { tx.Rollback(); return *err }; return tx.Commit() }
func Open(db *DB) (tx *Tx, done func() error, err error) { tx, err = db.Begin(); if err != nil { return nil, nil, err }; return tx, tx.Rollback, nil }
func Same(tx *Tx, err error) error { tx.Rollback(); return err }
func Calls(f func() error) error { return f() }
func Die() { panic(1) }
`

// Facts travel between processes as gob: they must survive, and come out the same
// byte for byte.
func TestFactEncoding(t *testing.T) {
	again := summaries(t, factSource)
	for name, fact := range summaries(t, factSource) {
		first, second := encode(t, fact), encode(t, again[name])
		if !bytes.Equal(first, second) {
			t.Errorf("%s: two runs encode differently", name)
		}
		var back Summary
		if err := gob.NewDecoder(bytes.NewReader(first)).Decode(&back); err != nil {
			t.Fatal(err)
		}
		if again := encode(t, &back); back.String() != fact.String() || !bytes.Equal(again, first) {
			t.Errorf("%s: %s decodes as %s", name, fact, &back)
		}
	}
}

// Every field is written and read: one that is left out would be lost only between
// packages.
func TestFactFields(t *testing.T) {
	var s Summary
	fill(reflect.ValueOf(&s).Elem())
	// A condition speaks of one thing only.
	global := Cond{At: *s.Begins[0].Ctx, Is: condGlobal, Global: "io.EOF"}
	same := Cond{At: *s.Begins[0].Ctx, Is: condSame, Same: Spot{true, 3, "*.1"}}
	for _, c := range []*Case{&s.Begins[0].Cases[0], &s.Uses[0].Cases[0], &s.Errors[0]} {
		c.When, c.Then = []Cond{global}, []Cond{same}
	}
	var back Summary
	data, _ := s.GobEncode()
	if err := back.GobDecode(data); err != nil || !reflect.DeepEqual(s, back) {
		t.Errorf("%+v\ndecodes as\n%+v (%v)", s, back, err)
	}
}

// fill gives every field below v a value that is not zero.
func fill(v reflect.Value) {
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			fill(v.Field(i))
		}
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		fill(v.Index(0))
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(v.Elem())
	case reflect.String:
		v.SetString("s")
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Int:
		v.SetInt(2)
	case reflect.Uint8:
		v.SetUint(2)
	default:
		panic(v.Type())
	}
}

// What another version wrote, or what is damaged, says nothing: no error, no panic.
func TestForeignFacts(t *testing.T) {
	for name, fact := range summaries(t, factSource) {
		data, _ := fact.GobEncode()
		damaged := map[string][]byte{"no data": nil, "another version": append([]byte{factVersion + 1}, data[1:]...), "more": append(bytes.Clone(data), 0)}
		for i := range data {
			damaged[fmt.Sprint("cut at ", i)] = data[:i]
		}
		for kind, d := range damaged {
			got := Summary{Makes: true}
			if err := got.GobDecode(d); err != nil || !reflect.DeepEqual(got, Summary{}) {
				t.Errorf("%s, %s: %+v, %v", name, kind, got, err)
			}
		}
		for i := range data { // whatever it is read as, it is read
			d := bytes.Clone(data)
			d[i] ^= 0xff
			if err := new(Summary).GobDecode(d); err != nil {
				t.Error(err)
			}
		}
	}
	r := reached{Analysed: true}
	if err := r.GobDecode([]byte{factVersion + 1, 1}); err != nil || r.Analysed {
		t.Errorf("a package analysed by another version: %+v, %v", r, err)
	}
}

// A fact that would be too large keeps what makes callers quiet.
func TestFactBound(t *testing.T) {
	facts := summaries(t, factSource+`func End(tx *Tx) { tx.Rollback() }`)
	s := &Summary{Uses: facts["End"].Uses}
	if s.bounded() != s {
		t.Error("a small fact is cut down")
	}
	for range 200 {
		s.Begins = append(s.Begins, facts["Open"].Begins...)
	}
	s = s.bounded()
	if data, _ := s.GobEncode(); len(data) > maxFact {
		t.Errorf("%d bytes", len(data))
	}
	if got := s.String(); got != "uses param 0 [unknown]" {
		t.Errorf("%.200s", got)
	}
}

func encode(t *testing.T, fact *Summary) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := gob.NewEncoder(&b).Encode(fact); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}
