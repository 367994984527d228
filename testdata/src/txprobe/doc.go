// Package txprobe runs the cases of this module for truth: which transactions
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
// The package knows nothing of the analyser. It errs on the side of silence: an
// exit by a panic that no framework expects, by runtime.Goexit or by the end of
// the process excuses the transaction.
package txprobe
