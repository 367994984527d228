package govet

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"go/version"
	"slices"
	"strings"

	"github.com/txcheck/txcheck/internal/report"
)

// complete asks again about packages of which the go command has forgotten what the
// tool printed.
//
// Go 1.26.0 to 1.26.8, 1.27.0 and 1.27.1 cache the result of a package that is only
// a dependency, about which nothing is printed, under the same key as that of one
// that is named. So `txcheck ./a` makes a later `txcheck ./b`, where a imports b,
// find nothing. The second question has a flag that is about these packages, so that
// no package is a dependency in one run with it and named in another.
func (r Run) complete(ctx context.Context, res *Result, err error) (*Result, error) {
	if err != nil || !r.forgets(ctx) {
		return res, err
	}
	lost := r.unanswered(ctx, res.answered)
	if len(lost) == 0 {
		return res, nil
	}
	more, err := r.apart(lost).check(ctx)
	if err != nil {
		return nil, err
	}
	res.Findings = report.Sort(append(res.Findings, more.Findings...))
	for _, t := range more.Trouble {
		if !slices.Contains(res.Trouble, t) {
			res.Trouble = append(res.Trouble, t)
		}
	}
	slices.Sort(res.Trouble)
	return res, nil
}

// forgets reports whether the go command is one of those.
func (r Run) forgets(ctx context.Context) bool {
	r.Progress = nil
	out, err := r.goCommand(ctx, []string{"env", "GOVERSION"})
	if err != nil || out.failed {
		return false
	}
	v := strings.TrimSpace(string(out.stdout))
	before := func(mended string) bool {
		return version.Lang(v) == version.Lang(mended) && version.Compare(v, mended) < 0
	}
	return before("go1.26.9") || before("go1.27.2")
}

// unanswered returns the packages that were named to the go command and that the tool
// did not name, as they are or with their tests.
func (r Run) unanswered(ctx context.Context, answered []string) (lost []string) {
	const marks = "{{.ImportPath}}:{{if or .GoFiles .CgoFiles .TestGoFiles}}p{{end}}{{if .XTestGoFiles}}x{{end}}"
	seen := make(map[string]bool)
	for _, id := range answered {
		name, _, _ := strings.Cut(id, " ")
		seen[name] = true
	}
	for _, line := range r.list(ctx, marks) {
		i := strings.LastIndexByte(line, ':')
		name, has := line[:i], line[i+1:]
		if strings.Contains(has, "p") && !seen[name] || strings.Contains(has, "x") && !seen[name+"_test"] {
			lost = append(lost, name)
		}
	}
	if slices.Contains(lost, "command-line-arguments") {
		return r.Packages // files cannot be named by package
	}
	return lost
}

// apart is a run about some packages whose results are not cached along with those of
// runs about others.
func (r Run) apart(packages []string) Run {
	r.Packages = packages
	sum := sha256.Sum256([]byte(strings.Join(packages, "\n")))
	r.Flags = append(slices.Clone(r.Flags), "-cachekey="+hex.EncodeToString(sum[:8]))
	return r
}
