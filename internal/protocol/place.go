package protocol

import (
	"fmt"
	"strconv"
	"strings"
)

// parsePlace reads the notation of a Place.
func parsePlace(s string) (Place, error) {
	head, path, dotted := strings.Cut(s, ".")
	var p Place
	if dotted {
		p.Path = strings.Split(path, ".")
		for _, f := range p.Path {
			if !identifier(f) {
				return Place{}, badPlace(s)
			}
		}
	}
	word, index, indexed := strings.Cut(head, " ")
	if indexed {
		n, err := strconv.Atoi(index)
		if err != nil || n < 0 || strconv.Itoa(n) != index {
			return Place{}, badPlace(s)
		}
		p.Index = n
	}
	switch {
	case word == "arg" && indexed:
		p.Kind = Arg
	case word == "result" && indexed:
		p.Kind = Result
	case indexed:
		return Place{}, badPlace(s)
	case word == "recv":
		p.Kind = Recv
	case word == "handle" && dotted:
		p.Kind = OfHandle
	case dotted:
		return Place{}, badPlace(s)
	case word == "self":
		p.Kind = Self
	case word == "panics":
		p.Kind = Panics
	case word == "none":
		p.Kind = Nowhere
	default:
		return Place{}, badPlace(s)
	}
	return p, nil
}

func badPlace(s string) error {
	return fmt.Errorf("malformed place %q: want recv, arg N, result N, self, panics, none, "+
		"or a field below one (result 0.Tx, handle.Error)", s)
}

// String writes the place as the YAML files do.
func (p Place) String() string {
	var s string
	switch p.Kind {
	case Nowhere:
		return "none"
	case Recv:
		s = "recv"
	case Arg:
		s = "arg " + strconv.Itoa(p.Index)
	case Result:
		s = "result " + strconv.Itoa(p.Index)
	case Self:
		return "self"
	case Panics:
		return "panics"
	case OfHandle:
		s = "handle"
	}
	for _, f := range p.Path {
		s += "." + f
	}
	return s
}

// parseArgIs reads "arg 0 is true".
func parseArgIs(s string) (ArgIs, error) {
	left, value, ok := strings.Cut(s, " is ")
	p, err := parsePlace(left)
	if !ok || err != nil || p.Kind != Arg || p.Path != nil || value == "" {
		return ArgIs{}, fmt.Errorf("malformed condition %q: want \"arg N is VALUE\"", s)
	}
	return ArgIs{p.Index, value}, nil
}

// identifier reports whether s is a Go identifier (ASCII, as libraries write them).
func identifier(s string) bool {
	for i, r := range s {
		letter := r == '_' || 'a' <= r && r <= 'z' || 'A' <= r && r <= 'Z'
		if !letter && (i == 0 || r < '0' || r > '9') {
			return false
		}
	}
	return s != ""
}
