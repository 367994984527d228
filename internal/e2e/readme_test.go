package e2e

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// The first screen of the README shows code, its report and its fix. All three
// are what the example in the repository and the command really are; -update
// writes the last two anew.
func TestReadmeShowsWhatHappens(t *testing.T) {
	readme := read(t, root+"/README.md")
	example := root + "/examples/update"

	code := fenced(t, readme, "go")
	if len(strings.Split(code, "\n")) != 12 {
		t.Errorf("the README's code has not twelve lines:\n%s", code)
	}
	if !strings.Contains(read(t, example+"/update.go"), code) {
		t.Errorf("the README's code is not in %s:\n%s", example, code)
	}

	diff := txcheck(t, 1, "-diff", "-C", example, "./...")
	_, diff, _ = strings.Cut(diff, "\n@@") // the header holds absolute paths
	_, diff, _ = strings.Cut(diff, "\n")
	diff = strings.TrimRight(diff, "\n")
	if *update {
		readme = strings.Replace(readme, fenced(t, readme, "diff"), diff, 1)
		if err := os.WriteFile(root+"/README.md", []byte(readme), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	if shown := fenced(t, readme, "diff"); diff != shown {
		t.Errorf("the README shows\n%s\nand -diff prints\n%s", shown, diff)
	}
}

// The picture in the README is a run of the command, as a terminal shows it.
func TestReadmePicture(t *testing.T) {
	const columns = 96
	t.Setenv("COLUMNS", strconv.Itoa(columns))
	t.Setenv("FORCE_HYPERLINK", "0")
	t.Chdir(root + "/examples/update")
	picture := drawTerminal("\x1b[90m$\x1b[0m txcheck ./...\n"+txcheck(t, 1, "-color", "always", "./..."), columns)
	const name = "../../docs/report.svg"
	if *update {
		if err := os.WriteFile(name, []byte(picture), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	if read(t, name) != picture {
		t.Errorf("docs/report.svg is not what the command prints: run go -C internal/e2e test . -update")
	}
	if !strings.Contains(read(t, "../../README.md"), "(docs/report.svg)") {
		t.Error("the README does not show docs/report.svg")
	}
}

// Once fixed, the example is clean, and stays as gofmt wants it.
func TestReadmeExampleIsMended(t *testing.T) {
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS(root+"/examples/update")); err != nil {
		t.Fatal(err)
	}
	if out := txcheck(t, 0, "-fix", "-C", dir, "./..."); out != "" {
		t.Errorf("left after -fix:\n%s", out)
	}
	if out, err := exec.Command("gofmt", "-l", dir).CombinedOutput(); err != nil || len(out) > 0 {
		t.Errorf("gofmt -l: %v\n%s", err, out)
	}
	build := exec.Command("go", "build", "./...")
	build.Dir = dir
	if out, err := build.CombinedOutput(); err != nil {
		t.Errorf("go build: %v\n%s", err, out)
	}
}

// txcheck runs the command, wants an exit code, and returns stdout.
func txcheck(t *testing.T, want int, args ...string) string {
	t.Helper()
	cmd := exec.Command(filepath.Join(bin, "txcheck"), args...)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	err := cmd.Run()
	if got := cmd.ProcessState.ExitCode(); got != want {
		t.Fatalf("txcheck %s: exit code %d (%v), want %d\n%s%s", strings.Join(args, " "), got, err, want, &stdout, &stderr)
	}
	return stdout.String()
}

// fenced returns the first fenced block of a language.
func fenced(t *testing.T, markdown, language string) string {
	t.Helper()
	m := regexp.MustCompile("(?s)\n```" + language + "\n(.*?)\n```\n").FindStringSubmatch(markdown)
	if m == nil {
		t.Fatalf("the README has no ```%s block", language)
	}
	return m[1]
}

func read(t *testing.T, name string) string {
	t.Helper()
	data, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}
