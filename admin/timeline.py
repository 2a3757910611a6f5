"""Everything that passed between us and one agency about one draft, oldest first."""

from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, abort, render_template

from admin.board import look, look_at_state
from admin.page import office
from pipeline.adapters import store
from pipeline.core.model import Agency, Decision, InboundMessage, Roster, SentMail
from pipeline.overview import Board, read_board

blueprint = Blueprint("timeline", __name__)

#: mails of one agency about one draft; nobody ever wrote as many
MOST = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One thing that happened; exactly one of the three is there."""

    at: datetime
    received: InboundMessage | None = None
    sent: SentMail | None = None
    decision: Decision | None = None


@blueprint.get("/drafts/<code>/agencies/<agency_code>")
def show(code: str, agency_code: str) -> str:
    """Mails in, mails out and decisions of one agency in one draft."""
    board = read_board(office().database, office().clock())
    rounds = tuple(item for item in board.rounds if item.draft.code == code)
    agency = _find_agency(board.roster, agency_code)
    if agency is None or not rounds:
        abort(404)
    standing = [(item, answer) for item in rounds for answer in item.responses if answer.agency == agency.code]
    events = _list_events(board, agency, code)
    return render_template(
        "timeline/show.html",
        agency=agency,
        draft=rounds[0].draft,
        standing=standing,
        events=events,
        look=look,
        look_at_state=look_at_state,
    )


def _find_agency(roster: Roster, code: str) -> Agency | None:
    return next((agency for agency in roster.members if agency.code == code), None)


def _list_events(board: Board, agency: Agency, draft: str) -> list[Event]:
    round_ids = {item.round.id for item in board.rounds if item.draft.code == draft}
    codes = (agency.code, *(body.code for body in board.roster.bodies_of(agency.code)))
    with office().database.read() as db:
        received = store.messages.list_messages(db, agency=agency.code, draft=draft, limit=MOST)
        sent = store.outbox.list_outgoing(db, agencies=codes, with_raw=False, limit=MOST)
    events = [Event(at=message.received_at, received=message) for message in received]
    events += [Event(at=each.sent_at or each.queued_at, sent=each) for each in sent if each.mail.round_id in round_ids]
    events += [
        Event(at=each.at, decision=each)
        for each in board.decisions
        if each.round_id in round_ids and each.agency in codes
    ]
    return sorted(events, key=lambda event: event.at)
