"""The days ahead as one calendar: deadlines, the work plan, what was decided to be done, the terms of the chair."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from pipeline.adapters import store
from pipeline.core.calendar_feed import CalendarEntry, make_calendar
from pipeline.core.model import Deadline, Mandate, PlannedDraft, Roster
from pipeline.overview import Board, RoundBoard, read_board


def read_calendar(database: store.Database, now: datetime) -> bytes:
    """The calendar of the group as an .ics file. Raises: UsageError while there is no roster."""
    board = read_board(database, now)
    entries = sorted(list_entries(database, board), key=lambda entry: (str(entry.at), entry.uid))
    return make_calendar(board.roster.name, entries, now)


def list_entries(database: store.Database, board: Board) -> Iterator[CalendarEntry]:
    """Everything with a day, past rounds included; a planned day goes when the round it announced is there."""
    roster = board.roster
    with database.read() as db:
        planned, mandates = store.year.list_planned(db), store.year.list_mandates(db)
    begun = {each.draft.code for each in board.rounds}
    for each in board.rounds:
        yield from _list_deadlines(roster, each)
    for text in planned:
        yield from _list_plan(roster, text, begun)
    yield from _list_mandates(roster, mandates)
    yield from _list_terms(roster)


def _list_deadlines(roster: Roster, board: RoundBoard) -> Iterator[CalendarEntry]:
    """The deadline of a round, and those of agencies that got more time and still owe an answer."""
    round, token = board.round, f"[{roster.code}-{board.draft.code}]"
    closed = " (closed)" if round.closed_at else ""
    yield CalendarEntry(
        uid=_make_uid(roster, f"round-{round.id}"),
        at=round.deadline.at,
        summary=f"{token} {board.draft.title}: {round.purpose.value} on {round.revision}{closed}",
        description=_describe(round.deadline),
    )
    for response in board.responses:
        if response.outstanding and response.deadline.at != round.deadline.at:
            yield CalendarEntry(
                uid=_make_uid(roster, f"round-{round.id}-{response.agency}"),
                at=response.deadline.at,
                summary=f"{token} {response.agency}: more time until here",
                description=_describe(response.deadline),
            )


def _list_plan(roster: Roster, text: PlannedDraft, begun: Iterable[str]) -> Iterator[CalendarEntry]:
    days = {"circulate": (text.circulate, "first text goes out"), "inputs": (text.inputs_by, "inputs wanted")}
    for name, (day, words) in days.items():
        if day is not None and text.code not in begun:
            uid = _make_uid(roster, f"plan-{text.code}-{name}")
            yield CalendarEntry(uid=uid, at=day, summary=f"{text.code}: {words} (planned)", description=text.title)
    for number, milestone in enumerate(text.milestones, 1):
        uid = _make_uid(roster, f"plan-{text.code}-{number}")
        summary = f"{text.code}: {milestone.title}"
        yield CalendarEntry(uid=uid, at=milestone.day, summary=summary, description=text.title)


def _list_mandates(roster: Roster, mandates: Iterable[Mandate]) -> Iterator[CalendarEntry]:
    for each in mandates:
        if each.due is not None and each.done_on is None:
            uid = _make_uid(roster, f"decision-{each.number}")
            yield CalendarEntry(
                uid=uid, at=each.due, summary=f"Due: decision {each.number} ({each.owner})", description=each.text
            )


def _list_terms(roster: Roster) -> Iterator[CalendarEntry]:
    if roster.chair_term is not None:
        words = f"Last day of the chair of {', '.join(roster.chair)}"
        yield CalendarEntry(uid=_make_uid(roster, "chair-end"), at=roster.chair_term[1], summary=words)
    if roster.incoming_term is not None:
        words = f"{', '.join(roster.incoming_chair)} takes the chair over"
        yield CalendarEntry(uid=_make_uid(roster, "chair-begin"), at=roster.incoming_term[0], summary=words)


def _make_uid(roster: Roster, name: str) -> str:
    return f"{name}@{roster.mailbox.rpartition('@')[2]}".lower()


def _describe(deadline: Deadline) -> str:
    return f"{deadline.local:%A %d %B %Y, %H:%M} {deadline.zone}"
