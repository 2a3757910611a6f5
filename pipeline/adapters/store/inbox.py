"""The record of messages as it is read: one by one, in lists, and as the tracking sees them."""

from collections.abc import Collection
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, bindparam, func, select

from pipeline.adapters.store.codec import decode
from pipeline.adapters.store.database import Db
from pipeline.adapters.store.proposals import GONE
from pipeline.adapters.tables import message, proposal, recognition, sighting
from pipeline.core.model import Filing, InboundMessage, Place, Recognition
from pipeline.errors import UsageError

#: digits of a sha256 that name a message
SHORTEST_DIGEST = 8
#: where a message lies that tells something about an agency's answer
_TOLD = (Place.FILED, Place.HELD, Place.QUARANTINED, Place.FAILED)


def get_message(db: Db, message_id: int) -> InboundMessage:
    """The message of this number. Raises: UsageError when there is none."""
    row = db.execute(_GET, {"of": message_id}).first()
    if row is None:
        raise UsageError(f"There is no message {message_id}: look it up in the inbox.")
    return _read_message(row)


def find_message(db: Db, message_id: str) -> InboundMessage | None:
    """The oldest message with this Message-ID field; None when there is none. Only recognised ones are found."""
    row = db.execute(_FIND, {"named": message_id}).first()
    return _read_message(row) if row else None


def find_by_sha256(db: Db, start: str) -> InboundMessage | None:
    """The message whose sha256 begins with `start`; None when there is none.

    Raises: UsageError when `start` is too short to tell messages apart, or several begin so.
    """
    if len(start) < SHORTEST_DIGEST or not set(start) <= set("0123456789abcdef"):
        raise UsageError(f"{start!r} is neither a file, a number, nor {SHORTEST_DIGEST} digits or more of a sha256.")
    rows = db.execute(_select_messages().where(message.c.sha256.startswith(start)).limit(2)).all()
    if len(rows) > 1:
        raise UsageError(f"Several messages begin with {start}: write more digits.")
    return _read_message(rows[0]) if rows else None


def find_same(db: Db, message_id_header: str, canonical_sha256: str, other_than: int) -> int | None:
    """The oldest message before `other_than` that differs from it in the traces of delivery at most; None without one.

    An equal Message-ID is not enough: two different mails may carry it, and neither may be lost. A known and different
    Message-ID rules a message out. Only older messages are found, so that two never point at each other.
    """
    query = _FIND_SAME_NAMED if message_id_header else _FIND_SAME
    named = {"named": message_id_header} if message_id_header else {}
    return db.execute(query, {"digest": canonical_sha256, "before": other_than, **named}).scalar()


def find_digests(db: Db, ids: Collection[int]) -> dict[int, str]:
    """The sha256 of the raw bytes of these messages; unknown ones are passed over."""
    query = select(message.c.id, message.c.sha256).where(message.c.id.in_(ids))
    return {row.id: row.sha256 for row in db.execute(query)}


def list_recognised(db: Db) -> tuple[int, ...]:
    """The numbers of all messages that were recognised, oldest first."""
    query = select(message.c.id).where(message.c.place != Place.RECEIVED).order_by(message.c.id)
    return tuple(db.execute(query).scalars())


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


def list_filings(db: Db, round_id: int | None, until: datetime | None = None) -> tuple[Filing, ...]:
    """What the tracking needs of a round's messages, or of all rounds', received up to `until`, oldest first.

    Filed, held, failed and quarantined ones of which the agency is known; with those of no known round among them.
    """
    read = select(func.count()).where(proposal.c.message_id == message.c.id, proposal.c.remark != GONE)
    query = (
        select(message, read.scalar_subquery().label("proposals"))
        .where(message.c.place.in_(_TOLD), message.c.agency.is_not(None))
        .order_by(message.c.received_at, message.c.id)
    )
    if round_id is not None:
        query = query.where((message.c.round_id == round_id) | message.c.round_id.is_(None))
    if until is not None:
        query = query.where(message.c.received_at <= until)
    return tuple(_read_filing(row) for row in db.execute(query))


def _select_messages() -> Select[Any]:
    sightings = select(func.count()).where(sighting.c.message_id == message.c.id).scalar_subquery()
    joined = message.outerjoin(recognition, recognition.c.message_id == message.c.id)
    return select(message, recognition.c.content, sightings.label("sightings")).select_from(joined)


# Built once: every message passes here, and building a statement costs more than running it.
_GET = _select_messages().where(message.c.id == bindparam("of"))
_FIND = _select_messages().where(message.c.message_id == bindparam("named")).order_by(message.c.id)
_FIND_SAME = (
    select(message.c.id)
    .where(message.c.canonical_sha256 == bindparam("digest"), message.c.id < bindparam("before"))
    .order_by(message.c.id)
    .limit(1)
)
_FIND_SAME_NAMED = _FIND_SAME.where(message.c.message_id.is_(None) | (message.c.message_id == bindparam("named")))


def _read_message(row: Row[Any]) -> InboundMessage:
    names = ("id", "sha256", "size", "received_at", "recorded_at", "place", "attention_open", "duplicate_of")
    return InboundMessage(
        **{name: getattr(row, name) for name in names},
        superseded_by=row.superseded_by,
        recognition=None if row.content is None else decode(Recognition, row.content),
        sightings=max(1, row.sightings),
    )


def _read_filing(row: Row[Any]) -> Filing:
    names = (
        "agency",
        "body",
        "round_id",
        "kind",
        "place",
        "received_at",
        "attention_open",
        "superseded_by",
        "proposals",
    )
    flags = decode(tuple[str, ...], row.flags)
    return Filing(message_id=row.id, flags=flags, **{name: getattr(row, name) for name in names})
