module example.com/one

go 1.26

require example.com/two v1.0.0
