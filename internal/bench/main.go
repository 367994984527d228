// Command bench measures what analysing a module costs, with go vet itself, with
// txcheck and with other linters, in one run:
//
//	go -C internal/bench run . -n 3 /path/to/module
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
	runs := flag.Int("n", 3, "`runs` of each tool")
	tools := flag.String("tools", "vet,txcheck,ssa,sqlclosecheck,bodyclose,spancheck,rowserrcheck", "`names` to measure; ratios are to the first")
	flag.Usage = func() {
		fmt.Fprintln(os.Stderr, "usage: bench [flags] directory [packages]")
		flag.PrintDefaults()
	}
	flag.Parse()
	if flag.NArg() == 0 || *runs < 1 {
		flag.Usage()
		os.Exit(2)
	}
	packages := flag.Args()[1:]
	if len(packages) == 0 {
		packages = []string{"./..."}
	}
	if err := measure(flag.Arg(0), packages, strings.Split(*tools, ","), *runs); err != nil {
		fmt.Fprintf(os.Stderr, "bench: %v\n", err)
		os.Exit(1)
	}
}

// measure runs all tools in turns and prints the table.
func measure(dir string, packages, names []string, runs int) error {
	b, err := newBench(dir, packages)
	if err != nil {
		return err
	}
	defer b.close()
	var tools []*tool
	for _, name := range names {
		t, err := b.tool(name)
		if err != nil {
			return err
		}
		tools = append(tools, t)
	}
	// What has to be compiled is compiled here, and not on anybody's account.
	for _, t := range tools[:min(2, len(tools))] {
		if _, err := b.run(t); err != nil {
			return err
		}
	}
	for n := range runs {
		for _, t := range tools {
			b.salt++
			cold, err := b.run(t)
			if err != nil {
				return err
			}
			warm, err := b.run(t)
			if err != nil {
				return err
			}
			t.cold, t.warm = append(t.cold, cold), append(t.warm, warm)
			fmt.Fprintf(os.Stderr, "run %d: %s: cold %.1f s, warm %.1f s\n", n+1, t.name, cold.cpu, warm.cpu)
		}
	}
	fmt.Print(table(dir, tools))
	return nil
}
