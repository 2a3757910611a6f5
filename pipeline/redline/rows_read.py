"""Tracked rows that come or go, and the words of new tables. See: ECMA-376-1 17.13.5.12 and 17.13.5.17."""

import re
from collections.abc import Iterator

from pipeline.redline.model import Change, ChangeKind, Origin
from pipeline.redline.ooxml import ATOM, DELETING, INSERTING, W
from pipeline.redline.story import Document, Element, Revision, Stream, make_revision

CELL_END, ROW_END = "\t", "\f"
_IN_CELL = re.compile(r"/r\d+/c\d+$")
_SPACES = str.maketrans("\t\n\r\f", "    ")


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


def new_table_words(table: Element) -> str:
    """The rows of a new table as it reads when accepted."""
    return ROW_END.join(_row_words(row) for row in _rows(table))


def find_deleted_rows(changes: list[Change]) -> tuple[str, ...]:
    """What the names of all stories within deleted rows begin with."""
    return tuple(row_prefix(one.story) for one in changes if one.kind is ChangeKind.ROW_DELETION)


def row_prefix(story: str) -> str:
    """What the stories of all cells of a row begin with: "body/t0/r1/" for "body/t0/r1/c0"."""
    return story.rpartition("/")[0] + "/"


def _cell_of(stream: Stream) -> Element | None:
    if not stream.pieces or _IN_CELL.search(stream.name) is None:
        return None
    return next(stream.pieces[-1].element.iterancestors(W + "tc"), None)


def _rows(table: Element) -> list[Element]:
    return [row for row in table.iter(W + "tr") if next(row.iterancestors(W + "tbl"), None) is table]


def _read_table(table: Element, cells: dict[Element, Stream]) -> Iterator[Change]:
    rows = _rows(table)
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
                yield _change(ChangeKind.ROW_INSERTION, model, gap, gap, _row_words(row), revision)


def _revision(row: Element) -> Revision | None:
    properties = row.find(W + "trPr")
    marks = [] if properties is None else [one for one in properties if one.tag in INSERTING | DELETING]
    return make_revision(marks[0]) if len(marks) == 1 else None


def _row_words(row: Element) -> str:
    """The cells of a new row as it reads when accepted; paragraphs within a cell on lines of their own."""
    cells = [cell for cell in row.iter(W + "tc") if next(cell.iterancestors(W + "tr"), None) is row]
    return CELL_END.join("\n".join(_words(one) for one in cell.iter(W + "p")) for cell in cells)


def _words(paragraph: Element) -> str:
    # a w:tab among the properties of a paragraph is a tab stop, not a tab
    parts = (
        part for run in paragraph.iter(W + "r") for part in run.iterchildren(W + "t", W + "tab", W + "br", W + "cr")
    )
    return "".join((part.text or "").translate(_SPACES) if part.tag == W + "t" else " " for part in parts)


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
