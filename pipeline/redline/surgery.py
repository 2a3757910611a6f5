"""Edits put into the elements of one story as tracked changes. Everything else in the story stays as it is."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from itertools import groupby

from lxml import etree

from pipeline.redline.cursors import Cursor, dress, take_left
from pipeline.redline.edits import Edit, Segment, cut_segments, name_owners, order_insertions
from pipeline.redline.gaps import Gaps
from pipeline.redline.grafts import Cutting, Grafts, take_line
from pipeline.redline.marks import bury, make_mark, make_run, mark_paragraph, mark_row, write_date
from pipeline.redline.model import Story
from pipeline.redline.ooxml import DELETING, W
from pipeline.redline.rows import make_table
from pipeline.redline.spans import Line, Span, find_nodes

Element = etree._Element
#: by the span of moved text the properties of its paragraphs
#: of a range that was moved nobody knows when
_NO_DATE = datetime(1980, 1, 1, tzinfo=UTC)

Sources = dict[tuple[int, int] | None, list[Element | None]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Anchor:
    """What stands at an offset: the ends of a comment or of a move."""

    offset: int
    #: before new text of the gap when True, after it when False
    closes: bool
    #: makes its elements
    make: Callable[[], Iterable[Element]]
    #: id of the comment; "" for a move
    comment: str = ""
    #: whether it is both ends of a comment
    whole: bool = False


class StoryWriter:
    """Writes the edits of one story. `marks` collects every revision element made, with the keys it stands for."""

    def __init__(self, line: Line, story: Story, marks: list[tuple[Element, tuple[str, ...]]], grafts: Grafts) -> None:
        self._line = line
        self._gaps = Gaps(line, story)
        self._marks = marks
        self._grafts = grafts

    def write(self, edits: Sequence[Edit], anchors: Sequence[Anchor]) -> None:
        """Record the edits and set the anchors."""
        anchors = [*anchors, *self._move_anchors(edits)]
        insertions = order_insertions(edits)
        gaps = sorted({*insertions, *(anchor.offset for anchor in anchors)})
        standing: dict[int, list[Anchor]] = {}
        for anchor in anchors:
            standing.setdefault(anchor.offset, []).append(anchor)
        sources: Sources = {}
        for edit in edits:
            if edit.source:
                sources[edit.source] = self._gaps.list_outfits(edit.source)
        for segment in cut_segments(edits, gaps):
            self._remove(segment)
        for gap in gaps:
            found = standing.get(gap, ())
            self._set(gap, [anchor for anchor in found if anchor.closes])
            self._insert_all(gap, insertions.get(gap, ()), sources)
            self._set(gap, [anchor for anchor in found if not anchor.closes])

    # --- Removing ---

    def _remove(self, segment: Segment) -> None:
        spans = self._line.between(segment.start, segment.end)
        for inline, group in groupby(spans, key=lambda span: span.is_inline):
            if inline:
                self._bury(group, segment)
                continue
            for span in group:
                if span.is_mark:
                    mark_paragraph(span.element, self._mark_removed(segment))
                elif span.is_table:
                    self._remove_table(span.element, segment)

    def _bury(self, spans: Iterable[Span], segment: Segment) -> None:
        wrapper: Element | None = None
        for node in dict.fromkeys(node for span in spans for node in find_nodes(span)):
            parent = node.getparent()
            if parent is None:
                continue
            if wrapper is None or wrapper.getnext() is not node:
                wrapper = self._mark_removed(segment)
                parent.insert(parent.index(node), wrapper)
            wrapper.append(node)
            if wrapper.tag == W + "del":
                bury(node)

    def _remove_table(self, table: Element, segment: Segment) -> None:
        for row in table.iter(W + "tr"):
            mark_row(row, self._mark_removed(segment, row=True))
        for paragraph in table.iter(W + "p"):
            mark_paragraph(paragraph, self._mark_removed(segment))
        for run in list(table.iter(W + "r")):
            parent = run.getparent()
            if parent is not None and parent.tag not in DELETING:
                wrapper = self._mark_removed(segment)
                parent.insert(parent.index(run), wrapper)
                wrapper.append(run)
                bury(run)

    def _mark_removed(self, segment: Segment, *, row: bool = False) -> Element:
        first = segment.edits[0]
        owners = tuple(dict.fromkeys(owner for edit in segment.edits for owner in edit.owners))
        author = first.author if owners == first.owners else name_owners(owners)
        moved = first.move and not row
        return self._keep(
            make_mark("moveFrom" if moved else "del", author, first.date),
            tuple(dict.fromkeys(key for edit in segment.edits for key in edit.keys)),
        )

    def _keep(self, mark: Element, keys: tuple[str, ...]) -> Element:
        self._marks.append((mark, keys))
        return mark

    # --- Inserting ---

    def _insert_all(self, gap: int, edits: Iterable[Edit], sources: Sources) -> None:
        cursor: Cursor | None = None
        for edit in edits:
            if cursor is None:
                cursor = self._gaps.find_cursor(gap)
            if edit.table:
                self._insert_table(gap, cursor, edit)
            elif cursor is None:
                self._insert_before_table(gap, edit)
            else:
                cursor = self._insert(cursor, gap, edit, list(sources.get(edit.source, ())))

    def _insert(self, cursor: Cursor, gap: int, edit: Edit, outfits: list[Element | None]) -> Cursor:
        block = edit.new.endswith("\n") and self._gaps.begins_paragraph(gap)
        outfit = self._gaps.find_outfit(gap) if block else None
        cuttings = self._cut(edit)
        look = self._gaps.find_look(gap, block=block) if cuttings is None else None
        if edit.move:
            cursor.put(self._move_end("moveToRangeStart", edit))
        for number, text in enumerate(edit.new.split("\n")):
            if number:
                worn = outfits.pop(0) if outfits else outfit
                cursor = self._break(cursor, edit, worn)
            self._fill(cursor, text, look, cuttings, edit)
        if edit.move:
            cursor.put(self._move_end("moveToRangeEnd", edit))
        return cursor

    def _cut(self, edit: Edit) -> list[Cutting] | None:
        return self._grafts.cut(
            edit.content,
            edit.new,
            self._line.part,
            lambda: self._keep(make_mark("ins", edit.author, edit.date), edit.keys),
        )

    def _fill(
        self, cursor: Cursor, text: str, look: Element | None, cuttings: list[Cutting] | None, edit: Edit
    ) -> None:
        """Put one line of new text at the cursor, as it looked where that is known."""
        if cuttings is not None:
            self._put_cuttings(cursor, take_line(cuttings, len(text)), edit)
        elif text:
            mark = self._mark_new(edit)
            mark.append(make_run(text, look))
            cursor.put(mark)

    def _put_cuttings(self, cursor: Cursor, cuttings: Iterable[Cutting], edit: Edit) -> None:
        """Cuttings as they looked; a link cannot stand within a mark. See: ECMA-376-1 A.1, CT_RunTrackChange."""
        for link, group in groupby(cuttings, key=lambda one: one.link):
            mark = self._mark_new(edit)
            mark.extend([one.node for one in group])
            if link and next(cursor.parent.iterancestors(W + "hyperlink"), cursor.parent).tag != W + "hyperlink":
                holder = self._grafts.link(link, self._line.part)
                holder.append(mark)
                cursor.put(holder)
            else:
                cursor.put(mark)

    def _break(self, cursor: Cursor, edit: Edit, worn: Element | None) -> Cursor:
        """End the paragraph at the cursor with a new mark; the cursor at the start of what follows."""
        paragraph = next(cursor.parent.iterancestors(W + "p"), cursor.parent)
        if cursor.parent.tag == W + "p":
            paragraph = cursor.parent
        parent = paragraph.getparent()
        assert parent is not None
        left = take_left(cursor, paragraph)
        dress(left, paragraph.find(W + "pPr") if worn is None else worn)
        parent.insert(parent.index(paragraph), left)
        mark_paragraph(left, self._mark_new(edit))
        return Cursor(paragraph, paragraph.find(W + "pPr"))

    def _insert_table(self, gap: int, cursor: Cursor | None, edit: Edit) -> None:
        """A new table before the paragraph or table at the gap, behind what was just put in there."""
        here = self._line.spans[self._line.cut(gap)].element if cursor is None else cursor.parent
        if here.tag not in (W + "p", W + "tbl"):
            here = next(here.iterancestors(W + "p"), here)
        parent = here.getparent()
        assert parent is not None
        parent.insert(
            parent.index(here),
            make_table(edit.new, self._grafts.revive(edit.content, edit.new), lambda: self._mark_new(edit)),
        )

    def _insert_before_table(self, gap: int, edit: Edit) -> None:
        """Whole paragraphs before a table that nothing but paragraphs or the start of the story precedes."""
        table = self._line.spans[self._line.cut(gap)].element
        parent = table.getparent()
        assert parent is not None
        look = self._gaps.find_look(gap, block=True)
        cuttings = self._cut(edit)
        for text in edit.new.removesuffix("\n").split("\n"):
            paragraph = etree.Element(W + "p")
            dress(paragraph, self._gaps.find_outfit(gap))
            mark_paragraph(paragraph, self._mark_new(edit))
            self._fill(Cursor(paragraph, paragraph.find(W + "pPr")), text, look, cuttings, edit)
            parent.insert(parent.index(table), paragraph)

    def _mark_new(self, edit: Edit) -> Element:
        return self._keep(make_mark("moveTo" if edit.move else "ins", edit.author, edit.date), edit.keys)

    def _set(self, gap: int, anchors: Sequence[Anchor]) -> None:
        if not anchors:
            return
        cursor = self._gaps.find_anchor_cursor(gap, closes=anchors[0].closes)
        for anchor in anchors if cursor is not None else ():
            for element in anchor.make():
                assert cursor is not None
                cursor.put(element)

    # --- Moves ---

    def _move_anchors(self, edits: Iterable[Edit]) -> Iterable[Anchor]:
        for edit in edits:
            if edit.move and edit.source is None:
                start, end = (partial(self._move_ends, f"moveFromRange{name}", edit) for name in ("Start", "End"))
                yield Anchor(offset=edit.start, closes=False, make=start)
                yield Anchor(offset=edit.end, closes=True, make=end)

    def _move_ends(self, tag: str, edit: Edit) -> Iterable[Element]:
        yield self._move_end(tag, edit)

    def _move_end(self, tag: str, edit: Edit) -> Element:
        mark = self._keep(make_mark(tag, edit.author, edit.date), edit.keys)
        mark.set(W + "name", edit.move)
        if edit.date is None and tag.endswith("Start"):
            # no program shows this date, but the schema asks for one. See: ECMA-376-1 17.13.5.24
            mark.set(W + "date", write_date(_NO_DATE))
        return mark
