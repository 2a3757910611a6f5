"""Whether anything is new for a person who looks at a page."""

from sqlalchemy import func, select

from pipeline.adapters.store.database import Db
from pipeline.adapters.tables import audit, message, outgoing, recognition


def read_mark(db: Db, person: str) -> str:
    """A mark that changes when a message is recognised or set aside, a mail changes its state, or somebody else acts.

    What `person` does leaves it alone, as far as no message is concerned.
    """
    read = select(func.max(recognition.c.message_id)).scalar_subquery()
    waiting = select(func.count()).where(message.c.attention_open).scalar_subquery()
    settled = select(func.max(outgoing.c.sent_at)).scalar_subquery()
    others = select(func.max(audit.c.id)).where(audit.c.who != person).scalar_subquery()
    row = db.execute(select(read, waiting, settled, others)).one()
    return "-".join(str(value or 0) for value in row).replace(" ", "T")
