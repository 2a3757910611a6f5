"""Everything that goes along to another installation: rows as JSON lines, files beside them.

Accounts stay behind: who may sign in is decided anew where the archive arrives. See: docs/analysis/hand-over.md.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from functools import cache
from hashlib import sha256
from itertools import islice
from typing import Any

from sqlalchemy import Column, LargeBinary, Table, insert, select, text, update

from pipeline.adapters.columns import Instant
from pipeline.adapters.store.database import Db
from pipeline.adapters.tables import account, metadata, sending_stop
from pipeline.errors import UsageError

Row = dict[str, Any]

#: what belongs to one installation
_STAYING = (account, sending_stop)
#: rows written at a time
_MANY = 500
#: column of bytes -> name of the file that holds them, from its row and their sha256
_FILES: dict[str, Callable[[Row, str], str]] = {
    "raw_message.content": lambda row, digest: f"mail/{digest}.eml",
    "revision.docx": lambda row, digest: f"texts/{_plain(row['draft'])}_{_plain(row['name'])}_{digest[:8]}.docx",
    "outgoing.raw": lambda row, digest: f"sent/{row['id']}.eml",
}


def list_tables() -> tuple[str, ...]:
    """The names of the tables that travel, those that others refer to first."""
    return tuple(table.name for table in metadata.sorted_tables if table not in _STAYING)


def is_empty(db: Db) -> bool:
    """Whether nothing that travels is in the database yet."""
    return not any(db.execute(select(metadata.tables[name]).limit(1)).first() for name in list_tables())


def read_lines(db: Db, name: str) -> Iterator[str]:
    """The rows of one table by their keys, each a JSON object in ASCII; bytes are named by their file."""
    table = metadata.tables[name]
    for row in _read_rows(db, table):
        yield json.dumps({column.name: _simplify(column, row) for column in table.c}, separators=(",", ":"))


def read_files(db: Db) -> Iterator[tuple[str, bytes]]:
    """Every file the rows name, with its content."""
    for name in list_tables():
        table = metadata.tables[name]
        columns = [column for column in table.c if isinstance(column.type, LargeBinary)]
        for row in _read_rows(db, table) if columns else ():
            for column in columns:
                yield _name_file(column, row), row[column.name]


def read_last_keys(db: Db) -> dict[str, int]:
    """The highest key ever given, by table, where a key is never given twice. SQLite only."""
    if db.dialect.name != "sqlite":
        return {}
    found = db.execute(text("SELECT name, seq FROM sqlite_sequence")).all()
    return {row.name: row.seq for row in found if row.name in list_tables()}


def load_lines(db: Db, name: str, lines: Iterable[str], read_file: Callable[[str], bytes]) -> int:
    """How many rows were written into one table, as `read_lines` gave them.

    Raises: UsageError for a table or column this program does not know.
    """
    table, number = metadata.tables.get(name), 0
    if table is None or table in _STAYING:
        raise UsageError(f"The archive has a table {name} that this program does not know: install a newer one.")
    rows = (_read_row(table, json.loads(line), read_file) for line in lines)
    links = [column.name for column in table.c if any(key.column.table is table for key in column.foreign_keys)]
    linked: list[Row] = []
    while batch := list(islice(rows, _MANY)):
        # A row may refer to a later one of its own table: such references are put in when all are there.
        linked += [{key: row[key] for key in ("id", *links)} for row in batch if any(row[link] for link in links)]
        db.execute(insert(table), [{**row, **dict.fromkeys(links)} for row in batch])
        number += len(batch)
    for row in linked:
        db.execute(update(table).where(table.c.id == row["id"]).values({link: row[link] for link in links}))
    return number


def load_last_keys(db: Db, keys: dict[str, int]) -> None:
    """Give no key again that was given where the rows come from."""
    for name in sorted(keys.keys() & set(list_tables())):
        db.execute(text("DELETE FROM sqlite_sequence WHERE name = :name"), {"name": name})
        db.execute(
            text("INSERT INTO sqlite_sequence (name, seq) VALUES (:name, :seq)"), {"name": name, "seq": keys[name]}
        )


def _read_rows(db: Db, table: Table) -> Iterator[Row]:
    query = select(table).order_by(*table.primary_key.columns).execution_options(yield_per=100)
    for row in db.execute(query).mappings():
        yield dict(row)


def _simplify(column: Column[Any], row: Row) -> object:
    value = row[column.name]
    if isinstance(value, bytes):
        return _name_file(column, row)
    if isinstance(value, datetime):
        return value.isoformat()
    return json.loads(value) if column.info.get("json") else value


def _name_file(column: Column[Any], row: Row) -> str:
    digest = sha256(row[column.name]).hexdigest()
    name = _FILES.get(f"{column.table.name}.{column.name}")
    return name(row, digest) if name else f"files/{digest}"


def _plain(name: str) -> str:
    """`name` as far as every file system takes it."""
    return re.sub(r"[^A-Za-z0-9.-]", "_", name).lstrip(".")


def _read_row(table: Table, found: Row, read_file: Callable[[str], bytes]) -> Row:
    """The values of one row. Raises: UsageError for a column this program does not know."""
    if unknown := sorted(found.keys() - set(table.c.keys())):
        raise UsageError(f"The archive has a column {table.name}.{unknown[0]} that this program does not know.")
    return {name: _READERS[_find_kind(table.c[name])](value, read_file) for name, value in found.items()}


@cache
def _find_kind(column: Column[Any]) -> str:
    if isinstance(column.type, Instant | LargeBinary):
        return type(column.type).__name__
    return "json" if column.info.get("json") else "plain"


_READERS: dict[str, Callable[[Any, Callable[[str], bytes]], Any]] = {
    "Instant": lambda value, read_file: None if value is None else datetime.fromisoformat(value),
    "LargeBinary": lambda value, read_file: None if value is None else read_file(value),
    "json": lambda value, read_file: json.dumps(value, separators=(",", ":")),
    "plain": lambda value, read_file: value,
}
