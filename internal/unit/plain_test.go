package unit

import (
	"bytes"
	"encoding/binary"
	"encoding/gob"
	"encoding/json"
	"fmt"
	"go/token"
	"go/types"
	"reflect"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/gcexportdata"
	"golang.org/x/tools/go/types/objectpath"

	"github.com/txcheck/txcheck/internal/txflow"
)

// readOwn returns the facts in an answer.
func readOwn(_ string, data []byte) map[string]string {
	a, err := decodeAnswer(data)
	if err != nil {
		panic(err)
	}
	types := txflow.New(txflow.DefaultOptions()).FactTypes
	facts := make(map[string]string)
	for _, e := range a.facts {
		i := slices.IndexFunc(types, func(f analysis.Fact) bool { return typeName(f) == e.typ })
		fact := reflect.New(reflect.TypeOf(types[i]).Elem()).Interface().(analysis.Fact)
		if err := fact.(encoded).GobDecode([]byte(e.text)); err != nil {
			panic(err)
		}
		text, err := json.Marshal(fact)
		if err != nil {
			panic(err)
		}
		facts[e.key.String()] = normal(string(text))
	}
	return facts
}

// readPlain returns the facts in what unitchecker writes: types, then facts.
func readPlain(path string, data []byte) map[string]string {
	typesLen := binary.LittleEndian.Uint32(data[4:8])
	typesData, factsData := data[12:12+typesLen], data[12+typesLen:]
	if len(factsData) == 0 {
		return nil
	}
	for _, f := range txflow.New(txflow.DefaultOptions()).FactTypes {
		gob.Register(f)
	}
	var list []struct {
		PkgPath string
		Object  objectpath.Path
		Fact    analysis.Fact
	}
	if err := gob.NewDecoder(bytes.NewReader(factsData)).Decode(&list); err != nil {
		panic(err)
	}
	packages := make(map[string]*types.Package)
	indexed := append([]byte("i"), typesData...)
	if _, err := gcexportdata.Read(bytes.NewReader(indexed), token.NewFileSet(), packages, path); err != nil {
		panic(err)
	}
	facts := make(map[string]string)
	for _, f := range list {
		k := key{pkg: f.PkgPath, typ: typeName(f.Fact)}
		if f.Object != "" {
			if packages[f.PkgPath] == nil {
				continue // of a package that is not part of the types
			}
			obj, err := objectpath.Object(packages[f.PkgPath], f.Object)
			if err != nil {
				continue
			}
			if k, _ = keyOf(obj, f.Fact); k.pkg == "" {
				panic(fmt.Sprintf("no key for %v", obj))
			}
		}
		text, err := json.Marshal(f.Fact)
		if err != nil {
			panic(err)
		}
		facts[k.String()] = normal(string(text))
	}
	return facts
}

// normal hides the difference between an empty slice and none, which gob does not
// keep.
func normal(text string) string { return strings.ReplaceAll(text, "[]", "null") }

func (k key) String() string {
	return fmt.Sprintf("%s (%s).%s %s", k.pkg, k.recv, k.name, k.typ)
}
