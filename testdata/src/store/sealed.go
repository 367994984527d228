package store

import (
	"context"
	"database/sql"
)

var sealed []*sql.Tx

// Seal begins, and leaves what it has begun to Unseal.
func (o *Outbox) Seal(ctx context.Context) error {
	tx, err := o.s.db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	o.tx = tx
	sealed = append(sealed, tx)
	return nil
}

// Unseal ends all that was sealed.
func Unseal() {
	for _, tx := range sealed {
		_ = tx.Rollback()
	}
	sealed = nil
}
