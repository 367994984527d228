package sqlx

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
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

// EqualNil demands in the words of an equation that there is no error.
func (c Cases) EqualNil(t *testing.T) {
	tx, err := c.db.Beginx()
	require.Equal(t, nil, err)
	if err != nil {
		return // not reached
	}
	if _, err = tx.Exec("DELETE FROM sessions"); err != nil {
		return // want `return leaves transaction tx open`
	}
	require.Equal(t, nil, tx.Commit())
}

// EqualFlag demands that a flag be what it is.
func (c Cases) EqualFlag(t *testing.T) {
	done := c.p.Choose()
	tx, err := c.db.Beginx()
	require.NoError(t, err)
	require.Equal(t, true, done)
	if done {
		_ = tx.Rollback()
	}
}
