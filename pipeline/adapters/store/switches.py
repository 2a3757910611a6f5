"""What a person has switched off for the whole desk; everything is on until then."""

from sqlalchemy import delete, insert, select

from pipeline.adapters.store.database import Db
from pipeline.adapters.tables import switch


def is_on(db: Db, name: str) -> bool:
    """Whether the thing of this name happens."""
    found: bool | None = db.execute(select(switch.c.on).where(switch.c.name == name)).scalar()
    return found is not False


def set_switch(db: Db, name: str, on: bool) -> None:
    """Let the thing of this name happen, or not."""
    db.execute(delete(switch).where(switch.c.name == name))
    db.execute(insert(switch).values(name=name, on=on))
