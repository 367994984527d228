package books

import "txcases/ledger"

// Nests goes in once and out once.
func (c Cases) Nests() error {
	n := ledger.NewNested(c.p.DB)
	if err := n.Begin(); err != nil {
		return err
	}
	return n.End(n.Exec("INSERT"))
}

// NestsTwice goes in twice.
func (c Cases) NestsTwice() (err error) {
	n := ledger.NewNested(c.p.DB)
	if err = n.Begin(); err != nil {
		return err
	}
	defer func() { err = n.End(err) }()
	if err = n.Begin(); err != nil {
		return err // not reached
	}
	return n.End(n.Exec("INSERT"))
}

// NestsForgets goes out when all went well.
func (c Cases) NestsForgets() error {
	n := ledger.NewNested(c.p.DB)
	if err := n.Begin(); err != nil {
		return err
	}
	if err := n.Exec("INSERT"); err != nil {
		return err // want `return leaves transaction n open`
	}
	return n.End(nil)
}
