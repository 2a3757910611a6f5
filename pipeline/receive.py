"""Take in what the mailbox serves: each recorded message is recognised and ends in a named place.

Recording the bytes (`pipeline.poll`) and recognising what they mean are two idempotent steps: the first is durable
before anything is clever, the second can be run by any process, and run again. See: docs/path-of-a-message.md.
"""

import re
from dataclasses import dataclass, replace
from datetime import datetime

from pipeline.adapters import store
from pipeline.consequences import keep_consequences
from pipeline.core.model import Action, Certainty, InboundMessage, MailKind, Place, Recognition, Verdict
from pipeline.errors import PenholderError, SandboxError, StoreError
from pipeline.log import get_logger, line
from pipeline.situation import has_roster
from pipeline.understand import Desk, Understanding, understand

logger = get_logger("receive")

#: how often a message is tried that never came to an end; after that once more its head alone
MOST_ATTEMPTS = 3

_END_OF_HEAD = re.compile(rb"\r?\n\r?\n")


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What became of a message."""

    message_id: int
    #: hex sha256 of its bytes
    sha256: str
    place: Place
    kind: MailKind
    agency: str | None
    draft: str | None
    reason: str


def recognise_all(desk: Desk, now: datetime) -> tuple[Receipt, ...]:
    """Recognise every message that was recorded and not yet recognised, oldest first; none before there is a roster."""
    with desk.database.read() as db:
        waiting = store.messages.list_unrecognised(db)
        if waiting and not has_roster(db):
            logger.warning(line("no roster", waiting=len(waiting), then="penholder roster import"))
            return ()
    if not waiting:
        return ()
    with desk.database.begin() as db:
        noted = store.messages.note_first_attempts(db)
    return tuple(recognise(message_id, desk, now, noted=message_id in noted) for message_id in waiting)


def recognise(message_id: int, desk: Desk, now: datetime, *, noted: bool = False) -> Receipt:
    """What became of one recorded message: it always ends in a named place with a reason.

    `noted`: that this is its first attempt is committed already.
    Raises: StoreError; the message is tried again then.
    """
    attempts = 1 if noted else _note_attempt(message_id, desk)
    with desk.database.read() as db:
        raw, message = store.messages.get_raw(db, message_id), store.messages.get_message(db, message_id)
    tries = (try_whole, try_head)[max(0, attempts - MOST_ATTEMPTS) :]
    error: Exception | None = None if attempts <= MOST_ATTEMPTS else _make_surrender(attempts)
    for attempt in tries:
        try:
            return _keep(message_id, attempt(raw, message, desk, error), desk, now)
        except StoreError:
            raise
        except Exception as failure:  # one poison message never stops the next one
            words = line("unreadable", message=message_id, why=type(failure).__name__)
            logger.warning(words, exc_info=not isinstance(failure, PenholderError))
            error = error or failure
    assert error is not None
    return _keep(message_id, Understanding(recognition=make_failure(error)), desk, now)


def try_whole(raw: bytes, message: InboundMessage, desk: Desk, error: Exception | None) -> Understanding:
    """A recorded message read and held against the rounds. Raises: PenholderError when it cannot be read."""
    return understand(raw, message.received_at, desk, message.id)


def try_head(raw: bytes, message: InboundMessage, desk: Desk, error: Exception | None) -> Understanding:
    """What can still be said of a message that could not be read: who sent it, if its head can be read alone.

    An agency whose mail lies here unread must not be chased.
    """
    assert error is not None
    end = _END_OF_HEAD.search(raw)
    known = understand(raw[: end.start() if end else None] + b"\r\n\r\n", message.received_at, desk).recognition
    failure = make_failure(error)
    return Understanding(recognition=replace(known, verdict=failure.verdict, action=failure.action, files=()))


def _make_surrender(attempts: int) -> SandboxError:
    return SandboxError(f"Reading this message stopped the program {attempts - 1} times; it is not tried again.")


def make_failure(error: Exception) -> Recognition:
    """What is kept of a message of which nothing could be read."""
    foreseen = isinstance(error, PenholderError)
    reason = str(error) if foreseen else f"An error nobody foresaw ({type(error).__name__}): open the message by hand."
    flags = ("parse_defect", "needs_attention")
    return Recognition(
        identity=None,
        verdict=Verdict(kind=MailKind.OTHER, certainty=Certainty.GUESS, clues=(), flags=flags),
        action=Action(place=Place.FAILED, reason=reason, needs_attention=True, acknowledge=False),
        subject="",
        sender=None,
        message_id=None,
        date=None,
        new_text="",
        text="",
    )


def _keep(message_id: int, understanding: Understanding, desk: Desk, now: datetime) -> Receipt:
    """Store what a message means and all that follows from it, in one transaction."""
    with desk.database.begin() as db:
        store.messages.save_recognition(db, message_id, understanding.recognition, understanding.duplicate_of)
        kept = store.messages.get_message(db, message_id)
        touched = keep_consequences(db, kept, understanding, desk, now)
    receipt = _make_receipt(kept)
    logger.info(line("recognised", message=message_id, place=receipt.place, kind=receipt.kind, agency=receipt.agency))
    for again in touched:
        recognise(again, desk, now)
    return receipt


def _note_attempt(message_id: int, desk: Desk) -> int:
    with desk.database.begin() as db:
        return store.messages.note_attempt(db, message_id)


def _make_receipt(message: InboundMessage) -> Receipt:
    recognition = message.recognition
    assert recognition is not None
    return Receipt(
        message_id=message.id,
        sha256=message.sha256,
        place=message.place,
        kind=recognition.verdict.kind,
        agency=recognition.identity.agency if recognition.identity else None,
        draft=recognition.identity.draft if recognition.identity else None,
        reason=recognition.action.reason,
    )
