package main

import (
	"bytes"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/txcheck/txcheck/internal/report"
)

// output says how results are printed, and where.
type output struct {
	format report.Format
	name   string // of the format
	file   string // "" is stdout
	color  string
}

// bind declares the flags.
func (o *output) bind(flags *flag.FlagSet) {
	flags.StringVar(&o.name, "format", report.Formats()[0].Name, "print findings in this `format`")
	flags.StringVar(&o.file, "o", "", "write to this `file` instead of stdout (-), once all is known")
	flags.StringVar(&o.color, "color", "auto", "use colours `when`: auto, always or never")
}

// check looks at what can be wrong before a run, which may take long.
func (o *output) check() (err error) {
	if o.format, err = report.Named(o.name); err != nil {
		return err
	}
	switch o.color {
	case "auto", "always", "never":
	default:
		return fmt.Errorf("no -color %q: choose from auto, always, never", o.color)
	}
	if o.file == "-" {
		o.file = ""
	}
	if o.file == "" {
		return nil
	}
	if info, err := os.Stat(o.file); err == nil && info.IsDir() {
		return fmt.Errorf("cannot write %s: it is a directory", o.file)
	}
	if info, err := os.Stat(filepath.Dir(o.file)); err != nil {
		return fmt.Errorf("cannot write %s: %w", o.file, cause(err))
	} else if !info.IsDir() {
		return fmt.Errorf("cannot write %s: %s is no directory", o.file, filepath.Dir(o.file))
	}
	return nil
}

// print writes a report in the chosen format.
func (o *output) print(stdout io.Writer, r report.Report) error {
	if o.file == "" {
		r.Style = terminalStyle(o.color, stdout, os.Getenv)
	} else {
		r.Style = report.Style{Colors: o.color == "always"}
	}
	var text bytes.Buffer
	if err := o.format.Print(&text, r); err != nil {
		return err
	}
	return o.write(stdout, text.Bytes())
}

// write puts a finished text where it belongs.
func (o *output) write(stdout io.Writer, text []byte) error {
	if o.file != "" {
		return writeFile(o.file, text)
	}
	if _, err := stdout.Write(text); err != nil {
		return fmt.Errorf("cannot write the report: %w", cause(err))
	}
	return nil
}
