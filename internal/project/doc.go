// Package project holds tests about the project itself: which package may import
// which, and that generated pages and copied commands are up to date.
package project
