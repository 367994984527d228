package main

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
)

// writeFile makes a file hold a text, or leaves it as it was. What is no regular
// file, such as a pipe, cannot be replaced and is written to.
func writeFile(name string, text []byte) error {
	if info, err := os.Stat(name); err == nil && !info.Mode().IsRegular() {
		return naming(name, writeTo(name, os.O_WRONLY, 0, text))
	}
	return replaceFiles(map[string][]byte{name: text})
}

// replaceFiles makes all files hold their texts, or leaves all as they were. Each
// text is written beside its file first, so that no reader ever sees half of it and
// a disk that is full does no harm.
func replaceFiles(texts map[string][]byte) (err error) {
	var ready []replacement
	defer func() {
		for _, r := range ready {
			os.Remove(r.temp) // what is not there any more has found its place
		}
	}()
	for _, name := range slices.Sorted(maps.Keys(texts)) {
		r, err := prepare(name)
		if err == nil {
			ready = append(ready, r)
			err = r.write(texts[name])
		}
		if err != nil {
			return naming(name, err)
		}
	}
	for _, r := range ready {
		if err := os.Rename(r.temp, r.target); err != nil {
			return naming(r.target, err)
		}
	}
	return nil
}

// A replacement is a file that is about to take the place of another.
type replacement struct {
	target, temp string
	was          fs.FileInfo // nil if there is none
}

// prepare looks where the file is, behind links, and whether it may be written.
func prepare(name string) (r replacement, err error) {
	r.target = name
	if real, err := filepath.EvalSymlinks(name); err == nil {
		r.target = real
	}
	r.temp = filepath.Join(filepath.Dir(r.target), fmt.Sprintf(".%s.%d.tmp", filepath.Base(r.target), os.Getpid()))
	if r.was, err = os.Stat(r.target); err != nil {
		return r, nil
	}
	f, err := os.OpenFile(r.target, os.O_WRONLY, 0)
	if err != nil {
		return r, err
	}
	return r, f.Close()
}

// write fills the new file and gives it the permissions and the owner of the old one.
func (r replacement) write(text []byte) error {
	if r.was == nil {
		return writeTo(r.temp, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666, text)
	}
	if err := writeTo(r.temp, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600, text); err != nil {
		return err
	}
	keepOwner(r.temp, r.was)
	return os.Chmod(r.temp, r.was.Mode().Perm())
}

// naming says which file an error is about.
func naming(name string, err error) error {
	if err == nil {
		return nil
	}
	return fmt.Errorf("cannot write %s: %w", name, cause(err))
}

// writeTo writes a text to a file, and reports what only shows when it is closed.
func writeTo(name string, flag int, mode fs.FileMode, text []byte) error {
	f, err := os.OpenFile(name, flag, mode)
	if err != nil {
		return err
	}
	if _, err = f.Write(text); err == nil && flag&os.O_CREATE != 0 {
		err = f.Sync()
	}
	return errors.Join(err, f.Close())
}

// cause returns what went wrong without the operation and the path, which the
// caller names.
func cause(err error) error {
	if pathErr, ok := errors.AsType[*fs.PathError](err); ok {
		return pathErr.Err
	}
	if linkErr, ok := errors.AsType[*os.LinkError](err); ok {
		return linkErr.Err
	}
	return err
}
