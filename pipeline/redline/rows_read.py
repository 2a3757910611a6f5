"""Tracked rows that come or go. See: ECMA-376-1 17.13.5.12 and 17.13.5.17."""

import re
from collections.abc import Collection, Iterator
from dataclasses import replace

from pipeline.redline.model import Change, ChangeKind, Origin
from pipeline.redline.ooxml import ATOM, DELETING, INSERTING, W
from pipeline.redline.revisions import Revision, make_revision
from pipeline.redline.story import Document, Element, Stream
from pipeline.redline.table_content import excerpt_table
from pipeline.redline.table_words import list_rows, new_row_words, new_table_words

_IN_CELL = re.compile(r"/r\d+/c\d+$")


def read_rows(document: Document) -> list[Change]:
    """Rows inserted and deleted in tables that stay, in offsets of the file's original view."""
    tables = [table for stream in document.streams if not stream.plain for table in _find_tables(stream)]
    if not tables:
        return []
    cells = {cell: stream for stream in document.streams if (cell := _cell_of(stream)) is not None}
    return [change for table in tables for change in _read_table(table, cells)]


def _find_tables(stream: Stream) -> list[Element]:
    """The tables that stay, in a stream with revised rows."""
    if not any(not piece.text and piece.element.tag == W + "tr" for piece in stream.pieces):
        return []
    atoms = (piece for piece in stream.pieces if piece.text == ATOM and not piece.inserted and not piece.deleted)
    return [piece.element for piece in atoms if piece.element.tag == W + "tbl"]


def read_silent_tables(document: Document, names: Collection[str]) -> list[Change]:
    """The tables of these names ("body/t3") as new ones that nobody marked, in offsets of the file's original view."""
    changes: list[Change] = []
    for stream in document.streams if names else ():
        number = offset = 0
        for piece in stream.pieces:
            if piece.inserted is not None:
                continue
            if piece.element.tag == W + "tbl" and piece.text:
                if f"{stream.name}/t{number}" in names and not piece.deleted:
                    changes.append(_silent_table(stream, offset, piece.element))
                number += 1
            offset += len(piece.text)
    return changes


def _silent_table(stream: Stream, offset: int, table: Element) -> Change:
    return Change(
        kind=ChangeKind.TABLE_INSERTION,
        origin=Origin.SILENT,
        story=stream.name,
        start=offset,
        end=offset,
        old="",
        new=new_table_words(table),
        content=excerpt_table(table),
    )


def find_deleted_rows(changes: list[Change]) -> tuple[str, ...]:
    """What the names of all stories within deleted rows begin with."""
    return tuple(row_prefix(one.story) for one in changes if one.kind is ChangeKind.ROW_DELETION)


def row_prefix(story: str) -> str:
    """What the stories of all cells of a row begin with: "body/t0/r1/" for "body/t0/r1/c0"."""
    return story.rpartition("/")[0] + "/"


def _cell_of(stream: Stream) -> Element | None:
    if not stream.pieces or _IN_CELL.search(stream.name) is None:
        return None
    above = stream.pieces[-1].element.getparent()
    while above is not None and above.tag != W + "tc":
        above = above.getparent()
    return above


def _read_table(table: Element, cells: dict[Element, Stream]) -> Iterator[Change]:
    rows = list_rows(table)
    firsts = [next((cells[one] for one in row.iter(W + "tc") if one in cells), None) for row in rows]
    for place, row in enumerate(rows):
        first, revision = firsts[place], _revision(row)
        if revision is None:
            continue
        if first is not None and revision.element.tag in DELETING:
            yield _change(ChangeKind.ROW_DELETION, first, 0, len(first.original), "", revision)
        elif first is None and revision.element.tag in INSERTING:
            after = next((one for one in firsts[place:] if one is not None), None)
            before = next((one for one in reversed(firsts[:place]) if one is not None), None)
            model = after or before
            if model is not None:
                gap = 0 if after is not None else len(model.original)
                change = _change(ChangeKind.ROW_INSERTION, model, gap, gap, new_row_words(row), revision)
                yield replace(change, content=excerpt_table(row))


def _revision(row: Element) -> Revision | None:
    properties = row.find(W + "trPr")
    marks = [] if properties is None else [one for one in properties if one.tag in INSERTING | DELETING]
    return make_revision(marks[0]) if len(marks) == 1 else None


def _change(kind: ChangeKind, stream: Stream, start: int, end: int, new: str, revision: Revision) -> Change:
    return Change(
        kind=kind,
        origin=Origin.TRACKED,
        story=stream.name,
        start=start,
        end=end,
        old=stream.original[start:end],
        new=new,
        person=revision.author,
        date=revision.date,
    )
