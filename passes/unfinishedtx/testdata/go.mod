module rules

go 1.26
