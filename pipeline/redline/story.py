"""The streams of text of a Word file, each piece with the element it comes from and the revisions on it.

See: docs/analysis/redline.md for what is text and what is not; ECMA-376-1 17.13.5 for revisions.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Literal

from lxml import etree

from pipeline.redline.fields import find_atom_fields, is_atom_instruction
from pipeline.redline.ooxml import ATOM, DELETING, INSERTING, MC, MOVING, M, W
from pipeline.redline.opc import Package, document_part, parse_xml, related_part, relationships

Element = etree._Element


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """Who inserted or deleted a piece."""

    #: the element that says so: w:ins, w:del, w:moveFrom, w:moveTo, w:cellIns, w:cellDel
    element: Element
    #: "" when the file names nobody
    author: str
    #: None when the file gives none
    date: datetime | None
    #: one end of a move
    move: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A stretch of a story that comes from one element."""

    #: "" for marks without width: both ends and the reference of a comment, a revised row or cell
    text: str
    #: w:t and the like; w:p for a paragraph mark; w:tbl for a table; the first w:fldChar of a field
    element: Element
    #: innermost revision that inserted it; None when it stands in the base
    inserted: Revision | None
    #: innermost revision that deletes it
    deleted: Revision | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Stream:
    """A story before anything is accepted or rejected."""

    #: as `Story.name`
    name: str
    #: the part it stands in: "word/document.xml"
    part: str
    pieces: tuple[Piece, ...]

    @property
    def original(self) -> str:
        """The text with every change rejected."""
        return "".join([piece.text for piece in self.pieces if piece.inserted is None])

    @property
    def accepted(self) -> str:
        """The text with every change accepted."""
        return "".join([piece.text for piece in self.pieces if piece.deleted is None])


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """All streams of a Word file and the trees that their pieces point into."""

    package: Package
    #: in the order of `BaseText.stories`
    streams: tuple[Stream, ...]
    #: root element of each part that holds a stream, by name
    roots: dict[str, Element]


def read_document(package: Package) -> Document:
    """The streams of a Word file. Raises: UnreadableFileError."""
    main = package.main_part
    root = parse_xml(document_part(package))
    roots = {main: root}
    body = root.find(W + "body")
    streams = _walk_story("body", main, root if body is None else body)
    for kind in ("footnote", "endnote"):
        streams += _read_notes(package, main, kind, streams, roots)
    for kind in ("header", "footer"):
        streams += _read_margins(package, main, kind, roots)
    return Document(package=package, streams=tuple(streams), roots=roots)


def _read_notes(
    package: Package, main: str, kind: str, streams: list[Stream], roots: dict[str, Element]
) -> list[Stream]:
    part = related_part(package, main, kind + "s")
    if part is None:
        return []
    roots[part] = parse_xml(package.parts[part])
    notes = {note.get(W + "id"): note for note in roots[part].iterchildren(W + kind) if note.get(W + "type") is None}
    reference = W + kind + "Reference"
    pieces = [piece for stream in streams for piece in stream.pieces if piece.element.tag == reference]
    gone = {piece.element.get(W + "id") for piece in pieces if piece.inserted}
    cited = [piece.element.get(W + "id") for piece in pieces if not piece.inserted]
    # notes that nothing refers to come last; notes that are proposed are no stories of the base
    order = dict.fromkeys([*cited, *(note for note in notes if note not in gone)])
    named = [notes[note] for note in order if note in notes]
    return [stream for n, note in enumerate(named, 1) for stream in _walk_story(f"{kind}/{n}", part, note)]


def _read_margins(package: Package, main: str, kind: str, roots: dict[str, Element]) -> list[Stream]:
    targets = {rel_id: target for rel_id, _, target in relationships(package, main) if target in package.parts}
    used = [targets.get(_relation(ref)) for ref in roots[main].iter(W + kind + "Reference")]
    streams: list[Stream] = []
    for number, part in enumerate(dict.fromkeys(part for part in used if part), 1):
        roots[part] = parse_xml(package.parts[part])
        streams += _walk_story(f"{kind}/{number}", part, roots[part])
    return streams


