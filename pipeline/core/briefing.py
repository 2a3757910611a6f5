"""When the chair is written to: a digest each working morning, a nudge after a deadline.

See: docs/analysis/reminders.md.
"""

from collections.abc import Collection, Iterable, Iterator
from datetime import UTC, datetime, timedelta

from pipeline.core.hours import find_last_opening, find_next_opening, find_office_time, is_open
from pipeline.core.model import Roster, Round


def find_digest(rounds: Iterable[Round], roster: Roster, sent: Collection[str], now: datetime) -> str | None:
    """The key of the digest to send now: "digest:2012-10-24"; None when none is due.

    One each working morning while a call for inputs is open, not on the day of the first one; not made up for later.
    """
    opening = find_last_opening(now, roster)
    key = _make_digest_key(opening)
    wanted = any(round.closed_at is None and round.opened_at < opening for round in rounds)
    return key if wanted and is_open(now, roster) and key not in sent else None


def list_digests(
    round: Round, roster: Roster, sent: Collection[str], now: datetime, until: datetime
) -> Iterator[tuple[datetime, str]]:
    """Instant (UTC) and key of each digest up to `until`, if the round stays open."""
    if (key := find_digest((round,), roster, sent, now)) is not None:
        yield now, key
    opening = find_next_opening(now + timedelta(microseconds=1), roster)
    while round.closed_at is None and opening <= until:
        yield opening.astimezone(UTC), _make_digest_key(opening)
        opening = find_next_opening(opening.astimezone(UTC) + timedelta(microseconds=1), roster)


def find_nudge(round: Round, roster: Roster, sent: Collection[str], now: datetime) -> datetime | None:
    """When the chair is told that the deadline has passed and the round is open (UTC); None when it is not any more.

    Once, in the first office hours after the deadline.
    """
    if round.closed_at is not None or make_nudge_key(round) in sent:
        return None
    return find_office_time(max(now, find_next_opening(round.deadline.at, roster)), roster)


def make_nudge_key(round: Round) -> str:
    """The key that makes a nudge unique: "nudge:3"."""
    return f"nudge:{round.id}"


def _make_digest_key(opening: datetime) -> str:
    return f"digest:{opening.date().isoformat()}"
