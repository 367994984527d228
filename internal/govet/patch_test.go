package govet

import (
	"errors"
	"maps"
	"slices"
	"strings"
	"testing"
)

const twoFiles = `--- /src/a b.go (old)
+++ /src/a b.go (new)
@@ -1,3 +1,4 @@
 one
-- two
+-- 2
+++ 2
 three
@@ -5 +6 @@
-five
\ No newline at end of file
+5
--- /src/c.go (old)
+++ /src/c.go (new)
@@ -2,2 +2 @@
 b
-c
`

func TestPatch(t *testing.T) {
	was := map[string]string{
		"/src/a b.go": "one\n- two\nthree\nfour\nfive",
		"/src/c.go":   "a\r\nb\nc\nd\n",
	}
	read := func(name string) ([]byte, error) { return []byte(was[name]), nil }
	got, err := patch(twoFiles, read)
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{
		"/src/a b.go": "one\n-- 2\n++ 2\nthree\nfour\n5\n",
		"/src/c.go":   "a\r\nb\nd\n",
	}
	if !slices.Equal(slices.Sorted(maps.Keys(got)), slices.Sorted(maps.Keys(want))) {
		t.Errorf("files: %v", got)
	}
	for name, text := range want {
		if string(got[name]) != text {
			t.Errorf("%s is %q, want %q", name, got[name], text)
		}
	}
	for name, text := range map[string]string{
		"/src/a b.go": "one\n- two \nthree\nfour\nfive",
		"/src/c.go":   "b\nc\n",
	} {
		kept := was[name]
		was[name] = text
		if _, err := patch(twoFiles, read); err == nil || err.Error() != name+" has changed since it was analysed" {
			t.Errorf("%s has changed, and the error is %v", name, err)
		}
		was[name] = kept
	}
	gone := errors.New("gone")
	if _, err := patch(twoFiles, func(string) ([]byte, error) { return nil, gone }); !errors.Is(err, gone) {
		t.Errorf("got %v", err)
	}
}

// Whatever is cut off or spoilt is told, and nothing panics.
func TestPatchBroken(t *testing.T) {
	read := func(string) ([]byte, error) { return []byte("one\n- two\nthree\nfour\nfive"), nil }
	for i := range len(twoFiles) {
		patch(twoFiles[:i], read)
		patch(strings.Replace(twoFiles, twoFiles[i:i+1], "", 1), read)
	}
	for _, diff := range []string{
		"nonsense\n",
		"--- a.go (old)\n",
		"--- a.go (old)\n+++ a.go (new)\n@@ -1 @@\n",
		"--- a.go (old)\n+++ a.go (new)\n@@ -1,2 +1 @@\n one\n",
		"--- a.go (old)\n+++ a.go (new)\n@@ -1 +1 @@\n?\n",
		strings.Repeat("--- a.go (old)\n+++ a.go (new)\n@@ -1 +1 @@\n-one\n+1\n", 2),
	} {
		if _, err := patch(diff, read); err == nil {
			t.Errorf("no error for %q", diff)
		}
	}
}

// A file that has carriage returns all over keeps them.
func TestPatchCRLF(t *testing.T) {
	const diff = "--- /src/a.go (old)\n+++ /src/a.go (new)\n@@ -1,2 +1,3 @@\n-one\r\n-two\r\n+one\n+1\n+two\n"
	read := func(string) ([]byte, error) { return []byte("one\r\ntwo\r\n"), nil }
	got, err := patch(diff, read)
	if text := string(got["/src/a.go"]); err != nil || text != "one\r\n1\r\ntwo\r\n" {
		t.Errorf("%q, %v", text, err)
	}
}
