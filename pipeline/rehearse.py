"""What will leave, and when, if nothing comes in: read from the database, changing nothing."""

from dataclasses import replace
from datetime import datetime

from pipeline.adapters import store
from pipeline.core.model import Round, SentMail
from pipeline.core.rehearsal import Departure, RoundState, rehearse, sort_departures
from pipeline.remind import WAITING, read_state

#: name of the switch for the digest
DIGEST = "digest"
#: more mails than ever wait
_ALL = 100_000


def rehearse_round(
    database: store.Database, round_id: int, now: datetime, until: datetime | None = None
) -> tuple[Departure, ...]:
    """Every mail of one round that will leave, and every reminder that will not. Raises: UsageError.

    Digests are listed up to `until`, or to the last of the other mails.
    """
    return rehearse(read_round(database, round_id, now), now, until)


def read_round(database: store.Database, round_id: int, now: datetime) -> RoundState:
    """Everything the timetable of one round depends on, the mails that wait among it. Raises: UsageError."""
    with database.read() as db:
        return _read_states(db, (store.rounds.get_round(db, round_id),), now)[0]


def rehearse_all(database: store.Database, now: datetime, until: datetime | None = None) -> tuple[Departure, ...]:
    """The same for all open rounds together."""
    with database.read() as db:
        states = _read_states(db, store.rounds.list_rounds(db, open_only=True), now)
    return sort_departures(each for state in states for each in rehearse(state, now, until))


def _read_states(db: store.Db, rounds: tuple[Round, ...], now: datetime) -> tuple[RoundState, ...]:
    digests = store.switches.is_on(db, DIGEST)
    return tuple(replace(read_state(db, each, _list_waiting(db, each), now), digests=digests) for each in rounds)


def _list_waiting(db: store.Db, round: Round) -> tuple[SentMail, ...]:
    return store.outbox.list_outgoing(db, states=WAITING, round_id=round.id, with_raw=False, limit=_ALL)
