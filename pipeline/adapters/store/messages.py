"""Our record of each message: found, listed, recognised, put right by a person."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, func, insert, select, update

from pipeline.adapters.store import audit, proposals
from pipeline.adapters.store.codec import decode, encode
from pipeline.adapters.store.database import Db
from pipeline.adapters.store.intake import (
    Recorded,
    get_cursor,
    get_raw,
    last_poll,
    list_unrecognised,
    note_poll,
    record,
    record_batch,
    set_cursor,
)
from pipeline.adapters.tables import message, recognition, refiling, sighting
from pipeline.core.model import Certainty, Clue, Filing, Identity, InboundMessage, MailKind, Place, Recognition
from pipeline.errors import UsageError

__all__ = [
    "Recorded",
    "close_attention",
    "count_attention",
    "count_by_place",
    "count_messages",
    "find_message",
    "find_same",
    "get_cursor",
    "get_message",
    "get_raw",
    "last_poll",
    "list_filings",
    "list_messages",
    "list_unrecognised",
    "note_poll",
    "record",
    "record_batch",
    "refile",
    "save_recognition",
    "set_cursor",
    "supersede_message",
]

#: where a message lies that tells something about an agency's answer
_TOLD = (Place.FILED, Place.HELD, Place.QUARANTINED, Place.FAILED)

# --- Reading ----------------------------------------------------------------------------------------------------


def get_message(db: Db, message_id: int) -> InboundMessage:
    """The message of this number. Raises: UsageError when there is none."""
    row = db.execute(_select_messages().where(message.c.id == message_id)).first()
    if row is None:
        raise UsageError(f"There is no message {message_id}: see penholder inbox.")
    return _read_message(row)


def find_message(db: Db, message_id: str) -> InboundMessage | None:
    """The oldest message with this Message-ID field; None when there is none. Only recognised ones are found."""
    row = db.execute(_select_messages().where(message.c.message_id == message_id).order_by(message.c.id)).first()
    return _read_message(row) if row else None


def find_same(db: Db, message_id_header: str, canonical_sha256: str, other_than: int) -> int | None:
    """The oldest message before `other_than` that differs from it in the traces of delivery at most; None without one.

    An equal Message-ID is not enough: two different mails may carry it, and neither may be lost. A known and different
    Message-ID rules a message out. Only older messages are found, so that two never point at each other.
    """
    query = select(message.c.id).where(message.c.canonical_sha256 == canonical_sha256, message.c.id < other_than)
    if message_id_header:
        query = query.where(message.c.message_id.is_(None) | (message.c.message_id == message_id_header))
    return db.execute(query.order_by(message.c.id).limit(1)).scalar()


def list_messages(
    db: Db,
    *,
    places: tuple[Place, ...] = (),
    agency: str | None = None,
    draft: str | None = None,
    round_id: int | None = None,
    attention_only: bool = False,
    search: str = "",
    before_id: int | None = None,
    limit: int = 50,
) -> tuple[InboundMessage, ...]:
    """The messages that meet every condition given, newest first; the next page begins before the last one's id.

    Every word of `search` must occur in subject, sender or text, whatever its case.
    """
    query = _select_messages().order_by(message.c.id.desc()).limit(limit)
    equal = {message.c.agency: agency, message.c.draft: draft, message.c.round_id: round_id}
    query = query.where(*(column == value for column, value in equal.items() if value is not None))
    if places:
        query = query.where(message.c.place.in_(places))
    if attention_only:
        query = query.where(message.c.attention_open.is_(True))
    if before_id is not None:
        query = query.where(message.c.id < before_id)
    for word in search.casefold().split():
        query = query.where(recognition.c.words.contains(word, autoescape=True))
    return tuple(_read_message(row) for row in db.execute(query))


def count_messages(db: Db) -> dict[Place, int]:
    """How many messages lie in each place; every place is named."""
    return count_by_place(db)


def count_by_place(db: Db, *, draft: str | None = None, round_id: int | None = None) -> dict[Place, int]:
    """How many messages of a draft or round, or of all, lie in each place; every place is named."""
    query = select(message.c.place, func.count()).group_by(message.c.place)
    equal = {message.c.draft: draft, message.c.round_id: round_id}
    query = query.where(*(column == value for column, value in equal.items() if value is not None))
    found = {place: number for place, number in db.execute(query)}
    return {place: found.get(place, 0) for place in Place}


def count_attention(db: Db) -> int:
    """How many messages wait for a person."""
    return db.execute(select(func.count()).where(message.c.attention_open.is_(True))).scalar_one()


def list_filings(db: Db, round_id: int, until: datetime | None = None) -> tuple[Filing, ...]:
    """What the tracking needs of a round's messages received up to `until`, oldest first.

    Filed, held, failed and quarantined ones of which the agency is known.
    """
    query = (
        select(message)
        .where(message.c.round_id == round_id, message.c.place.in_(_TOLD), message.c.agency.is_not(None))
        .order_by(message.c.received_at, message.c.id)
    )
    if until is not None:
        query = query.where(message.c.received_at <= until)
    return tuple(_read_filing(row) for row in db.execute(query))


# --- Writing ----------------------------------------------------------------------------------------------------


def save_recognition(db: Db, message_id: int, recognition: Recognition, duplicate_of: int | None = None) -> None:
    """Keep what was made of a message, instead of what was made of it before.

    What a person decided stays: where it was put, and that nobody needs to look at it any more.
    Raises: UsageError when there is no such message.
    """
    found = db.execute(select(message.c.attention_closed_at).where(message.c.id == message_id)).first()
    if found is None:
        raise UsageError(f"There is no message {message_id}: see penholder inbox.")
    last = select(refiling).where(refiling.c.message_id == message_id).order_by(refiling.c.id.desc()).limit(1)
    by_person = db.execute(last).first()
    kept = _apply(by_person, recognition) if by_person else recognition
    attention = kept.action.needs_attention and found.attention_closed_at is None
    _save(db, message_id, kept, attention_open=attention, duplicate_of=duplicate_of)


def close_attention(db: Db, message_id: int, by: str, at: datetime, remark: str) -> None:
    """Keep that a person has looked at the message. Raises: UsageError when there is none."""
    get_message(db, message_id)
    _close_attention(db, message_id, at)
    audit.write(
        db, at, by, f"looked at the message: {remark}" if remark else "looked at the message", _name(message_id)
    )


def refile(
    db: Db,
    message_id: int,
    *,
    agency: str | None,
    body: str | None,
    draft: str | None,
    round_id: int | None,
    place: Place,
    by: str,
    at: datetime,
    remark: str,
    kind: MailKind | None = None,
) -> None:
    """Put a message where a person says it belongs; `kind` None leaves its kind alone.

    It needs no more attention unless it is held. Proposals stay as they are.
    Raises: UsageError when there is none, or it has not been recognised yet.
    """
    found = get_message(db, message_id).recognition
    if found is None:
        raise UsageError(f"Message {message_id} has not been read yet: wait for the next poll.")
    values: dict[str, Any] = {"agency": agency, "body": body, "draft": draft, "round_id": round_id, "place": place}
    values |= {"message_id": message_id, "by": by, "at": at, "remark": remark, "kind": kind}
    db.execute(insert(refiling).values(**values))
    if place is not Place.HELD:
        _close_attention(db, message_id, at)
    duplicate_of = db.execute(select(message.c.duplicate_of).where(message.c.id == message_id)).scalar()
    save_recognition(db, message_id, found, duplicate_of)
    target = " ".join(part for part in (place.value, agency, body, draft) if part)
    audit.write(db, at, by, f"put the message to {target}: {remark}", _name(message_id))


def supersede_message(db: Db, older: int, newer: int) -> None:
    """Keep that `newer` replaces `older`, whose open proposals are superseded; decided ones stay decided.

    Raises: UsageError when one of them is missing, or `older` would replace itself.
    """
    if older == newer:
        raise UsageError(f"Message {older} cannot replace itself: choose an older one.")
    at = get_message(db, newer).recorded_at
    get_message(db, older)
    db.execute(update(message).where(message.c.id == older).values(superseded_by=newer))
    proposals.supersede_open(db, older, at, f"replaced by message {newer}")


# --- Rows -------------------------------------------------------------------------------------------------------


def _select_messages() -> Select[Any]:
    sightings = select(func.count()).where(sighting.c.message_id == message.c.id).scalar_subquery()
    joined = message.outerjoin(recognition, recognition.c.message_id == message.c.id)
    return select(message, recognition.c.content, sightings.label("sightings")).select_from(joined)


def _read_message(row: Row[Any]) -> InboundMessage:
    names = ("id", "sha256", "size", "received_at", "recorded_at", "place", "attention_open", "duplicate_of")
    return InboundMessage(
        **{name: getattr(row, name) for name in names},
        superseded_by=row.superseded_by,
        recognition=None if row.content is None else decode(Recognition, row.content),
        sightings=max(1, row.sightings),
    )


def _read_filing(row: Row[Any]) -> Filing:
    names = ("agency", "body", "round_id", "kind", "place", "received_at", "attention_open", "superseded_by")
    flags = decode(tuple[str, ...], row.flags)
    return Filing(message_id=row.id, flags=flags, **{name: getattr(row, name) for name in names})


def _save(db: Db, id: int, made: Recognition, *, attention_open: bool, duplicate_of: int | None) -> None:
    content = {"content": encode(made), "words": _find_words(made)}
    if db.execute(update(recognition).where(recognition.c.message_id == id).values(**content)).rowcount == 0:
        db.execute(insert(recognition).values(message_id=id, **content))
    who = made.identity
    values: dict[str, Any] = {name: getattr(who, name, None) for name in ("agency", "body", "draft", "round_id")}
    values |= {"place": made.action.place, "kind": made.verdict.kind, "flags": encode(made.verdict.flags)}
    values |= {"message_id": made.message_id, "attention_open": attention_open, "duplicate_of": duplicate_of}
    db.execute(update(message).where(message.c.id == id).values(**values))


def _find_words(made: Recognition) -> str:
    """What the search looks through."""
    sender = f"{made.sender.name} {made.sender.address}" if made.sender else ""
    files = " ".join(file.filename for file in made.files)
    parts: Sequence[str] = (made.subject, sender, files, made.text or made.new_text)
    return "\n".join(parts).casefold()


def _apply(by_person: Row[Any], made: Recognition) -> Recognition:
    """`made` with what a person said about it."""
    clue = Clue(source="person", points_to=by_person.agency or "", words=f"{by_person.by}: {by_person.remark}")
    where = {name: getattr(by_person, name) for name in ("agency", "body", "draft", "round_id")}
    before = made.identity or Identity(
        **where, role=None, revision=None, who=Certainty.SURE, which=Certainty.SURE, clues=()
    )
    clues = (*(known for known in before.clues if known.source != "person"), clue)
    identity = replace(before, **where, who=Certainty.SURE, which=Certainty.SURE, clues=clues)
    held = by_person.place is Place.HELD
    action = replace(made.action, place=by_person.place, reason=clue.words, needs_attention=held)
    verdict = replace(made.verdict, kind=by_person.kind or made.verdict.kind)
    return replace(made, identity=identity, verdict=verdict, action=action)


def _close_attention(db: Db, message_id: int, at: datetime) -> None:
    values = {"attention_open": False, "attention_closed_at": at}
    db.execute(update(message).where(message.c.id == message_id).values(**values))


def _name(message_id: int) -> str:
    return f"message {message_id}"
