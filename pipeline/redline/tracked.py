"""The changes that Word recorded, in offsets of the file's own original view. See: ECMA-376-1 17.13.5."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from pipeline.redline.content import Source, excerpt
from pipeline.redline.fields import find_result, read_result
from pipeline.redline.model import Change, ChangeKind, Origin
from pipeline.redline.ooxml import DELETING, INSERTING, W
from pipeline.redline.opc import Package
from pipeline.redline.revisions import Revision, make_revision
from pipeline.redline.story import Element, Piece, Stream
from pipeline.redline.table_content import excerpt_table
from pipeline.redline.table_words import new_table_words


@dataclass(slots=True, kw_only=True)
class _Edit:
    """Neighbouring pieces revised by one author."""

    start: int
    end: int
    #: of the first piece; the last one gives the date
    revision: Revision
    old: str = ""
    new: str = ""
    #: begins where a paragraph begins
    whole: bool
    #: the new table whose rows `new` holds
    table: Element | None = None
    #: (element, text) of the pieces of `new`
    inserted: list[tuple[Element, str]] = field(default_factory=list)

    def takes(self, revision: Revision, *, deleting: bool) -> bool:
        """Whether a piece that follows directly belongs to this edit."""
        if (revision.author, revision.move) != (self.revision.author, self.revision.move):
            return False
        if not (self.old + self.new).endswith("\n"):
            return True
        # a whole paragraph is a change of its own, so that each can be decided on its own
        if self.old and self.new:
            return False
        return not (self.old and deleting and self.whole and not revision.move)


def read_tracked(stream: Stream, package: Package) -> list[Change]:
    """The tracked changes of a stream of this package in document order."""
    source = Source(package=package, part=stream.part)
    original = stream.original
    found = _edits(stream.pieces)
    kept = _kept_marks(found, original)
    # words before a new table stay before it
    tables = {edit.start for edit in found if edit.table is not None}
    settled = [edit if edit.start in tables else _canonical(edit, kept) for edit in found]
    edits = [part for edit in settled for part in _by_paragraph(edit)]
    return [change for change in _pair_moves(edits, stream.name, source) if change.old != change.new or change.remark]


def read_structure(stream: Stream) -> list[Change]:
    """Remarks on the tracked changes of cells and in the results of fields, which no text can say."""
    remarks: list[Change] = []
    offset = 0
    for piece in stream.pieces:
        if piece.element.tag in _FIELDS and not piece.inserted and not piece.deleted:
            remarks += _read_field(stream, piece, offset)
        revision = piece.inserted or piece.deleted
        part = piece.element.tag in _TABLE_PARTS and (piece.text == "" or piece.inserted)
        if part and revision and not (piece.inserted and piece.deleted):
            remarks.append(_remark(stream, piece, revision, offset))
        if piece.inserted is None:
            offset += len(piece.text)
    return remarks


#: rows and new tables are changes of their own kinds: see rows_read
_TABLE_PARTS = {W + "tc": "table cell"}


def _remark(stream: Stream, piece: Piece, revision: Revision, offset: int) -> Change:
    what = _TABLE_PARTS.get(piece.element.tag, "field")
    words = table_words(piece.element)
    text = f"New {what}: {words}" if piece.inserted else f"Delete this {what}: {words}"
    start = offset if piece.text or offset == 0 else offset - 1
    end = start if piece.text else offset
    return Change(
        kind=ChangeKind.COMMENT,
        origin=Origin.TRACKED,
        story=stream.name,
        start=start,
        end=end,
        old=stream.original[start:end],
        remark=text,
        person=revision.author,
        date=revision.date,
    )


_FIELDS = (W + "fldChar", W + "fldSimple")


def _read_field(stream: Stream, piece: Piece, offset: int) -> Iterator[Change]:
    """A remark on what somebody changed in a result that Word computes: the next update would take it away."""
    texts = [(text, _revision_on(text)) for text in find_result(piece.element)]
    revised = [revision for _, revision in texts if revision is not None]
    old = "".join(text.text or "" for text, on in texts if on is None or on.element.tag in DELETING)
    new = "".join(text.text or "" for text, on in texts if on is None or on.element.tag in INSERTING)
    if revised and old != new:
        remark = _remark(stream, piece, revised[-1], offset)
        words = f'In a field, which Word computes: "{old}" becomes "{new}".'
        yield replace(remark, end=offset + len(piece.text), old=piece.text, remark=words)


def _revision_on(text: Element) -> Revision | None:
    above = next(text.iterancestors(*INSERTING, *DELETING, W + "p"), None)
    return None if above is None or above.tag == W + "p" else make_revision(above)


def table_words(element: Element) -> str:
    """The words of a table, row or cell: rows by line, cells apart by bars."""
    rows = list(element.iter(W + "tr")) or [element]
    lines = []
    for row in rows:
        cells = list(row.iter(W + "tc")) or [row]
        lines.append(" | ".join(" ".join("".join(_texts(cell)).split()) for cell in cells))
    return "\n".join(lines)


def _texts(cell: Element) -> Iterator[str]:
    for part in cell.iter(W + "t", W + "delText", W + "p", W + "tab"):
        yield (part.text or "") if part.tag in (W + "t", W + "delText") else " "


def _edits(pieces: Sequence[Piece]) -> list[_Edit]:
    edits: list[_Edit] = []
    current: _Edit | None = None
    offset, whole = 0, True
    for piece in pieces:
        revision = piece.inserted or piece.deleted
        if not piece.text or (piece.inserted and piece.deleted):
            continue
        if piece.inserted is not None and piece.element.tag == W + "tbl":
            words = new_table_words(piece.element)
            table = _Edit(start=offset, end=offset, revision=piece.inserted, whole=True, new=words, table=piece.element)
            edits.append(table)
            current = None
            continue
        if revision is None:
            current, offset, whole = None, offset + len(piece.text), piece.text == "\n"
            continue
        deleting = piece.inserted is None
        if current is None or not current.takes(revision, deleting=deleting):
            current = _Edit(start=offset, end=offset, revision=revision, whole=whole)
            edits.append(current)
        current.revision = revision
        if deleting:
            offset += len(piece.text)
            current.old, current.end, whole = current.old + piece.text, offset, piece.text == "\n"
        else:
            text = piece.text if revision.move else _readable(piece)
            current.new += text
            current.inserted.append((piece.element, text))
    return edits


def _readable(piece: Piece) -> str:
    """The text of an inserted piece; of a field what it shows, for nothing but its words can be carried over."""
    is_field = piece.element.tag in (W + "fldChar", W + "fldSimple")
    return (read_result(piece.element) or piece.text) if is_field else piece.text


def _kept_marks(edits: list[_Edit], original: str) -> frozenset[int]:
    """The offsets of the paragraph marks that no edit deletes."""
    marks = {match.start() for match in re.finditer("\n", original)}
    for edit in edits:
        marks.difference_update(range(edit.start, edit.end))
    return frozenset(marks)


def _canonical(edit: _Edit, kept: frozenset[int]) -> _Edit:
    """The same edit with a paragraph's mark behind its text. See: docs/analysis/redline.md."""
    if not edit.old and edit.new.startswith("\n") and edit.start in kept:
        edit.new = edit.new[1:] + "\n"
        edit.start, edit.end = edit.start + 1, edit.end + 1
    elif not edit.new and edit.old.startswith("\n") and edit.end in kept:
        edit.old = edit.old[1:] + "\n"
        edit.start, edit.end, edit.whole = edit.start + 1, edit.end + 1, True
    return edit


