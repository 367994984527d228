package main

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
)

// table is the result in Markdown.
func table(dir string, packages []string, tools []*tool) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s %s, %s, %d CPUs (%s), %d runs each\n\n", filepath.Base(dir), strings.Join(packages, " "),
		goVersion(), runtime.NumCPU(), processor(), len(tools[0].cold))
	fmt.Fprintf(&b, "| tool | cold CPU s | ratio to %s | spread | peak MB | warm CPU s |\n| --- | ---: | ---: | --- | ---: | ---: |\n", tools[0].name)
	for _, t := range tools {
		if t.failure != "" {
			fmt.Fprintf(&b, "| %s | fails: %s | | | | |\n", t.name, t.failure)
			continue
		}
		ratios := ratios(t.cold, tools[0].cold)
		fmt.Fprintf(&b, "| %s | %.1f | %.2f | %.2f–%.2f | %.0f | %.1f |\n", t.name,
			median(column(t.cold, cpu)), median(ratios), slices.Min(ratios), slices.Max(ratios),
			slices.Max(column(t.cold, peak)), median(column(t.warm, cpu)))
	}
	return b.String()
}

// ratios compares the runs of one turn with each other.
func ratios(list, base []usage) (out []float64) {
	for i, u := range list {
		out = append(out, u.cpu/base[i].cpu)
	}
	return out
}

func cpu(u usage) float64  { return u.cpu }
func peak(u usage) float64 { return u.peak }

func column(list []usage, of func(usage) float64) (out []float64) {
	for _, u := range list {
		out = append(out, of(u))
	}
	return out
}

func median(list []float64) float64 {
	list = slices.Sorted(slices.Values(list))
	n := len(list)
	return (list[(n-1)/2] + list[n/2]) / 2
}

// goVersion is that of the go command that is measured.
func goVersion() string {
	out, err := exec.Command("go", "env", "GOVERSION").Output()
	if err != nil {
		return runtime.Version()
	}
	return strings.TrimSpace(string(out))
}

// processor names the CPU, where the system tells.
func processor() string {
	f, err := os.Open("/proc/cpuinfo")
	if err != nil {
		return runtime.GOARCH
	}
	defer f.Close()
	for s := bufio.NewScanner(f); s.Scan(); {
		if name, value, ok := strings.Cut(s.Text(), ":"); ok && strings.TrimSpace(name) == "model name" {
			return strings.TrimSpace(value)
		}
	}
	return runtime.GOARCH
}
