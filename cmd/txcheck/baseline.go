package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/txcheck/txcheck/internal/baseline"
)

// defaultBaseline is where `baseline write` writes to.
const defaultBaseline = ".txcheck-baseline.json"

// writeBaseline answers `txcheck baseline write [flags] [packages]`. It returns the
// exit code.
func writeBaseline(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	if len(args) == 0 || args[0] != "write" {
		return fail(stderr, errors.New("baseline takes the word write: `txcheck baseline write [-o FILE] [packages]`"))
	}
	n, file, err := rememberFindings(ctx, args[1:])
	if err != nil {
		return fail(stderr, err)
	}
	if file != "" {
		text := "findings"
		if n == 1 {
			text = "finding"
		}
		fmt.Fprintf(stdout, "%s: %d %s written\n", file, n, text)
	}
	return exitClean
}

// rememberFindings analyses and writes the file. Findings of only some packages are
// not written: the others would be reported as new once they can be analysed.
func rememberFindings(ctx context.Context, args []string) (n int, file string, err error) {
	s, err := parseWith(args, "./...")
	if err != nil {
		return 0, "", err
	}
	if s.fix || s.diff || s.adopt.newFrom != "" || s.adopt.baseline != "" {
		return 0, "", errors.New("baseline write takes no -fix, -diff, -new-from and -baseline")
	}
	if s.out.file == "" {
		s.out.file = defaultBaseline
		if err := s.out.check(); err != nil {
			return 0, "", err
		}
	}
	if err := s.configure(); err != nil {
		return 0, "", err
	}
	res, err := s.check(ctx, io.Discard)
	if err != nil {
		return 0, "", err
	}
	if len(res.Trouble) > 0 {
		return 0, "", fmt.Errorf("%s\n%s is not written", strings.Join(res.Trouble, "\n"), s.out.file)
	}
	s.adopt.filter(ctx, s.run, res)
	text, err := baseline.Of(res.Findings).Encode()
	if err != nil {
		return 0, "", err
	}
	return len(res.Findings), s.out.file, writeFile(s.out.file, text)
}
