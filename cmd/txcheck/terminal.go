package main

import (
	"io"
	"os"
	"slices"
	"strconv"

	"golang.org/x/term"

	"github.com/txcheck/txcheck/internal/report"
)

// terminalStyle returns how to print to w: what -color says, then NO_COLOR and
// CLICOLOR_FORCE, as no-color.org and bixense.com/clicolors have it, then whether w
// is a terminal that knows colours.
func terminalStyle(when string, w io.Writer, env func(string) string) (style report.Style) {
	f, ok := w.(*os.File)
	isTerminal := ok && term.IsTerminal(int(f.Fd()))
	style.Colors = useColors(when, isTerminal, env)
	if style.Colors || isTerminal {
		style.Width, _ = strconv.Atoi(env("COLUMNS"))
	}
	if isTerminal && style.Width <= 0 {
		style.Width, _, _ = term.GetSize(int(f.Fd()))
	}
	style.Width = max(style.Width, 0)
	if style.Colors && knowsLinks(isTerminal, env) {
		style.Links = true
		style.Host, _ = os.Hostname()
	}
	return style
}

func useColors(when string, isTerminal bool, env func(string) string) bool {
	force := env("CLICOLOR_FORCE")
	switch {
	case when != "auto":
		return when == "always"
	case env("NO_COLOR") != "":
		return false
	case force != "" && force != "0":
		return true
	}
	return isTerminal && env("TERM") != "dumb"
}

// knowsLinks reports whether the terminal is one of those that are known to show
// OSC 8 hyperlinks: there is no way to ask. FORCE_HYPERLINK overrules the guess.
func knowsLinks(isTerminal bool, env func(string) string) bool {
	if force := env("FORCE_HYPERLINK"); force != "" {
		return force != "0"
	}
	if !isTerminal || env("CI") != "" || env("TERM") == "dumb" {
		return false
	}
	programs := []string{"iTerm.app", "WezTerm", "vscode", "ghostty", "Hyper", "rio", "WarpTerminal"}
	terms := []string{"xterm-kitty", "xterm-ghostty", "alacritty", "foot", "foot-direct", "contour", "wezterm"}
	vte, _ := strconv.Atoi(env("VTE_VERSION"))
	return slices.Contains(programs, env("TERM_PROGRAM")) || slices.Contains(terms, env("TERM")) ||
		vte >= 5000 || env("WT_SESSION") != "" || env("KONSOLE_VERSION") != "" || env("DOMTERM") != ""
}
