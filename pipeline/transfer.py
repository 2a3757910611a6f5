"""Take everything along: one archive in open formats, and an empty installation filled from it.

See: docs/analysis/hand-over.md.
"""

import csv
import io
import json
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from pipeline.adapters import store
from pipeline.adapters.bundle import Reader, read_bundle, write_bundle
from pipeline.adapters.store.database import HEAD
from pipeline.core.entry import Entry
from pipeline.errors import UsageError
from pipeline.overview import Board, read_board

#: the version of the layout of an archive
LAYOUT = 1
_MANIFEST, _BOARD, _GUIDE = "manifest.json", "board.csv", "README.txt"

_GUIDE_WORDS = """An archive of Penholder: everything one installation knew, in open formats.

board.csv       where every agency stands in every round; UTF-8, for people
tables/*.jsonl  one JSON object a line; what `penholder import` reads
mail/*.eml      every message that came in, as the server showed it; named by its sha256
sent/*.eml      every message that was made here, sent or not; named by its number in tables/outgoing.jsonl
texts/*.docx    every revision of every draft
manifest.json   the sha256 of each part

It holds all mail as it came, what lies in quarantine included: keep it as you keep the mailbox, and open no file of it
that you do not expect. Accounts and passwords are not in it.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Transferred:
    """What an archive holds."""

    #: rows by table
    rows: dict[str, int]
    #: messages, texts and mails as files of their own
    files: int
    #: when the archive was made
    made_at: datetime


# --- Out --------------------------------------------------------------------------------------------------------


def export_all(database: store.Database, target: Path, now: datetime) -> Transferred:
    """What was written to `target`: a zip file when it ends in .zip, else a folder. The same state, the same parts.

    Raises: UsageError when `target` is there already.
    """
    with write_bundle(target) as writer, database.read() as db:
        rows = {
            name: writer.put(
                f"tables/{name}.jsonl", (f"{line}\n".encode() for line in store.travel.read_lines(db, name))
            )
            for name in store.travel.list_tables()
        }
        files = 0
        for name, content in store.travel.read_files(db):
            if name not in writer.digests:
                writer.put(name, [content])
                files += 1
        writer.put(_BOARD, [_write_board(database, now)])
        writer.put(_GUIDE, [_GUIDE_WORDS.encode()])
        last_keys = store.travel.read_last_keys(db)
        manifest = {
            "format": "penholder-archive",
            "layout": LAYOUT,
            "schema": HEAD,
            "made_at": now.isoformat(),
            "rows": rows,
            "last_keys": last_keys,
            "parts": dict(sorted(writer.digests.items())),
        }
        writer.put(_MANIFEST, [json.dumps(manifest, indent=1).encode()])
    return Transferred(rows=rows, files=files, made_at=now)


def _write_board(database: store.Database, now: datetime) -> bytes:
    """The board as CSV, UTF-8; only its heading before a roster was imported."""
    file = io.StringIO()
    rows = csv.writer(file, lineterminator="\n")
    rows.writerow(("round", "draft", "revision", "purpose", "deadline", "agency", "state", "since", "message"))
    with suppress(UsageError):
        rows.writerows(list_states(read_board(database, now)))
    return file.getvalue().encode()


def list_states(board: Board) -> Iterator[tuple[object, ...]]:
    """One row for each round and agency: what the board shows, for programs and for spreadsheets."""
    for each in sorted(board.rounds, key=lambda each: each.round.id):
        asked = (each.round.id, each.draft.code, each.round.revision, each.round.purpose.value)
        for one in each.responses:
            until, since = one.deadline.local.isoformat(), one.since.isoformat()
            yield *asked, until, one.agency, one.state.value, since, one.by or ""


# --- In ---------------------------------------------------------------------------------------------------------


def import_all(database: store.Database, source: Path, now: datetime, *, dry_run: bool = False) -> Transferred:
    """What came from the archive `source` into an empty database, all of it in one transaction.

    No mail leaves afterwards until a person lets it. A dry run checks the same in a database that is thrown away.
    Raises: UsageError when the database is not empty, or the archive is damaged, of a newer program, or none at all.
    """
    with database.read() as db:
        if db.dialect.name != "sqlite":
            raise UsageError("An archive is imported into SQLite: set [store] url to sqlite:///penholder.db.")
        if not store.travel.is_empty(db):
            raise UsageError("There is something in this database already: import into an empty one.")
    with read_bundle(source) as reader:
        manifest = _read_manifest(reader, source)
        if not dry_run:
            return _load(database, reader, manifest, now)
        with tempfile.TemporaryDirectory(prefix="penholder-import-") as folder:
            tried = store.open_database(f"sqlite:///{folder}/penholder.db")
            try:
                return _load(tried, reader, manifest, now)
            finally:
                tried.dispose()


def _read_manifest(reader: Reader, source: Path) -> Entry:
    """The manifest, with the digests of all parts given to the reader. Raises: UsageError."""
    try:
        values = json.loads(reader.read_unchecked(_MANIFEST))
    except ValueError:
        values = None
    if not isinstance(values, dict) or values.get("format") != "penholder-archive":
        raise UsageError(f"{source} is no archive of Penholder: name what penholder export wrote.")
    manifest = Entry(place=f"{source.name}, {_MANIFEST}", values=values)
    if manifest.get_number("layout") > LAYOUT or manifest.get_text("schema") > HEAD:
        raise UsageError(f"{source} was written by a newer Penholder: install that one here, then import.")
    reader.digests = {str(name): str(digest) for name, digest in manifest.get_entry("parts").values.items()}
    return manifest


def _load(database: store.Database, reader: Reader, manifest: Entry, now: datetime) -> Transferred:
    """What was written. Raises: UsageError when anything of it is damaged."""
    counts = manifest.get_entry("rows")
    with database.begin() as db:
        rows = {name: _load_table(db, reader, counts, name) for name in _sort_tables(counts)}
        keys = manifest.get_entry("last_keys")
        store.travel.load_last_keys(db, {name: keys.get_number(name) for name in keys.values})
        if damage := store.checks.find_damage(db):
            raise UsageError("The archive is damaged; nothing of it was taken. " + " ".join(damage))
        why = f"This database was imported from an archive of {manifest.get_instant('made_at'):%d %B %Y}."
        store.sending.stop(db, why, now)
    files = sum(name.split("/")[0] in {"mail", "sent", "texts", "files"} for name in reader.digests)
    return Transferred(rows=rows, files=files, made_at=manifest.get_instant("made_at"))


def _sort_tables(counts: Entry) -> tuple[str, ...]:
    """The tables of an archive in the order in which they can be filled; unknown ones last."""
    known = store.travel.list_tables()
    return (*(name for name in known if name in counts.values), *(name for name in counts.values if name not in known))


def _load_table(db: store.Db, reader: Reader, counts: Entry, name: str) -> int:
    """How many rows came. Raises: UsageError when some are missing."""
    lines = reader.read(f"tables/{name}.jsonl").decode("ascii").splitlines()
    number = store.travel.load_lines(db, name, lines, reader.read)
    if number != counts.get_number(name):
        raise UsageError(f"tables/{name}.jsonl has {number} rows, the manifest names {counts.values[name]}.")
    return number
