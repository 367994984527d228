// Package quiet has a word in a comment: Begin, Commit; and a directive.
package quiet

//txcheck:ignore there is nothing here

var Text = "os.Exit Begin Rollback"
