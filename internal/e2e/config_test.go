package e2e

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/goccy/go-yaml"
)

const configSchema = root + "/docs/config.schema.json"

// The example is valid for the schema and for txcheck; so is every description of a
// library that is built in.
func TestConfigSchema(t *testing.T) {
	schema := compileSchema(t, configSchema)
	example := read(t, root+"/examples/config/.txcheck.yml")
	if err := schema.Validate(fromYAML(t, example)); err != nil {
		t.Error(err)
	}
	if out, ok := accepts(t, example); !ok {
		t.Error(out)
	}
	libraries, err := filepath.Glob(root + "/internal/protocol/lib/*.yaml")
	if err != nil || len(libraries) == 0 {
		t.Fatalf("no libraries: %v", err)
	}
	for _, name := range libraries {
		text := "protocols:\n- " + strings.ReplaceAll(strings.TrimRight(withoutHead(read(t, name)), "\n"), "\n", "\n  ") + "\n"
		if err := schema.Validate(fromYAML(t, text)); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// The schema refuses what txcheck refuses.
func TestConfigSchemaRefuses(t *testing.T) {
	schema := compileSchema(t, configSchema)
	for _, text := range []string{
		"panic: true\n",
		"panics: often\n",
		"exclude: internal/old\n",
		"exclude: [{path: internal/old}]\n",
		"exclude: [{path: internal/old, reason: ''}]\n",
		"exclude: [{path: ../old, reason: none}]\n",
		"exclude: [{path: /old, reason: none}]\n",
		"exclude: [{path: old, reason: none, until: tomorrow}]\n",
		"protocols: our store\n",
		"protocols: [{library: x}]\n",
		"protocols: [{imports: [a.b/x]}]\n",
		"protocols: [{library: x, imports: [a.b/x], opens: []}]\n",
		"protocols: [{library: x, imports: [a.b/x], open: [{func: x.F, level: big}]}]\n",
	} {
		if schema.Validate(fromYAML(t, text)) == nil {
			t.Errorf("the schema accepts %q", text)
		}
		if _, ok := accepts(t, text); ok {
			t.Errorf("txcheck accepts %q", text)
		}
	}
}

// accepts has txcheck read a configuration.
func accepts(t *testing.T, text string) (out string, ok bool) {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, ".txcheck.yml"), []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(filepath.Join(bin, "txcheck"), "protocols", "list")
	cmd.Dir = dir
	printed, err := cmd.CombinedOutput()
	return string(printed), err == nil
}

// withoutHead drops the comments in front, so that the text can become a list item.
func withoutHead(text string) string {
	for strings.HasPrefix(text, "#") || strings.HasPrefix(text, "\n") {
		_, text, _ = strings.Cut(text, "\n")
	}
	return text
}

// fromYAML reads YAML in the form that the schema library wants.
func fromYAML(t *testing.T, text string) any {
	t.Helper()
	data, err := yaml.YAMLToJSON([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return decode(t, string(data))
}
