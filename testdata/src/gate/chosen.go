package gate

import "database/sql"

// Only one of two kinds of stations begins: what tells which it is, tells whether anything is open.

type shift interface{ finish(err error) error }

type paidShift struct{ tx *sql.Tx }

func (s *paidShift) finish(err error) error {
	if err != nil {
		_ = s.tx.Rollback()
		return err // not reached
	}
	return s.tx.Commit()
}

type rehearsal struct{}

func (rehearsal) finish(err error) error { return err }

type station interface{ start() (shift, error) }

type ticketHall struct{ db *sql.DB }

func (s *ticketHall) start() (shift, error) {
	tx, err := s.db.Begin()
	if err != nil {
		return nil, err
	}
	return &paidShift{tx}, nil
}

type dummy struct{}

func (dummy) start() (shift, error) { return rehearsal{}, nil }

type crew struct {
	at  station
	dry bool
}

// work goes by a flag that stands beside the station.
func (c *crew) work() error {
	s, err := c.at.start()
	if err != nil {
		return err
	}
	if c.dry {
		return nil
	}
	return s.finish(nil)
}

// workAt goes by the type of the station.
func (c *crew) workAt() error {
	s, err := c.at.start()
	if err != nil {
		return err
	}
	if _, ok := c.at.(dummy); ok {
		return nil
	}
	return s.finish(nil)
}

// workIf goes by what it is given beside it.
func workIf(at station, paid bool) error {
	s, err := at.start()
	if err != nil {
		return err
	}
	if !paid {
		return nil
	}
	return s.finish(nil)
}

// workOnly forgets it where the work has failed.
func (c *crew) workOnly(work func() error) error {
	s, err := c.at.start()
	if err != nil {
		return err
	}
	if err := work(); err != nil {
		return err // want `return leaves transaction s open: c.at.start on line \d+, which calls s.db.Begin in chosen.go:\d+, is neither committed nor rolled back when err != nil`
	}
	return s.finish(nil)
}

func (c Cases) crew() *crew {
	if c.p.Choose() {
		return &crew{at: dummy{}, dry: true}
	}
	return &crew{at: &ticketHall{c.p.DB}}
}

// ChosenFlag, ChosenType and ChosenGiven leave nothing open.
func (c Cases) ChosenFlag() error { return c.crew().work() }

// ChosenType goes by the type.
func (c Cases) ChosenType() error { return c.crew().workAt() }

// ChosenGiven is told.
func (c Cases) ChosenGiven() error {
	crew := c.crew()
	return workIf(crew.at, !crew.dry)
}

// ChosenForgets does something that may fail.
func (c Cases) ChosenForgets() error {
	return c.crew().workOnly(func() error {
		if c.p.Choose() {
			return errShut
		}
		return nil
	})
}
