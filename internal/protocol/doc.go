// Package protocol knows which call plays which role in which database
// library. The knowledge itself is data: one YAML file per library under lib/,
// and the same notation for the in-house libraries of users.
//
// The package resolves calls to roles and nothing else: it never looks at
// control flow, and a call that no file names has no role. It errs on the quiet
// side: a fact that does not fit the signature of the function is no fact.
//
// # Notation
//
// A file describes one library; a user's text may hold several, separated by
// "---". Functions and types are written as in Go source, with the package name
// that the import path suggests:
//
//	library: our store
//	imports: [example.com/platform/store]
//	handles: ["*store.Tx"]          # what a transaction is held in
//
//	open:
//	  - func: [(*store.DB).Begin, (*store.DB).BeginCtx]
//	    cancel-finishes: true       # cancelling the context rolls back
//	finish:
//	  - commit: (*store.Tx).Commit
//	    rollback: (*store.Tx).Rollback
//	  - rollback: (*store.Tx).Close
//	    unless-done: true           # harmless after Commit
//	managed:
//	  - func: (*store.DB).InTx      # runs its callback inside a transaction
//	    handle: arg 0               # the callback's parameter that is the transaction
//
// A package that is not named as its path says is listed as "- name: path". When
// one name has several paths, the facts hold for all of them. A value of a call
// is a place: "recv", "arg 1", "result 0", a field of one as in "result 0.Tx",
// and for errors also "handle.Error", "panics" and "none".
//
// What an entry does not say is the usual: the handle is result 0 of an open and
// the receiver of a finish, the error is the last result if that is an error,
// the context is the first parameter that is one ("ctx: recv" if the receiver
// carries it), the callback is the first parameter that is a func.
//
// The other keys of an open entry are err, when ("arg 0 is true"), read-only (the same,
// or "always"), ctx, reentry,
// level, holds, owner, maybe-open, live-on-err and call; those of a finish entry
// are handle, when, on-err, again, only, of-owner, nil-panics and children (the
// methods whose results must be closed first). They are the
// fields of [Open] and [Finish]. Further sections:
//
//	alias:                          # the same transaction under another name
//	  - {func: (*store.Tx).Unsafe, from: recv, to: result 0}
//	  - chain: store.Session        # every method of it that returns its type
//	    itself: true                # and that is the session again, not a copy
//	  - func: (*store.DB).Session   # the result carries the context in that field
//	    ctx: arg 0.Context
//	  - func: (*store.DB).Where     # runs nothing: what error the result has is the old one
//	    keeps-error: true
//	  - func: (*store.Tx).Begin     # also returns an error, which is nil
//	    never-fails: true
//	ends-on-error: (*store.Tx).Run  # a use that rolls back when it fails
//	plain: (*store.Tx).RollbackTo   # only uses the transaction, despite its name
//	pure: store.Quote               # yields the same for the same arguments
//	reads: store.Dump               # only looks at what it is given as any
//	running: (*store.Tx).IsOpen     # tells whether a transaction is open
//	writable: (*store.Tx).IsWriter  # tells whether every finisher ends it
//	shapes:                         # packages known by what they declare
//	  - {package: ent, imports: entgo.io/ent, types: [Client, Tx]}
//	exit:                           # calls that never return
//	  process: store.Die
//	  test: store.FailTest
//	  recovered: store.Abort        # by a panic that a framework recovers
//	  panics: store.Crash
//	recovered-values: store.ErrAbort
//	nilness:                        # errors, without looking at a body
//	  - {func: store.NewError, nonnil: true}
//	  - {func: store.Wrap, nil-as: arg 0}
//	  - {func: store.IsNotFound, proves: arg 0}
//	assert:                         # returns only if, or tells whether
//	  - {func: store.Must, returns-if: arg 0 is nil}
//	  - {func: store.IsOK, true-if: arg 0 is nil}
//	runs:                           # calls its argument before it returns
//	  - {func: store.Retry, callback: arg 1}
//	keeps:                          # calls it later
//	  - func: store.OnClose
package protocol
