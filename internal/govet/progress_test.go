package govet

import (
	"io"
	"strings"
	"testing"
	"testing/iotest"
)

// However the output is cut into pieces, each object counts once.
func TestCounter(t *testing.T) {
	const text = "# m\n{}\n{\n\t\"m\": {\n\t}\n}\r\ngo: {}\n{}\n}"
	n := 0
	c := &counter{done: func() { n++ }}
	if _, err := io.Copy(c, iotest.OneByteReader(strings.NewReader(text))); err != nil {
		t.Fatal(err)
	}
	if n != 3 || c.text.String() != text {
		t.Errorf("counted %d, want 3, in %q", n, c.text.String())
	}
}
