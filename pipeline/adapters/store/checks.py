"""Is everything still there, and as it was written?"""

from collections.abc import Iterator
from hashlib import sha256

from sqlalchemy import select

from pipeline.adapters.store import audit
from pipeline.adapters.store.database import Db
from pipeline.adapters.tables import message, raw_message, revision


def find_damage(db: Db) -> tuple[str, ...]:
    """What is wrong, one sentence each; empty when all is well. Reads every byte."""
    return *_check_file(db), *_check_messages(db), *_check_revisions(db), *_check_audit(db)


def _check_file(db: Db) -> Iterator[str]:
    if db.dialect.name != "sqlite":
        return
    for row in db.exec_driver_sql("PRAGMA integrity_check"):
        if row[0] != "ok":
            yield f"The database file is damaged: {row[0]}"
    for row in db.exec_driver_sql("PRAGMA foreign_key_check"):
        yield f"Row {row[1]} of {row[0]} refers to a missing row of {row[2]}."


def _check_messages(db: Db) -> Iterator[str]:
    query = select(message.c.id, message.c.draft, raw_message).join(raw_message).order_by(message.c.id)
    for row in db.execute(query.execution_options(yield_per=100)):
        if sha256(row.content).hexdigest() != row.sha256:
            about = f" about {row.draft}" if row.draft else ""
            yield f"The bytes of message {row.id}{about} were changed: restore a backup, or fetch it again."


def _check_revisions(db: Db) -> Iterator[str]:
    for row in db.execute(select(revision).order_by(revision.c.id)):
        if sha256(row.docx).hexdigest() != row.sha256:
            yield f"The file of revision {row.name} of {row.draft} was changed: restore a backup."


def _check_audit(db: Db) -> Iterator[str]:
    broken = audit.verify(db)
    if broken is not None:
        yield f"The audit was changed at entry {broken}: compare it with a backup."
