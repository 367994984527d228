module example.com/update

go 1.26
