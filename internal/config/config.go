// Package config reads .txcheck.yml, the configuration that a project keeps with
// its source: options of the rules, descriptions of in-house libraries, and paths
// in which nothing is reported.
//
// The file is read strictly. Whatever is not understood is an error with its place
// and a caret, and never a setting that silently has no effect.
package config

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/parser"

	"github.com/txcheck/txcheck/internal/protocol"
	"github.com/txcheck/txcheck/internal/txflow"
)

// Name is the name of the file.
const Name = ".txcheck.yml"

// A Config is one file, read and checked. The zero Config, and a nil one, change
// nothing.
type Config struct {
	File string // "" if there is none
	Dir  string // what paths are relative to; "" is the working directory

	panics    *bool
	ctxCancel *bool
	libraries []*protocol.File
	protocols string   // the libraries as text
	named     []string // files with libraries, which the file names
	exclude   []exclusion
}

// A document is the text as written.
type document struct {
	Panics    *bool       `yaml:"panics"`
	CtxCancel *bool       `yaml:"ctxcancel"`
	Protocols libraries   `yaml:"protocols"`
	Exclude   []exclusion `yaml:"exclude"`
}

// Load reads the file that is in force in a directory; there need not be one.
func Load(dir string) (*Config, error) {
	name, err := find(dir)
	if err != nil || name == "" {
		return nil, err
	}
	text, err := os.ReadFile(name)
	if err != nil {
		return nil, fmt.Errorf("cannot read %s: %w", shown(name), reason(err))
	}
	c, err := Parse(shown(name), filepath.Dir(name), text)
	if err != nil {
		return nil, err
	}
	c.File = name
	return c, nil
}

// reason leaves out what an error of the file system has in front of it.
func reason(err error) error {
	if pathErr, ok := errors.AsType[*fs.PathError](err); ok {
		return pathErr.Err
	}
	return err
}

// Parse reads a configuration. The name is for messages alone; files that it names are
// relative to dir. Without that it can name none.
func Parse(name, dir string, text []byte) (c *Config, err error) {
	defer protocol.Contain(name, &err)
	parsed, err := parser.ParseBytes(text, 0)
	if err != nil {
		return nil, protocol.Locate(name, err)
	}
	c = &Config{Dir: dir}
	read := false
	for _, doc := range parsed.Docs {
		switch {
		case protocol.Empty(doc):
		case read:
			return nil, protocol.Locate(name, protocol.ErrorAt(doc.Body.GetToken(), "want one document, not several"))
		default:
			read = true
			if err := c.decode(name, doc.Body); err != nil {
				return nil, err
			}
		}
	}
	return c, nil
}

// decode reads the one document of a file.
func (c *Config) decode(name string, body ast.Node) error {
	var d document
	if err := yaml.NodeToValue(body, &d, yaml.Strict()); err != nil {
		return protocol.Locate(name, err)
	}
	if err := checkExclusions(d.Exclude); err != nil {
		return protocol.Locate(name, err)
	}
	c.panics, c.ctxCancel, c.exclude = d.Panics, d.CtxCancel, d.Exclude
	return c.readLibraries(name, d.Protocols)
}

// Apply sets what the file says.
func (c *Config) Apply(opts *txflow.Options) {
	if c == nil {
		return
	}
	if c.panics != nil {
		opts.Panics = *c.panics
	}
	if c.ctxCancel != nil {
		opts.CtxCancel = *c.ctxCancel
	}
	opts.Libraries = c.libraries
}

// Protocols returns the libraries of the file as YAML text, one a document.
func (c *Config) Protocols() string {
	if c == nil {
		return ""
	}
	return c.protocols
}

// Libraries returns the libraries of the file.
func (c *Config) Libraries() []*protocol.File {
	if c == nil {
		return nil
	}
	return c.libraries
}

// Fault returns what is wrong in a text that was read, for messages of one line.
func Fault(err error) (line int, message string, ok bool) {
	fault, ok := errors.AsType[*protocol.Error](err)
	if !ok {
		return 0, "", false
	}
	return fault.Line, fault.Message, true
}

// shown prints a path relative to the working directory where it is below it.
func shown(name string) string {
	if wd, err := os.Getwd(); err == nil {
		if rel, err := filepath.Rel(wd, name); err == nil && filepath.IsLocal(rel) {
			return rel
		}
	}
	return name
}
