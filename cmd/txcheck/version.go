package main

import (
	"errors"
	"fmt"
	"runtime"
	"runtime/debug"
	"strings"
)

// build tells how this executable was built.
func build(args []string) (string, error) {
	if len(args) > 0 {
		return "", errors.New("version takes no arguments")
	}
	var b strings.Builder
	fmt.Fprintln(&b, versionLine())
	fmt.Fprintf(&b, "%s/%s\n", runtime.GOOS, runtime.GOARCH)
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return b.String(), nil
	}
	for _, s := range info.Settings {
		switch s.Key {
		case "vcs.revision", "vcs.time", "vcs.modified", "CGO_ENABLED", "-tags", "-ldflags":
			fmt.Fprintf(&b, "%s=%s\n", s.Key, s.Value)
		}
	}
	for _, dep := range info.Deps {
		if dep.Replace != nil {
			dep = dep.Replace
		}
		fmt.Fprintf(&b, "%s %s\n", dep.Path, dep.Version)
	}
	return b.String(), nil
}

// versionLine names this build.
func versionLine() string {
	return fmt.Sprintf("txcheck %s, built with %s", ownVersion(), runtime.Version())
}

// ownVersion returns the version of the module that this was built from.
func ownVersion() string {
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" {
		return info.Main.Version
	}
	return "(unknown)"
}
