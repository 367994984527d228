// Package txprobe runs the cases under testdata for truth: which transactions
// does a function really leave open, and on which way out?
//
// It holds a database/sql driver without a database. Every call that may fail in
// life (Begin, Exec, Query, Commit, ...) asks the path it runs on whether it fails
// now, and so does a case that calls Probe.Choose. Explore runs a case again and
// again until every combination of answers has been seen.
//
// The sources of a case are instrumented before they are compiled: each
// activation of a function is a Frame, and each return, end of body and jump back
// to the head of a loop leaves a mark in its frame. From those a transaction that
// is still open at the end is charged to the exits of the functions that were
// running when it began.
//
// Other engines join in through Probe: a server that sees transactions begin and
// end (package pgserver speaks PostgreSQL's protocol), or a store of which can be
// asked whether a transaction is open (Probe.Watch).
//
// # How to write a case
//
// A case is an exported method of the type Cases in a folder of a module next to
// this one, whose path is txcases or begins with txcases/:
//
//	// EarlyReturn forgets the rollback when it stops early.
//	func (c Cases) EarlyReturn() bool {
//		tx, err := c.p.DB.Begin()
//		if err != nil {
//			return false
//		}
//		if c.p.Choose() {
//			return false
//		}
//		return tx.Commit() == nil
//	}
//
// Nothing registers it. A file engine.go sets up what the cases run on, and holds
// none. Parameters of basic types, contexts, errors and slices of
// int or string take a few values each; a *testing.T is a real one. Functions that
// cases call are instrumented like them. A transaction in a result is finished in
// the caller's place, one that is kept elsewhere by a function given to
// Probe.After. Panics that a framework recovers are named by Probe.Recovers.
//
// The inner return leaks: its line ends in a comment with the word want and a
// quoted pattern, as the package analysistest reads them, here
//
//	`return leaves transaction tx open`
//
// A pattern begins like the message: "return leaves", "end of function leaves",
// "next iteration leaves", "overwriting leaves", "discarding leaves", or the name
// of the call that stops the request ("StopRun leaves"). A return that no path
// can reach is marked "// not reached".
//
// A file that says that it is generated is compiled as it is: it counts as a part of
// a library.
//
// Cases that need what cannot be had here, a server of some maker's, are analysed and
// not run: the comment of their package ends in the line //txprobe:not-run.
//
// Two calls that begin transactions must not share a line, and a loop takes at
// most three rounds: deeper paths are given up.
//
// The package knows nothing of the analyser. It errs on the side of silence: an
// exit by a panic that no framework expects, by runtime.Goexit or by the end of
// the process excuses the transaction.
package txprobe
