package txflow

import "testing"

func TestEndingNameOf(t *testing.T) {
	for name, want := range map[string]endingName{
		"Commit": namesTxEnd, "CommitTx": namesTxEnd, "CommitOrRollback": namesTxEnd, "RollBack": namesTxEnd,
		"EndTransaction": namesTxEnd, "FinishTransactionX": namesTxEnd, "closeQuietly": namesTxEnd, "CloseTx": namesTxEnd,
		"SaveAndCommit": namesTxEnd, "LogAndRollback": namesTxEnd, "RollbackUnlessCommitted": namesTxEnd, "ReleaseConn": namesTxEnd,
		"Close": namesAnEnd, "doFinish": namesAnEnd, "CleanUp": namesAnEnd, "OnDone": namesAnEnd, "Finalise": namesAnEnd,
		"CommitStock": namesAnEnd, "deferRollback": namesAnEnd, "txClose": namesAnEnd,
		"CancelOrder": namesOtherEnd, "ReleaseSeat": namesOtherEnd, "FinishImport": namesOtherEnd, "MarkFinished": namesNoEnd, "InsertCommit": namesNoEnd,
		"ListUnfinished": namesNoEnd, "Touch": namesNoEnd, "": namesNoEnd, "_": namesNoEnd, "EndpointURL": namesNoEnd,
	} {
		if got := endingNameOf(name); got != want {
			t.Errorf("%s: %d, want %d", name, got, want)
		}
	}
}

func TestSoundsLikeError(t *testing.T) {
	for name, want := range map[string]bool{
		"New": true, "Errorf": true, "Wrap": true, "wrapf": true, "newNotFoundError": true, "ErrInvalid": true,
		"internalError": true, "NewErr": true, "wrapErr": true, "errFor": true,
		"Err": false, "Error": false, "LastError": false, "GetError": false, "CheckError": false, "ErrorOrNil": false,
		"NewOrder": false, "WrapKey": false, "ClearError": false, "Mirror": false,
	} {
		if got := soundsLikeError(name); got != want {
			t.Errorf("%s: %v, want %v", name, got, want)
		}
	}
}
