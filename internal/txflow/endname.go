package txflow

import (
	"go/types"
	"slices"
	"strings"
	"unicode"
)

// What a name says of a function that nothing else is known of: that it ends a transaction.
// It counts only in favour of silence (T11).

// An ending name is one of a function which may end a transaction.
type endingName uint8

const (
	namesNoEnd endingName = iota
	// namesOtherEnd: by such a verb and what else it is of. Who is given nothing but the
	// transaction may still end that.
	// Have: FinishImport(ctx, tx), but CancelOrder(ctx, tx, order)
	namesOtherEnd
	// namesAnEnd: by a verb that other things have as well. Who is given an order or a
	// key beside the transaction ends that.
	// Have: Close(ctx, tx); but Cancel(ctx, tx, orderID)
	namesAnEnd
	namesTxEnd
)

// endVerbs end many things, undoVerbs hardly any but transactions.
var (
	endVerbs = words("abort discard finish end close complete done finalize finalise conclude cleanup release cancel dispose teardown")
	undoVerb = words("commit rollback")
)

// txNouns are what a transaction is called behind such a verb, or how it is ended there.
var txNouns = words("tx txn txs trx trans transaction transactions session sess conn connection unit work uow " +
	"scope savepoint db context ctx request op operation it this self all both either " +
	"if when unless on with err error errors quietly silently safely now func fn hook deferred later once")

// leadWords may stand before such a verb without an object of their own.
var leadWords = words("do try must maybe safe safely auto deferred on to tx txn trx transaction session sess conn unit work uow db with handle force internal real my")

// askVerbs are those of methods that keep records of what has such a name.
var askVerbs = words("get list find load count fetch select read query has is lookup search insert add create save store put update mark record write append new make parse show describe needs can should set")

func words(list string) map[string]bool {
	set := make(map[string]bool)
	for w := range strings.FieldsSeq(list) {
		set[w] = true
	}
	return set
}

// endingNameOf tells what a name says.
// Have: EndTransaction, CommitOrRollback, closeQuietly; but CancelOrder, InsertCommit, MarkFinished
func endingNameOf(name string) endingName {
	most := namesNoEnd
	parts := camelWords(name)
	for len(parts) > 0 {
		n := slices.IndexFunc(parts, func(w string) bool { return w == "and" || w == "or" || w == "then" })
		if n < 0 {
			return max(most, endingOfWords(parts))
		}
		most = max(most, endingOfWords(parts[:n]))
		parts = parts[n+1:]
	}
	return most
}

func endingOfWords(parts []string) endingName {
	if len(parts) == 0 || askVerbs[parts[0]] {
		return namesNoEnd
	}
	for i, w := range parts {
		next := ""
		if i+1 < len(parts) {
			next = parts[i+1]
		}
		switch {
		case undoVerb[w] && (next == "" || txNouns[next] || undoVerb[next]):
			return namesTxEnd
		case undoVerb[w]:
			return namesAnEnd
		case !endVerbs[w]:
			if !leadWords[w] {
				return endingOfRest(parts[i:])
			}
		case next == "":
			return namesAnEnd
		case txNouns[next]:
			return namesTxEnd
		default:
			return namesOtherEnd
		}
	}
	return namesNoEnd
}

// endingOfRest tells what a name says that begins with something else: only what is hardly
// said of other things counts.
// Have: txRollback, finallyCommit; but jobFinish
func endingOfRest(parts []string) endingName {
	if slices.ContainsFunc(parts, func(w string) bool { return undoVerb[w] }) {
		return namesAnEnd
	}
	return namesNoEnd
}

// camelWords splits a name into its words, in lower case; those of two that are one verb
// stay together.
// Have: RollBackTx is rollback, tx
func camelWords(name string) (parts []string) {
	var word []rune
	flush := func() {
		if len(word) > 0 {
			parts = append(parts, strings.ToLower(string(word)))
			word = nil
		}
	}
	runes := []rune(name)
	for i, r := range runes {
		startsWord := unicode.IsUpper(r) && i > 0 && (!unicode.IsUpper(runes[i-1]) || i+1 < len(runes) && unicode.IsLower(runes[i+1]))
		if startsWord || !unicode.IsLetter(r) {
			flush()
		}
		if unicode.IsLetter(r) {
			word = append(word, r)
		}
	}
	flush()
	for i := 0; i+1 < len(parts); i++ {
		switch parts[i] + parts[i+1] {
		case "rollback", "cleanup", "teardown":
			parts = slices.Replace(parts, i, i+2, parts[i]+parts[i+1])
		}
	}
	return parts
}

func soundsLikeFinish(name string) bool { return endingNameOf(name) >= namesAnEnd }

// soundsLikeEnd reports whether a callee that is given the transaction ends it, by its name
// and by what else it is given.
func (m *machine) soundsLikeEnd(st *state, c *call) bool {
	kind := endingNameOf(c.name)
	if kind == namesNoEnd || kind == namesTxEnd {
		return kind == namesTxEnd
	}
	for i, t := range c.types {
		isThing := namesThing(t) || kind == namesOtherEnd && isObject(t)
		if isThing && !(i < len(c.args) && m.holds(st, c.args[i])) {
			return false
		}
	}
	return true
}

// isObject reports whether a parameter of a type may be the thing that is meant.
func isObject(t types.Type) bool {
	_, isStruct := coreStruct(pointerElem(t))
	return isStruct && isPointer(t)
}

// namesThing reports whether a parameter of a type may say which thing is meant: a number, a
// text, a list, or a struct.
func namesThing(t types.Type) bool {
	switch u := types.Unalias(t).Underlying().(type) {
	case *types.Basic:
		return u.Info()&types.IsBoolean == 0 && u.Kind() != types.UntypedNil
	case *types.Array, *types.Slice, *types.Map, *types.Struct:
		return true
	}
	return false
}
