"""The gaps between the spans of a story: where new text goes in, and how it looks there."""

from collections.abc import Iterable, Iterator
from copy import copy
from itertools import chain, takewhile

from lxml import etree

from pipeline.redline.cursors import Cursor, after_span, before_span, skip_new
from pipeline.redline.marks import inherit
from pipeline.redline.model import Story
from pipeline.redline.ooxml import W
from pipeline.redline.places import find_paragraph
from pipeline.redline.spans import Line, Span, find_run

Element = etree._Element

_HEADINGS = ("heading", "title", "subtitle", "toc")


class Gaps:
    """The gaps of one story, by their offset. The line is cut where it is asked about."""

    def __init__(self, line: Line, story: Story) -> None:
        self._line = line
        self._story = story

    def find_cursor(self, gap: int) -> Cursor | None:
        """The cursor of a gap; None right before a table."""
        place = self._line.cut(gap)
        spans = self._line.spans
        following = spans[place] if place < len(spans) else None
        if place and spans[place - 1].is_inline:
            return after_span(spans[place - 1], following)
        paragraph = self._line.paragraph_at(place)
        return None if paragraph is None else Cursor(paragraph, paragraph.find(W + "pPr"))

    def find_anchor_cursor(self, gap: int, *, closes: bool) -> Cursor | None:
        """Where an anchor stands: before or after the new text of the gap; beside a table in the nearest paragraph."""
        place = self._line.cut(gap)
        spans = self._line.spans
        if not closes and place < len(spans) and spans[place].is_inline:
            return before_span(spans[place], spans[place - 1] if place else None)
        cursor = self.find_cursor(gap)
        if cursor is None:
            cursor = self._near_table(place)
        if not closes and cursor is not None:
            skip_new(cursor)
        return cursor

    def _near_table(self, place: int) -> Cursor | None:
        """The end of the paragraph before a table, or else the start of the next one after it."""
        spans = self._line.spans
        if place and spans[place - 1].is_mark:
            paragraph = spans[place - 1].element
            return Cursor(paragraph, paragraph[-1] if len(paragraph) else None)
        following = next((span.element for span in self._line.following(place) if span.is_mark), None)
        return None if following is None else Cursor(following, following.find(W + "pPr"))

    def begins_paragraph(self, gap: int) -> bool:
        """Whether a gap is at the start of a paragraph."""
        place = self._line.cut(gap)
        return place == 0 or not self._line.spans[place - 1].is_inline

    def find_look(self, gap: int, *, block: bool) -> Element | None:
        """The run properties that new words at a gap take over."""
        place = self._line.cut(gap)
        if block:
            near = self._line.following(self._model_place(place))
        else:
            before, behind = self._line.preceding(place), self._line.following(place)
            near = chain(_same_paragraph(before), _same_paragraph(behind))
        for span in near:
            if span.is_mark:
                return inherit(span.element.find(f"{W}pPr/{W}rPr"))
            run = find_run(span.element) if span.is_inline else None
            if run is not None and span.element.tag in (W + "t", W + "delText"):
                return inherit(run.find(W + "rPr"))
        return None

    def _model_place(self, place: int) -> int:
        """Position of the first span of the paragraph that new paragraphs at `place` are modelled on."""
        spans = self._line.spans
        if not place or not spans[place - 1].is_mark:
            return place
        first = place - 1
        while first and spans[first - 1].is_inline:
            first -= 1
        following = spans[place].start if place < len(spans) else None
        if self._is_heading(spans[first].start) and following is not None and not self._is_heading(following):
            return place
        return first

    def _is_heading(self, offset: int) -> bool:
        found = find_paragraph(self._story, offset)
        return found is not None and found[1].style.lower().startswith(_HEADINGS)

    def find_outfit(self, gap: int) -> Element:
        """The properties that new paragraphs at a gap take over; empty ones for none."""
        paragraph = self._line.paragraph_at(self._model_place(self._line.cut(gap)))
        empty = etree.Element(W + "pPr")
        properties = None if paragraph is None else paragraph.find(W + "pPr")
        return empty if properties is None else properties

    def list_outfits(self, source: tuple[int, int]) -> list[Element | None]:
        """The properties of each paragraph that moved text closes, before anything is changed."""
        marks = [span.element for span in self._line.between(*source) if span.is_mark]
        empty = etree.Element(W + "pPr")
        return [copy(found) if (found := mark.find(W + "pPr")) is not None else empty for mark in marks]


def _same_paragraph(spans: Iterable[Span]) -> Iterator[Span]:
    """The spans up to the first that is not within the paragraph."""
    return takewhile(lambda span: span.is_inline, spans)
