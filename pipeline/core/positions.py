"""What each member says to a text it was asked to agree to: who, when, at which level, by which mail.

See: docs/analysis/closing.md.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from pipeline.core.model import (
    Filing,
    InboundMessage,
    Level,
    MailKind,
    Place,
    Response,
    ResponseState,
    Round,
    Verdict,
)

#: states that are a position
STATES = (ResponseState.ENDORSED, ResponseState.RESERVATION, ResponseState.OBJECTED)


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """Endorsed, with a reservation, or objected: one member's word on one revision."""

    agency: str
    state: ResponseState
    since: datetime
    #: the text it speaks of
    revision: str
    #: None where neither the mail nor a person says so
    level: Level | None
    #: the mail it rests on; None when a person entered it without one
    message_id: int | None
    #: address of that mail's sender; "" without one
    address: str = ""
    #: numbers of the paragraphs an objection names, as printed
    paragraphs: tuple[str, ...] = ()
    #: who entered it by hand, and why; "" for what a mail says by itself
    entered_by: str = ""
    reason: str = ""


def list_evidence(answers: Iterable[Response], filings: Iterable[Filing]) -> frozenset[int]:
    """Numbers of the messages that positions rest on."""
    named = {answer.by for answer in answers if answer.state in STATES and answer.by is not None}
    return frozenset(named | {filing.message_id for filing in filings if _is_objection(filing)})


def find_positions(
    round: Round, answers: Sequence[Response], filings: Sequence[Filing], messages: Mapping[int, InboundMessage]
) -> tuple[Position, ...]:
    """The positions in the order of `answers`; `messages`: those that `list_evidence` names."""
    return tuple(_make_position(round, answer, filings, messages) for answer in answers if answer.state in STATES)


def _make_position(
    round: Round, answer: Response, filings: Sequence[Filing], messages: Mapping[int, InboundMessage]
) -> Position:
    entered, mail = answer.entered, messages.get(answer.by) if answer.by is not None else None
    made = mail.recognition if mail else None
    named = entered.paragraphs if entered else ()
    return Position(
        agency=answer.agency,
        state=answer.state,
        since=answer.since,
        revision=(made.verdict.endorsed_revision if made else None) or round.current_revision,
        level=(entered.level if entered else None) or (_find_level(made.verdict) if made else None),
        message_id=answer.by,
        address=made.sender.address if made and made.sender else "",
        paragraphs=named or _find_paragraphs(answer, filings, messages),
        entered_by=entered.by if entered else "",
        reason=entered.reason if entered else "",
    )


def _find_level(verdict: Verdict) -> Level:
    return Level.PRINCIPAL if verdict.principal_level else Level.WORKING


def _find_paragraphs(
    answer: Response, filings: Sequence[Filing], messages: Mapping[int, InboundMessage]
) -> tuple[str, ...]:
    """What all objections of a member name: a second mail adds to the first."""
    if answer.state is not ResponseState.OBJECTED:
        return ()
    own = [each.message_id for each in filings if _is_objection(each) and each.agency == answer.agency]
    made = [messages[number].recognition for number in own if number in messages]
    return tuple(dict.fromkeys(each for one in made if one for each in one.verdict.objected_paragraphs))


def _is_objection(filing: Filing) -> bool:
    return filing.kind is MailKind.OBJECTION and filing.place is Place.FILED
