// Command bench measures what analysing a module costs, with go vet itself, with
// txcheck and with other linters, in one run:
//
//	go -C internal/bench run . -n 3 /path/to/module
//
// What golangci-lint costs with its default linters, without txcheck and with it:
//
//	go -C internal/bench run . -tools golangci,golangci+txcheck /path/to/module
//
// And how the cost of txcheck grows with the size of a program, as a picture:
//
//	go -C internal/bench run . -plot ../../docs/scaling.svg
//
// Every linter is run as a tool of go vet, cold and then warm, in turns, so that
// what else the machine does falls on all of them. Cold means that every package is
// analysed again; what is compiled stays in the go command's cache in both cases. A
// figure is the CPU time, user and system, of the go command and all that it
// starts; memory is that of the largest single process.
//
// It is a module of its own, so that the linters that it builds are not required
// by txcheck.
package main

import (
	"flag"
	"fmt"
	"os"
	"strings"
)

func main() {
	if record() {
		return
	}
	runs := flag.Int("n", 3, "`runs` of each tool")
	tools := flag.String("tools", "vet,txcheck,ssa,sqlclosecheck,bodyclose,spancheck,rowserrcheck,unqueryvet",
		"`names` to measure, golangci and golangci+txcheck among them; ratios are to the first")
	plot := flag.String("plot", "", "instead, measure how the cost grows with the program, and draw it in this SVG `file`")
	flag.Usage = func() {
		fmt.Fprintln(os.Stderr, "usage: bench [flags] directory [packages]\n       bench [-n runs] -plot file.svg")
		flag.PrintDefaults()
	}
	flag.Parse()
	if (*plot == "") != (flag.NArg() > 0) || *runs < 1 {
		flag.Usage()
		os.Exit(2)
	}
	var err error
	if *plot != "" {
		err = drawScaling(*plot, *runs)
	} else {
		packages := flag.Args()[1:]
		if len(packages) == 0 {
			packages = []string{"./..."}
		}
		err = measure(flag.Arg(0), packages, strings.Split(*tools, ","), *runs)
	}
	if err != nil {
		fmt.Fprintf(os.Stderr, "bench: %v\n", err)
		os.Exit(1)
	}
}

// measure runs all tools in turns and prints the table. A tool that fails is left
// out of later turns, and the table says so.
func measure(dir string, packages, names []string, runs int) error {
	b, err := newBench(dir, packages, names)
	if err != nil {
		return err
	}
	defer b.close()
	var tools []*tool
	for _, name := range names {
		tools = append(tools, &tool{name: name})
	}
	// What has to be compiled is compiled here, and not on anybody's account.
	for _, t := range tools[:min(2, len(tools))] {
		if _, failure, err := b.run(t); err != nil {
			return err
		} else if failure != "" {
			return fmt.Errorf("%s in %s: %s", t.name, dir, failure)
		}
	}
	for n := range runs {
		for _, t := range tools {
			if t.failure == "" {
				if err := b.turn(t); err != nil {
					return err
				}
				fmt.Fprintf(os.Stderr, "run %d: %s\n", n+1, t.last())
			}
		}
	}
	fmt.Print(table(dir, packages, tools))
	return nil
}

// turn runs a tool cold and warm.
func (b *bench) turn(t *tool) error {
	b.salt++
	for _, into := range []*[]usage{&t.cold, &t.warm} {
		used, failure, err := b.run(t)
		if err != nil {
			return err
		}
		if failure != "" {
			t.failure = failure
			return nil
		}
		*into = append(*into, used)
	}
	return nil
}

// last tells of the last turn.
func (t *tool) last() string {
	if t.failure != "" {
		return t.name + " fails: " + t.failure
	}
	cold, warm := t.cold[len(t.cold)-1], t.warm[len(t.warm)-1]
	return fmt.Sprintf("%s: cold %.1f s, warm %.1f s, peak %.0f MB", t.name, cold.cpu, warm.cpu, cold.peak)
}
