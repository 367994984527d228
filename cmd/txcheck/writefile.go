package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// writeFile makes a file hold a text, or leaves it as it was. The text is written
// beside it first, so that no reader ever sees half of it. What is no regular file,
// such as a pipe, cannot be replaced and is written to.
func writeFile(name string, text []byte) (err error) {
	defer func() {
		if err != nil {
			err = fmt.Errorf("cannot write %s: %w", name, cause(err))
		}
	}()
	target, mode := name, fs.FileMode(0o666)
	if real, err := filepath.EvalSymlinks(name); err == nil {
		target = real
	}
	if info, err := os.Stat(target); err == nil {
		if !info.Mode().IsRegular() {
			return writeTo(target, os.O_WRONLY, 0, text)
		}
		mode = info.Mode().Perm()
	}
	temp := filepath.Join(filepath.Dir(target), fmt.Sprintf(".%s.%d.tmp", filepath.Base(target), os.Getpid()))
	if err := writeTo(temp, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode, text); err != nil {
		os.Remove(temp)
		return err
	}
	if err := os.Rename(temp, target); err != nil {
		os.Remove(temp)
		return err
	}
	return nil
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
