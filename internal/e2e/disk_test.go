package e2e

import (
	"os"
	"os/exec"
	"path/filepath"
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
	want := "txcheck: applying fix: open " + dir + "/update.go: read-only file system\ncode 2\n"
	if err != nil || string(out) != want {
		t.Errorf("%v\ngot:\n%s\nwant:\n%s", err, out, want)
	}
}
