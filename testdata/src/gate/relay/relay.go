// Package relay runs functions for others, and tells how that went.
package relay

import "sync"

// A Group runs functions at the same time.
type Group struct {
	wg   sync.WaitGroup
	once sync.Once
	err  error
}

// Go runs a function.
func (g *Group) Go(f func() error) {
	g.wg.Add(1)
	go func() {
		defer g.wg.Done()
		if err := f(); err != nil {
			g.once.Do(func() { g.err = err })
		}
	}()
}

// Wait returns the first error of all.
func (g *Group) Wait() error {
	g.wg.Wait()
	return g.err
}

// A Seq runs functions one after the other, up to the first that fails.
type Seq struct{ err error }

// Call runs a function.
func (s *Seq) Call(f func() error) {
	if s.err == nil {
		s.err = f()
	}
}

// Err is what has failed.
func (s *Seq) Err() error { return s.err }

// A Counter counts what has worked.
type Counter struct {
	N   int
	Err error
}

// Run runs a function.
func (c *Counter) Run(f func() error) {
	if err := f(); err != nil {
		c.Err = err
		return
	}
	c.N++
}
