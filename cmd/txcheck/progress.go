package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/term"

	"github.com/txcheck/txcheck/internal/govet"
)

// patience is how long a run lasts before it shows progress.
const patience = time.Second

// check analyses, and shows progress meanwhile if stderr is a terminal.
func (s *settings) check(ctx context.Context, stderr io.Writer) (*govet.Result, error) {
	start := time.Now()
	run := s.run
	var done atomic.Int64
	run.Progress = func() { done.Add(1) }
	stop := func() {}
	if f, ok := stderr.(*os.File); ok && term.IsTerminal(int(f.Fd())) && os.Getenv("TERM") != "dumb" {
		stop = showProgress(ctx, f, run, &done)
	}
	res, err := run.Check(ctx)
	stop()
	if err == nil && s.verbose {
		fmt.Fprintf(stderr, "txcheck: go vet took %s: packages %d, findings %d\n",
			time.Since(start).Round(time.Millisecond), done.Load(), len(res.Findings))
	}
	return res, err
}

// showProgress keeps one line of a terminal up to date until stop is called, which
// leaves the line empty.
func showProgress(ctx context.Context, w io.Writer, run govet.Run, done *atomic.Int64) (stop func()) {
	ctx, cancel := context.WithCancel(ctx)
	var over sync.WaitGroup
	over.Go(func() {
		select {
		case <-ctx.Done():
			return
		case <-time.After(patience):
		}
		var total atomic.Int64
		over.Go(func() { total.Store(int64(run.Count(ctx))) })
		tick := time.NewTicker(patience / 5)
		defer tick.Stop()
		for {
			fmt.Fprintf(w, "\r\x1b[K%s", progressLine(done.Load(), total.Load()))
			select {
			case <-ctx.Done():
				fmt.Fprint(w, "\r\x1b[K")
				return
			case <-tick.C:
			}
		}
	})
	return func() {
		cancel()
		over.Wait()
	}
}

// progressLine tells how far a run is. The total takes a moment to know.
func progressLine(done, total int64) string {
	if total < max(done, 1) {
		return fmt.Sprintf("txcheck: %d packages", done)
	}
	return fmt.Sprintf("txcheck: %d/%d packages", done, total)
}
