package pgserver

import (
	"fmt"
	"strings"

	"github.com/jackc/pgx/v5/pgproto3"
)

const int8OID = 20

// simple runs the statements of a simple query up to the first that fails.
func (s *session) simple(text string) {
	for query := range strings.SplitSeq(text, ";") {
		if strings.TrimSpace(query) != "" && !s.run(query, true) {
			break
		}
	}
	s.ready()
}

// run carries out one statement and reports whether it succeeds. Columns are named
// in the answer, or were by a Describe.
func (s *session) run(query string, name bool) bool {
	word, rest, _ := strings.Cut(strings.ToUpper(strings.TrimSpace(query)), " ")
	if s.failed && word != "ROLLBACK" && word != "COMMIT" {
		return s.fail("25P02", "current transaction is aborted, commands ignored until end of transaction block")
	}
	switch word {
	case "BEGIN", "START":
		return s.begin()
	case "COMMIT", "END":
		return s.commit()
	case "ROLLBACK":
		if strings.HasPrefix(rest, "TO ") {
			s.failed = false
			break
		}
		return s.rollback()
	case "SELECT", "WITH":
		return s.rows(query, name)
	}
	if strings.Contains(strings.ToUpper(query), " RETURNING ") {
		return s.rows(query, name)
	}
	return s.exec(word)
}

func (s *session) begin() bool {
	tx := s.server.probe.Begin()
	if tx == nil {
		return s.fail("53300", "begin fails on this path")
	}
	if s.tx != nil { // only a warning
		tx.End("the transaction that it is part of")
	} else {
		s.tx = tx
		s.server.open.Add(1)
	}
	return s.done("BEGIN")
}

// commit ends the transaction however it comes out: one that has failed is rolled
// back, and so is one that a deferred constraint stops.
func (s *session) commit() bool {
	aborted := s.failed
	s.end("COMMIT")
	switch {
	case aborted:
		return s.done("ROLLBACK")
	case s.server.probe.Fails("Commit"):
		return s.fail("23503", "commit fails on this path")
	}
	return s.done("COMMIT")
}

func (s *session) rollback() bool {
	s.end("ROLLBACK")
	if s.server.probe.Fails("Rollback") {
		return s.fail("XX000", "rollback fails on this path")
	}
	return s.done("ROLLBACK")
}

// exec touches one row, or as a DELETE perhaps none.
func (s *session) exec(word string) bool {
	if s.server.probe.Fails("Exec") {
		return s.fail("23505", "exec fails on this path")
	}
	switch word {
	case "INSERT":
		return s.done("INSERT 0 1")
	case "DELETE":
		if s.server.probe.Fails("no row") {
			return s.done("DELETE 0")
		}
		return s.done("DELETE 1")
	case "UPDATE":
		return s.done("UPDATE 1")
	}
	return s.done(word)
}

// How a query comes out.
const (
	nothing   = iota // no row
	one              // a row of ones
	two              // two rows of zeros
	fails            // an error
	failsLate        // a row and an error
	outcomes
)

// rows answers a query.
func (s *session) rows(query string, name bool) bool {
	how := s.server.probe.Outcome("Query", outcomes)
	if how == fails {
		return s.fail("42P01", "query fails on this path")
	}
	names := columns(query)
	if name {
		s.backend.Send(description(names))
	}
	n, value := 1, "1"
	switch how {
	case nothing:
		n = 0
	case two:
		n, value = 2, "0"
	}
	for range n {
		row := make([][]byte, len(names))
		for i := range row {
			row[i] = []byte(value)
		}
		s.backend.Send(&pgproto3.DataRow{Values: row})
	}
	if how == failsLate {
		return s.fail("57014", "query is canceled on this path")
	}
	return s.done(fmt.Sprintf("SELECT %d", n))
}

func (s *session) done(tag string) bool {
	s.backend.Send(&pgproto3.CommandComplete{CommandTag: []byte(tag)})
	return true
}

func (s *session) fail(code, message string) bool {
	s.failed = s.tx != nil
	s.backend.Send(&pgproto3.ErrorResponse{Severity: "ERROR", SeverityUnlocalized: "ERROR", Code: code, Message: message})
	return false
}

// describe tells the parameters and columns of a prepared statement.
func (s *session) describe(msg *pgproto3.Describe) {
	query := s.query
	if msg.ObjectType == 'S' {
		query = s.stmts[msg.Name]
		oids := make([]uint32, strings.Count(query, "$"))
		for i := range oids {
			oids[i] = int8OID
		}
		s.backend.Send(&pgproto3.ParameterDescription{ParameterOIDs: oids})
	}
	word, _, _ := strings.Cut(strings.ToUpper(strings.TrimSpace(query)), " ")
	if word == "SELECT" || word == "WITH" || strings.Contains(strings.ToUpper(query), " RETURNING ") {
		s.backend.Send(description(columns(query)))
		return
	}
	s.backend.Send(&pgproto3.NoData{})
}

func description(names []string) *pgproto3.RowDescription {
	var d pgproto3.RowDescription
	for _, name := range names {
		d.Fields = append(d.Fields, pgproto3.FieldDescription{
			Name: []byte(name), DataTypeOID: int8OID, DataTypeSize: 8, TypeModifier: -1,
		})
	}
	return &d
}

// columns names what a query selects or returns; nothing in the list is expected to
// hold a comma of its own.
func columns(query string) []string {
	text := strings.ToLower(strings.Join(strings.Fields(query), " "))
	list := "x"
	if _, after, ok := strings.Cut(text, " returning "); ok {
		list = after
	} else if after, ok := strings.CutPrefix(text, "select "); ok {
		list, _, _ = strings.Cut(after, " from ")
	}
	var names []string
	for name := range strings.SplitSeq(list, ",") {
		names = append(names, strings.TrimSpace(name))
	}
	return names
}
