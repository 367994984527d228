package protocol

import (
	"strings"

	"github.com/goccy/go-yaml"
	"github.com/goccy/go-yaml/ast"
	"github.com/goccy/go-yaml/token"
)

// A document is one YAML document as written. Its keys are the notation; what
// they mean is told at the types that they become.
type document struct {
	Library string   `yaml:"library"`
	Module  string   `yaml:"module"`
	Version string   `yaml:"version"`
	Source  string   `yaml:"source"`
	Note    string   `yaml:"note"`
	Imports imports  `yaml:"imports"`
	Shapes  []shape  `yaml:"shapes"`
	Handles wordList `yaml:"handles"`

	Open      []openEntry    `yaml:"open"`
	Finish    []finishEntry  `yaml:"finish"`
	EndsOnErr wordList       `yaml:"ends-on-error"`
	Alias     []aliasEntry   `yaml:"alias"`
	Managed   []managedEntry `yaml:"managed"`
	Plain     wordList       `yaml:"plain"`
	Pure      wordList       `yaml:"pure"`
	Reads     wordList       `yaml:"reads"`
	Running   wordList       `yaml:"running"`
	Writable  wordList       `yaml:"writable"`

	Exit      exitEntry      `yaml:"exit"`
	Recovered wordList       `yaml:"recovered-values"`
	Nilness   []nilnessEntry `yaml:"nilness"`
	Assert    []assertEntry  `yaml:"assert"`
	Runs      []runEntry     `yaml:"runs"`
	Keeps     []runEntry     `yaml:"keeps"`
}

type openEntry struct {
	Func           wordList   `yaml:"func"`
	Handle         word       `yaml:"handle"` // result 0
	Err            word       `yaml:"err"`    // the result of type error, if any
	MaybeOpen      bool       `yaml:"maybe-open"`
	LiveOnErr      bool       `yaml:"live-on-err"`
	When           wordList   `yaml:"when"`
	ReadOnly       wordList   `yaml:"read-only"` // always, or with which arguments
	Ctx            word       `yaml:"ctx"`       // the parameter of type context.Context, if any; recv: the receiver's
	CancelFinishes bool       `yaml:"cancel-finishes"`
	Reentry        word       `yaml:"reentry"` // independent
	Level          word       `yaml:"level"`   // transaction
	Holds          word       `yaml:"holds"`   // connection
	Owner          word       `yaml:"owner"`   // none
	Call           *callEntry `yaml:"call"`
	Note           string     `yaml:"note"`
}

// A callEntry tells what calling a handle does that is a func.
type callEntry struct {
	Outcome word `yaml:"outcome"`
	Again   word `yaml:"again"`
}

type finishEntry struct {
	Commit     wordList `yaml:"commit"`
	Rollback   wordList `yaml:"rollback"`
	Decided    wordList `yaml:"decided"`
	Handle     word     `yaml:"handle"` // recv
	UnlessDone bool     `yaml:"unless-done"`
	OnErr      word     `yaml:"on-err"` // finished
	Again      word     `yaml:"again"`  // error, or nil with unless-done
	NilPanics  bool     `yaml:"nil-panics"`
	Children   wordList `yaml:"children"`
	When       wordList `yaml:"when"`
	OfOwner    bool     `yaml:"of-owner"`
	Only       word     `yaml:"only"` // opens of every level
	Note       string   `yaml:"note"`
}

type aliasEntry struct {
	Func  wordList `yaml:"func"`
	Chain wordList `yaml:"chain"` // types whose methods that return the type give the same transaction
	From  word     `yaml:"from"`  // recv
	To    word     `yaml:"to"`    // result 0
	View  bool     `yaml:"view"`
	Ctx   word     `yaml:"ctx"` // the parameter of type context.Context, if any
	// The result is the value itself, not another one; the call runs nothing.
	Itself     bool   `yaml:"itself"`
	KeepsError bool   `yaml:"keeps-error"`
	NeverFails bool   `yaml:"never-fails"`
	Note       string `yaml:"note"`
}

