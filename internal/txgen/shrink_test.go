package txgen

import (
	"go/ast"
	"go/importer"
	"go/token"
	"go/types"
	"strings"
	"testing"
)

// bulky hides a way out that looks at forgotten behind everything a function may have.
const bulky = `func (c Cases) h1F1(n int) error {
	if n > 0 {
		return nil
	}
	return nil
}

func (c Cases) F1(own bool) (err error) {
	var total int
	for i := range 3 {
		total += i
		if own && i > 1 {
			break
		}
	}
	if err := c.h1F1(total); err != nil {
		return err
	} else {
		switch v := any(total).(type) {
		case int:
			_ = v
			select {
			default:
				if !own || total > 1 {
					for {
						defer func() { println("done") }()
						if forgotten() && own {
							return nil
						}
					}
				}
			}
		case string:
			return nil
		}
	}
	func() {
		println("after")
	}()
	return c.h1F1(2)
}
`

// smallest is all that its disagreement takes.
const smallest = `func (c Cases) F1() (err error) {
	for {
		if forgotten() {
			return nil
		}
	}
}
`

// TestShrink takes everything away that a disagreement does not depend on: here, that
// a return in a loop is taken on account of a call.
func TestShrink(t *testing.T) {
	judge := func(units []Unit) (all []Verdict, err error) {
		for _, u := range units {
			v := Verdict{Unit: u}
			if !compiles(u.Cases) {
				v.Rejected = "does not compile"
			} else if returnsForgotten(u.Cases) {
				v.Wrong = []Disagreement{{Kind: Miss, Exit: "return"}}
			}
			all = append(all, v)
		}
		return all, nil
	}
	before, _ := judge([]Unit{{Name: "F1", Cases: bulky}})
	if len(before[0].Wrong) != 1 {
		t.Fatalf("no disagreement to begin with: %s", before[0].Rejected)
	}
	after, err := shrink(before, judge)
	if err != nil {
		t.Fatal(err)
	}
	got := rename(after[0].Unit.Cases, after[0].Unit.Name, "F1")
	if want := strings.Replace(smallest, "F1()", "F1(own bool)", 1); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	if after[0].Unit.Cases == bulky {
		t.Error("nothing was taken away")
	}
}

func compiles(cases string) bool {
	tr, err := parse(cases + "\ntype Cases struct{}\n\nfunc forgotten() bool { return true }\n")
	if err != nil {
		return false
	}
	conf := types.Config{Importer: importer.Default(), GoVersion: "go1.26"}
	_, err = conf.Check("p", tr.fset, []*ast.File{tr.file}, nil)
	return err == nil
}

// returnsForgotten reports whether a loop has a branch on forgotten that returns.
func returnsForgotten(cases string) (found bool) {
	tr, err := parse(cases)
	if err != nil {
		return false
	}
	ast.Inspect(tr.file, func(n ast.Node) bool {
		loop, ok := n.(*ast.ForStmt)
		if !ok {
			return true
		}
		ast.Inspect(loop, func(n ast.Node) bool {
			if ifs, ok := n.(*ast.IfStmt); ok && asks(ifs.Cond) && len(ifs.Body.List) > 0 {
				_, isReturn := ifs.Body.List[len(ifs.Body.List)-1].(*ast.ReturnStmt)
				found = found || isReturn
			}
			return true
		})
		return true
	})
	return found
}

func asks(cond ast.Expr) bool {
	switch x := cond.(type) {
	case *ast.CallExpr:
		id, ok := x.Fun.(*ast.Ident)
		return ok && id.Name == "forgotten"
	case *ast.BinaryExpr:
		return x.Op == token.LAND && (asks(x.X) || asks(x.Y))
	}
	return false
}
