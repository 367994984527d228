package protocol

import (
	"encoding/json"
	"os"
	"reflect"
	"slices"
	"strings"
	"testing"
)

// node is the part of a JSON schema that lists keys.
type node struct {
	Properties map[string]node
	Items      *node
	Defs       map[string]node `json:"$defs"`
}

// TestSchema: the schema of the configuration has the keys of the notation.
func TestSchema(t *testing.T) {
	text, err := os.ReadFile("../../docs/config.schema.json")
	if err != nil {
		t.Fatal(err)
	}
	var schema node
	if err := json.Unmarshal(text, &schema); err != nil {
		t.Fatal(err)
	}
	compareKeys(t, "library", reflect.TypeFor[document](), schema.Defs["library"])
}

// compareKeys holds the fields of a struct against the properties of an object.
func compareKeys(t *testing.T, path string, typ reflect.Type, have node) {
	t.Helper()
	var keys, described []string
	for key := range have.Properties {
		described = append(described, key)
	}
	for f := range typ.Fields() {
		key := f.Tag.Get("yaml")
		keys = append(keys, key)
		of, below := f.Type, have.Properties[key]
		if of.Kind() == reflect.Slice && below.Items != nil {
			of, below = of.Elem(), *below.Items
		}
		if of.Kind() == reflect.Pointer {
			of = of.Elem()
		}
		if of.Kind() == reflect.Struct && (strings.HasSuffix(of.Name(), "Entry") || of.Name() == "shape") {
			compareKeys(t, path+"."+key, of, below)
		}
	}
	slices.Sort(keys)
	slices.Sort(described)
	if !slices.Equal(keys, described) {
		t.Errorf("%s: the notation has the keys\n%v, the schema\n%v", path, keys, described)
	}
}