def _by_paragraph(edit: _Edit) -> list[_Edit]:
    """The deletion of several paragraphs as one for each."""
    if edit.new or edit.revision.move or not edit.whole:
        return [edit]
    parts = []
    start = edit.start
    for line in re.findall(r"[^\n]*\n|[^\n]+", edit.old) or [edit.old]:
        parts.append(_Edit(start=start, end=start + len(line), revision=edit.revision, whole=True, old=line))
        start += len(line)
    return parts


def _pair_moves(edits: list[_Edit], story: str, source: Source) -> Iterator[Change]:
    sources = [edit for edit in edits if edit.revision.move and edit.old and not edit.new]
    targets = [edit for edit in edits if edit.revision.move and edit.new and not edit.old]
    moved: dict[int, _Edit] = {}
    arrived: set[int] = set()
    for one in sources:
        for target in targets:
            if id(target) not in arrived and _is_move(one, target):
                moved[id(one)] = target
                arrived.add(id(target))
                break
    for edit in edits:
        if id(edit) not in arrived:
            there = moved.get(id(edit))
            content = excerpt((there or edit).inserted, source) if edit.table is None else excerpt_table(edit.table)
            change = _change(edit, story, content)
            yield replace(change, kind=ChangeKind.MOVE, target=there.start) if there else change


def _is_move(source: _Edit, target: _Edit) -> bool:
    outside = target.start <= source.start or target.start >= source.end
    return outside and source.old == target.new and source.revision.author == target.revision.author


def _change(edit: _Edit, story: str, content: str) -> Change:
    kind = ChangeKind.REPLACEMENT
    if edit.table is not None:
        kind = ChangeKind.TABLE_INSERTION
    elif not edit.old or not edit.new:
        kind = ChangeKind.INSERTION if edit.new else ChangeKind.DELETION
    return Change(
        kind=kind,
        origin=Origin.TRACKED,
        story=story,
        start=edit.start,
        end=edit.end,
        old=edit.old,
        new=edit.new,
        person=edit.revision.author,
        date=edit.revision.date,
        content=content,
    )
