"""Tell the chair: each working morning where everything stands, and once when a deadline has passed."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from pipeline.adapters import store
from pipeline.core.briefing import find_digest, find_nudge
from pipeline.core.digest import Desk, Standing, take_stock, write_digest, write_nudge
from pipeline.core.model import MailState, Occasion, OutgoingMail, Roster, Round
from pipeline.core.rehearsal import Departure
from pipeline.overview import RoundBoard, read_board
from pipeline.rehearse import DIGEST, rehearse_all

_DOUBTFUL = (MailState.UNCERTAIN, MailState.REFUSED)


def tell_chair(database: store.Database, now: datetime, secret: str) -> tuple[OutgoingMail, ...]:
    """The digest of this morning and the nudges that are due, in the outbox now; run twice, the second finds nothing.

    Nobody is told when the roster names no mailbox of the chair.
    """
    with database.read() as db:
        digest, late = _find_due(db, now)
    if digest is None and not late:
        return ()
    mails = tuple(_write_due(database, digest, late, now, secret))
    with database.begin() as db:
        return tuple(mail for mail in mails if store.outbox.queue(db, mail, now))


def preview_digest(database: store.Database, now: datetime, secret: str) -> OutgoingMail | None:
    """The digest as it would be at `now`, due or not; None when the roster names no mailbox of the chair.

    Raises: UsageError while there is no roster.
    """
    return _write_digest(database, "digest:preview", now, secret)


def switch_digest(database: store.Database, on: bool, *, by: str, now: datetime) -> None:
    """Send the chair a digest each morning, or none."""
    with database.begin() as db:
        store.switches.set_switch(db, DIGEST, on)
        store.audit.write(db, now, by, f"switched the digest {'on' if on else 'off'}", "digest")


def _find_due(db: store.Db, now: datetime) -> tuple[str | None, frozenset[int]]:
    """The key of the digest that is due, and the rounds whose deadline has passed and of which nobody was told."""
    rounds = store.rounds.list_rounds(db, open_only=True)
    if not rounds:
        return None, frozenset()
    roster = store.rosters.get_roster(db)
    nudged = store.outbox.list_keys(db, None, Occasion.NUDGE)
    late = frozenset(round.id for round in rounds if _is_late(round, roster, nudged, now))
    if not store.switches.is_on(db, DIGEST):
        return None, late
    return find_digest(rounds, roster, store.outbox.list_keys(db, None, Occasion.DIGEST), now), late


def _is_late(round: Round, roster: Roster, nudged: Sequence[str], now: datetime) -> bool:
    at = find_nudge(round, roster, nudged, now)
    return at is not None and at <= now


def _write_due(
    database: store.Database, digest: str | None, late: frozenset[int], now: datetime, secret: str
) -> Iterator[OutgoingMail]:
    if digest is not None and (mail := _write_digest(database, digest, now, secret)) is not None:
        yield mail
    if not late:
        return
    board, desk = read_board(database, now, open_only=True), _read_desk(database, now)
    for item in board.rounds:
        if item.round.id in late:
            nudge = write_nudge(board.roster, _take_stock(item, ()), desk, secret.encode(), now)
            if nudge is not None:
                yield nudge


def _write_digest(database: store.Database, key: str, now: datetime, secret: str) -> OutgoingMail | None:
    board = read_board(database, now, open_only=True)
    leaving = _list_today(rehearse_all(database, now, now), board.roster, now)
    standings = [_take_stock(item, leaving) for item in board.rounds]
    return write_digest(board.roster, standings, _read_desk(database, now), key, secret.encode(), now)


def _list_today(departures: Sequence[Departure], roster: Roster, now: datetime) -> tuple[Departure, ...]:
    """The reminders that leave, or are put before a person, until midnight at the chair's."""
    local = now.astimezone(ZoneInfo(roster.timezone))
    midnight = (local + timedelta(days=1)).replace(hour=0, minute=0, second=0, microsecond=0)
    return tuple(
        each for each in departures if each.occasion is Occasion.REMINDER and not each.skipped and each.at < midnight
    )


def _take_stock(item: RoundBoard, leaving: Sequence[Departure]) -> Standing:
    own = [each for each in leaving if each.round_id == item.round.id]
    today = [each.agency or "" for each in own if not each.held]
    held = [each.agency or "" for each in own if each.held]
    return take_stock(item.round, item.draft, item.responses, today, held)


def _read_desk(database: store.Database, now: datetime) -> Desk:
    with database.read() as db:
        counts = store.outbox.counts(db)
        last_poll, _ = store.messages.last_poll(db)
        return Desk(
            attention=store.messages.count_attention(db),
            uncertain=sum(counts[state] for state in _DOUBTFUL),
            held=counts[MailState.HELD],
            last_poll=last_poll,
            absences=store.absences.list_absences(db, now),
        )
