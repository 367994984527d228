package config

import (
	"crypto/sha256"
	"os"
	"path/filepath"
	"slices"

	"golang.org/x/mod/modfile"
)

// Sum returns a hash over every configuration that can be in force when the go
// command runs in a directory, or nil if there is none: that of the module, those of
// the other modules of its workspace, and those of modules that stand in for others
// by a replace directive, each with the files that it names. A file that is not valid is an error, so that it is told
// before anything is analysed.
func Sum(dir string) ([]byte, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil, err
	}
	var files []string
	for _, root := range localModules(dir) {
		c, err := Load(root)
		if err != nil {
			return nil, err
		}
		if c != nil {
			files = append(append(files, c.File), c.named...)
		}
	}
	if files == nil {
		return nil, nil
	}
	slices.Sort(files)
	hash := sha256.New()
	for _, name := range slices.Compact(files) {
		text, err := os.ReadFile(name)
		if err != nil {
			return nil, err
		}
		// Paths are relative to the file, so that its place matters, too.
		sum := sha256.Sum256(text)
		hash.Write(append([]byte(name+"\x00"), sum[:]...))
	}
	return hash.Sum(nil), nil
}

// localModules returns the directories of the modules that are not downloaded. What
// cannot be parsed is for the go command to complain about.
func localModules(dir string) []string {
	roots := []string{moduleRoot(dir)}
	add := func(base, path string) {
		if !modfile.IsDirectoryPath(path) {
			return
		}
		if !filepath.IsAbs(path) {
			path = filepath.Join(base, path)
		}
		if !slices.Contains(roots, path) {
			roots = append(roots, path)
		}
	}
	if name := workFile(dir); name != "" {
		if text, err := os.ReadFile(name); err == nil {
			if work, err := modfile.ParseWork(name, text, nil); err == nil {
				for _, use := range work.Use {
					add(filepath.Dir(name), dotted(use.Path))
				}
				for _, r := range work.Replace {
					add(filepath.Dir(name), r.New.Path)
				}
			}
		}
	}
	for _, root := range slices.Clone(roots) {
		name := filepath.Join(root, "go.mod")
		if text, err := os.ReadFile(name); err == nil {
			if mod, err := modfile.Parse(name, text, nil); err == nil {
				for _, r := range mod.Replace {
					add(root, r.New.Path)
				}
			}
		}
	}
	return roots
}

// dotted gives a relative path of a use directive, which may be bare, the form that
// it must have in a replace directive.
func dotted(path string) string {
	if modfile.IsDirectoryPath(path) {
		return path
	}
	return "./" + path
}
