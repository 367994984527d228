// Package unit analyses one package for the go command, and most packages without
// looking at more than their text.
//
// It speaks the protocol of go vet's tools as x/tools' unitchecker does: the same
// configuration, flags, output and exit codes. It differs in two things. Types
// come from the export data that the compiler has made anyway, where unitchecker
// (since v0.50) writes them into its own files and so must type-check every
// package of the program. And a package that has no use for this analysis is
// answered before it is parsed. What decides is Options, package txflow and the
// data of package protocol; this package knows no syntax but identifiers.
//
// # When a package is skipped
//
// A package may be skipped if analysing it would yield what the skip writes: no
// diagnostic, no fact about a function, and of the package only whether it reaches
// a transaction library. What an analysis yields is decided by txflow's need:
// nothing, unless
//
//	(a) the package uses a function whose role ends a path (os.Exit), or whose
//	    fact says that it never returns; or it reaches a library, or a package
//	    with an interface of transactions, and
//	(b) uses a function whose role opens, finishes or manages a transaction, or
//	    that looks like a Begin, or whose fact begins or takes one; or
//	(c) declares a function with a parameter that can bring a transaction; or
//	(d) the rules find a directive of ours to complain about.
//
// The rules by which the text shows that there is none of these, each with the
// reason that it misses nothing:
//
// U1. Using a function takes an identifier that is its name: Go has no way to
// rename one. Dot imports, import names, embedding, interfaces, bound methods,
// generics and unsafe do not change that. So (a) and (b) are absent if no
// identifier of the text is among: the names with such a role in the libraries
// within reach, the names of a Begin by shape, and the names of the functions that
// the facts of the imports are about.
//
// U2. The libraries within reach are those of the imports, and those that the
// package's own path belongs to: what can be named, or is the type of what can be
// named, comes from an import or from an import's imports. Every answer lists the
// libraries, so that asking the direct imports is enough. Those of the standard
// library that only end paths (os, log, testing) are always within reach.
//
// An interface of transactions has Commit and Rollback, or is implemented in its package
// by what has a transaction, so that the package which declares it is not skipped (U3), and
// its answer says that importers reach it.
//
// U3. A parameter's type is written down. If it can bring a transaction, then by
// itself, which makes it a handle of a library, an interface with Commit or
// Rollback or one that a fact speaks of, or as a struct with such a field. An identifier in its text, or in the
// text of the declarations of this package that it leads to, is then Commit or
// Rollback, or the name of such a type of an import. Every answer lists those
// names, aliases included: a carrier. A package that is skipped has no carrier of
// its own, as its declaration would need one of these identifiers too.
//
// U4. A library that is known by its shape (ent's generated code, forks of xorm)
// declares types of certain names; a text with all of these names is not skipped.
//
// U5. A directive is found by its first word, in units whose diagnostics count.
//
// U6. Facts of methods and types travel on: x can have a y.T from z without importing y. A
// skipped package passes on those of its imports, as an analysed one does.
//
// U7. The standard library, other than database/sql, cannot reach a transaction
// library and has no carriers, and its functions that never return have roles: a
// test says so. It is known by its place in GOROOT. It is not skipped if the user
// describes a library whose import path could be in it.
//
// U8. Nobody imports a package whose files are all tests. Outside the reach of any
// library it has nothing to say, whatever it calls.
//
// U9. Where no word tells of more than (a), importers need to know only which functions
// never return. Most are seen to return by their syntax, whatever the words in them mean:
// some statement of the others can be left only by a call of such a word, of panic, of
// one another, or by no way at all. Only the bodies of the others are type-checked; if
// there are none, nothing is.
//
// U10. Of packages of the main module, importers want to know what short functions yield: the
// facts of those are few, and the bodies of no others need be looked at. So they are not
// skipped; a dependency's other bodies are not type-checked, as for U9.
//
// A package that the user names, and not only one that imports it, is parsed and
// type-checked even so: one that does not compile must be told of.
//
// An import without an answer counts as reaching everything: its importer is
// analysed. So is a package with user protocols that do not parse, to say so.
// Vendoring and build tags are resolved by the go command, which lists files and
// imports; test variants, workspaces and cgo give units like any other, the last
// with the files that cgo has made.
//
// # When unitchecker does it all
//
// Since Go 1.27 the go command passes no export data of packages that it need not
// build, gccgo's is in a format of its own, and fixes are applied by code that
// x/tools keeps to itself. In these cases unitchecker takes over. Its files have
// the types in them and ours have not, so the choice must be one for all units of
// a run: it depends on what is the same in all of them, the kind of go command, the
// compiler and the flags.
package unit
