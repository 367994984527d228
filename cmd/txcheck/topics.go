package main

// topics are the texts of `txcheck help TOPIC`, besides the pages of the rules.
var topics = map[string]string{
	"baseline": `A baseline lists the findings of today, so that only later ones are reported:

    txcheck baseline write ./...       writes .txcheck-baseline.json
    txcheck -baseline .txcheck-baseline.json ./...

An entry has no line numbers. It goes by the package, the rule and the message,
which names the function, the variable, the call that begins and the condition;
findings that are alike in all that are counted. The text output says how many
entries are no longer found.

To look only at what a change has touched, without a file:

    txcheck -new-from main ./...
    txcheck -new-from "$(git merge-base main HEAD)" ./...

A finding is new when a step of its path (the begin, a decision, the exit)
stands on a line that git diff shows as touched, committed or not, when its file
is not known to git yet, or when lines were removed between its begin and its
exit.
`,
	"config": `.txcheck.yml is looked for from the root of the module up to the root of the
repository. It has effect in every way of running: txcheck, go vet -vettool, and
go tool. What it says is overruled by flags.

    # yaml-language-server: $schema=https://raw.githubusercontent.com/txcheck/txcheck/main/docs/config.schema.json
    panics: true
    ctxcancel: true
    exclude:
      - path: internal/legacy      # and everything below; * and ** are understood
        reason: to be deleted with the old API
    protocols:
      - library: our store
        imports: [example.com/platform/store]
        open:
          - func: (*store.DB).Begin
        finish:
          - commit: (*store.Tx).Commit
            rollback: (*store.Tx).Rollback

Unknown keys, wrong names and entries that stand there twice are errors. See
docs/configuration.md for all of it.
`,
	"exit": `0    nothing was found
1    something was found, and -exit-zero was not given
2    not everything could be done: wrong usage, a broken configuration, packages
     that cannot be loaded or do not compile; findings in others are printed
130  interrupted; no file is left half written
`,
	"ignore": `A comment silences the findings of one line, on the line itself or alone on the
line above, and says why:

    return true //txcheck:ignore the worker that was started above rolls tx back

A comment without a reason, or one that silences nothing, is reported itself.
For whole directories see "exclude" in txcheck help config.
`,
	"protocols": `A protocol describes how one library opens and ends transactions. Own libraries
are described in .txcheck.yml, in the notation that is used for those built in:

    protocols:
      - library: our store
        imports: [example.com/platform/store]
        handles: ["*store.Tx"]
        open:
          - func: [(*store.DB).Begin, (*store.DB).BeginCtx]
            cancel-finishes: true
        finish:
          - commit: (*store.Tx).Commit
            rollback: (*store.Tx).Rollback
            unless-done: true

txcheck protocols check .txcheck.yml looks every name up in the packages
themselves. txcheck protocols list shows what is known already.
`,
}
