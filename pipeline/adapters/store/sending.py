"""The stop for all sending: set when a database was restored or imported, lifted by a person."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select

from pipeline.adapters.store import audit
from pipeline.adapters.store.database import Db, insert_or_replace
from pipeline.adapters.tables import sending_stop

# Built once: every tick of the clock asks for it.
_GET = select(sending_stop.c.since, sending_stop.c.why)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """No mail leaves."""

    since: datetime
    #: a sentence
    why: str


def get_stop(db: Db) -> Stop | None:
    """Why no mail leaves; None when mail may leave."""
    row = db.execute(_GET).first()
    return Stop(since=row.since, why=row.why) if row else None


def stop(db: Db, why: str, at: datetime) -> None:
    """Let no mail leave from here on."""
    insert_or_replace(db, sending_stop, "id", id=1, since=at, why=why)


def allow(db: Db, by: str, at: datetime) -> bool:
    """Let mail leave again; False when it could before."""
    if db.execute(delete(sending_stop)).rowcount == 0:
        return False
    audit.write(db, at, by, "let mail leave again", "sending")
    return True
