module othercases/txkit

go 1.26
