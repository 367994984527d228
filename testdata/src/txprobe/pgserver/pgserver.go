// Package pgserver is a PostgreSQL server without a database, for the cases of
// libraries that speak its protocol themselves.
//
// A connection to it is no socket: it reads what the client writes, and answers,
// before Write returns, on the goroutine of the case. Whether a command fails and
// what a query finds is asked of the path that runs. What is open is what the
// server says: a transaction from a BEGIN that succeeded to the COMMIT, the
// ROLLBACK or the end of the connection.
package pgserver

import (
	"context"
	"encoding/binary"
	"net"
	"slices"
	"sync/atomic"

	"github.com/jackc/pgx/v5/pgproto3"

	"txcases/txprobe"
)

// DSN is a connection string for clients that Dial connects.
const DSN = "postgres://user:secret@127.0.0.1:5432/db?sslmode=disable"

// A Server answers the connections of one path.
type Server struct {
	probe *txprobe.Probe
	open  atomic.Int32 // transactions
}

// New returns a server that asks p how calls come out.
func New(p *txprobe.Probe) *Server {
	s := &Server{probe: p}
	p.Busy(func() bool { return s.open.Load() > 0 && closing() })
	return s
}

// Dial connects; it is what clients take for a dialer.
func (s *Server) Dial(context.Context, string, string) (net.Conn, error) { return newConn(s), nil }

// A session is the server's side of a connection.
type session struct {
	server  *Server
	backend *pgproto3.Backend
	in      []byte // not yet a whole message
	whole   feed   // what the backend reads
	started bool

	tx      *txprobe.Tx // nil outside a transaction
	failed  bool        // the transaction accepts nothing but its end
	skip    bool        // the rest of the messages up to Sync
	query   string      // of the last Parse
	stmts   map[string]string
	goodbye bool
}

// feed is a reader of what was appended to it.
type feed struct{ data []byte }

func (f *feed) Read(p []byte) (int, error) {
	n := copy(p, f.data)
	f.data = f.data[n:]
	return n, nil
}

// take reads what the client has written.
func (s *session) take(data []byte) error {
	s.in = append(s.in, data...)
	for {
		n := s.message()
		if n == 0 {
			return nil
		}
		s.whole.data = append(s.whole.data, s.in[:n]...)
		s.in = slices.Delete(s.in, 0, n)
		if err := s.answer(); err != nil {
			return err
		}
		if err := s.backend.Flush(); err != nil {
			return err
		}
	}
}

// message returns the length of the first message if it is whole, 0 if not. The
// first message of all has no byte for its type.
func (s *session) message() int {
	head := 1
	if !s.started {
		head = 0
	}
	if len(s.in) < head+4 {
		return 0
	}
	n := head + int(binary.BigEndian.Uint32(s.in[head:]))
	if len(s.in) < n {
		return 0
	}
	return n
}

// answer handles one message.
func (s *session) answer() error {
	if !s.started {
		return s.startup()
	}
	msg, err := s.backend.Receive()
	if err != nil {
		return err
	}
	if _, sync := msg.(*pgproto3.Sync); s.skip && !sync {
		return nil
	}
	switch msg := msg.(type) {
	case *pgproto3.Query:
		s.simple(msg.String)
	case *pgproto3.Parse:
		s.stmts[msg.Name] = msg.Query
		s.backend.Send(&pgproto3.ParseComplete{})
	case *pgproto3.Describe:
		s.describe(msg)
	case *pgproto3.Bind:
		s.query = s.stmts[msg.PreparedStatement]
		s.backend.Send(&pgproto3.BindComplete{})
	case *pgproto3.Execute:
		s.skip = !s.run(s.query, false)
	case *pgproto3.Close:
		s.backend.Send(&pgproto3.CloseComplete{})
	case *pgproto3.Sync:
		s.skip = false
		s.ready()
	case *pgproto3.Terminate:
		s.end("the end of the connection")
	}
	return nil
}

func (s *session) startup() error {
	msg, err := s.backend.ReceiveStartupMessage()
	if err != nil {
		return err
	}
	if _, ok := msg.(*pgproto3.StartupMessage); !ok { // a cancel request
		s.goodbye = true
		return nil
	}
	s.started = true
	s.backend.Send(&pgproto3.AuthenticationOk{})
	for name, value := range map[string]string{
		"server_version": "15.0", "client_encoding": "UTF8", "standard_conforming_strings": "on",
	} {
		s.backend.Send(&pgproto3.ParameterStatus{Name: name, Value: value})
	}
	s.backend.Send(&pgproto3.BackendKeyData{ProcessID: 1, SecretKey: []byte{0, 0, 0, 1}})
	s.ready()
	return nil
}

// ready says that the next command is awaited.
func (s *session) ready() {
	status := byte('I')
	switch {
	case s.tx != nil && s.failed:
		status = 'E'
	case s.tx != nil:
		status = 'T'
	}
	s.backend.Send(&pgproto3.ReadyForQuery{TxStatus: status})
}

// end ends the transaction, if there is one.
func (s *session) end(how string) {
	if s.tx != nil {
		s.tx.End(how)
		s.server.open.Add(-1)
	}
	s.tx, s.failed = nil, false
}