def _relation(element: Element) -> str:
    return next((str(value) for name, value in element.attrib.items() if str(name).endswith("}id")), "")


def make_revision(element: Element) -> Revision:
    """The revision that an element states."""
    return Revision(
        element=element,
        author=(element.get(W + "author") or "").strip(),
        date=parse_date(element.get(W + "date")),
        move=element.tag in MOVING,
    )


def parse_date(text: str | None) -> datetime | None:
    """The instant of a w:date; Word writes local times as if they were UTC, so it is only as good as that."""
    try:
        date = datetime.fromisoformat((text or "").strip())
    except ValueError:
        return None
    return date if date.tzinfo else date.replace(tzinfo=UTC)


# --- The walk ---------------------------------------------------------------------------------------------------

_P, _TBL, _TR, _TC, _R, _SDT = W + "p", W + "tbl", W + "tr", W + "tc", W + "r", W + "sdt"
_PROPERTIES = """
    pPr rPr tcPr trPr tblPr tblPrEx tblGrid sectPr sdtPr sdtEndPr smartTagPr customXmlPr dirPr rubyPr fldData
"""
_MARKERS = """
    bookmarkStart bookmarkEnd proofErr permStart permEnd moveFromRangeStart moveFromRangeEnd moveToRangeStart
    moveToRangeEnd customXmlInsRangeStart customXmlInsRangeEnd customXmlDelRangeStart customXmlDelRangeEnd
    customXmlMoveFromRangeStart customXmlMoveFromRangeEnd customXmlMoveToRangeStart customXmlMoveToRangeEnd
    lastRenderedPageBreak softHyphen annotationRef footnoteRef endnoteRef separator continuationSeparator
    instrText delInstrText fldChar subDoc rt
"""
#: elements that leave the text alone
_SILENT = frozenset(W + name for name in (_PROPERTIES + _MARKERS).split())
_ANCHORS = frozenset({W + "commentRangeStart", W + "commentRangeEnd", W + "commentReference"})
_FIXED = {W + "tab": "\t", W + "ptab": "\t", W + "br": "\v", W + "cr": "\v", W + "noBreakHyphen": "-"}
_TEXT = frozenset({W + "t", W + "delText"})
_HOLDERS = {_SDT: W + "sdtContent", W + "ruby": W + "rubyBase"}
_ONE_SPACE = str.maketrans("\n\r\v", "   ")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Under:
    """The revisions that enclose an element."""

    inserted: Revision | None = None
    deleted: Revision | None = None

    def plus(self, element: Element) -> "_Under":
        if element.tag in INSERTING:
            return replace(self, inserted=make_revision(element))
        return replace(self, deleted=make_revision(element))

    def marked(self, properties: Element | None) -> "_Under":
        """With the revisions that properties of a mark or row state."""
        under = self
        for child in () if properties is None else properties:
            if child.tag in INSERTING or child.tag in DELETING:
                under = under.plus(child)
        return under


def _walk_story(name: str, part: str, container: Element) -> list[Stream]:
    """The stream of a story and those of the cells and text boxes in it."""
    walk = _Walk(name, part)
    walk.blocks(container, _Under())
    pieces = _settle_marks(walk.pieces, container)
    return [Stream(name=name, part=part, pieces=tuple(pieces)), *walk.inner]


