"""Stored messages read again after a rule changed: first what would change, then, if a person wants it, the change.

What a person decided stays. See: docs/path-of-a-message.md.
"""

import hashlib
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from pipeline.adapters import store
from pipeline.consequences import keep_consequences
from pipeline.core.model import Identity, InboundMessage, Place, Recognition
from pipeline.receive import recognise, settle
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
    #: kind, agency, draft; "" when it was not recognised yet
    certainty: tuple[str, str, str]
    flags: tuple[str, ...]
    #: a person has to look at it
    attention: bool
    #: how many changes and comments of it are kept
    proposals: int
    #: hex, tells two sets of proposals apart
    wording: str


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
        return store.messages.list_recognised(db)


def rehearse(desk: Desk, messages: tuple[int, ...], now: datetime) -> Iterator[Replayed]:
    """What reading each message again would lead to: it is done, looked at, and taken back. Raises: StoreError.

    Each one is tried on what is stored now: a change that follows from another change shows when that one is applied.
    """
    for message_id in messages:
        with desk.database.read() as db:
            message, raw = store.messages.get_message(db, message_id), store.messages.get_raw(db, message_id)
        yield settle(raw, message, desk, partial(_try_out, message, desk, now))


def _try_out(message: InboundMessage, desk: Desk, now: datetime, understanding: Understanding) -> Replayed:
    found: list[Replayed] = []
    with suppress(_TakenBackError), desk.database.begin() as db:
        before, mails = _stand(db, message), _count_mails(db)
        store.messages.save_recognition(db, message.id, understanding.recognition, understanding.duplicate_of)
        keep_consequences(db, store.messages.get_message(db, message.id), understanding, desk, now)
        found.append(_compare(db, message.id, before, mails))
        raise _TakenBackError
    return found[0]


def replay(desk: Desk, messages: tuple[int, ...], now: datetime) -> Iterator[Replayed]:
    """Each message read again and kept as it is read now. Raises: StoreError."""
    for message_id in messages:
        with desk.database.read() as db:
            before = _stand(db, store.messages.get_message(db, message_id))
            mails = _count_mails(db)
        recognise(message_id, desk, now)
        with desk.database.read() as db:
            yield _compare(db, message_id, before, mails)


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
    proposals = store.proposals.list_proposals(db, message_id=message.id, include_superseded=False)
    return Standing(
        place=message.place,
        kind=made.verdict.kind.value if made else "",
        agency=(identity.body or identity.agency or "") if identity else "",
        draft=" + ".join(_list_drafts(identity)) if identity else "",
        certainty=_read_certainty(made),
        flags=made.verdict.flags if made else (),
        attention=message.attention_open,
        proposals=len(proposals),
        wording=_digest(proposals),
    )


def _list_drafts(identity: Identity) -> tuple[str, ...]:
    return (identity.draft, *(draft for draft, _ in identity.other_rounds)) if identity.draft else ()


def _read_certainty(made: Recognition | None) -> tuple[str, str, str]:
    if made is None:
        return "", "", ""
    who, which = (made.identity.who.value, made.identity.which.value) if made.identity else ("", "")
    return made.verdict.certainty.value, who, which


def _digest(proposals: tuple[store.StoredProposal, ...]) -> str:
    """The same for the same changes on the same revisions, whatever their numbers."""
    changes = sorted(repr((each.draft, each.revision, each.agency, each.proposal.change)) for each in proposals)
    return hashlib.sha256("\n".join(changes).encode()).hexdigest()[:12]


def _count_mails(db: store.Db) -> int:
    return sum(store.outbox.counts(db).values())
