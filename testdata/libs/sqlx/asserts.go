package sqlx

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

// Zeroed expects no transaction, and ends one that there is.
func (c Cases) Zeroed(t *testing.T) {
	tx, err := c.db.Beginx()
	assert.Error(t, err)
	if !assert.Zero(t, tx) {
		assert.NoError(t, tx.Rollback())
	}
}

// ZeroedOnly expects none.
func (c Cases) ZeroedOnly(t *testing.T) {
	tx, err := c.db.Beginx()
	assert.Error(t, err)
	assert.Zero(t, tx)
} // want `end of function leaves transaction tx open`
