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
	"time"

	"github.com/txcheck/txcheck/internal/txgen"
)

type options struct {
	seed         uint64
	n, size, per int
	features     txgen.Set
	show, shrink bool
	prove        bool
	out          string
}

func main() {
	var o options
	var list string
	flag.Uint64Var(&o.seed, "seed", 1, "first `seed`; function i is made from seed+i")
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

// run returns how many functions the two disagree on.
func (o *options) run(ctx context.Context) (int, error) {
	var units []txgen.Unit
	for i := range uint64(o.n) {
		u := txgen.Generate(o.seed+i, fmt.Sprintf("F%d", o.seed+i), o.size, o.features)
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
