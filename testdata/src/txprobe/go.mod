module txcases/txprobe

go 1.26