class _Walk:
    """One walk over one story."""

    def __init__(self, name: str, part: str) -> None:
        self.name = name
        self.part = part
        self.pieces: list[Piece] = []
        self.inner: list[Stream] = []
        self._tables = 0
        self._boxes = 0
        self._atom_fields: frozenset[Element] = frozenset()
        self._field_depth = 0

    def add(self, text: str, element: Element, under: _Under) -> None:
        self.pieces.append(Piece(text=text, element=element, inserted=under.inserted, deleted=under.deleted))

    def blocks(self, container: Element, under: _Under) -> None:
        for child in container:
            tag = child.tag
            if tag == _P:
                self.paragraph(child, under)
            elif tag == _TBL:
                self.table(child, under)
            elif tag in INSERTING or tag in DELETING:
                self.blocks(child, under.plus(child))
            elif tag in _ANCHORS:
                self.add("", child, under)
            elif isinstance(tag, str) and tag not in _SILENT:
                self.other(child, under, inline=False)

    def paragraph(self, paragraph: Element, under: _Under) -> None:
        self._atom_fields, self._field_depth = find_atom_fields(paragraph), 0
        self.inline(paragraph, under)
        self.add("\n", paragraph, under.marked(paragraph.find(f"{W}pPr/{W}rPr")))

    def inline(self, container: Element, under: _Under) -> None:
        for child in container:
            tag = child.tag
            if tag == _R:
                self.run(child, under)
            elif tag in INSERTING or tag in DELETING:
                self.inline(child, under.plus(child))
            elif tag in _ANCHORS:
                self.add("", child, under)
            elif isinstance(tag, str) and tag not in _SILENT and tag != _P:
                self.other(child, under, inline=True)

    def other(self, element: Element, under: _Under, *, inline: bool) -> None:
        """A container is walked through, anything else is an atom."""
        if inline and self._field_depth:
            return
        inside = _contents(element)
        simple_field = element.tag == W + "fldSimple" and is_atom_instruction(element.get(W + "instr", ""))
        empty = next(inside.iter(_R if inline else _P), None) is None
        if empty and element.tag == _SDT and all(child.tag in _SILENT for child in inside):
            # a content control without content: what is moved or deleted out of it leaves it so
            return
        if simple_field or element.tag.startswith(M) or empty:
            self.atom(element, under)
        elif inline:
            self.inline(inside, under)
        else:
            self.blocks(inside, under)

    def run(self, run: Element, under: _Under) -> None:
        for child in run:
            tag = child.tag
            if tag == W + "fldChar":
                self.field_mark(child, under)
            elif self._field_depth or tag in _SILENT or not isinstance(tag, str):
                continue
            elif tag in _TEXT:
                self.add((child.text or "").translate(_ONE_SPACE), child, under)
            elif tag in _FIXED:
                self.add(_FIXED[tag], child, under)
            elif tag in _ANCHORS:
                self.add("", child, under)
            elif tag == W + "ruby":
                self.inline(_contents(child), under)
            else:
                self.atom(child, under)

    def field_mark(self, mark: Element, under: _Under) -> None:
        kind = mark.get(W + "fldCharType")
        if kind == "begin" and self._field_depth:
            self._field_depth += 1
        elif kind == "begin" and mark in self._atom_fields:
            self._field_depth = 1
            self.add(ATOM, mark, under)
        elif kind == "end" and self._field_depth:
            self._field_depth -= 1

    def atom(self, element: Element, under: _Under) -> None:
        self.add(ATOM, element, under)
        if under.inserted is None:
            for box in _contents(element).iter(W + "txbxContent"):
                self.inner += _walk_story(f"{self.name}/x{self._boxes}", self.part, box)
                self._boxes += 1

    def table(self, table: Element, under: _Under) -> None:
        rows = [(row, above.marked(row.find(W + "trPr"))) for row, above in _parts(table, _TR, under)]
        whole = _common(rows, under)
        self.add(ATOM, table, whole)
        if whole.inserted is not None:
            return
        name = f"{self.name}/t{self._tables}"
        self._tables += 1
        number = 0
        for row, row_under in rows:
            if row_under.inserted or (row_under.deleted and not whole.deleted):
                self.add("", row, row_under)
            if row_under.inserted is None:
                self.row(row, f"{name}/r{number}", row_under)
                number += 1

    def row(self, row: Element, name: str, under: _Under) -> None:
        number = 0
        for cell, above in _parts(row, _TC, under):
            inserted, deleted = (cell.find(f"{W}tcPr/{W}{mark}") for mark in ("cellIns", "cellDel"))
            if inserted is not None:
                self.add("", cell, replace(above, inserted=make_revision(inserted)))
                continue
            if deleted is not None:
                self.add("", cell, replace(above, deleted=make_revision(deleted)))
            self.inner += _walk_story(f"{name}/c{number}", self.part, cell)
            number += 1


