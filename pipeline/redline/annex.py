"""Freshly written texts behind the draft they were sent for: everybody sees them, nothing of them is merged."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from lxml import etree

from pipeline.redline.marks import make_mark, make_run, mark_paragraph
from pipeline.redline.ooxml import ATOM, W
from pipeline.redline.story import Document, Stream
from pipeline.redline.table_words import CELL_END, ROW_END, new_table_words

Element = etree._Element
Marks = list[tuple[Element, tuple[str, ...]]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Annex:
    """A text that is no version of the draft."""

    #: short name of the agency it came from
    owner: str
    #: hex sha256 of its file
    source: str
    #: its paragraphs; the rows of tables as one each
    lines: tuple[str, ...]

    @property
    def key(self) -> str:
        """What its revision elements are listed under."""
        return f"annex {self.source} {self.owner}"


def read_lines(stream: Stream) -> tuple[str, ...]:
    """The paragraphs and table rows of a story as it reads with every tracked change accepted; empty ones left out."""
    text = "".join(_show(piece.element, piece.text) for piece in stream.pieces if piece.deleted is None)
    return tuple(line for part in text.split("\n") if (line := part.replace(ATOM, "").strip()))


def _show(element: Element, text: str) -> str:
    if element.tag != W + "tbl" or not text:
        return text
    rows = new_table_words(element).replace("\n", " ").split(ROW_END)
    return "".join(f"{row.replace(CELL_END, ' | ')}\n" for row in rows)


def write_annexes(document: Document, annexes: Sequence[Annex]) -> Marks:
    """Put the annexes behind the body as inserted text of their owners; the revision elements made, with their keys."""
    body = document.roots[document.package.main_part].find(W + "body")
    marks: Marks = []
    if body is None:
        return marks
    last = len(body) - 1 if len(body) and body[-1].tag == W + "sectPr" else len(body)
    for number, annex in enumerate(annexes, 1):
        for paragraph in _make_annex(number, annex, marks):
            body.insert(last, paragraph)
            last += 1
    return marks


def _make_annex(number: int, annex: Annex, marks: Marks) -> Iterator[Element]:
    title = f"Annex {number}: text of {annex.owner}, not merged: less than half of the draft is found in it"
    look = etree.Element(W + "rPr")
    etree.SubElement(look, W + "b")
    for place, line in enumerate((title, *annex.lines)):
        paragraph = etree.Element(W + "p")
        properties = etree.SubElement(paragraph, W + "pPr")
        if not place:
            etree.SubElement(properties, W + "pageBreakBefore")
        mark_paragraph(paragraph, _mark(annex, marks))
        wrapper = _mark(annex, marks)
        wrapper.append(make_run(line, None if place else look))
        paragraph.append(wrapper)
        yield paragraph


def _mark(annex: Annex, marks: Marks) -> Element:
    mark = make_mark("ins", annex.owner, None)
    marks.append((mark, (annex.key,)))
    return mark
