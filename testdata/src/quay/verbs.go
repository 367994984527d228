package quay

import (
	"context"

	"txcases/quay/archive"
	"txcases/quay/office"
)

// What is cancelled, finished or made new is an order, and no transaction.

func (c Cases) office() *office.Office {
	return &office.Office{DB: c.p.DB, Repo: archive.Archive{}}
}

// VerbsCancel cancels.
func (c Cases) VerbsCancel(ctx context.Context) error { return c.office().Cancel(ctx, 1) }

// VerbsInvoice makes an invoice.
func (c Cases) VerbsInvoice(ctx context.Context) error { return c.office().Invoice(ctx, 1) }

// VerbsFinish ends the transaction.
func (c Cases) VerbsFinish(ctx context.Context) error { return c.office().Finish(ctx, 1) }