def _contents(element: Element) -> Element:
    """The element that holds what an element shows."""
    if element.tag == MC + "AlternateContent" and len(element):
        return element[0]
    holder = _HOLDERS.get(str(element.tag))
    content = None if holder is None else element.find(holder)
    return element if content is None else content


def _parts(container: Element, tag: str, under: _Under) -> Iterator[tuple[Element, _Under]]:
    """The rows of a table or the cells of a row, through everything that may stand between."""
    for child in container:
        if child.tag == tag:
            yield child, under
        elif child.tag in INSERTING or child.tag in DELETING:
            yield from _parts(child, tag, under.plus(child))
        elif isinstance(child.tag, str) and child.tag not in _SILENT:
            yield from _parts(_contents(child), tag, under)


def _common(rows: Iterable[tuple[Element, _Under]], under: _Under) -> _Under:
    """The revisions on a table as a whole: those that are on each of its rows."""
    all_under = [row_under for _, row_under in rows]
    if not all_under:
        return under
    inserted = all_under[0].inserted if all(row.inserted for row in all_under) else None
    deleted = all_under[0].deleted if all(row.deleted for row in all_under) else None
    return _Under(inserted=inserted, deleted=deleted)


def _settle_marks(pieces: list[Piece], container: Element) -> list[Piece]:
    """The pieces with a mark at the end, and with marks kept where nothing is left to join with."""
    if not any(piece.text == "\n" for piece in pieces[-1:]):
        last = next((piece for piece in reversed(pieces) if piece.text), None)
        if last is None or last.text != "\n":
            pieces = [*pieces, Piece(text="\n", element=container, inserted=None, deleted=None)]
    settled: list[Piece] = []
    before, after = _Line(), _Line()
    following = zip(_following(pieces, "inserted"), _following(pieces, "deleted"), strict=True)
    for piece, (rejected, accepted) in zip(pieces, following, strict=True):
        if piece.text == "\n" and piece.inserted and _ends_lines(rejected) and before.must_end(last=rejected is None):
            piece = replace(piece, inserted=None)
        if piece.text == "\n" and piece.deleted and _ends_lines(accepted) and after.must_end(last=accepted is None):
            piece = replace(piece, deleted=None)
        if piece.inserted is None:
            before.take(piece)
        if piece.deleted is None:
            after.take(piece)
        settled.append(piece)
    return settled


def _following(pieces: list[Piece], unless: Literal["inserted", "deleted"]) -> list[Piece | None]:
    """For each piece the next one that has width in one view: a table that comes and goes parts nothing in the other.

    A mark of the other view counts: whether it stays is not known yet.
    """
    following: list[Piece | None] = []
    coming: Piece | None = None
    for piece in reversed(pieces):
        following.append(coming)
        if piece.text and (piece.element.tag != _TBL or getattr(piece, unless) is None):
            coming = piece
    return following[::-1]


def _ends_lines(following: Piece | None) -> bool:
    """Whether a paragraph before this piece has nothing to join with."""
    return following is None or following.element.tag == _TBL


class _Line:
    """What one view of a story holds since its last mark."""

    def __init__(self) -> None:
        self._anything = False
        self._words = False
        self._table = False

    def take(self, piece: Piece) -> None:
        if piece.text:
            self._anything = True
            self._table = piece.element.tag == _TBL
            self._words = piece.text != "\n" and not self._table

    def must_end(self, *, last: bool) -> bool:
        return self._words or (last and (self._table or not self._anything))
