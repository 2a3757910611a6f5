"""Take in what the mailbox serves: each recorded message is recognised and ends in a named place.

Recording the bytes (`pipeline.poll`) and recognising what they mean are two idempotent steps: the first is durable
before anything is clever, the second can be run by any process, and run again. See: docs/path-of-a-message.md.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from itertools import chain, groupby
from typing import TypeVar

from pipeline.adapters import store
from pipeline.consequences import keep_consequences
from pipeline.core.model import Action, Certainty, InboundMessage, MailKind, Place, Recognition, Verdict
from pipeline.errors import PenholderError, SandboxError, StoreError
from pipeline.log import get_logger, line
from pipeline.situation import Calls, has_roster, read_calls
from pipeline.understand import Desk, ReadMail, Understanding, judge, read_mail, understand

logger = get_logger("receive")

#: how often a message is tried that never came to an end; after that once more its head alone
MOST_ATTEMPTS = 3
#: how many messages are kept in one transaction: the disk is waited for once, and others may write soon
BATCH = 20

T = TypeVar("T")
#: reads as much of a message as it can; gets the error an attempt before it ended with
Attempt = Callable[[bytes, InboundMessage, Desk, Exception | None], Understanding]

_END_OF_HEAD = re.compile(rb"\r?\n\r?\n")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kept:
    """A message as it was kept."""

    message: InboundMessage
    #: earlier messages that have to be read again in its light, once it is committed
    touched: tuple[int, ...]


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
    return tuple(chain.from_iterable(_recognise_batch(batch, desk, now, noted) for batch in _divide(waiting, noted)))


def _divide(waiting: tuple[int, ...], noted: frozenset[int]) -> Iterator[tuple[int, ...]]:
    """The messages in order, those that were never tried in batches, every other one alone."""
    for fresh, run in groupby(waiting, key=noted.__contains__):
        ids = tuple(run)
        size = BATCH if fresh else 1
        yield from (ids[start : start + size] for start in range(0, len(ids), size))


def _recognise_batch(batch: tuple[int, ...], desk: Desk, now: datetime, noted: frozenset[int]) -> Iterator[Receipt]:
    """What became of some messages: read first, then kept in one transaction, each in the light of those before it.

    What fails is taken alone afterwards; it leaves nothing in the transaction of the others.
    """
    if not noted.issuperset(batch):
        yield from (recognise(message_id, desk, now) for message_id in batch)
        return
    with desk.database.read() as db:
        read = {message_id: _attempt(message_id, partial(_read_mail, db, message_id, desk)) for message_id in batch}
    with desk.database.begin() as db:
        calls = read_calls(db)
        keep = partial(_judge_and_keep, db, desk=desk, calls=calls, now=now)
        kept = {
            message_id: found
            if isinstance(found, Exception)
            else _attempt(message_id, partial(keep, message_id, found))
            for message_id, found in read.items()
        }
    for message_id, outcome in kept.items():
        if isinstance(outcome, Exception):
            yield recognise(message_id, desk, now, noted=True, error=outcome)
        else:
            yield _tell(outcome, desk, now)


def _read_mail(db: store.Db, message_id: int, desk: Desk) -> ReadMail:
    return read_mail(db, store.messages.get_raw(db, message_id), desk)


def _judge_and_keep(db: store.Db, message_id: int, read: ReadMail, *, desk: Desk, calls: Calls, now: datetime) -> _Kept:
    with db.begin_nested():
        received_at = store.messages.get_message(db, message_id).received_at
        return _keep(db, message_id, judge(db, read, received_at, desk, message_id, calls), desk, now)


def recognise(
    message_id: int, desk: Desk, now: datetime, *, noted: bool = False, error: Exception | None = None
) -> Receipt:
    """What became of one recorded message: it always ends in a named place with a reason.

    `noted`: that this is its first attempt is committed already. `error`: why the whole of it cannot be read, where
    that is known; then its head alone is tried. Raises: StoreError; the message is tried again then.
    """
    attempts = 1 if noted else _note_attempt(message_id, desk)
    with desk.database.read() as db:
        raw, message = store.messages.get_raw(db, message_id), store.messages.get_message(db, message_id)
    kept = settle(raw, message, desk, partial(_commit, message_id, desk, now), attempts, error)
    return _tell(kept, desk, now)


def settle(
    raw: bytes,
    message: InboundMessage,
    desk: Desk,
    keep: Callable[[Understanding], T],
    attempts: int = 1,
    error: Exception | None = None,
) -> T:
    """What `keep` makes of as much as can be understood: of the whole, of the head alone, or of nothing but a reason.

    `attempts`: how often the message was tried, this time included. `error`: why the whole of it cannot be read, where
    that is known. Raises: StoreError.
    """
    tries = (try_whole, try_head)[1 if error else max(0, attempts - MOST_ATTEMPTS) :]
    if attempts > MOST_ATTEMPTS:
        error = _make_surrender(attempts)
    for attempt in tries:
        outcome = _attempt(message.id, partial(_try, attempt, raw, message, desk, error, keep))
        if not isinstance(outcome, Exception):
            return outcome
        error = error or outcome
    assert error is not None
    return keep(Understanding(recognition=make_failure(error)))


def _try(
    attempt: Attempt,
    raw: bytes,
    message: InboundMessage,
    desk: Desk,
    error: Exception | None,
    keep: Callable[[Understanding], T],
) -> T:
    return keep(attempt(raw, message, desk, error))


def _commit(message_id: int, desk: Desk, now: datetime, understanding: Understanding) -> _Kept:
    with desk.database.begin() as db:
        return _keep(db, message_id, understanding, desk, now)


def _attempt(message_id: int, step: Callable[[], T]) -> T | Exception:
    """What a step towards one message returns, or the error it ends with. Raises: StoreError."""
    try:
        return step()
    except StoreError:
        raise
    except Exception as failure:  # one poison message never stops the next one
        words = line("unreadable", message=message_id, why=type(failure).__name__)
        logger.warning(words, exc_info=not isinstance(failure, PenholderError))
        return failure


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


def _keep(db: store.Db, message_id: int, understanding: Understanding, desk: Desk, now: datetime) -> _Kept:
    """Store what a message means and all that follows from it; our record of it as it is then."""
    store.messages.save_recognition(db, message_id, understanding.recognition, understanding.duplicate_of)
    message = store.messages.get_message(db, message_id)
    touched = keep_consequences(db, message, understanding, desk, now)
    return _Kept(message=message, touched=tuple(touched))


def _tell(kept: _Kept, desk: Desk, now: datetime) -> Receipt:
    """The receipt of a message that is kept and committed, noted in the log; others it touched are read again."""
    receipt = _make_receipt(kept.message)
    words = line(
        "recognised", message=receipt.message_id, place=receipt.place, kind=receipt.kind, agency=receipt.agency
    )
    logger.info(words)
    for again in kept.touched:
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
