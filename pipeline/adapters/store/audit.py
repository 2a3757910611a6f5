"""Who did what to what, append only; each row carries a hash over itself and the row before it."""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from sqlalchemy import insert, select

from pipeline.adapters.columns import make_storable
from pipeline.adapters.store.codec import encode
from pipeline.adapters.store.database import Db
from pipeline.adapters.tables import audit

#: the hash before the first row
_START = "0" * 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line of the audit."""

    #: 1, 2, 3 ... without gaps
    id: int
    at: datetime
    #: name of the account, or of the program that acted by itself
    who: str
    #: one sentence
    what: str
    #: what it was done to: "message 12", "draft YTH"
    subject: str


def write(db: Db, at: datetime, who: str, what: str, subject: str) -> None:
    """Append one entry."""
    last = db.execute(select(audit.c.id, audit.c.hash).order_by(audit.c.id.desc()).limit(1)).first()
    id, before = (last.id + 1, last.hash) if last else (1, _START)
    entry = Entry(id=id, at=at, who=make_storable(who), what=make_storable(what), subject=make_storable(subject))
    db.execute(
        insert(audit).values(
            id=id, at=at, who=entry.who, what=entry.what, subject=entry.subject, hash=_chain(before, entry)
        )
    )


def list_entries(db: Db, limit: int = 200, subject: str | None = None) -> tuple[Entry, ...]:
    """The newest entries, newest first; of one subject when it is given."""
    query = select(audit).order_by(audit.c.id.desc()).limit(limit)
    if subject is not None:
        query = query.where(audit.c.subject == subject)
    return tuple(_read(row) for row in db.execute(query))


def verify(db: Db) -> int | None:
    """The number of the first row that was changed, or follows a missing one; None when the chain is whole.

    Rows cut off at the end leave a whole chain: keep the last hash elsewhere to notice that.
    """
    before, expected = _START, 1
    for row in db.execute(select(audit).order_by(audit.c.id)):
        if row.id != expected or row.hash != _chain(before, _read(row)):
            return expected
        before, expected = row.hash, expected + 1
    return None


def get_head(db: Db) -> str:
    """The hash of the newest row: it stands for the whole audit up to now."""
    return db.execute(select(audit.c.hash).order_by(audit.c.id.desc()).limit(1)).scalar() or _START


def has_hash(db: Db, head: str) -> bool:
    """Whether one of the rows carries this hash: the audit held it at its end once, and has not lost it since."""
    return db.execute(select(audit.c.id).where(audit.c.hash == head)).first() is not None


def _chain(before: str, entry: Entry) -> str:
    when = entry.at.timestamp()
    return sha256(encode((before, entry.id, when, entry.who, entry.what, entry.subject)).encode()).hexdigest()


def _read(row: object) -> Entry:
    return Entry(**{name: getattr(row, name) for name in ("id", "at", "who", "what", "subject")})
