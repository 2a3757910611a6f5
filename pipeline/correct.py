"""A person puts a wrongly read message right, by hand or as its writer says; what follows is worked out again."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from pipeline.adapters import store
from pipeline.core.model import Agency, Identity, InboundMessage, MailKind, Place, Roster
from pipeline.errors import UsageError
from pipeline.receive import recognise
from pipeline.understand import Desk

#: what may have been meant for another draft: an answer to a call
_MISPLACED = frozenset(
    {MailKind.CONTRIBUTION, MailKind.NO_COMMENT, MailKind.ENDORSEMENT, MailKind.OBJECTION, MailKind.DECLINE}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """What a plain reply asks for: these earlier messages belong to another draft."""

    #: those that are not filed there yet, oldest first; at least one
    messages: tuple[InboundMessage, ...]
    #: the draft the reply names, and its newest open round, else its newest
    draft: str
    round_id: int


def suggest_correction(db: store.Db, message: InboundMessage) -> Suggestion | None:
    """What a message that a person still has to look at says of earlier ones; None when there is nothing to put right.

    It means the messages that the receipt it answers is about; where it answers none, the last answer of its agency in
    the same round before it.
    """
    verdict = message.recognition.verdict if message.recognition else None
    if verdict is None or verdict.meant_draft is None or not message.attention_open:
        return None
    rounds = store.rounds.list_rounds(db, verdict.meant_draft)
    still_open = [round for round in rounds if round.closed_at is None]
    messages = tuple(each for each in _find_meant(db, message) if _get_draft(each) != verdict.meant_draft)
    if not messages or not rounds:
        return None
    return Suggestion(messages=messages, draft=verdict.meant_draft, round_id=(still_open or list(rounds))[-1].id)


def accept_correction(desk: Desk, message_id: int, wrong_id: int, *, by: str, now: datetime) -> Suggestion:
    """Put one message where a plain reply to its receipt says it belongs; what was suggested comes back.

    When none is left to put right the reply itself needs nobody any more. Raises: UsageError.
    """
    with desk.database.read() as db:
        suggestion = suggest_correction(db, store.messages.get_message(db, message_id))
    wrong = next((each for each in suggestion.messages if each.id == wrong_id), None) if suggestion else None
    if suggestion is None or wrong is None:
        raise UsageError(f"Message {message_id} suggests nothing for message {wrong_id}: reload the page.")
    identity = _get_identity(wrong)
    remark = f"as its sender says in message {message_id}"
    refile(
        desk,
        wrong_id,
        agency=identity.body or identity.agency if identity else None,
        round_id=suggestion.round_id,
        kind=None,
        place=Place.FILED,
        by=by,
        now=now,
        remark=remark,
    )
    if len(suggestion.messages) == 1:
        close_attention(desk, message_id, by=by, now=now, remark=f"filed to {suggestion.draft} {remark}")
    return suggestion


def _find_meant(db: store.Db, message: InboundMessage) -> Iterator[InboundMessage]:
    """The earlier messages a correction speaks of, of the same agency only."""
    identity = _get_identity(message)
    if message.recognition is None or identity is None or identity.agency is None:
        return
    answered = message.recognition.verdict.answered
    if answered:
        found = [store.messages.get_message(db, id) for id in answered]
        yield from (each for each in found if _get_agency(each) == identity.agency)
    elif identity.round_id is not None:
        answers = store.messages.list_answers(db, identity.agency, identity.round_id)
        earlier = [each for each in answers if each.id < message.id and _is_answer(each)]
        yield from earlier[-1:]


def _is_answer(message: InboundMessage) -> bool:
    made = message.recognition
    return made is not None and message.place is Place.FILED and made.verdict.kind in _MISPLACED


def _get_identity(message: InboundMessage) -> Identity | None:
    return message.recognition.identity if message.recognition else None


def _get_agency(message: InboundMessage) -> str | None:
    identity = _get_identity(message)
    return identity.agency if identity else None


def _get_draft(message: InboundMessage) -> str | None:
    identity = _get_identity(message)
    return identity.draft if identity else None


def refile(
    desk: Desk,
    message_id: int,
    *,
    agency: str | None,
    round_id: int | None,
    kind: MailKind | None,
    place: Place,
    by: str,
    now: datetime,
    remark: str,
    alone: bool = False,
) -> None:
    """Put a message where a person says it belongs; its proposals and the responses on both sides follow.

    `alone`: files of other drafts in it serve no other round.

    `agency` may be a member or a body. Raises: UsageError.
    """
    if place is Place.FILED and (agency is None or round_id is None):
        raise UsageError("To file a message say whose answer it is, and to which round.")
    with desk.database.begin() as db:
        chosen = _find_agency(store.rosters.get_roster(db), agency) if agency else None
        round_ = store.rounds.get_round(db, round_id) if round_id is not None else None
        store.messages.refile(
            db,
            message_id,
            agency=(chosen.member or chosen.code) if chosen else None,
            body=chosen.code if chosen and chosen.member else None,
            draft=round_.draft if round_ else None,
            round_id=round_.id if round_ else None,
            place=place,
            by=by,
            at=now,
            remark=remark,
            kind=kind,
            alone=alone,
        )
    recognise(message_id, desk, now)


def take_back(desk: Desk, message_id: int, *, by: str, now: datetime) -> None:
    """Undo what a person said last about where the message belongs; it is read again. Raises: UsageError."""
    with desk.database.begin() as db:
        store.messages.take_back_refiling(db, message_id, by, now)
    recognise(message_id, desk, now)


def reopen_attention(desk: Desk, message_id: int, *, by: str, now: datetime) -> None:
    """The message needs a person after all: nobody is chased meanwhile. Raises: UsageError."""
    with desk.database.begin() as db:
        store.messages.reopen_attention(db, message_id, by, now)


def _find_agency(roster: Roster, code: str) -> Agency:
    try:
        return roster.get_agency(code)
    except KeyError:
        raise UsageError(f"There is no agency {code} on the roster: choose one that is there.") from None


def close_attention(desk: Desk, message_id: int, *, by: str, now: datetime, remark: str) -> None:
    """A person has looked at the message: nothing in it holds anything up any more. Raises: UsageError."""
    with desk.database.begin() as db:
        store.messages.close_attention(db, message_id, by, now, remark)
