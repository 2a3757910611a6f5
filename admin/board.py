"""The board: every agency beside every round; the answer to "who has not responded yet?" without a click."""

from dataclasses import dataclass

from flask import Blueprint, render_template
from flask_babel import gettext

from admin.page import office
from pipeline.core.model import Agency, Response, ResponseState
from pipeline.overview import Board, read_board

blueprint = Blueprint("board", __name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """How a state is shown: never by colour alone."""

    sign: str
    #: class of the chip
    tone: str
    words: str


@blueprint.get("/")
def show() -> str:
    """The board at this instant."""
    board = read_board(office().database, office().clock())
    rows = tuple((agency, _row(board, agency)) for agency in board.roster.members)
    return render_template("board/show.html", board=board, rows=rows, look=look, now=office().clock())


def _row(board: Board, agency: Agency) -> tuple[Response | None, ...]:
    return tuple(
        next((response for response in round_.responses if response.agency == agency.code), None)
        for round_ in board.rounds
    )


def look(response: Response) -> Look:
    """The sign, tone and words of a response."""
    if response.overdue:
        return Look(sign="!", tone="bad", words=gettext("Overdue"))
    sign, tone, words = _looks()[response.state]
    return Look(sign=sign, tone=tone, words=words)


def _looks() -> dict[ResponseState, tuple[str, str, str]]:
    return {
        ResponseState.LEAD: ("✎", "blue", gettext("Lead")),
        ResponseState.AWAITING: ("○", "", gettext("Waiting")),
        ResponseState.ACKNOWLEDGED: ("◔", "", gettext("Acknowledged")),
        ResponseState.PARTIAL: ("◐", "note", gettext("Partial")),
        ResponseState.CONTRIBUTED: ("✓", "good", gettext("Contributed")),
        ResponseState.NO_COMMENT: ("✓", "good", gettext("No comments")),
        ResponseState.EXTENSION_GRANTED: ("⧖", "note", gettext("More time granted")),
        ResponseState.OVERDUE: ("!", "bad", gettext("Overdue")),
        ResponseState.DECLINED: ("–", "", gettext("Declined")),
        ResponseState.ENDORSED: ("✓✓", "good", gettext("Endorsed")),
        ResponseState.OBJECTED: ("✕", "bad", gettext("Objected")),
        ResponseState.BOUNCED: ("↩", "bad", gettext("Mail bounces")),
    }
