package config

import (
	"os"
	"path/filepath"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"

	"github.com/txcheck/txcheck/internal/protocol"
)

// libraries are descriptions in the notation of package protocol, not yet read, or the
// names of files that hold such.
type libraries []ast.Node

// UnmarshalYAML takes a list of mappings and texts.
func (l *libraries) UnmarshalYAML(node ast.Node) error {
	seq, ok := node.(*ast.SequenceNode)
	if !ok {
		return protocol.ErrorAt(node.GetToken(), "want a list of libraries")
	}
	for _, v := range seq.Values {
		switch v.Type() {
		case ast.MappingType, ast.MappingValueType, ast.StringType:
			*l = append(*l, v)
		default:
			return protocol.ErrorAt(v.GetToken(), "want a library, which begins with a line such as \"library: our store\", or the name of a file")
		}
	}
	return nil
}

// readLibraries reads what a list in the file of this name holds or names.
func (c *Config) readLibraries(name string, list libraries) error {
	for _, node := range list {
		files, text, err := c.readLibrary(name, node)
		if err != nil {
			return err
		}
		c.libraries = append(c.libraries, files...)
		if c.protocols != "" {
			c.protocols += "---\n"
		}
		c.protocols += text
	}
	_, err := protocol.New(c.libraries...)
	return err
}

// readLibrary reads one library, or all in the file that a node names, and returns
// them as text as well.
func (c *Config) readLibrary(name string, node ast.Node) (files []*protocol.File, text string, err error) {
	if s, ok := node.(*ast.StringNode); ok {
		return c.readFile(name, s)
	}
	if files, err = protocol.LoadNodes(name, []ast.Node{node}); err != nil {
		return nil, "", err
	}
	var value yaml.MapSlice
	if err := yaml.NodeToValue(node, &value); err != nil {
		return nil, "", err
	}
	out, err := yaml.Marshal(value)
	return files, string(out), err
}

// readFile reads the file that a node names, relative to the configuration.
func (c *Config) readFile(name string, node *ast.StringNode) ([]*protocol.File, string, error) {
	fault := func(format string, args ...any) error {
		return protocol.Locate(name, protocol.ErrorAt(node.GetToken(), format, args...))
	}
	if c.Dir == "" {
		return nil, "", fault("want a library, which begins with a line such as \"library: our store\", not %q: a file can be named in %s alone", node.Value, Name)
	}
	full := filepath.FromSlash(node.Value)
	if !filepath.IsAbs(full) {
		full = filepath.Join(c.Dir, full)
	}
	text, err := os.ReadFile(full)
	if err != nil {
		return nil, "", fault("cannot read %s: %v", node.Value, reason(err))
	}
	files, err := protocol.Load(shown(full), text)
	if err == nil && len(files) == 0 {
		err = fault("%s describes no library", node.Value)
	}
	c.named = append(c.named, full)
	return files, string(text) + "\n", err
}
