"""Which messages were answered with a receipt, and where no receipts go out."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import delete, insert, select

from pipeline.adapters.store import audit
from pipeline.adapters.store.database import Db, insert_new
from pipeline.adapters.tables import outgoing, receipt, receipt_off

#: stands for every draft, and for every agency
ALL = ""


def note_receipt(db: Db, message_id: int, outgoing_id: int) -> None:
    """Keep that this outgoing mail is, or is also, the receipt for a message."""
    db.execute(insert(receipt).values(message_id=message_id, outgoing_id=outgoing_id))


def find_receipt(db: Db, message_id: int) -> int | None:
    """The id of the outgoing mail that is the receipt for a message; None when there is none."""
    query = select(receipt.c.outgoing_id).where(receipt.c.message_id == message_id)
    found: int | None = db.execute(query).scalar()
    return found


def list_answered(db: Db, outgoing_id: int) -> tuple[int, ...]:
    """The ids of the messages one receipt names, oldest first."""
    query = select(receipt.c.message_id).where(receipt.c.outgoing_id == outgoing_id)
    return tuple(db.execute(query.order_by(receipt.c.message_id)).scalars())


def find_answered(db: Db, message_ids: Sequence[str]) -> dict[str, tuple[int, ...]]:
    """By Message-ID the messages our receipts name, oldest first; what is no receipt of ours is left out."""
    if not message_ids:
        return {}
    query = select(outgoing.c.message_id, receipt.c.message_id.label("answered")).join(receipt)
    query = query.where(outgoing.c.message_id.in_(message_ids)).order_by(receipt.c.message_id)
    found: dict[str, list[int]] = defaultdict(list)
    for row in db.execute(query):
        found[row.message_id].append(row.answered)
    return {message_id: tuple(answered) for message_id, answered in found.items()}


def switch(db: Db, draft: str, agency: str, *, on: bool, by: str, at: datetime) -> bool:
    """Whether this changes anything: receipts on one draft, to one agency, or of one agency in one draft.

    ALL stands for every draft, or every agency.
    """
    here = (receipt_off.c.draft == draft) & (receipt_off.c.agency == agency)
    query = delete(receipt_off).where(here)
    if not on:
        query = insert_new(receipt_off, db, "draft", "agency").values(draft=draft, agency=agency)
    if db.execute(query).rowcount == 0:
        return False
    words = f"switched receipts {'on' if on else 'off'} for {agency or 'all agencies'}"
    audit.write(db, at, by, words, f"draft {draft}" if draft else "receipts")
    return True


def list_off(db: Db) -> tuple[tuple[str, str], ...]:
    """(draft, agency) of every switch that is off; ALL stands for every one."""
    query = select(receipt_off).order_by(receipt_off.c.draft, receipt_off.c.agency)
    return tuple((row.draft, row.agency) for row in db.execute(query))


def is_off(db: Db, draft: str, agencies: Collection[str]) -> bool:
    """Whether receipts on a draft are switched off for any of `agencies`: a body and its member."""
    named = receipt_off.c.agency.in_([ALL, *agencies])
    query = select(receipt_off).where(receipt_off.c.draft.in_([ALL, draft]), named)
    return db.execute(query.limit(1)).first() is not None
