"""Table rows and tables put in and taken out as tracked changes. See: ECMA-376-1 17.13.5.12 and 17.13.5.17."""

from collections.abc import Callable, Mapping, Sequence
from copy import copy

from lxml import etree

from pipeline.redline.edits import name_author, name_owners
from pipeline.redline.grafts import Grafts
from pipeline.redline.marks import bury, clean, inherit, make_mark, make_run, mark_paragraph, mark_row
from pipeline.redline.model import TABLE_KINDS, ChangeKind, Folded
from pipeline.redline.ooxml import DELETING, INSERTING, W
from pipeline.redline.story import Document
from pipeline.redline.table_content import count_columns
from pipeline.redline.table_words import CELL_END, ROW_END

Element = etree._Element
Marks = list[tuple[Element, tuple[str, ...]]]

_BORDERS = ("top", "left", "bottom", "right", "insideH", "insideV")
#: properties of a cell that do not fit a new row under it
_OF_THE_ROW = tuple(W + name for name in ("vMerge", "hMerge", "cellIns", "cellDel", "cellMerge", "tcPrChange"))


def write_rows(document: Document, folded: Sequence[Folded], grafts: Grafts, written: Marks) -> Marks:
    """Put the rows and tables of all changes into the trees; all revision elements made, with their keys.

    To be called after the words of all stories are written; `written` are the revision elements made for them.
    """
    rows = [one for one in folded if one.change.kind in TABLE_KINDS]
    if not rows:
        return written
    writer = _RowWriter(document, grafts, written, {key: one.owners for one in folded for key in one.keys})
    for one in rows:
        writer.write(one)
    return list(writer.marks.items())


class _RowWriter:
    """Writes row by row; several new ones in one place stand in the order of their keys."""

    def __init__(
        self, document: Document, grafts: Grafts, written: Marks, owners: Mapping[str, tuple[str, ...]]
    ) -> None:
        self.marks = dict(written)
        self._grafts = grafts
        self._owners = owners
        self._streams = {stream.name: stream for stream in document.streams}
        self._last: dict[Element, Element] = {}

    def write(self, folded: Folded) -> None:
        """One change."""
        change = folded.change
        row = next(self._streams[change.story].pieces[-1].element.iterancestors(W + "tr"), None)
        if row is None:
            return
        if change.kind is ChangeKind.ROW_DELETION:
            self._delete(row, folded)
        elif change.kind is ChangeKind.ROW_INSERTION:
            _put(row, self._make(row, folded), before=change.start == 0, last=self._last)

    def _make(self, beside: Element, folded: Folded) -> Element:
        """The new row as it looked, if it fits the columns there; else like the one beside it."""
        change = folded.change
        found = self._grafts.revive(change.content, change.new)
        if found is not None and count_columns(found) == count_columns(beside):
            return _mark_new(found, lambda: self._mark("ins", folded))
        return _make_row(beside, change.new, lambda: self._mark("ins", folded))

    def _mark(self, tag: str, folded: Folded) -> Element:
        mark = make_mark(tag, name_author(folded.owners, folded.change), folded.change.date)
        self.marks[mark] = folded.keys
        return mark

    def _delete(self, row: Element, folded: Folded) -> None:
        # as Word does it: what is in the row goes with it, also for a program that knows no deleted rows
        for mark in row.iter(*DELETING):
            self._share(mark, folded)
        for paragraph in row.iter(W + "p"):
            if not _is_revised(paragraph):
                mark_paragraph(paragraph, self._mark("del", folded))
        mark_row(row, self._mark("del", folded))
        for run in [one for one in row.iter(W + "r") if next(one.iterancestors(W + "ins", *DELETING), None) is None]:
            parent = run.getparent()
            if parent is not None:
                wrapper = self._mark("del", folded)
                parent.replace(run, wrapper)
                wrapper.append(run)
                bury(run)

    def _share(self, mark: Element, folded: Folded) -> None:
        """Make a deletion that of the row's owners too."""
        keys = tuple(dict.fromkeys((*self.marks.get(mark, ()), *folded.keys)))
        self.marks[mark] = keys
        owners = tuple(dict.fromkeys(owner for key in keys for owner in self._owners[key]))
        mark.set(W + "author", clean(name_owners(owners)))


