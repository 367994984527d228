package e2e

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/santhosh-tekuri/jsonschema/v6"
)

// schemas are what the machine-readable formats have to keep to. The one of SARIF
// is that of OASIS, from docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas.
var schemas = map[string]string{
	"json":  root + "/docs/report.schema.json",
	"sarif": "testdata/sarif-schema-2.1.0.json",
}

// Both what is printed in a real run, with a package that is broken, and what
// the golden files of the formats hold are valid.
func TestSchemas(t *testing.T) {
	dir := brokenModule(t)
	for format, file := range schemas {
		t.Run(format, func(t *testing.T) {
			schema := compileSchema(t, file)
			printed := txcheck(t, 2, "-format", format, "-C", dir, "./...")
			for name, text := range map[string]string{
				"a run":              printed,
				"the golden file":    read(t, root+"/internal/report/testdata/golden/"+format),
				"a run with trouble": read(t, root+"/internal/report/testdata/golden/"+format+".trouble"),
			} {
				if err := schema.Validate(decode(t, text)); err != nil {
					t.Errorf("%s: %v", name, err)
				}
			}
			if !strings.Contains(printed, "leaves transaction tx open") || !strings.Contains(printed, "undefined: nothing") {
				t.Errorf("the finding or the trouble is missing:\n%s", printed)
			}
		})
	}
}

// The schemas are no schemas if they let everything pass.
func TestSchemasRefuse(t *testing.T) {
	for format, file := range schemas {
		text := read(t, root+"/internal/report/testdata/golden/"+format)
		for _, replace := range [][2]string{
			{`"message"`, `"massage"`},
			{`"error"`, `"fatal"`},
			{`"unfinishedtx"`, `7`},
		} {
			broken := strings.ReplaceAll(text, replace[0], replace[1])
			if broken == text {
				t.Errorf("%s: no %s in the golden file", format, replace[0])
			}
			if compileSchema(t, file).Validate(decode(t, broken)) == nil {
				t.Errorf("%s: the schema accepts %s for %s", format, replace[1], replace[0])
			}
		}
	}
}

// SARIF Multitool knows rules beyond the schema, GitHub's among them. It comes from
// npm, as @microsoft/sarif-multitool-linux, and is used where it is installed.
func TestMultitool(t *testing.T) {
	tool, err := exec.LookPath("Sarif.Multitool")
	if err != nil {
		t.Skip(err)
	}
	log := filepath.Join(t.TempDir(), "txcheck.sarif")
	txcheck(t, 2, "-format", "sarif", "-o", log, "-C", brokenModule(t), "./...")
	out, err := exec.Command(tool, "validate", log, "--rule-kind", "Sarif;Ghas", "--level", "Error;Warning",
		"--output", log+".result", "--log", "ForceOverwrite").CombinedOutput()
	if err != nil || bytes.Contains(out, []byte("warning")) || bytes.Contains(out, []byte("error")) {
		t.Errorf("%v\n%s", err, out)
	}
}

// brokenModule makes a module with a package that leaks and one that is broken.
func brokenModule(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range map[string]string{
		"go.mod":           "module example.com/m\n\ngo 1.26\n",
		"broken/broken.go": "package broken\n\nfunc Commit() int {\n\treturn nothing\n}\n",
		"leak/leak.go":     strings.Replace(read(t, root+"/examples/update/update.go"), "package update", "package leak", 1),
	} {
		file := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func compileSchema(t *testing.T, file string) *jsonschema.Schema {
	t.Helper()
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	const name = "schema.json"
	if err := c.AddResource(name, decode(t, read(t, file))); err != nil {
		t.Fatal(err)
	}
	schema, err := c.Compile(name)
	if err != nil {
		t.Fatal(err)
	}
	return schema
}

// decode reads JSON in the form that the schema library wants.
func decode(t *testing.T, text string) any {
	t.Helper()
	doc, err := jsonschema.UnmarshalJSON(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return doc
}
