package txflow

import (
	"fmt"
	"go/token"
	"path/filepath"
	"slices"

	"golang.org/x/tools/go/ssa"
)

// An Opening is a call that leads to a Begin, or the Begin itself, in a function that
// a summary is about or that it calls.
type Opening struct {
	Call string // as it is written, "db.BeginTx"
	File string // as the driver named it that analysed the package
	// Line and Column are those of the call; Width is how much of the line it takes.
	Line, Column, Width int
}

// String names the call for messages.
func (o Opening) String() string {
	return fmt.Sprintf("%s in %s:%d", o.Call, filepath.Base(o.File), o.Line)
}

// maxOpenings bounds the calls that a fact tells between a function and the Begin that
// it leads to.
const maxOpenings = 4

// maxLine bounds the line, the column and the width that a fact is believed.
const maxLine = 1 << 20

// openings tells which calls the obligation's transaction is opened by, from the
// last one in this package to the Begin.
func (f *flow) openings(ob *obligation) []Opening {
	own, ok := f.opening(ob.origin)
	if !ok {
		return nil
	}
	all := append([]Opening{own}, ob.wrapped...)
	if len(all) > maxOpenings {
		all = slices.Delete(all, maxOpenings-1, len(all)-1)
	}
	return all
}

// opening describes a call of this package.
func (f *flow) opening(instr ssa.CallInstruction) (o Opening, ok bool) {
	if instr == nil || !instr.Pos().IsValid() {
		return o, false
	}
	o.Call = "Begin"
	pos := f.pass.Fset.Position(instr.Pos())
	end := pos
	src := f.source(instr.Parent())
	if call := src.callOf(instr); call != nil {
		o.Call = src.text(call.Fun)
		pos, end = f.pass.Fset.Position(call.Pos()), f.pass.Fset.Position(call.End())
		if end.Line != pos.Line {
			end = f.pass.Fset.Position(call.Fun.End())
		}
	}
	o.File, o.Line, o.Column, o.Width = pos.Filename, pos.Line, max(pos.Column, 1), 1
	if end.Line == pos.Line {
		o.Width = max(end.Column-o.Column, 1)
	}
	return o, true
}

// via names the Begin that the obligation's call leads to, "" if it is one itself.
func (f *flow) via(ob *obligation) string {
	if ob.wrapped == nil && ob.origin == ssa.CallInstruction(ob.call) {
		return ""
	}
	openings := f.openings(ob)
	if len(openings) == 0 {
		return ""
	}
	return openings[len(openings)-1].String()
}

// stepAt returns a step at an opening in a file that is none of this package: one is
// made up that has the line, and in it the columns.
func (f *flow) stepAt(o Opening) (step Step, ok bool) {
	if o.File == "" || o.Line < 1 || o.Column < 1 || max(o.Line, o.Column, o.Width) > maxLine {
		return step, false
	}
	lines := make([]int, o.Line)
	for i := range lines {
		lines[i] = i
	}
	start := o.Line - 1 + o.Column - 1
	file := f.pass.Fset.AddFile(o.File, -1, start+o.Width)
	file.SetLines(lines)
	pos := token.Pos(file.Base() + start)
	return Step{Pos: pos, End: pos + token.Pos(o.Width), Text: o.Call + " opens it"}, true
}
