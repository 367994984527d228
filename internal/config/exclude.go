package config

import (
	"go/token"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/goccy/go-yaml/ast"
	yamltoken "github.com/goccy/go-yaml/token"
	"golang.org/x/tools/go/analysis"

	"github.com/txcheck/txcheck/internal/protocol"
)

// An exclusion names files in which nothing is reported, and why. The functions in
// them are still understood.
type exclusion struct {
	Path   word `yaml:"path"`
	Reason word `yaml:"reason"`
}

// A word is a text that remembers where it stands.
type word struct {
	text string
	tok  *yamltoken.Token
}

// UnmarshalYAML takes a text.
func (w *word) UnmarshalYAML(node ast.Node) error {
	switch n := node.(type) {
	case *ast.StringNode:
		*w = word{n.Value, n.GetToken()}
	case *ast.LiteralNode:
		*w = word{n.Value.Value, n.GetToken()}
	default:
		return protocol.ErrorAt(node.GetToken(), "want a text")
	}
	return nil
}

// UnmarshalYAML takes an entry that has both keys.
func (e *exclusion) UnmarshalYAML(node ast.Node) error {
	var values []*ast.MappingValueNode
	switch n := node.(type) {
	case *ast.MappingNode:
		values = n.Values
	case *ast.MappingValueNode:
		values = []*ast.MappingValueNode{n}
	default:
		return protocol.ErrorAt(node.GetToken(), "want an entry with the keys path and reason")
	}
	for _, v := range values {
		key := v.Key.GetToken()
		into := &e.Path
		switch key.Value {
		case "path":
		case "reason":
			into = &e.Reason
		default:
			return protocol.ErrorAt(key, "unknown field %q", key.Value)
		}
		if into.tok != nil {
			return protocol.ErrorAt(key, "mapping key %q already defined", key.Value)
		}
		if err := into.UnmarshalYAML(v.Value); err != nil {
			return err
		}
	}
	switch {
	case e.Path.tok == nil:
		return protocol.ErrorAt(node.GetToken(), "an excluded path wants the key path")
	case e.Reason.tok == nil:
		return protocol.ErrorAt(e.Path.tok, "the excluded path %q wants a reason: add a line \"reason: ...\"", e.Path.text)
	}
	return nil
}

// checkExclusions refuses what can never match, and what stands there twice.
func checkExclusions(list []exclusion) error {
	var seen []string
	for _, e := range list {
		clean := strings.TrimSuffix(e.Path.text, "/")
		switch _, err := path.Match(clean, ""); {
		case strings.TrimSpace(e.Reason.text) == "":
			return protocol.ErrorAt(e.Reason.tok, "the reason is empty")
		case err != nil:
			return protocol.ErrorAt(e.Path.tok, "malformed pattern %q", e.Path.text)
		case path.Clean(clean) != clean || path.IsAbs(clean) || clean == "." || !filepath.IsLocal(filepath.FromSlash(clean)):
			return protocol.ErrorAt(e.Path.tok, "want a path below the directory of this file, such as \"internal/old\", not %q", e.Path.text)
		case slices.Contains(seen, clean):
			return protocol.ErrorAt(e.Path.tok, "path %q is listed twice", e.Path.text)
		}
		seen = append(seen, clean)
	}
	return nil
}

// Excludes reports whether nothing is to be reported in a file.
func (c *Config) Excludes(name string) bool {
	if c == nil || len(c.exclude) == 0 {
		return false
	}
	rel, ok := below(c.Dir, name)
	if !ok {
		return false
	}
	elems := strings.Split(filepath.ToSlash(rel), "/")
	return slices.ContainsFunc(c.exclude, func(e exclusion) bool {
		pattern := strings.TrimSuffix(e.Path.text, "/")
		return matches(strings.Split(pattern, "/"), elems)
	})
}

// below returns a path relative to a directory, if it is below it by any name.
func below(dir, name string) (rel string, ok bool) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return "", false
	}
	if rel, err := filepath.Rel(dir, name); err == nil && filepath.IsLocal(rel) {
		return rel, true
	}
	realDir, err1 := filepath.EvalSymlinks(dir)
	realName, err2 := filepath.EvalSymlinks(name)
	if err1 != nil || err2 != nil {
		return "", false
	}
	rel, err = filepath.Rel(realDir, realName)
	return rel, err == nil && filepath.IsLocal(rel)
}

// matches reports whether a pattern stands for a path or for a directory above it.
// The element ** stands for any number of elements.
func matches(pattern, elems []string) bool {
	if len(pattern) == 0 {
		return true
	}
	if pattern[0] == "**" {
		for i := range len(elems) + 1 {
			if matches(pattern[1:], elems[i:]) {
				return len(pattern) > 1 || len(elems) > 0
			}
		}
		return false
	}
	if len(elems) == 0 {
		return false
	}
	ok, _ := path.Match(pattern[0], elems[0])
	return ok && matches(pattern[1:], elems[1:])
}

// Quiet keeps the rules from reporting in excluded files. A diagnostic about the
// analysis itself is no finding and stays.
func (c *Config) Quiet(rules []*analysis.Analyzer) []*analysis.Analyzer {
	if c == nil || len(c.exclude) == 0 {
		return rules
	}
	for _, a := range rules {
		run := a.Run
		a.Run = func(pass *analysis.Pass) (any, error) {
			inner := *pass
			inner.Report = func(d analysis.Diagnostic) {
				if d.Category == "internal" || d.Category == "why" || !c.excludesPos(pass.Fset, d.Pos) {
					pass.Report(d)
				}
			}
			return run(&inner)
		}
	}
	return rules
}

// excludesPos looks at the name of the file as well as at that which a //line
// comment gives it.
func (c *Config) excludesPos(fset *token.FileSet, pos token.Pos) bool {
	return c.Excludes(fset.Position(pos).Filename) || c.Excludes(fset.PositionFor(pos, false).Filename)
}
