package style

import "database/sql"

// Objects that have what ends them in an interface, and pass on what went wrong.

type worker interface {
	Work() error
	Done(err error) error
}

type careful struct{ tx *sql.Tx }

func (w *careful) Work() error {
	_, err := w.tx.Exec("DELETE FROM told")
	return err
}

func (w *careful) Done(err error) error {
	if err != nil {
		_ = w.tx.Rollback()
		return err
	}
	return w.tx.Commit()
}

type counting struct {
	worker
	done int
}

func (w *counting) Done(err error) error {
	w.done++
	return w.worker.Done(err)
}

type job struct{ w worker }

func (j *job) done(err error) error { return j.w.Done(err) }

func start(db *sql.DB) (*job, error) {
	tx, err := db.Begin()
	if err != nil {
		return nil, err
	}
	return &job{&counting{worker: &careful{tx}}}, nil
}

func told(db *sql.DB) error {
	j, err := start(db)
	if err != nil {
		return err
	}
	if err := j.w.Work(); err != nil {
		return err // want `return leaves transaction j open`
	}
	return j.done(nil)
}

// An eager one commits whatever it is told: no fix calls it.
type eagerWorker interface {
	Try() error
	Done(err error) error
}

type eager struct{ tx *sql.Tx }

func (w *eager) Try() error {
	_, err := w.tx.Exec("DELETE FROM told")
	return err
}

func (w *eager) Done(err error) error {
	_ = w.tx.Commit()
	return err
}

type hasty struct{ *eager }

func (w hasty) Done(err error) error {
	if err != nil {
		return w.tx.Rollback()
	}
	return w.tx.Commit()
}

type eagerJob struct{ w eagerWorker }

func (j *eagerJob) done(err error) error { return j.w.Done(err) }

func startEager(db *sql.DB, now bool) (*eagerJob, error) {
	tx, err := db.Begin()
	if err != nil {
		return nil, err
	}
	if now {
		return &eagerJob{&eager{tx}}, nil
	}
	return &eagerJob{hasty{&eager{tx}}}, nil
}

func toldInVain(db *sql.DB) error {
	j, err := startEager(db, true)
	if err != nil {
		return err
	}
	if err := j.w.Try(); err != nil {
		return err // want `return leaves transaction j open`
	}
	return j.done(nil)
}