type managedEntry struct {
	Func     wordList `yaml:"func"`
	Callback word     `yaml:"callback"` // the only parameter that is a func
	Handle   word     `yaml:"handle"`   // arg N of the callback, or none
	Note     string   `yaml:"note"`
}

type exitEntry struct {
	Process   wordList `yaml:"process"`
	Test      wordList `yaml:"test"`
	Recovered wordList `yaml:"recovered"`
	Panics    wordList `yaml:"panics"`
}

type nilnessEntry struct {
	Func   wordList `yaml:"func"`
	Result word     `yaml:"result"`
	NonNil bool     `yaml:"nonnil"`
	NilAs  word     `yaml:"nil-as"`
	Proves word     `yaml:"proves"`
	Note   string   `yaml:"note"`
}

type assertEntry struct {
	Func wordList `yaml:"func"`
	If   word     `yaml:"returns-if"`
	True word     `yaml:"true-if"`
}

type runEntry struct {
	Func     wordList `yaml:"func"`
	Callback word     `yaml:"callback"` // arg 0
}

// A word is a scalar that remembers where it stands.
type word struct {
	text string
	tok  *token.Token
}

// UnmarshalYAML takes any scalar as it is written.
func (w *word) UnmarshalYAML(node ast.Node) error {
	switch n := node.(type) {
	case *ast.StringNode, *ast.BoolNode, *ast.IntegerNode:
		*w = word{n.GetToken().Value, n.GetToken()}
		return nil
	}
	return ErrorAt(node.GetToken(), "want a word, not %s", strings.ToLower(node.Type().YAMLName()))
}

func (w word) or(text string) word {
	if w.tok == nil {
		w.text = text
	}
	return w
}

// A wordList is one word or a sequence of them.
type wordList []word

func (l wordList) texts() (texts []string) {
	for _, w := range l {
		texts = append(texts, w.text)
	}
	return texts
}

// UnmarshalYAML takes a scalar for a sequence of one.
func (l *wordList) UnmarshalYAML(node ast.Node) error {
	seq, ok := node.(*ast.SequenceNode)
	if !ok {
		var w word
		if err := w.UnmarshalYAML(node); err != nil {
			return err
		}
		*l = wordList{w}
		return nil
	}
	for _, v := range seq.Values {
		var w word
		if err := w.UnmarshalYAML(v); err != nil {
			return err
		}
		*l = append(*l, w)
	}
	return nil
}

// An importPath is one package of a library and the name that functions use for it.
type importPath struct {
	qual string
	path word
}

type imports []importPath

// UnmarshalYAML takes "- path" and, where the package is not named as its path
// says, "- name: path".
func (l *imports) UnmarshalYAML(node ast.Node) error {
	seq, ok := node.(*ast.SequenceNode)
	if !ok {
		return ErrorAt(node.GetToken(), "want a list of import paths")
	}
	for _, v := range seq.Values {
		p := importPath{}
		if m, ok := v.(*ast.MappingNode); ok && len(m.Values) == 1 {
			p.qual = m.Values[0].Key.GetToken().Value
			v = m.Values[0].Value
		}
		if err := p.path.UnmarshalYAML(v); err != nil {
			return err
		}
		if p.qual == "" {
			p.qual = qualifier(p.path.text)
		}
		*l = append(*l, p)
	}
	return nil
}

// A shape recognises a package by what it looks like: generated code and
// renamed copies, whose import path nobody can list.
type shape struct {
	Package string   `yaml:"package"` // the name that functions use for it
	Named   string   `yaml:"named"`   // the package must have this name
	Imports string   `yaml:"imports"` // it must import this path or one below it
	Types   []string `yaml:"types"`   // it must declare these types
}

// ErrorAt is an error of our own that is shown like one of the YAML library's.
func ErrorAt(tok *token.Token, format string, args ...any) error {
	return &yaml.SyntaxError{Message: sprintf(format, args...), Token: tok}
}
