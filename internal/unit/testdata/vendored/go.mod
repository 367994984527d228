module vendored

go 1.26

require example.com/store v1.0.0

require example.com/far v1.0.0 // indirect
