"""Stored messages read again after a rule changed: first what would change, then, if a person wants it, the change.

What a person decided stays. See: docs/path-of-a-message.md.
"""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

from pipeline.adapters import store
from pipeline.consequences import keep_consequences
from pipeline.core.model import Identity, InboundMessage, Place
from pipeline.errors import PenholderError
from pipeline.receive import make_failure, recognise, try_head, try_whole
from pipeline.understand import Desk, Understanding


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What is known of a message, as far as a replay may change it."""

    place: Place
    #: "" when it was not recognised yet
    kind: str
    #: body or member; "" when nobody
    agency: str
    #: all it serves: "WAT + SEA"; "" for none
    draft: str
    #: how many changes and comments of it are kept
    proposals: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Replayed:
    """One message read again."""

    message_id: int
    #: hex
    sha256: str
    subject: str
    before: Standing
    after: Standing
    #: why it is in its place now
    reason: str
    #: receipts that go out because of it
    mails: int

    @property
    def changed(self) -> bool:
        """Whether reading again makes a difference."""
        return self.before != self.after or self.mails > 0


class _TakenBackError(Exception):
    """Leaves a transaction so that nothing of it stays."""


def list_replayable(desk: Desk, only: tuple[int, ...] = ()) -> tuple[int, ...]:
    """The numbers of the messages to read again, oldest first: those named, or all that were recognised."""
    if only:
        return tuple(sorted(set(only)))
    with desk.database.read() as db:
        messages = store.messages.list_messages(db, limit=1_000_000)
    return tuple(sorted(each.id for each in messages if each.place is not Place.RECEIVED))


def rehearse(desk: Desk, messages: tuple[int, ...], now: datetime) -> Iterator[Replayed]:
    """What reading each message again would lead to: it is done, looked at, and taken back. Raises: StoreError.

    Each one is tried on what is stored now: a change that follows from another change shows when that one is applied.
    """
    for message_id in messages:
        with desk.database.read() as db:
            message, raw = store.messages.get_message(db, message_id), store.messages.get_raw(db, message_id)
        understanding = _understand(raw, message, desk)
        found: list[Replayed] = []
        with suppress(_TakenBackError), desk.database.begin() as db:
            before, mails = _stand(db, message), _count_mails(db)
            store.messages.save_recognition(db, message_id, understanding.recognition, understanding.duplicate_of)
            keep_consequences(db, store.messages.get_message(db, message_id), understanding, desk, now)
            found.append(_compare(db, message_id, before, mails))
            raise _TakenBackError
        yield from found


def replay(desk: Desk, messages: tuple[int, ...], now: datetime) -> Iterator[Replayed]:
    """Each message read again and kept as it is read now. Raises: StoreError."""
    for message_id in messages:
        with desk.database.read() as db:
            before = _stand(db, store.messages.get_message(db, message_id))
            mails = _count_mails(db)
        recognise(message_id, desk, now)
        with desk.database.read() as db:
            yield _compare(db, message_id, before, mails)


def _understand(raw: bytes, message: InboundMessage, desk: Desk) -> Understanding:
    """As much as can be understood: the whole, the head alone, or that nothing can be read."""
    error: PenholderError | None = None
    for attempt in (try_whole, try_head):
        try:
            return attempt(raw, message, desk, error)
        except PenholderError as failure:
            error = error or failure
    assert error is not None
    return Understanding(recognition=make_failure(error))


def _compare(db: store.Db, message_id: int, before: Standing, mails: int) -> Replayed:
    message = store.messages.get_message(db, message_id)
    made = message.recognition
    return Replayed(
        message_id=message_id,
        sha256=message.sha256,
        subject=made.subject if made else "",
        before=before,
        after=_stand(db, message),
        reason=made.action.reason if made else "",
        mails=_count_mails(db) - mails,
    )


def _stand(db: store.Db, message: InboundMessage) -> Standing:
    made = message.recognition
    identity = made.identity if made else None
    return Standing(
        place=message.place,
        kind=made.verdict.kind.value if made else "",
        agency=(identity.body or identity.agency or "") if identity else "",
        draft=" + ".join(_list_drafts(identity)) if identity else "",
        proposals=len(store.proposals.list_proposals(db, message_id=message.id, include_superseded=False)),
    )


def _list_drafts(identity: Identity) -> tuple[str, ...]:
    return (identity.draft, *(draft for draft, _ in identity.other_rounds)) if identity.draft else ()


def _count_mails(db: store.Db) -> int:
    return sum(store.outbox.counts(db).values())
