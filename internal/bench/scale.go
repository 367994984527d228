package main

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
)

// A dimension is a way in which programs grow.
type dimension struct {
	title string
	sizes []int
	// program returns the packages of a size: the text of one file each.
	program func(n int) []string

	points []point // measured
}

// A point is a size and its cost.
type point struct {
	n   int
	cpu float64 // seconds
}

// dimensions are what the scaling is measured along. The programs are sound, but for
// the last one: a finding costs the proof of its fix in addition.
func dimensions() []*dimension {
	return []*dimension{
		{title: "packages, each of 20 functions with a transaction", sizes: []int{10, 20, 40, 60, 80}, program: func(n int) (files []string) {
			for range n {
				files = append(files, functions(20))
			}
			return files
		}},
		{title: "functions with a transaction, in one package", sizes: []int{200, 400, 800, 1200, 1600}, program: func(n int) []string {
			return []string{functions(n)}
		}},
		{title: "transactions begun in one function", sizes: []int{20, 40, 80, 120, 160}, program: begins},
		{title: "branches while one transaction is open", sizes: []int{200, 400, 800, 1200, 1600}, program: branches},
		{title: "calls that a transaction is passed through", sizes: []int{100, 200, 400, 600, 800}, program: depth},
		{title: "findings, each with a fix that is tried out", sizes: []int{25, 50, 100, 150, 200}, program: findings},
	}
}

const head = "package p\n\nimport \"database/sql\"\n\n"

// functions are n functions that begin, work and end.
func functions(n int) string {
	var b strings.Builder
	b.WriteString(head)
	for i := range n {
		fmt.Fprintf(&b, `func F%d(db *sql.DB, stop bool) error {
	tx, err := db.Begin()
	if err != nil {
		return err
	}
	if _, err := tx.Exec("UPDATE a SET b = 1"); err != nil {
		tx.Rollback()
		return err
	}
	if stop {
		return tx.Rollback()
	}
	return tx.Commit()
}

`, i)
	}
	return b.String()
}

// begins is a function with n transactions, one after the other.
func begins(n int) []string {
	block := `	{
		tx, err := db.Begin()
		if err != nil {
			return err
		}
		if err := tx.Commit(); err != nil {
			return err
		}
	}
`
	return []string{head + "func F(db *sql.DB) error {\n" + strings.Repeat(block, n) + "\treturn nil\n}\n"}
}

// branches is a function with n statements that run or do not, and may fail.
func branches(n int) []string {
	var b strings.Builder
	b.WriteString(head + "func F(db *sql.DB, on []bool) error {\n\ttx, err := db.Begin()\n\tif err != nil {\n\t\treturn err\n\t}\n")
	for i := range n / 2 {
		fmt.Fprintf(&b, `	if on[%d] {
		if _, err := tx.Exec("UPDATE a SET b = 1"); err != nil {
			tx.Rollback()
			return err
		}
	}
`, i)
	}
	return []string{b.String() + "\treturn tx.Commit()\n}\n"}
}

// depth is a transaction that the last of n functions ends.
func depth(n int) []string {
	var b strings.Builder
	b.WriteString(head + "func g0(tx *sql.Tx) error { return tx.Commit() }\n\n")
	for i := range n {
		fmt.Fprintf(&b, `func g%d(tx *sql.Tx) error {
	if _, err := tx.Exec("UPDATE a SET b = 1"); err != nil {
		tx.Rollback()
		return err
	}
	return g%d(tx)
}

`, i+1, i)
	}
	fmt.Fprintf(&b, "func F(db *sql.DB) error {\n\ttx, err := db.Begin()\n\tif err != nil {\n\t\treturn err\n\t}\n\treturn g%d(tx)\n}\n", n)
	return []string{b.String()}
}

// findings are n functions that leave a transaction open on one way out.
func findings(n int) []string {
	return []string{strings.ReplaceAll(functions(n), "return tx.Rollback()", "return nil")}
}

// drawScaling measures along all dimensions and writes the picture.
func drawScaling(file string, runs int) error {
	work, err := os.MkdirTemp("", "txcheck-bench")
	if err != nil {
		return err
	}
	defer os.RemoveAll(work)
	b := &bench{bin: work}
	if err := b.build("txcheck"); err != nil {
		return err
	}
	all := dimensions()
	for _, d := range all {
		for _, n := range d.sizes {
			cpu, err := leastCPU(work, d.program(n), runs)
			if err != nil {
				return fmt.Errorf("%d %s: %w", n, d.title, err)
			}
			d.points = append(d.points, point{n, cpu})
			fmt.Fprintf(os.Stderr, "%d %s: %.0f ms\n", n, d.title, 1000*cpu)
		}
	}
	return os.WriteFile(file, []byte(picture(all)), 0o666)
}

// leastCPU analyses a program some times and returns what its packages cost at best:
// what else the machine does can only add to that.
func leastCPU(work string, files []string, runs int) (least float64, err error) {
	dir, err := os.MkdirTemp(work, "program")
	if err != nil {
		return 0, err
	}
	texts := map[string]string{"go.mod": "module scale\n\ngo 1.26\n"}
	for i, text := range files {
		texts[fmt.Sprintf("p%d/p.go", i)] = text
	}
	for name, text := range texts {
		file := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
			return 0, err
		}
		if err := os.WriteFile(file, []byte(text), 0o666); err != nil {
			return 0, err
		}
	}
	for i := range runs {
		cpu, err := once(work, dir)
		if err != nil {
			return 0, err
		}
		if i == 0 || cpu < least {
			least = cpu
		}
	}
	return least, nil
}

// once analyses a program, cold.
func once(work, dir string) (cpu float64, err error) {
	notes, err := os.MkdirTemp(work, "run")
	if err != nil {
		return 0, err
	}
	self, err := os.Executable()
	if err != nil {
		return 0, err
	}
	cmd := exec.Command("go", "vet", "-json", "-vettool="+self, "./...")
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), recordDir+"="+notes, recordTool+"="+filepath.Join(work, "txcheck"), "GOWORK=off")
	if out, err := cmd.CombinedOutput(); err != nil {
		return 0, fmt.Errorf("%w\n%s", err, out)
	}
	if cpu, err = recorded(notes, "scale"); err == nil && cpu == 0 {
		err = fmt.Errorf("nothing was measured in %s", dir)
	}
	return cpu, err
}
