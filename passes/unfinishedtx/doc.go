// Package unfinishedtx reports database transactions that a function leaves open.
//
// # What it does
//
// It follows every transaction from the call that begins it along each way
// through the function, and reports each return, and each end of a body, that can
// be reached while the transaction is neither committed nor rolled back. A
// transaction that somebody else must finish, because it is returned, stored in
// something that outlives the call, sent on a channel or given to code that keeps
// it, is that code's to finish and is not reported here.
//
// The report stands at the return. It names the transaction, the call that began
// it, and the condition under which the return is reached; related positions walk
// the path from the one to the other.
//
// What stays open is told apart by the category of the report: a transaction, which
// holds a connection or a lock; a session that owns transactions, of which the same
// is asked; one that is context-bounded, which the end of its context rolls back
// without a word; a savepoint, which holds nothing and whose work is kept or lost with
// the transaction around it; and soft, which holds memory of the client's or of the
// server's and no connection.
//
// # Why is this bad
//
// An open transaction owns a connection. It never goes back to the pool, its locks
// stay until the server gives up on it, and the next caller waits for a connection
// that is not coming. The branch that leaks is often one that is rarely taken, so
// that the program works for months and then stops under no unusual load.
//
// # Example
//
//	func (s *Store) Update(id int) bool {
//		tx, err := s.db.Begin()
//		if err != nil {
//			return false
//		}
//		prices := s.load(id)
//		if prices == nil {
//			return false // tx is still open
//		}
//		_, err = tx.Exec("UPDATE items SET price = ? WHERE id = ?", prices["new"], id)
//		return err == nil && tx.Commit() == nil // open if Exec failed
//	}
//
// # Use instead
//
//	func (s *Store) Update(id int) bool {
//		tx, err := s.db.Begin()
//		if err != nil {
//			return false
//		}
//		defer tx.Rollback() // does nothing after a Commit
//		prices := s.load(id)
//		if prices == nil {
//			return false
//		}
//		_, err = tx.Exec("UPDATE items SET price = ? WHERE id = ?", prices["new"], id)
//		return err == nil && tx.Commit() == nil
//	}
//
// # Known problems
//
// What the rule does not see, it does not report: where it cannot tell whether a
// transaction is finished, for example because it was handed to a function without
// a body, it is silent. The limits that are known are listed in docs/limits.md.
//
// A false report can be silenced by a directive with a reason, on the line of the
// report or alone on the line above it:
//
//	//txcheck:ignore the server closes this session itself
//
// A directive without a reason, one that silences nothing and one with another name are
// reported themselves.
//
// # Fix safety
//
// The fix rolls back and never commits: what the author did not commit, an
// automatic edit must not commit. Where finishing twice is harmless it defers a
// rollback right after the error check of the begin, so that all returns are mended
// at once; elsewhere it rolls back before each return that leaks. All reports of one
// begin carry the same edits. Every fix is tried first: the package is type-checked
// and analysed once more with it, and a fix that leaves anything behind is dropped.
// What rolls back and is deferred too late is moved up. A session is closed by a deferred call
// right where it is made, if that ends its transaction; a connection that the function closes
// by hand before other returns is closed before those that leak as well.
// Where the function ends the transaction before other returns by something that is no method of
// it, as in sessions.Abort(ctx, token), the same is done before those that leak.
// A transaction that has left the block of its variable by another one is rolled back by that,
// under what the function asks before it ends it.
// A transaction that may be the caller's is rolled back under the flag that the function asks
// before it ends it elsewhere.
// A transaction that is thrown away gets a name, and is rolled back. What is told by an
// error how to end, as in unit.Done(err), is told the error of the return. What only a context
// carries is ended by the function that the file ends it with elsewhere. Nothing is deferred
// where a goroutine or a callback may commit when the function has returned, where what
// is returned lives only as long as the transaction (rows, statements, memory of an
// engine), and where the connection is closed by hand, which waits for the transaction:
// there the rollback comes first. No fix is offered where none is known to be sound:
// where a rollback would come before what ends the transaction on other paths, for a
// wrapper that is not seen to roll back, under subtests that go on when the test has
// returned, and in generated files.
//
// # Options
//
// Under go vet and txcheck each option is a flag with the name of the rule in front,
// such as -unfinishedtx.panics; under golangci-lint it is a setting.
//
//   - protocols: YAML text that describes the transactions of in-house libraries.
//   - panics: also report explicit panics, and calls that may panic, where nothing
//     deferred finishes the transaction. Off by default.
//   - ctxcancel: accept as an end that the transaction's own context is cancelled
//     when the function returns, which makes database/sql roll back. On by default.
//   - why: tell what is known of the transactions at FILE:LINE instead of reporting; the command "txcheck why" sets it.
//   - debug: print a line on stderr for each bound that the analysis hits.
//
// # Since
//
// v0.1.0
package unfinishedtx
