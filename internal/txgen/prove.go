package txgen

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"go/format"
	"io"
	"regexp"
	"slices"
	"strings"
)

// A Proof tells what became of the findings in units, once their fixes were applied.
type Proof struct {
	Findings, Fixed int
	// Tried are the findings of the units that were mended and run again, Passed those
	// for which all went well: the unit compiles and is as gofmt wants it, nothing is
	// reported, nothing leaks, and each path that was sound asks the same of the driver.
	Tried, Passed int
	Failures      []string
	Lacking       []string // the findings without a fix
}

// Prove applies the fixes of the verdicts and judges the mended units.
func (l *Lab) Prove(ctx context.Context, verdicts []Verdict) (*Proof, error) {
	p := new(Proof)
	var units []Unit
	var before []*Verdict
	for i := range verdicts {
		v := &verdicts[i]
		if v.Rejected != "" || len(v.Reports) == 0 {
			continue
		}
		fixed := 0
		for _, r := range v.Reports {
			if r.Fix != nil {
				fixed++
			} else {
				p.Lacking = append(p.Lacking, v.Unit.Name+": "+r.Message)
			}
		}
		p.Findings += len(v.Reports)
		p.Fixed += fixed
		if fixed < len(v.Reports) {
			continue
		}
		if u, err := v.mended(); err != nil {
			p.Tried += fixed
			p.Failures = append(p.Failures, v.Unit.Name+": "+err.Error())
		} else {
			units, before = append(units, u), append(before, v)
		}
	}
	after, err := l.Judge(ctx, units)
	if err != nil {
		return nil, err
	}
	for i := range after {
		switch why := after[i].worseThan(before[i]); {
		case why != "":
			p.Tried += len(before[i].Reports)
			p.Failures = append(p.Failures, fmt.Sprintf("%s: %s\n%s", before[i].Unit.Name, why, after[i].Unit.Cases))
		case after[i].Rejected == "":
			p.Tried += len(before[i].Reports)
			p.Passed += len(before[i].Reports)
		}
	}
	return p, nil
}

// worseThan tells what is wrong with a mended unit.
func (v *Verdict) worseThan(before *Verdict) string {
	switch {
	case strings.HasPrefix(v.Rejected, "does not compile"):
		return v.Rejected
	case v.Rejected != "":
		return "" // it cannot be judged
	case len(v.Reports) > 0:
		return "still reported: " + v.Reports[0].Message
	case len(v.Leaks) > 0:
		return "still leaks: " + exits(v.Leaks[0].Exits)
	}
	if changed := before.result.Changed(&v.result); len(changed) > 0 {
		return "a sound path has changed: " + changed[0]
	}
	return ""
}

// head is what file puts before the declarations.
var head = regexp.MustCompile(`^package \w+\n\n(import \((?s:.*?)\n\)\n\n)?`)

// mended returns the unit with the fixes of all its reports.
func (v *Verdict) mended() (Unit, error) {
	u := v.Unit
	for name, text := range v.text {
		var edits []Edit
		for _, r := range v.Reports {
			for _, e := range r.Fix {
				if e.File == name && !slices.Contains(edits, e) {
					edits = append(edits, e)
				}
			}
		}
		slices.SortFunc(edits, func(a, b Edit) int { return cmp.Compare(b.Start, a.Start) })
		for _, e := range edits {
			text = slices.Concat(text[:e.Start], []byte(e.New), text[e.End:])
		}
		tidy, err := format.Source(text)
		if err != nil {
			return u, err
		}
		if !bytes.Equal(tidy, text) {
			return u, fmt.Errorf("not as gofmt wants it:\n%s", text)
		}
		decls := head.ReplaceAllString(string(text), "")
		if strings.Contains(name, "/kit/") {
			u.Kit = decls
		} else {
			u.Cases = decls
		}
	}
	return u, nil
}

// Write prints the shares.
func (p *Proof) Write(w io.Writer) {
	fmt.Fprintf(w, "fixes: %d of %d findings have one (%.1f %%); of %d tried, %d pass the proof (%.1f %%)\n",
		p.Fixed, p.Findings, share(p.Fixed, p.Findings), p.Tried, p.Passed, share(p.Passed, p.Tried))
	for _, f := range slices.Concat(p.Lacking, p.Failures) {
		fmt.Fprintln(w, f)
	}
}

func share(part, all int) float64 { return 100 * float64(part) / float64(max(all, 1)) }
