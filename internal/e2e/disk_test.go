package e2e

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// A report that does not fit on the disk leaves the one before it as it was, and
// nothing beside it. The disk is two pages of memory.
func TestFullDisk(t *testing.T) {
	disk := t.TempDir()
	if err := exec.Command("unshare", "-rm", "mount", "-t", "tmpfs", "tmpfs", disk).Run(); err != nil {
		t.Skipf("no disk to fill: %v", err)
	}
	const script = `mount -t tmpfs -o size=8k tmpfs "$1" && echo before >"$1/report" || exit 9
"$2" -C "$3" -format sarif -o "$1/report" ./...
echo "code $?"; cat "$1/report"; ls -A "$1"`
	out, err := exec.Command("unshare", "-rm", "sh", "-c", script, "sh",
		disk, filepath.Join(bin, "txcheck"), root+"/examples/update").CombinedOutput()
	want := "txcheck: cannot write " + disk + "/report: no space left on device\ncode 2\nbefore\nreport\n"
	if err != nil || string(out) != want {
		t.Errorf("%v\ngot:\n%s\nwant:\n%s", err, out, want)
	}
}

// Fixes that do not fit on the disk are not applied, in no file: one of the two would
// still fit, and half of the other. The disk has room for each as it is.
func TestFixFullDisk(t *testing.T) {
	dir := t.TempDir()
	leak := read(t, root+"/examples/update/update.go")
	filler := "\n// " + strings.Repeat("x", 4096-len(leak)-len("\n// \n")-4) + "\n"
	for name, text := range map[string]string{
		"go.mod": "module m\n\ngo 1.26\n", "a/a.go": leak, "b/b.go": leak + filler,
	} {
		if err := os.MkdirAll(filepath.Join(dir, filepath.Dir(name)), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	disk := t.TempDir()
	const script = `mount -t tmpfs -o size=24k tmpfs "$1" && cp -r "$3"/. "$1" || exit 9
head -c 8192 /dev/zero >"$1/rest"
"$2" -fix -C "$1" ./...
echo "code $?"; rm "$1/rest"; diff -r "$1" "$3" && echo same`
	cmd := exec.Command("unshare", "-rm", "sh", "-c", script, "sh", disk, filepath.Join(bin, "txcheck"), dir)
	out, err := cmd.CombinedOutput()
	if cmd.ProcessState == nil || cmd.ProcessState.ExitCode() == 9 || cmd.ProcessState.ExitCode() == 1 {
		t.Skipf("no disk to fill: %v\n%s", err, out)
	}
	want := "txcheck: cannot write " + disk + "/b/b.go: no space left on device\ncode 2\nsame\n"
	if err != nil || string(out) != want {
		t.Errorf("%v\ngot:\n%s\nwant:\n%s", err, out, want)
	}
}

// Sources that cannot be written are told in one line.
func TestFixReadOnly(t *testing.T) {
	dir := t.TempDir()
	if err := os.CopyFS(dir, os.DirFS(root+"/examples/update")); err != nil {
		t.Fatal(err)
	}
	const script = `mount --bind "$1" "$1" && mount -o remount,ro,bind "$1" || exit 9
"$2" -fix -C "$1" ./...
echo "code $?"`
	cmd := exec.Command("unshare", "-rm", "sh", "-c", script, "sh", dir, filepath.Join(bin, "txcheck"))
	out, err := cmd.CombinedOutput()
	if cmd.ProcessState == nil || cmd.ProcessState.ExitCode() == 9 || cmd.ProcessState.ExitCode() == 1 {
		t.Skipf("no way to mount something read-only: %v\n%s", err, out)
	}
	want := "txcheck: cannot write " + dir + "/update.go: read-only file system\ncode 2\n"
	if err != nil || string(out) != want {
		t.Errorf("%v\ngot:\n%s\nwant:\n%s", err, out, want)
	}
}
