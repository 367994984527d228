package e2e

import (
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
