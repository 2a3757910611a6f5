"""The board: every agency beside every round; the answer to "who has not responded yet?" without a click."""

from dataclasses import dataclass

from flask import Blueprint, render_template

from admin.page import office
from admin.phrases import gettext
from pipeline.adapters import store
from pipeline.core.model import Agency, MailState, PlannedReminder, Response, ResponseState, RoundPurpose
from pipeline.overview import Board, RoundBoard, read_board

blueprint = Blueprint("board", __name__)

#: groups of reminders that are named on the board
SOON = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """How a state is shown: never by colour alone."""

    sign: str
    #: class of the chip
    tone: str
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Leaving:
    """Reminders that will leave for one step of one round, the earliest first."""

    board: RoundBoard
    step: str
    #: in order of their instants
    reminders: tuple[PlannedReminder, ...]


@blueprint.get("/")
def show() -> str:
    """The board at this instant."""
    now = office().clock()
    board = read_board(office().database, now)
    with office().database.read() as db:
        waiting = store.outbox.counts(db)[MailState.QUEUED]
    return render_template(
        "board/show.html",
        board=board,
        rows=tuple((agency, _row(board, agency)) for agency in board.roster.members),
        look=look,
        leaving=group_leaving(board)[:SOON],
        waiting=waiting,
        now=now,
    )


def group_leaving(board: Board) -> tuple[Leaving, ...]:
    """The reminders that will be sent, by round and step, the earliest first."""
    groups: dict[tuple[int, str], list[PlannedReminder]] = {}
    for item in board.rounds:
        for planned in item.planned:
            if not planned.skipped:
                groups.setdefault((item.round.id, planned.step), []).append(planned)
    by_id = {item.round.id: item for item in board.rounds}
    leaving = [
        Leaving(board=by_id[round_id], step=step, reminders=tuple(sorted(found, key=lambda each: each.at.timestamp())))
        for (round_id, step), found in groups.items()
    ]
    return tuple(sorted(leaving, key=lambda each: each.reminders[0].at.timestamp()))


def _row(board: Board, agency: Agency) -> tuple[tuple[RoundBoard, Response | None], ...]:
    return tuple(
        (item, next((response for response in item.responses if response.agency == agency.code), None))
        for item in board.rounds
    )


def look(item: RoundBoard, response: Response) -> Look:
    """The sign, tone and words of a response in its round."""
    if response.agency in item.silent:
        return Look(sign="✓", tone="good", words=gettext("No objection (silence)"))
    if response.overdue:
        return Look(sign="!", tone="bad", words=gettext("Overdue"))
    waiting = response.state in (ResponseState.AWAITING, ResponseState.OVERDUE)
    if waiting and item.round.closed_at is not None:
        return Look(sign="–", tone="", words=gettext("Did not answer"))
    if waiting and item.round.purpose is RoundPurpose.SILENCE:
        return Look(sign="○", tone="", words=gettext("Silent so far"))
    return look_at_state(response.state)


def look_at_state(state: ResponseState) -> Look:
    """The sign, tone and words of a state, whatever the round asks for."""
    sign, tone, words = _looks()[state]
    return Look(sign=sign, tone=tone, words=words)


def _looks() -> dict[ResponseState, tuple[str, str, str]]:
    return {
        ResponseState.LEAD: ("✎", "blue", gettext("Lead")),
        ResponseState.AWAITING: ("○", "", gettext("Waiting")),
        ResponseState.ACKNOWLEDGED: ("◔", "", gettext("Acknowledged")),
        ResponseState.PARTIAL: ("◐", "note", gettext("Partial")),
        ResponseState.CONTRIBUTED: ("✓", "good", gettext("Contributed")),
        ResponseState.NO_COMMENT: ("✓", "good", gettext("No comments")),
        ResponseState.EXTENSION_GRANTED: ("◷", "note", gettext("More time granted")),
        ResponseState.OVERDUE: ("!", "bad", gettext("Overdue")),
        ResponseState.DECLINED: ("–", "", gettext("Declined")),
        ResponseState.ENDORSED: ("✓✓", "good", gettext("Endorsed")),
        ResponseState.RESERVATION: ("✓*", "note", gettext("With a reservation")),
        ResponseState.OBJECTED: ("✕", "bad", gettext("Objected")),
        ResponseState.BOUNCED: ("↩", "bad", gettext("Mail bounces")),
    }
