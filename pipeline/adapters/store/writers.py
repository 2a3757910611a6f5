"""Under which names people of which members have written."""

from collections.abc import Collection

from sqlalchemy import select

from pipeline.adapters.store.database import Db, insert_new
from pipeline.adapters.tables import writer


def note_writer(db: Db, name: str, agency: str) -> bool:
    """Whether this name of a person is new for this member; it is kept. See: `pipeline.core.authors.make_name_key`."""
    rows = db.execute(insert_new(writer, db, "name", "agency"), {"name": name, "agency": agency})
    return rows.rowcount > 0


def find_writers(db: Db, names: Collection[str]) -> dict[str, frozenset[str]]:
    """The members whose people have written under these names; names nobody wrote under are left out."""
    found: dict[str, set[str]] = {}
    for row in db.execute(select(writer).where(writer.c.name.in_(sorted(names)))):
        found.setdefault(row.name, set()).add(row.agency)
    return {name: frozenset(agencies) for name, agencies in found.items()}
