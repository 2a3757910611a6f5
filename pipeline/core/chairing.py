"""Who chairs, who chaired before and who comes next; and from that, who may decide. See: docs/analysis/hand-over.md."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

from pipeline.core.model import Roster
from pipeline.errors import UsageError

#: first and last day
Term = tuple[date, date]


class Standing(StrEnum):
    """What a member is to the chair."""

    CHAIR = "chair"
    #: chairs next: may look
    INCOMING = "incoming"
    #: chaired before: may look
    PREVIOUS = "previous"
    OTHER = "other"


def find_standing(roster: Roster, code: str) -> Standing:
    """What the member of this code is to the chair; the group's own code stands for its lasting secretariat."""
    if code in (*roster.chair, roster.code):
        return Standing.CHAIR
    if code in roster.incoming_chair:
        return Standing.INCOMING
    return Standing.PREVIOUS if code in roster.troika_previous else Standing.OTHER


def find_day(roster: Roster, now: datetime) -> date:
    """The day it is on the chair's own calendar."""
    return now.astimezone(ZoneInfo(roster.timezone)).date()


def is_term_over(roster: Roster, now: datetime) -> bool:
    """Whether the chair sits on after the last day of its term."""
    return roster.chair_term is not None and find_day(roster, now) > roster.chair_term[1]


def is_due(roster: Roster, now: datetime) -> bool:
    """Whether the first day of the incoming chair's term has begun."""
    begun = roster.incoming_term is not None and find_day(roster, now) >= roster.incoming_term[0]
    return begun and bool(roster.incoming_chair)


def plan(roster: Roster, to: Iterable[str], term: Term) -> Roster:
    """The roster with its next chair and that one's term. Raises: UsageError."""
    return replace(roster, incoming_chair=_check(roster, tuple(to), term), incoming_term=term)


def hand_over(roster: Roster, to: Iterable[str], term: Term) -> Roster:
    """The roster under its new chair, one member or several; who chaired and does not go on is the previous chair.

    Raises: UsageError for a stranger, nobody, those who chair already, or a term that ends before it begins.
    """
    chair = _check(roster, tuple(to), term)
    previous = tuple(code for code in roster.chair if code not in chair)
    return replace(
        roster, chair=chair, chair_term=term, incoming_chair=(), incoming_term=None, troika_previous=previous
    )


def _check(roster: Roster, to: tuple[str, ...], term: Term) -> tuple[str, ...]:
    """`to`, each once. Raises: UsageError."""
    members = {agency.code for agency in roster.members}
    if not to:
        raise UsageError("Nobody is named as the next chair: write --to CODE, or incoming_chair in the roster file.")
    if strangers := [code for code in to if code not in members]:
        raise UsageError(f"{strangers[0]} is no member: name one of {', '.join(sorted(members))}.")
    if set(to) == set(roster.chair):
        raise UsageError(f"{', '.join(to)} chairs the group already: name the member that takes over.")
    if term[1] < term[0]:
        raise UsageError(f"A term that begins on {term[0]} cannot end on {term[1]}: name a later last day.")
    return tuple(dict.fromkeys(to))
