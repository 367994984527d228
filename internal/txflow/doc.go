// Package txflow follows database transactions through Go code in SSA form.
//
// It is the one pass that rules require: it finds every call that begins a transaction, runs the
// function around it over all its paths, and tells which of them leave with the transaction open.
// It owns the facts through which functions of other packages are known. It decides nothing about
// wording or severity, and it errs quiet: what it cannot follow is unknown, and unknown is never a
// leak.
//
// # How it works
//
// For each Begin there is an obligation, and a machine that runs the function for that obligation
// alone. The machine keeps, path by path, where the transaction stands and what the path knows:
// which values are nil, true or equal to a constant, what variables in memory hold, which calls
// are deferred. Paths that agree on everything that is still read are one; the property simulation
// bounds how many others a block keeps apart (package property). A fact about a value that a join
// has lost makes a path that depends on it vague, and vague paths are no leaks.
//
// Function literals and helpers of the same package that get the transaction, or a pointer to a
// local variable, are run in place. Functions of other packages are known by their Summary, a fact
// that is inferred by running them with a transaction planted in each of their arguments.
//
// # Rules
//
// The rules of what a path means are numbered; code and cases cite them.
//
// T1. A Begin that succeeds makes the transaction open, one that fails leaves it unborn. Its error
// is nil on the one path and not nil on the other.
//
// T2. A branch on something that the path knows has one way out. One on anything else has two, and
// each path knows from there on which way it went. Nil-ness, booleans, constants and bounds of
// integers are known. What is asked twice has one answer: two loads of a field, a key of a map or
// an element with no store between them are one value, and so is what an operation, a pure
// function, a short one of the package or one that only looks yields of the same values. Once a
// function of another package was given an object, what is loaded of that again is unknown, unless
// the function is known only to look, and free where it is one of the standard library that fills
// the object in. A sync.Once runs what it is given first, and nothing after that. A buffer or list
// of the function's own is empty until something is put into it. A channel on which nothing is
// told is ready once it was closed, and one that stays with the function for as long as that has
// put more into it than it has taken out. A branch on what nobody can know leaves a path in doubt,
// and quiet, until both its ways meet with nothing else come of them.
//
// T3. A return with the transaction open and not handed over is a leak.
//
// T4. A call that ends the process, the test or the goroutine is no exit, and a function that
// always reaches one neither. Behind a short function that reaches one, or panics, for some of
// what it may be given, it was given something else.
//
// T5. A panic that a framework recovers by design is an exit at the call. Any other is one where
// the option panics asks for it, recovered by the function itself or not.
//
// T6. Deferred calls run at every exit, last in first out, with the arguments of the defer
// statement and the variables of the exit.
//
// T7. What a call begins for its callback it ends itself, and so what the callback begins on the
// value that it was given.
//
// T8. A function comes out in one of the cases of its summary whose conditions the path allows;
// what the case says of the results, and of what was stored in the memory of the arguments, is
// known from there on. Conditions are about arguments, what they point to and how long they are:
// nil or not, true or false, which constant they are or are not, which bits they have, or what
// bounds them. Where a case hangs on something else of an argument that the caller knows anything
// of, the state of the transaction is unknown. One that only looks comes out the same when it is
// asked again. One that begins only once the transaction which it is given is at an end has ended
// that where it begins. A function of the package that is given the transaction is followed in
// place, unless it is found once and for all to leave open what it is given, and to keep nothing
// of it. What is taken out of a map that the function has filled with functions, and only looks
// up, is one of these. A field that only the package can name, and to which it stores a function
// in one place, has that function.
//
// Packages of the program's own module that know no transactions have facts of what their short
// functions yield, store and run. What a package tells of itself has in it what the methods of
// those types do that importers cannot name; which of them is in an interface, the fact tells of
// the function that has put it there. A fact also tells of an interface that it stands for
// transactions, where it has a method named like an end, and what implements it in its own package
// has one.
//
// T9. Cancelling a context rolls back what was begun with it, where the library does so, and a
// context that is found to be done has been cancelled. An error by which a library says that a
// transaction has ended tells that it has, and so does one that functions of the program yield in
// its place, or where they would end it a second time. What a method that is not in view does to
// an object that the context comes out of may cancel it.
//
// T10. A transaction is handed over when it is returned, yielded by an iterator that ends nothing,
// stored in something that outlives the call, put into a map, a slice or a channel of somebody
// else's, or given to an object as an option that may set it, or to a goroutine that finishes or
// keeps it, unless the way on which that leaves it open is in view and nothing else is left to end
// it by. One in a container of the function's own, or of an object that another package has
// filled, is followed until somebody looks into that, or what is not followed is given it. One of
// which nothing but a context is left is handed over where code that may look into that is given
// it. A transaction that was begun on a value of the caller's and is finished on no path is handed
// back. One that was handed over to a container, to a variable of the package or to code that is
// not in view is not the caller's when it is returned as well.
//
// T11. Code that nothing is known of is lent the transaction, unless its name and argument say
// that it finishes or keeps it; a literal that finishes the transaction and is given to such code
// is handed over. A literal with a parameter of the transaction's type, which is passed beside it,
// may be called with it. What such code returns may lead to the transaction, unless its type is
// plain data; what a method of that yields, and is a transaction by its type, is this one. An
// iterator that a function of another package has made of it lends it to a query, unless a fact
// tells that it ends it. A function of a package that could be analysed and was not may do
// anything: where it is given the transaction, what becomes of that is unknown. So it is when what
// the callee is given has code in it that ends the transaction, other than a function that is
// passed by itself, or when one of several implementations ends or keeps it; and so where it is
// passed a function, or what implements an interface, that ends what it is given, and the callee
// may give the transaction to that. A function that ends nothing itself, but by the names of such
// callees, may leave the end to the last that it gives the transaction to, or to each of a list.
//
// T12. A handle inside a handle is the same transaction. Where a library counts what is begun on a
// transaction, each finish ends what was begun last.
//
// T13. A call through an interface with one implementation in view is a call of that
// implementation; so it is with several of which the facts tell the same, and where a fact tells
// what is in the interface. Fakes in test files are no implementations, nor are methods of the
// package that do nothing with what they are given, nor is of an interface of transactions what
// ends none, nor what passes the call on to another one; and what is named like an end is one,
// whatever a single implementation does. Without an implementation, or with one that begins
// nothing, a Begin is known by its name and the shape of its results, and so is one by a field, a
// parameter or a variable of the package of function type; with several that all begin, by the
// shape alone. Where only some of several begin, the call is one of the first of these, and what
// their objects tell of themselves is from there on what nobody can know.
//
// T14. Code that is not in view calls a function that begins until it has worked: the error of
// such code is nil if that function has returned nil, and not nil otherwise. So does code of which
// a fact tells that it runs a function that ends the transaction, or that it fails where the
// function has.
package txflow
