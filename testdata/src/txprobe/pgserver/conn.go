package pgserver

import (
	"bytes"
	"io"
	"net"
	"os"
	"runtime"
	"slices"
	"sync"
	"time"

	"github.com/jackc/pgx/v5/pgproto3"
)

// A conn is the client's side of a connection.
type conn struct {
	mu       sync.Mutex
	changed  *sync.Cond
	session  *session
	out      []byte // what the server has said and the client has not read
	closed   bool
	deadline time.Time
}

func newConn(s *Server) *conn {
	c := &conn{session: &session{server: s, stmts: map[string]string{}}}
	c.changed = sync.NewCond(&c.mu)
	c.session.backend = pgproto3.NewBackend(&c.session.whole, (*reply)(c))
	return c
}

// reply is where the server writes to.
type reply conn

func (r *reply) Write(p []byte) (int, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.out = append(r.out, p...)
	r.changed.Broadcast()
	return len(p), nil
}

// Write hands the bytes to the server, which answers at once.
func (c *conn) Write(p []byte) (int, error) {
	c.mu.Lock()
	closed := c.closed
	c.mu.Unlock()
	if closed {
		return 0, net.ErrClosed
	}
	if err := c.session.take(p); err != nil {
		return 0, err
	}
	if c.session.goodbye {
		c.Close()
	}
	return len(p), nil
}

// Read waits for an answer, which is there unless a thread of the client reads
// ahead.
func (c *conn) Read(p []byte) (int, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for len(c.out) == 0 {
		switch {
		case c.closed:
			return 0, io.EOF
		case !c.deadline.IsZero() && !time.Now().Before(c.deadline):
			return 0, os.ErrDeadlineExceeded
		}
		c.changed.Wait()
	}
	n := copy(p, c.out)
	c.out = c.out[n:]
	return n, nil
}

// Close ends what the connection has open.
func (c *conn) Close() error {
	c.mu.Lock()
	closed := c.closed
	c.closed = true
	c.changed.Broadcast()
	c.mu.Unlock()
	if !closed {
		c.session.end("the end of the connection")
	}
	return nil
}

// SetDeadline is used by clients to wake a reader.
func (c *conn) SetDeadline(t time.Time) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.deadline = t
	c.changed.Broadcast()
	return nil
}

func (c *conn) SetReadDeadline(t time.Time) error  { return c.SetDeadline(t) }
func (c *conn) SetWriteDeadline(t time.Time) error { return nil }

// closers are functions of clients that close connections on threads of their own.
var closers = [][]byte{[]byte(").Destroy"), []byte(").destructResourceValue"), []byte(").asyncClose")}

// closing reports whether a client is about to close a connection, which ends the
// transaction in it.
func closing() bool {
	buf := make([]byte, 1<<16)
	n := runtime.Stack(buf, true)
	for n == len(buf) {
		buf = make([]byte, 2*len(buf))
		n = runtime.Stack(buf, true)
	}
	return slices.ContainsFunc(closers, func(name []byte) bool { return bytes.Contains(buf[:n], name) })
}

var address = &net.TCPAddr{IP: net.IPv4(127, 0, 0, 1), Port: 5432}

func (c *conn) LocalAddr() net.Addr  { return address }
func (c *conn) RemoteAddr() net.Addr { return address }
