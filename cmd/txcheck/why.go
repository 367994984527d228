package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/txcheck/txcheck/internal/report"
)

// why answers `txcheck why FILE:LINE`: what the analysis knows there, and why it
// reports nothing. It returns the exit code.
func why(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	var s question
	place, err := s.ask(args)
	if err == nil {
		err = s.configure()
	}
	if err != nil {
		return fail(stderr, err)
	}
	res, err := s.run.Check(ctx)
	if err != nil {
		return fail(stderr, err)
	}
	base, err := os.Getwd()
	if err != nil {
		return fail(stderr, err)
	}
	known := 0
	for _, f := range res.Findings {
		if f.Category != "why" {
			continue
		}
		known++
		fmt.Fprintf(stdout, "%s: %s\n", shown(f.Pos, base), f.Message)
		for _, way := range f.Steps {
			fmt.Fprintf(stdout, "    %s: %s\n", shown(way.Pos, base), way.Message)
		}
	}
	switch {
	case known > 0:
		return exitClean
	case len(res.Trouble) > 0:
		return fail(stderr, errors.New(strings.Join(res.Trouble, "\n")))
	case !s.run.Has(ctx, filepath.Base(s.file)):
		return fail(stderr, fmt.Errorf("%s is no part of its package in this build: see -tags", s.file))
	}
	fmt.Fprintf(stdout, "%s: no transaction begins here, and no function that has one is left here\n", place)
	return exitClean
}

// A question is a command line of why, read.
type question struct {
	settings
	file string // as the user named it
}

// ask reads the arguments of why, sets up the run that answers, and returns the
// place asked about as the user wrote it.
func (s *question) ask(args []string) (place string, err error) {
	flags, own := s.flagSet()
	if err := flags.Parse(args); err != nil {
		return "", err
	}
	if flags.NArg() != 1 {
		return "", errors.New("why takes one place: `txcheck why store.go:41`")
	}
	place = flags.Arg(0)
	file, line, err := splitPlace(place)
	if err != nil {
		return "", err
	}
	s.file = file
	if !filepath.IsAbs(file) {
		file = filepath.Join(s.run.Dir, file)
	}
	if file, err = filepath.Abs(file); err != nil {
		return "", err
	}
	if err := hasLine(file, line); err != nil {
		return "", fmt.Errorf("%s %w", s.file, err)
	}
	if s.run.Tool, err = os.Executable(); err != nil {
		return "", err
	}
	s.run.Dir, s.run.Packages = filepath.Dir(file), []string{"."}
	s.run.Flags = append(own.forGoVet(flags), fmt.Sprintf("-unfinishedtx.why=%s:%d", file, line))
	return place, nil
}

// hasLine says what is wrong with a place, as a sentence about its file.
func hasLine(file string, line int) error {
	if filepath.Ext(file) != ".go" {
		return errors.New("is no Go file")
	}
	text, err := os.ReadFile(file)
	if err != nil {
		return fmt.Errorf("cannot be read: %w", cause(err))
	}
	if n := 1 + bytes.Count(text, []byte("\n")); line > n {
		return fmt.Errorf("has %d lines", n)
	}
	return nil
}

// splitPlace reads FILE:LINE, and FILE:LINE:COLUMN as editors and compilers print it.
func splitPlace(place string) (file string, line int, err error) {
	parts := strings.Split(place, ":")
	for _, n := range []int{2, 1} {
		if i := len(parts) - n; i > 0 {
			if line, err := strconv.Atoi(parts[i]); err == nil && line > 0 {
				return strings.Join(parts[:i], ":"), line, nil
			}
		}
	}
	return "", 0, fmt.Errorf("%q is no FILE:LINE", place)
}

// shown prints a position relative to base where it is below it.
func shown(p report.Position, base string) string {
	name := p.File
	if rel, err := filepath.Rel(base, name); err == nil && filepath.IsLocal(rel) {
		name = rel
	}
	return fmt.Sprintf("%s:%d", name, p.Line)
}
