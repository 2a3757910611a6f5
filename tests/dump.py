"""The whole content as plain values, to hold two databases against each other."""

from datetime import datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import select

from pipeline.adapters.store.database import Db
from pipeline.adapters.tables import metadata


def dump_all(db: Db, without: frozenset[str] = frozenset()) -> dict[str, list[dict[str, Any]]]:
    """Every row of every table by its key, ready for JSON; long bytes are named by their sha256.

    `without` names columns to leave out: "recorded_at", or "message.recorded_at" for one table alone.
    """
    return {
        table.name: [
            {name: _simplify(value) for name, value in row.items() if not without & {name, f"{table.name}.{name}"}}
            for row in db.execute(select(table).order_by(*table.primary_key.columns)).mappings()
        ]
        for table in metadata.sorted_tables
    }


def _simplify(value: object) -> object:
    if isinstance(value, bytes):
        return f"sha256:{sha256(value).hexdigest()}"
    if isinstance(value, datetime):
        return value.isoformat()
    return value
