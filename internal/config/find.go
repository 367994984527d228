package config

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// find returns the file that is in force in a directory, or "": the first one from
// the root of the module up to the root of the repository. A file below the root of
// the module has no effect, and neither has one that came with a downloaded module.
func find(dir string) (string, error) {
	dir, err := filepath.Abs(dir)
	if err != nil || downloaded(dir) {
		return "", err
	}
	for d := moduleRoot(dir); ; d = filepath.Dir(d) {
		name := filepath.Join(d, Name)
		if _, err := os.Stat(name); err == nil {
			return name, nil
		} else if !errors.Is(err, fs.ErrNotExist) && !errors.Is(err, fs.ErrPermission) {
			return "", err
		}
		if exists(filepath.Join(d, ".git")) || d == filepath.Dir(d) {
			return "", nil
		}
	}
}

// downloaded reports whether a directory is part of the standard library or of the
// module cache. The go command tells its tools where these are.
func downloaded(dir string) bool {
	for _, variable := range []string{"GOROOT", "GOMODCACHE"} {
		root := os.Getenv(variable)
		if rel, err := filepath.Rel(root, dir); root != "" && err == nil && filepath.IsLocal(rel) {
			return true
		}
	}
	return false
}

// moduleRoot returns the directory of the go.mod that a directory belongs to, or the
// directory itself.
func moduleRoot(dir string) string {
	if d := above(dir, "go.mod"); d != "" {
		return d
	}
	return dir
}

// above returns the nearest directory, from dir up, that has a file of this name.
func above(dir, name string) string {
	for d := dir; ; d = filepath.Dir(d) {
		if info, err := os.Stat(filepath.Join(d, name)); err == nil && !info.IsDir() {
			return d
		}
		if d == filepath.Dir(d) {
			return ""
		}
	}
}

func exists(name string) bool {
	_, err := os.Stat(name)
	return err == nil
}

// workFile returns the go.work that the go command uses in a directory, or "".
func workFile(dir string) string {
	switch name := os.Getenv("GOWORK"); {
	case name == "off":
		return ""
	case strings.HasSuffix(name, ".work"):
		return name
	}
	if d := above(dir, "go.work"); d != "" {
		return filepath.Join(d, "go.work")
	}
	return ""
}
