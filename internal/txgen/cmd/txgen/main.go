// Command txgen generates functions, runs them for truth and prints where the
// analyser disagrees.
//
//	go run ./internal/txgen/cmd/txgen -seed 1 -n 2000 -shrink
//
// It exits with 1 when there is a disagreement.
package main

import (
	"context"
	"flag"
	"fmt"
	"io"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/txcheck/txcheck/internal/txgen"
)

type options struct {
	seed         uint64
	n, size, per int
	features     txgen.Set
	show, shrink bool
	prove        bool
	out, seeds   string
}

func main() {
	var o options
	var list string
	flag.Uint64Var(&o.seed, "seed", 1, "first `seed`; function i is made from seed+i")
	flag.StringVar(&o.seeds, "seeds", "", "a `list` of seeds to judge instead, as 7,12")
	flag.IntVar(&o.n, "n", 500, "`number` of functions")
	flag.IntVar(&o.size, "size", 5, "`forks` of a function, about")
	flag.IntVar(&o.per, "per", 250, "`functions` in a package")
	flag.StringVar(&list, "features", "all", "what functions may use, as all,-goto or defer,named")
	flag.BoolVar(&o.show, "show", false, "print the functions and judge nothing")
	flag.BoolVar(&o.shrink, "shrink", false, "make functions with a disagreement smaller")
	flag.BoolVar(&o.prove, "prove", false, "apply the fixes and judge what they make")
	flag.StringVar(&o.out, "o", "", "write the disagreements to this `file`")
	flag.Parse()
	var err error
	wrong := 0
	if o.features, err = txgen.Parse(list); err == nil {
		wrong, err = o.run(context.Background())
	}
	switch {
	case err != nil:
		fmt.Fprintln(os.Stderr, "txgen:", err)
		os.Exit(2)
	case wrong > 0:
		os.Exit(1)
	}
}

// list returns the seeds to judge.
func (o *options) list() (seeds []uint64, err error) {
	if o.seeds == "" {
		for i := range uint64(o.n) {
			seeds = append(seeds, o.seed+i)
		}
		return seeds, nil
	}
	for word := range strings.SplitSeq(o.seeds, ",") {
		seed, err := strconv.ParseUint(word, 10, 64)
		if err != nil {
			return nil, fmt.Errorf("-seeds: %w", err)
		}
		seeds = append(seeds, seed)
	}
	return seeds, nil
}

// run returns how many functions the two disagree on.
func (o *options) run(ctx context.Context) (int, error) {
	seeds, err := o.list()
	if err != nil {
		return 0, err
	}
	var units []txgen.Unit
	for _, seed := range seeds {
		u := txgen.Generate(seed, fmt.Sprintf("F%d", seed), o.size, o.features)
		if o.show {
			fmt.Println(u.Cases + u.Kit)
		}
		units = append(units, u)
	}
	if o.show {
		return 0, nil
	}
	tmp, err := os.MkdirTemp("", "txgen")
	if err != nil {
		return 0, err
	}
	defer os.RemoveAll(tmp)
	lab, err := txgen.NewLab(tmp)
	if err != nil {
		return 0, err
	}
	lab.PerPackage = o.per
	start := time.Now()
	verdicts, err := lab.Judge(ctx, units)
	if err != nil {
		return 0, err
	}
	took := time.Since(start)
	stats := txgen.Sum(verdicts)
	stats.Write(os.Stdout)
	fmt.Printf("%.1f s: %.1f s executing, %.1f s analysing; %.1f functions a second\n",
		took.Seconds(), lab.Ran.Seconds(), lab.Vetted.Seconds(), float64(len(units))/took.Seconds())
	if o.prove {
		proof, err := lab.Prove(ctx, verdicts)
		if err != nil {
			return 0, err
		}
		proof.Write(os.Stdout)
		stats.Wrong += len(proof.Failures)
	}
	return stats.Wrong, o.explain(ctx, lab, verdicts)
}

// explain prints the disagreements.
func (o *options) explain(ctx context.Context, lab *txgen.Lab, verdicts []txgen.Verdict) error {
	var wrong []txgen.Verdict
	for _, v := range verdicts {
		if len(v.Wrong) > 0 {
			wrong = append(wrong, v)
		}
	}
	if o.shrink && len(wrong) > 0 {
		var err error
		if wrong, err = txgen.Shrink(ctx, lab, wrong); err != nil {
			return err
		}
	}
	var w io.Writer = os.Stdout
	if o.out != "" {
		f, err := os.Create(o.out)
		if err != nil {
			return err
		}
		defer f.Close()
		w = f
	}
	txgen.WriteDisagreements(w, wrong)
	return nil
}
