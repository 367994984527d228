package txgen

import (
	"embed"
	"fmt"
	"regexp"
	"strings"
)

// A form is a function as somebody may write it, with alternatives: «a¦b¦» is a, b
// or nothing, «name» one of the choices of that name. A line "== name results
// parameter" begins one.
//
// Forms put what random bodies seldom come to: transactions in containers, behind
// pointers and interfaces, in the turns of a retry. Which of their variants leak,
// the execution tells.
type form struct {
	name, results, param string
	body                 string
	feature              string // what it takes besides "form", "" for nothing
}

//go:embed forms/*.txt
var formFiles embed.FS

var forms = readForms()

func readForms() (all []form) {
	files, err := formFiles.ReadDir("forms")
	if err != nil {
		panic(err) // the files are part of the program
	}
	for _, file := range files {
		text, err := formFiles.ReadFile("forms/" + file.Name())
		if err != nil {
			panic(err)
		}
		for part := range strings.SplitSeq("\n"+string(text), "\n== ") {
			head, body, ok := strings.Cut(part, "\n")
			if words := append(strings.Fields(head), ""); ok && len(words) > 2 {
				f := form{name: words[0], results: words[1], param: words[2], body: body}
				if file.Name() == "containers.txt" {
					f.feature = "container"
				}
				all = append(all, f)
			}
		}
	}
	return all
}

// signatures are the results of forms.
var signatures = map[string]string{
	"none": "", "error": "error", "namedErr": "(err error)",
	"txErr": "(*sql.Tx, error)", "workErr": "(*work, error)", "funcErr": "(func(), error)",
}

// choices are what names in forms stand for.
var choices = map[string][]string{
	"begin": {
		"c.p.DB.Begin()", "c.p.DB.Begin()", "c.p.DB.BeginTx(context.Background(), nil)", "c.open()",
		"c.openChecked(context.Background())", "kit.Open(context.Background(), c.p.DB)", "c.openOr(true)",
	},
	"cond":    {"c.p.Choose()", "c.p.Choose()", "c.step() != nil", "c.p.Pick(3) == 1"},
	"use":     {"use(tx) != nil", "kit.Use(tx) != nil", "c.step() != nil"},
	"useCall": {"use(tx)", "kit.Use(tx)", "c.step()"},
}

// ofForm writes the method as a variant of a form.
func (g *gen) ofForm() {
	f := forms[g.r.IntN(len(forms))]
	for !g.set.Has(f.feature) {
		f = forms[g.r.IntN(len(forms))]
	}
	g.write(f)
}

func (g *gen) write(f form) {
	g.use(f.feature)
	param := ""
	if f.param != "" {
		param = "arg " + f.param
	}
	g.use("form")
	g.p("func (c Cases) %s(%s) %s {", g.name, param, signatures[f.results])
	g.p("%s", g.variant(f.body))
	g.p("}")
}

var innermost = regexp.MustCompile(`«[^«»]*»`)

// variant chooses among the alternatives of a text, innermost first.
func (g *gen) variant(text string) string {
	for {
		at := innermost.FindStringIndex(text)
		if at == nil {
			return text
		}
		inside := strings.TrimSuffix(strings.TrimPrefix(text[at[0]:at[1]], "«"), "»")
		ways := strings.Split(inside, "¦")
		if len(ways) == 1 {
			if ways = choices[inside]; ways == nil {
				panic(fmt.Sprintf("no choice %q in a form", inside))
			}
		}
		text = text[:at[0]] + ways[g.r.IntN(len(ways))] + text[at[1]:]
	}
}
