"""The way in: raw bytes, where the server showed them, and how far each folder has been read."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, insert, select, update

from pipeline.adapters.store.database import Db, insert_new
from pipeline.adapters.tables import cursor, message, poll, raw_message, sighting
from pipeline.core.canonical import canonical_digest
from pipeline.core.model import Place, RawMessage
from pipeline.errors import UsageError

# Built once: every message passes here, and building a statement costs more than running it.
_GET_RAW = select(raw_message.c.content).join(message).where(message.c.id == bindparam("of"))
_COUNT_ATTEMPT = (
    update(message)
    .where(message.c.id == bindparam("of"))
    .values(attempts=message.c.attempts + 1)
    .returning(message.c.attempts)
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """What became of a message that the server showed."""

    id: int
    #: False when the same bytes had been recorded before
    new: bool


def record(db: Db, raw: RawMessage, now: datetime) -> Recorded:
    """The number of the message, recorded if it is new; a repeat only adds a sighting."""
    return record_batch(db, (raw,), now)[0]


def record_batch(db: Db, raws: Sequence[RawMessage], now: datetime) -> tuple[Recorded, ...]:
    """What became of each message, in the order given; much faster than one by one."""
    if not raws:
        return ()
    digests = [raw.sha256 for raw in raws]
    known = _find_ids(db, digests)
    unknown: dict[str, RawMessage] = {}
    for digest, raw in zip(digests, raws, strict=True):
        if digest not in known:
            unknown.setdefault(digest, raw)
    added = _add_messages(db, unknown, now)
    # Another program may have recorded some of them since we looked; SQLite rules that out, PostgreSQL does not.
    ids = known | added | _find_ids(db, unknown.keys() - added.keys())
    _add_sightings(db, [(ids[digest], raw) for digest, raw in zip(digests, raws, strict=True)], now)
    return tuple(Recorded(id=ids[digest], new=added.pop(digest, None) is not None) for digest in digests)


def get_raw(db: Db, message_id: int) -> bytes:
    """The bytes as the server gave them. Raises: UsageError when there is no such message."""
    content: bytes | None = db.execute(_GET_RAW, {"of": message_id}).scalar()
    if content is None:
        raise UsageError(f"There is no message {message_id}: look it up in the inbox.")
    return content


def list_unrecognised(db: Db) -> tuple[int, ...]:
    """The numbers of the messages that are recorded and no more, oldest first."""
    query = select(message.c.id).where(message.c.place == Place.RECEIVED).order_by(message.c.id)
    return tuple(db.execute(query).scalars())


def note_attempt(db: Db, message_id: int) -> int:
    """How often the message has been tried, this time included: commit it before trying, a message may kill us.

    Raises: UsageError when there is no such message.
    """
    attempts: int | None = db.execute(_COUNT_ATTEMPT, {"of": message_id}).scalar()
    if attempts is None:
        raise UsageError(f"There is no message {message_id}: look it up in the inbox.")
    return attempts


def note_first_attempts(db: Db) -> frozenset[int]:
    """The numbers of all messages that were never tried and are noted now as tried once: one commit for a whole batch.

    A message that takes the process down costs those behind it this one attempt, and no more: see `note_attempt`.
    """
    new = (message.c.place == Place.RECEIVED) & (message.c.attempts == 0)
    noted = db.execute(update(message).where(new).values(attempts=1).returning(message.c.id))
    return frozenset(noted.scalars())


def get_cursor(db: Db, folder: str) -> tuple[int, int] | None:
    """UIDVALIDITY and the last UID read in `folder`; None before the first look. See: RFC 9051 2.3.1.1."""
    row = db.execute(select(cursor.c.uid_validity, cursor.c.last_uid).where(cursor.c.folder == folder)).first()
    return (row.uid_validity, row.last_uid) if row else None


def set_cursor(db: Db, folder: str, uid_validity: int, last_uid: int) -> None:
    """Keep how far `folder` has been read."""
    values = {"uid_validity": uid_validity, "last_uid": last_uid}
    if db.execute(update(cursor).where(cursor.c.folder == folder).values(**values)).rowcount == 0:
        db.execute(insert(cursor).values(folder=folder, **values))


def open_mailbox(db: Db, at: datetime) -> None:
    """Keep that the mailbox was first connected at `at`, for good: mail received before it is never answered."""
    if opened_at(db) is None and db.execute(update(poll).values(opened_at=at)).rowcount == 0:
        db.execute(insert(poll).values(id=1, opened_at=at, error=""))


def opened_at(db: Db) -> datetime | None:
    """When the mailbox was first connected; None before."""
    return db.execute(select(poll.c.opened_at)).scalar()


def note_poll(db: Db, at: datetime, error: str = "") -> None:
    """Keep that the mailbox was read at `at`, or why it could not be."""
    values: dict[str, Any] = {"error": error} if error else {"error": "", "succeeded_at": at}
    if db.execute(update(poll).values(**values)).rowcount == 0:
        db.execute(insert(poll).values(id=1, **values))


def last_poll(db: Db) -> tuple[datetime | None, str]:
    """When the mailbox was last read without an error, and the error of the last look; "" when it went well."""
    row = db.execute(select(poll.c.succeeded_at, poll.c.error)).first()
    return (row.succeeded_at, row.error) if row else (None, "")


def _find_ids(db: Db, digests: Iterable[str]) -> dict[str, int]:
    wanted = list(digests)
    if not wanted:
        return {}
    rows = db.execute(select(message.c.sha256, message.c.id).where(message.c.sha256.in_(wanted)))
    return {row.sha256: row.id for row in rows}


def _add_messages(db: Db, raws: dict[str, RawMessage], now: datetime) -> dict[str, int]:
    """The ids of those that were not there, by digest."""
    if not raws:
        return {}
    contents = [{"sha256": digest, "content": raw.raw} for digest, raw in raws.items()]
    # SQLite's driver keeps what it bound last for as long as the connection lives: let it be nothing
    contents.append({"sha256": contents[-1]["sha256"], "content": b""})
    db.execute(insert_new(raw_message, db, "sha256"), contents)
    query = insert_new(message, db, "sha256").returning(message.c.sha256, message.c.id)
    rows = db.execute(query, [_write_message(digest, raw, now) for digest, raw in raws.items()])
    return {row.sha256: row.id for row in rows}


def _write_message(digest: str, raw: RawMessage, now: datetime) -> dict[str, object]:
    return {
        "sha256": digest,
        "canonical_sha256": canonical_digest(raw.raw),
        "size": len(raw.raw),
        "received_at": raw.internal_date,
        "recorded_at": now,
        "place": Place.RECEIVED,
        "attempts": 0,
        "attention_open": False,
        "flags": "[]",
    }


def _add_sightings(db: Db, seen: Iterable[tuple[int, RawMessage]], now: datetime) -> None:
    rows = [
        {
            "message_id": id,
            "folder": raw.folder,
            "uid_validity": raw.uid_validity,
            "uid": raw.uid,
            "internal_date": raw.internal_date,
            "seen_at": now,
        }
        for id, raw in seen
    ]
    db.execute(insert_new(sighting, db, "folder", "uid_validity", "uid"), rows)
