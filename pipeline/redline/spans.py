"""The text of a story as elements that can be cut at any offset."""

from bisect import bisect_left
from collections.abc import Iterator
from copy import copy
from dataclasses import dataclass

from lxml import etree

from pipeline.redline.ooxml import W
from pipeline.redline.story import Piece, Stream

Element = etree._Element

_P, _TBL, _TEXT, _RUN, _LOOK = W + "p", W + "tbl", W + "t", W + "r", W + "rPr"
_SPACE = "{http://www.w3.org/XML/1998/namespace}space"


@dataclass(slots=True)
class Span:
    """A stretch of the story that one element holds. Offsets are of the base and never change."""

    start: int
    end: int
    #: w:t and the like, w:p for a paragraph mark, w:tbl for a table, the first w:fldChar of a field
    element: Element
    #: whether it is a paragraph mark that the file really has
    is_mark: bool
    #: whether it is a table
    is_table: bool
    #: whether it stands within a paragraph
    is_inline: bool


def _make_span(start: int, piece: Piece) -> Span:
    element = piece.element
    tag = element.tag
    mark, table = tag == _P, tag == _TBL
    inline = tag == _TEXT or not (mark or table or next(element.iterancestors(_P), None) is None)
    # by position, which is faster: a file has thousands of them
    return Span(start, start + len(piece.text), element, mark, table, inline)


class Line:
    """The spans of one story, in order, without gaps between them."""

    def __init__(self, stream: Stream) -> None:
        self.part = stream.part
        self.spans: list[Span] = []
        self._starts: list[int] = []
        self._cuts: set[int] = set()
        offset = 0
        for piece in stream.pieces:
            if piece.text and piece.inserted is None:
                self.spans.append(_make_span(offset, piece))
                self._starts.append(offset)
                offset += len(piece.text)

    def cut(self, offset: int) -> int:
        """The position of the span that begins at `offset`, made to begin there if need be."""
        place = bisect_left(self._starts, offset)
        if offset in self._cuts:
            return place
        self._cuts.add(offset)
        if place and self.spans[place - 1].end > offset:
            span = self.spans[place - 1]
            right = _split_text(span.element, offset - span.start)
            rest = Span(start=offset, end=span.end, element=right, is_mark=False, is_table=False, is_inline=True)
            self.spans.insert(place, rest)
            self._starts.insert(place, offset)
            span.end = offset
        if place < len(self.spans) and self.spans[place].is_inline:
            _begin_run(self.spans[place].element)
        return place

    def between(self, start: int, end: int) -> list[Span]:
        """The spans from `start` to `end`; cut there first."""
        first = self.cut(start)
        return self.spans[first : self.cut(end)]

    def following(self, place: int) -> Iterator[Span]:
        """The spans from position `place` on."""
        return (self.spans[one] for one in range(place, len(self.spans)))

    def preceding(self, place: int) -> Iterator[Span]:
        """The spans before position `place`, the nearest one first."""
        return (self.spans[one] for one in range(place - 1, -1, -1))

    def paragraph_at(self, place: int) -> Element | None:
        """The paragraph whose mark is the next one from position `place`; None after the last or at a table."""
        for span in self.following(place):
            if span.is_mark:
                return span.element
            if not span.is_inline:
                return None
        return None


def find_nodes(span: Span) -> list[Element]:
    """The elements of a paragraph that make up an inline span: runs mostly; all runs of a field."""
    run = find_run(span.element)
    if run is None:
        inner = list(span.element.iter(W + "r")) if span.element.tag == W + "fldSimple" else []
        return inner or [span.element]
    if span.element.tag != W + "fldChar":
        return [run]
    return _field_runs(span.element, run)


def find_run(element: Element) -> Element | None:
    """The run an element stands in, within its own paragraph."""
    above = element.getparent()
    while above is not None and above.tag not in (_RUN, _P):
        above = above.getparent()
    return None if above is None or above.tag == _P else above


def _field_runs(begin: Element, run: Element) -> list[Element]:
    """The siblings from the run that begins a field to the one that ends it."""
    nodes, depth = [], 0
    node: Element | None = run
    while node is not None:
        nodes.append(node)
        for mark in node.iter(W + "fldChar"):
            kind = mark.get(W + "fldCharType")
            depth += {"begin": 1, "end": -1}.get(kind or "", 0)
        if depth <= 0:
            break
        node = node.getnext()
    return [node for node in nodes if node.tag == W + "r"]


def _split_text(element: Element, at: int) -> Element:
    """The right-hand part of a text element cut in two."""
    right = etree.Element(_TEXT)
    text = element.text or ""
    element.text, right.text = text[:at], text[at:]
    for part in (element, right):
        part.set(_SPACE, "preserve")
    element.addnext(right)
    return right


def copy_shell(element: Element) -> Element:
    """An element of the same name with the same attributes and nothing in it."""
    return etree.Element(str(element.tag), {str(name): str(value) for name, value in element.attrib.items()})


def _begin_run(element: Element) -> None:
    """Cut the run of an element so that the element is the first thing in it."""
    run = find_run(element)
    parent = run.getparent() if run is not None else None
    if run is None or parent is None:
        return
    head = element
    while head.getparent() is not run:
        above = head.getparent()
        assert above is not None
        head = above
    before = [child for child in head.itersiblings(preceding=True) if child.tag != _LOOK]
    if not before:
        return
    left = copy_shell(run)
    properties = next(run.iterchildren(_LOOK), None)
    if properties is not None:
        left.append(copy(properties))
    left.extend(reversed(before))
    parent.insert(parent.index(run), left)
