// Package txgen writes random Go functions around database/sql transactions, runs
// them for truth and compares what leaked with what the analyser reports.
//
// Generate makes one Unit from a seed: a method of the type Cases, as the corpus
// has them, and the helpers it calls, some of them in another package. About half
// of the units keep the discipline that an expert would; the others forget to
// finish, or are bent by a mutation (see mutate). Nothing here knows which
// functions leak: a Lab executes them over every outcome of their conditions and
// of the driver's calls, by way of package corpus, and has go vet run the analyser
// over the same text. Judge pairs the two answers; Shrink takes statements away
// from a function while the answers still differ.
//
// It knows the notation of the cases and the text of the messages, not the
// analyser. It errs on the side of silence: a function with too many paths, or one
// that fails in a way of its own, is rejected and never a disagreement.
package txgen
