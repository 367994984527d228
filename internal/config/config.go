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
	Dir  string // what excluded paths are relative to

	panics    *bool
	ctxCancel *bool
	libraries []*protocol.File
	protocols string // the libraries as text
	exclude   []exclusion
}

// A document is the text as written.
type document struct {
	Panics    *bool       `yaml:"panics"`
	CtxCancel *bool       `yaml:"ctxcancel"`
	Protocols libraries   `yaml:"protocols"`
	Exclude   []exclusion `yaml:"exclude"`
}

// libraries are descriptions in the notation of package protocol, not yet read.
type libraries []ast.Node

// UnmarshalYAML takes a list of mappings.
func (l *libraries) UnmarshalYAML(node ast.Node) error {
	seq, ok := node.(*ast.SequenceNode)
	if !ok {
		return protocol.ErrorAt(node.GetToken(), "want a list of libraries")
	}
	for _, v := range seq.Values {
		switch v.Type() {
		case ast.MappingType, ast.MappingValueType:
			*l = append(*l, v)
		default:
			return protocol.ErrorAt(v.GetToken(), "want a library, which begins with a line such as \"library: our store\"")
		}
	}
	return nil
}

// Load reads the file that is in force in a directory; there need not be one.
func Load(dir string) (*Config, error) {
	name, err := find(dir)
	if err != nil || name == "" {
		return nil, err
	}
	text, err := os.ReadFile(name)
	if err != nil {
		if pathErr, ok := errors.AsType[*fs.PathError](err); ok {
			err = pathErr.Err
		}
		return nil, fmt.Errorf("cannot read %s: %w", shown(name), err)
	}
	c, err := Parse(shown(name), text)
	if err != nil {
		return nil, err
	}
	c.File, c.Dir = name, filepath.Dir(name)
	return c, nil
}

// Parse reads a configuration. The name is for messages alone.
func Parse(name string, text []byte) (c *Config, err error) {
	defer protocol.Contain(name, &err)
	parsed, err := parser.ParseBytes(text, 0)
	if err != nil {
		return nil, protocol.Locate(name, err)
	}
	c = &Config{Dir: "."}
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
	var err error
	if c.libraries, err = protocol.LoadNodes(name, d.Protocols); err != nil {
		return err
	}
	if _, err := protocol.New(c.libraries...); err != nil {
		return err
	}
	c.protocols, err = d.Protocols.text()
	return err
}

// text writes libraries as one stream of documents, for a flag.
func (l libraries) text() (text string, err error) {
	for _, node := range l {
		var value yaml.MapSlice
		if err := yaml.NodeToValue(node, &value); err != nil {
			return "", err
		}
		out, err := yaml.Marshal(value)
		if err != nil {
			return "", err
		}
		if text != "" {
			text += "---\n"
		}
		text += string(out)
	}
	return text, nil
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
