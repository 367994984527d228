package unit

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// BenchmarkStartup is a process that has nothing to do: a unit of the standard
// library.
func BenchmarkStartup(b *testing.B) {
	dir := b.TempDir()
	cfg := filepath.Join(dir, "unit.cfg")
	text := "{\n\t\"ImportPath\": \"p\",\n\t\"Dir\": \"/goroot/src/p\",\n\t\"Compiler\": \"gc\",\n\t\"GoFiles\": [\"p.go\"],\n\t\"VetxOnly\": true\n}\n"
	if err := os.WriteFile(cfg, []byte(text), 0o666); err != nil {
		b.Fatal(err)
	}
	self, err := os.Executable()
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		cmd := exec.Command(self, cfg)
		cmd.Env = append(os.Environ(), driverVar+"=own", innerVar+"=1", "GOROOT=/goroot")
		if out, err := cmd.CombinedOutput(); err != nil {
			b.Fatalf("%v\n%s", err, out)
		}
	}
}

// BenchmarkIdentifiers looks through this package's own text.
func BenchmarkIdentifiers(b *testing.B) {
	names, err := filepath.Glob("*.go")
	if err != nil {
		b.Fatal(err)
	}
	texts, err := readAll(names)
	if err != nil {
		b.Fatal(err)
	}
	size := 0
	for _, text := range texts {
		size += len(text)
	}
	b.SetBytes(int64(size))
	for b.Loop() {
		n := 0
		for _, text := range texts {
			identifiers(text, func([]byte) { n++ })
		}
	}
}
