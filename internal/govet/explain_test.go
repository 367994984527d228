package govet

import (
	"slices"
	"testing"
)

func TestExplain(t *testing.T) {
	for text, want := range map[string][]string{
		"flag provided but not defined: -fix\nusage: go vet\n":             {"fixes are applied by the go command of Go 1.26 or later, and this one is older"},
		"go: warning: \"./...\" matched no packages\nno packages to vet\n": {`go: warning: "./..." matched no packages`},
		"go: unlinkat /tmp/go-build1: directory not empty\ntoo old\n":      {"too old"},
		"": {"go vet failed and did not say why"},
		"# m/b\n# [m/b]\nb.go:1:1: bad\nb.go:2:1: worse\n# m/sound\n# m/a\na.go:1:1: bad\n": {
			"# m/a\na.go:1:1: bad", "# m/b\nb.go:1:1: bad\nb.go:2:1: worse",
		},
	} {
		if got := explain(text); !slices.Equal(got, want) {
			t.Errorf("explain(%q) = %q, want %q", text, got, want)
		}
	}
}