def _is_revised(paragraph: Element) -> bool:
    """Whether the mark of a paragraph is new or deleted already."""
    properties = paragraph.find(f"{W}pPr/{W}rPr")
    return properties is not None and any(one.tag in INSERTING | DELETING for one in properties)


def make_table(words: str, found: Element | None, mark: Callable[[], Element]) -> Element:
    """A new table with these rows, or the one found; `mark` makes the revision elements of it."""
    if found is not None:
        return _mark_new(found, mark)
    table = etree.Element(W + "tbl")
    rows = [_make_row(None, row, mark) for row in words.split(ROW_END)]
    table.append(_table_properties())
    grid = etree.SubElement(table, W + "tblGrid")
    for _ in range(max(len(row.findall(W + "tc")) for row in rows)):
        etree.SubElement(grid, W + "gridCol")
    table.extend(rows)
    return table


def _mark_new(element: Element, mark: Callable[[], Element]) -> Element:
    """A table or row with everything in it marked as inserted."""
    for row in element.iter(W + "tr"):
        mark_row(row, mark())
    for paragraph in element.iter(W + "p"):
        mark_paragraph(paragraph, mark())
    for run in list(element.iter(W + "r")):
        parent = run.getparent()
        if parent is not None:
            wrapper = mark()
            parent.replace(run, wrapper)
            wrapper.append(run)
    return element


def _make_row(model: Element | None, words: str, mark: Callable[[], Element]) -> Element:
    """A new row that looks like `model`."""
    row = etree.Element(W + "tr")
    mark_row(row, mark())
    models = [] if model is None else model.findall(W + "tc")
    for place, text in enumerate(words.split(CELL_END)):
        row.append(_make_cell(models[min(place, len(models) - 1)] if models else None, text, mark))
    return row


def _make_cell(model: Element | None, text: str, mark: Callable[[], Element]) -> Element:
    cell = etree.Element(W + "tc")
    cell.append(_copy(model, "tcPr", _OF_THE_ROW))
    near = None if model is None else model.find(W + "p")
    run = None if near is None else near.find(f".//{W}r/{W}rPr")
    for words in text.split("\n"):
        paragraph = etree.SubElement(cell, W + "p")
        properties = _copy(near, "pPr", (W + "rPr", W + "sectPr", W + "pPrChange"))
        if len(properties):
            paragraph.append(properties)
        mark_paragraph(paragraph, mark())
        if words:
            wrapper = mark()
            wrapper.append(make_run(words, inherit(run)))
            paragraph.append(wrapper)
    return cell


def _put(row: Element, new: Element, *, before: bool, last: dict[Element, Element]) -> None:
    parent = row.getparent()
    assert parent is not None
    if before:
        parent.insert(parent.index(row), new)
        return
    parent.insert(parent.index(last.get(row, row)) + 1, new)
    last[row] = new


def _copy(model: Element | None, name: str, without: tuple[str, ...]) -> Element:
    found = None if model is None else model.find(W + name)
    if found is None:
        return etree.Element(W + name)
    copied = copy(found)
    for child in [one for one in copied if one.tag in without]:
        copied.remove(child)
    return copied


def _table_properties() -> Element:
    properties = etree.Element(W + "tblPr")
    width = etree.SubElement(properties, W + "tblW")
    width.set(W + "w", "0")
    width.set(W + "type", "auto")
    borders = etree.SubElement(properties, W + "tblBorders")
    for side in _BORDERS:
        line = etree.SubElement(borders, W + side)
        for name, value in (("val", "single"), ("sz", "4"), ("space", "0"), ("color", "auto")):
            line.set(W + name, value)
    return properties
