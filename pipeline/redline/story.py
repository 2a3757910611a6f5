"""The streams of text of a Word file, each piece with the element it comes from and the revisions on it.

See: docs/analysis/redline.md for what is text and what is not; ECMA-376-1 17.13.5 for revisions.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from typing import NamedTuple

from lxml import etree

from pipeline.redline.condense import PLAIN, Part, open_condensed, open_whole
from pipeline.redline.fields import find_atom_fields, is_atom_instruction
from pipeline.redline.ooxml import ATOM, DELETING, INSERTING, MC, M, W
from pipeline.redline.opc import Package, document_part, related_part, relationships
from pipeline.redline.revisions import Revision, Under, make_revision

Element = etree._Element


class Piece(NamedTuple):
    """A stretch of a story that comes from one element; a tuple, because a file has thousands of them."""

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
    #: the text with every change rejected
    original: str
    #: nothing but words that stand in the base: no piece is revised, an object, or a mark without width
    plain: bool

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
    return _read_document(package, open_whole)


def read_plainly(package: Package) -> Document:
    """As `read_document`, for reading only: the elements of plain paragraphs hold nothing but properties and text."""
    return _read_document(package, partial(open_condensed, properties=True))


def read_condensed(package: Package) -> Document:
    """As `read_plainly`, and one piece and element may stand for several plain paragraphs."""
    return _read_document(package, partial(open_condensed, properties=False))


_Open = Callable[[str, bytes], Part]


def _read_document(package: Package, open_part: _Open) -> Document:
    main = open_part(package.main_part, document_part(package))
    roots = {main.name: main.root}
    body = main.root.find(W + "body")
    streams = _walk_story("body", main, main.root if body is None else body)
    for kind in ("footnote", "endnote"):
        streams += _read_notes(package, open_part, kind, streams, roots)
    for kind in ("header", "footer"):
        streams += _read_margins(package, open_part, kind, roots)
    return Document(package=package, streams=tuple(streams), roots=roots)


def _read_notes(
    package: Package, open_part: _Open, kind: str, streams: list[Stream], roots: dict[str, Element]
) -> list[Stream]:
    name = related_part(package, package.main_part, kind + "s")
    if name is None:
        return []
    part = open_part(name, package.parts[name])
    roots[name] = part.root
    notes = {note.get(W + "id"): note for note in part.root.iterchildren(W + kind) if note.get(W + "type") is None}
    reference = W + kind + "Reference"
    atoms = [piece for stream in streams if not stream.plain for piece in stream.pieces if piece.text == ATOM]
    pieces = [piece for piece in atoms if piece.element.tag == reference]
    gone = {piece.element.get(W + "id") for piece in pieces if piece.inserted}
    cited = [piece.element.get(W + "id") for piece in pieces if not piece.inserted]
    # notes that nothing refers to come last; notes that are proposed are no stories of the base
    order = dict.fromkeys([*cited, *(note for note in notes if note not in gone)])
    named = [notes[note] for note in order if note in notes]
    return [stream for n, note in enumerate(named, 1) for stream in _walk_story(f"{kind}/{n}", part, note)]


def _read_margins(package: Package, open_part: _Open, kind: str, roots: dict[str, Element]) -> list[Stream]:
    main = package.main_part
    targets = {rel_id: target for rel_id, _, target in relationships(package, main) if target in package.parts}
    used = [targets.get(_relation(ref)) for ref in roots[main].iter(W + kind + "Reference")]
    streams: list[Stream] = []
    for number, name in enumerate(dict.fromkeys(name for name in used if name), 1):
        part = open_part(name, package.parts[name])
        roots[name] = part.root
        streams += _walk_story(f"{kind}/{number}", part, part.root)
    return streams


def _relation(element: Element) -> str:
    return next((str(value) for name, value in element.attrib.items() if str(name).endswith("}id")), "")


# --- The walk ---------------------------------------------------------------------------------------------------

_PPR, _RPR, _TCPR = W + "pPr", W + "rPr", W + "tcPr"
_CELL_MARKS = (W + "cellIns", W + "cellDel")
_FIELD_MARK, _RUBY = W + "fldChar", W + "ruby"
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


_NOTHING = Under()
_NO_FIELDS: frozenset[Element] = frozenset()


def _walk_story(name: str, part: Part, container: Element) -> list[Stream]:
    """The stream of a story and those of the cells and text boxes in it."""
    if part.plain and (paragraph := _only_plain(container)) is not None:
        return [_make_plain(name, part, paragraph)]
    walk = _Walk(name, part)
    walk.blocks(container, _NOTHING)
    pieces = _end_with_mark(walk.pieces, container)
    plain = not any(piece.inserted or piece.deleted or piece.text in ("", ATOM) for piece in pieces)
    if not plain:
        pieces = _settle_marks(pieces)
    original = "".join([piece.text for piece in pieces if piece.inserted is None])
    return [Stream(name=name, part=part.name, pieces=tuple(pieces), original=original, plain=plain), *walk.inner]


def _only_plain(container: Element) -> Element | None:
    """The paragraph that is all a cell or note holds, when it is boiled down."""
    size = len(container)
    if not size or size > 2 or (size == 2 and container[0].tag != _TCPR):
        return None
    last = container[-1]
    return last if PLAIN in last.attrib else None


def _make_plain(name: str, part: Part, paragraph: Element) -> Stream:
    words = paragraph[-1][0].text or ""
    mark = Piece(text="\n", element=paragraph, inserted=None, deleted=None)
    pieces = (Piece(text=words, element=paragraph, inserted=None, deleted=None), mark) if words else (mark,)
    return Stream(name=name, part=part.name, pieces=pieces, original=words + "\n", plain=True)


class _Walk:
    """One walk over one story."""

    def __init__(self, name: str, part: Part) -> None:
        self.name = name
        self.part = part
        self.pieces: list[Piece] = []
        self.inner: list[Stream] = []
        self._tables = 0
        self._boxes = 0
        self._atom_fields: frozenset[Element] = _NO_FIELDS
        self._field_depth = 0

    def add(self, text: str, element: Element, under: Under) -> None:
        # by position, which is faster: a file has thousands of them
        self.pieces.append(Piece(text, element, under.inserted, under.deleted))

    def blocks(self, container: Element, under: Under) -> None:
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

    def paragraph(self, paragraph: Element, under: Under) -> None:
        if self.part.plain and PLAIN in paragraph.attrib:
            if words := paragraph[-1][0].text:
                self.add(words, paragraph, under)
            self.add("\n", paragraph, under)
            return
        self._atom_fields = find_atom_fields(paragraph) if self.part.fields else _NO_FIELDS
        self._field_depth = 0
        self.inline(paragraph, under)
        properties = paragraph.find(_PPR)
        self.add("\n", paragraph, under.marked(None if properties is None else properties.find(_RPR)))

    def inline(self, container: Element, under: Under) -> None:
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

    def other(self, element: Element, under: Under, *, inline: bool) -> None:
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

    def run(self, run: Element, under: Under) -> None:
        for child in run:
            tag = child.tag
            if tag == _FIELD_MARK:
                self.field_mark(child, under)
            elif self._field_depth or tag in _SILENT or not isinstance(tag, str):
                continue
            elif tag in _TEXT:
                self.add(_in_one_line(child.text or ""), child, under)
            elif tag in _FIXED:
                self.add(_FIXED[tag], child, under)
            elif tag in _ANCHORS:
                self.add("", child, under)
            elif tag == _RUBY:
                self.inline(_contents(child), under)
            else:
                self.atom(child, under)

    def field_mark(self, mark: Element, under: Under) -> None:
        kind = mark.get(W + "fldCharType")
        if kind == "begin" and self._field_depth:
            self._field_depth += 1
        elif kind == "begin" and mark in self._atom_fields:
            self._field_depth = 1
            self.add(ATOM, mark, under)
        elif kind == "end" and self._field_depth:
            self._field_depth -= 1

    def atom(self, element: Element, under: Under) -> None:
        self.add(ATOM, element, under)
        if under.inserted is None:
            for box in _contents(element).iter(W + "txbxContent"):
                self.inner += _walk_story(f"{self.name}/x{self._boxes}", self.part, box)
                self._boxes += 1

    def table(self, table: Element, under: Under) -> None:
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

    def row(self, row: Element, name: str, under: Under) -> None:
        number = 0
        for cell, above in _parts(row, _TC, under):
            properties = cell.find(_TCPR)
            mark = None if properties is None else next((one for one in properties if one.tag in _CELL_MARKS), None)
            if mark is not None and mark.tag == _CELL_MARKS[0]:
                self.add("", cell, replace(above, inserted=make_revision(mark)))
                continue
            if mark is not None:
                self.add("", cell, replace(above, deleted=make_revision(mark)))
            self.inner += _walk_story(f"{name}/c{number}", self.part, cell)
            number += 1


def _in_one_line(text: str) -> str:
    return text if text.isprintable() else text.translate(_ONE_SPACE)


def _contents(element: Element) -> Element:
    """The element that holds what an element shows."""
    if element.tag == MC + "AlternateContent" and len(element):
        return element[0]
    holder = _HOLDERS.get(str(element.tag))
    content = None if holder is None else element.find(holder)
    return element if content is None else content


def _parts(container: Element, tag: str, under: Under) -> Iterator[tuple[Element, Under]]:
    """The rows of a table or the cells of a row, through everything that may stand between."""
    for child in container:
        if child.tag == tag:
            yield child, under
        elif child.tag in INSERTING or child.tag in DELETING:
            yield from _parts(child, tag, under.plus(child))
        elif isinstance(child.tag, str) and child.tag not in _SILENT:
            yield from _parts(_contents(child), tag, under)


def _common(rows: Iterable[tuple[Element, Under]], under: Under) -> Under:
    """The revisions on a table as a whole: those that are on each of its rows."""
    all_under = [row_under for _, row_under in rows]
    if not all_under:
        return under
    inserted = all_under[0].inserted if all(row.inserted for row in all_under) else None
    deleted = all_under[0].deleted if all(row.deleted for row in all_under) else None
    return Under(inserted=inserted, deleted=deleted)


def _end_with_mark(pieces: list[Piece], container: Element) -> list[Piece]:
    """The pieces with a mark at the end."""
    last = next((piece for piece in reversed(pieces) if piece.text), None)
    if last is None or last.text != "\n":
        return [*pieces, Piece(text="\n", element=container, inserted=None, deleted=None)]
    return pieces


def _settle_marks(pieces: list[Piece]) -> list[Piece]:
    """The pieces with marks kept where nothing is left to join with."""
    settled = list(pieces)
    for place, piece in enumerate(pieces):
        if piece.text != "\n" or not (piece.inserted or piece.deleted):
            continue
        keeps = [bool(found(piece)) and _must_end(settled, place, found) for found in (_inserted, _deleted)]
        settled[place] = piece._replace(
            inserted=None if keeps[0] else piece.inserted, deleted=None if keeps[1] else piece.deleted
        )
    return settled


def _inserted(piece: Piece) -> Revision | None:
    return piece.inserted


def _deleted(piece: Piece) -> Revision | None:
    return piece.deleted


def _must_end(pieces: list[Piece], place: int, gone: Callable[[Piece], Revision | None]) -> bool:
    """Whether one view of a story needs the mark at `place`: nothing behind it is left to join with.

    A table that comes and goes parts nothing in the other view. A mark of the other view counts behind: whether it
    stays is not known yet.
    """
    later = (pieces[one] for one in range(place + 1, len(pieces)))
    following = next((one for one in later if one.text and not (one.element.tag == _TBL and gone(one))), None)
    if following is not None and following.element.tag != _TBL:
        return False
    earlier = (pieces[one] for one in range(place - 1, -1, -1))
    previous = next((one for one in earlier if one.text and not gone(one)), None)
    if previous is None or previous.element.tag == _TBL:
        return following is None
    return previous.text != "\n"
