// Package fatal ends the process by package ender.
package fatal

import "units/ender"

type Logger struct{ ender.Log }

func Must(err error) {
	if err != nil {
		ender.Quit()
	}
}

func Never() { new(Logger).Die("") }
