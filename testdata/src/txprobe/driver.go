package txprobe

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"io"
	"runtime"
	"strings"
)

// DriverName is the name that the driver is registered under.
const DriverName = "txprobe"

func init() { sql.Register(DriverName, Driver{}) }

// Driver is a database/sql driver whose calls succeed or fail as the running
// path wants. Outside a path everything succeeds and no query has rows.
type Driver struct{}

// Open returns a connection that belongs to whichever path is running.
func (Driver) Open(string) (driver.Conn, error) { return &conn{}, nil }

// connector opens connections for one path.
type connector struct{ path *path }

func (c connector) Driver() driver.Driver { return Driver{} }

// Connect fails only for a case that asks for a connection, not below its Begin.
func (c connector) Connect(context.Context) (driver.Conn, error) {
	asked := false
	each(func(fr runtime.Frame) bool {
		asked = asked || fr.Function == "database/sql.(*DB).Conn"
		return !asked
	})
	if asked && c.path.must(c.path.ask("Conn", choice{n: 2, driver: true})) == 1 {
		return nil, errFailed
	}
	return &conn{path: c.path}, nil
}

// errFailed is what a call returns that was chosen to fail.
var errFailed = errors.New("txprobe: this call fails on this path")

type conn struct {
	path *path // nil: whichever runs
	// tx is the transaction that is open, or was last, and marks its savepoints.
	tx    int
	marks []savepoint
}

func (c *conn) running() *path {
	if c.path != nil {
		return c.path
	}
	return current.Load()
}

// fails asks the path whether this call fails.
func (c *conn) fails(op string) error {
	if c.answer(op, 2) == 1 {
		return errFailed
	}
	return nil
}

// answer asks the path what comes of this call.
func (c *conn) answer(op string, n int) int {
	p := c.running()
	return p.must(p.ask(op, choice{n: n, driver: true, about: c.tx}))
}

func (c *conn) Close() error                             { return nil }
func (c *conn) CheckNamedValue(*driver.NamedValue) error { return nil }
func (c *conn) Ping(context.Context) error               { return c.fails("Ping") }

func (c *conn) Begin() (driver.Tx, error) {
	return c.BeginTx(context.Background(), driver.TxOptions{})
}

func (c *conn) BeginTx(ctx context.Context, _ driver.TxOptions) (driver.Tx, error) {
	p := c.running()
	p.settle()
	p.reached()
	c.tx = 0
	if err := c.fails("Begin"); err != nil {
		return nil, err
	}
	t := &transaction{conn: c, rec: p.opened(ctx)}
	c.tx = t.rec.id
	return t, nil
}

func (c *conn) Prepare(query string) (driver.Stmt, error) {
	// A library may keep what it has prepared from one path to the next.
	if c.path != nil {
		if err := c.fails("Prepare"); err != nil {
			return nil, err
		}
	}
	return &stmt{c, query}, nil
}

func (c *conn) ExecContext(_ context.Context, query string, _ []driver.NamedValue) (driver.Result, error) {
	ends := c.endMark(query)
	if err := c.fails("Exec"); err != nil {
		return nil, err
	}
	if !ends {
		c.mark(query)
	}
	return result{c}, nil
}

func (c *conn) QueryContext(_ context.Context, query string, _ []driver.NamedValue) (driver.Rows, error) {
	if err := c.fails("Query"); err != nil {
		return nil, err
	}
	return &rows{conn: c, columns: columns(query)}, nil
}

type transaction struct {
	conn *conn
	rec  *record
}

// Commit keeps what was done behind savepoints that are neither released nor rolled
// back: those stay open for good.
func (t *transaction) Commit() error {
	t.conn.marks = nil
	t.rec.finish("Commit")
	return t.conn.fails("Commit")
}

func (t *transaction) Rollback() error {
	t.conn.endMarks(0, "Rollback")
	t.rec.byLibrary()
	t.rec.finish("Rollback")
	return t.conn.fails("Rollback")
}

type stmt struct {
	conn  *conn
	query string
}

func (s *stmt) Close() error  { return nil }
func (s *stmt) NumInput() int { return -1 }

func (s *stmt) Exec([]driver.Value) (driver.Result, error) {
	return s.conn.ExecContext(context.Background(), s.query, nil)
}

func (s *stmt) Query([]driver.Value) (driver.Rows, error) {
	return s.conn.QueryContext(context.Background(), s.query, nil)
}

// result of an Exec: one row or none was touched, if the driver can tell.
type result struct{ conn *conn }

func (r result) LastInsertId() (int64, error) { return 1, r.conn.fails("LastInsertId") }

func (r result) RowsAffected() (int64, error) {
	switch r.conn.answer("RowsAffected", 3) {
	case 0:
		return 1, nil
	case 1:
		return 0, nil
	}
	return 0, errFailed
}

// rows yields at most two rows; every value of a row is 1 or every value is 0,
// which any basic type can be scanned from.
type rows struct {
	conn    *conn
	columns []string
	n       int
}

const maxRows = 2

func (r *rows) Columns() []string { return r.columns }
func (r *rows) Close() error      { return nil }

func (r *rows) Next(dest []driver.Value) error {
	p := r.conn.running()
	if p == nil || r.n == maxRows {
		return io.EOF
	}
	value := int64(1)
	switch r.conn.answer("Next", 4) {
	case 0:
	case 1:
		return io.EOF
	case 2:
		value = 0
	case 3:
		return errFailed
	}
	r.n++
	for i := range dest {
		dest[i] = value
	}
	return nil
}

// columns names what a query selects or returns; a text that cannot be read so
// has one column.
func columns(query string) []string {
	text := strings.ToUpper(strings.Join(strings.Fields(query), " "))
	list := "x"
	if _, after, ok := strings.Cut(text, " RETURNING "); ok {
		list = after
	} else if after, ok := strings.CutPrefix(text, "SELECT "); ok {
		list, _, _ = strings.Cut(after, " FROM ")
	}
	var names []string
	depth, start := 0, 0
	for i, r := range list + "," {
		switch {
		case r == '(':
			depth++
		case r == ')':
			depth--
		case r == ',' && depth == 0:
			names = append(names, strings.ToLower(strings.Trim(list[start:i], " `\"")))
			start = i + 1
		}
	}
	return names
}
