"""Changes of formatting that Word recorded, in offsets of the file's own original view. See: ECMA-376-1 17.13.5."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache, partial

from lxml import etree

from pipeline.redline.format_words import NameStyle, describe
from pipeline.redline.formats import ORDER, Delta, find_delta, write_part
from pipeline.redline.model import Change, ChangeKind, Origin
from pipeline.redline.ooxml import W
from pipeline.redline.opc import Package, parse_xml, related_part
from pipeline.redline.revisions import Revision, make_revision
from pipeline.redline.spans import find_run
from pipeline.redline.story import Document, Element, Stream

_CHANGES = tuple(W + kind + "Change" for kind in ORDER)
_RECORDED = (*_CHANGES, W + "numberingChange", W + "cellMerge")
_OF_TABLES = frozenset(_CHANGES) - {W + "rPrChange", W + "pPrChange", W + "sectPrChange"}
_CELL = re.compile(r"(.+/t\d+)/r(\d+)/c(\d+)")


#: runs and paragraphs in which a change of looks is recorded; most of a file has none
Holders = frozenset[Element | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    """A recorded change of some properties."""

    #: w:rPrChange and the like; w:numberingChange
    change: Element
    delta: Delta
    #: what of it can be carried out elsewhere
    part: Element


def read_formats(document: Document) -> list[Change]:
    """The changes of formatting, neighbouring ones of one author that do the same as one, those of a table as one."""
    recorded = {name: found for name, root in document.roots.items() if (found := list(root.iter(*_RECORDED)))}
    if not recorded:
        return []
    name_style = partial(_name_style, document.package)
    streams = [stream for stream in document.streams if stream.part in recorded]
    holders = frozenset(_find_holder(change) for found in recorded.values() for change in found)
    changes: list[Change] = []
    for stream in streams:
        changes += _join_runs(_read_runs(stream, name_style, holders))
        changes += _read_paragraphs(stream, name_style, holders)
        changes += _read_merged_cell(stream)
    if any(change.tag in _OF_TABLES for found in recorded.values() for change in found):
        changes += _read_tables(streams, name_style)
    return changes + _read_last_section(document, name_style)


def _find_holder(change: Element) -> Element | None:
    """The run or paragraph whose looks change; None for a table and the last section."""
    return next(change.iterancestors(W + "r", W + "p"), None)


def table_shape(names: Iterable[str], table: str) -> str:
    """How many cells each row of a table has, given the names of all stories: "3,3,2"."""
    rows: dict[str, int] = {}
    for name in names:
        if (cell := _CELL.fullmatch(name)) and cell[1] == table:
            rows[cell[2]] = rows.get(cell[2], 0) + 1
    return ",".join(map(str, rows.values()))


def _name_style(package: Package, style_id: str) -> str:
    """The name of a style by its id; the id when the file has none for it."""
    part = related_part(package, package.main_part, "styles")
    return style_id if part is None else _read_style_names(package.parts[part]).get(style_id, style_id)


@lru_cache(maxsize=8)
def _read_style_names(part: bytes) -> dict[str, str]:
    # as large as the text itself, and the same in most versions of a draft
    styles = parse_xml(part).iter(W + "style")
    named = ((style.get(W + "styleId", ""), style.find(W + "name")) for style in styles)
    return {style_id: name.get(W + "val", style_id) for style_id, name in named if name is not None}


def _find(properties: Element | None) -> _Found | None:
    """The change that properties record; None for none, and for one that nobody would call a change."""
    change = None if properties is None else next(properties.iterchildren(*_CHANGES), None)
    if properties is None or change is None:
        return None
    delta = find_delta(properties, change)
    return None if delta.is_noise else _Found(change=change, delta=delta, part=write_part(delta, properties))


def _make(stream: Stream, start: int, end: int, found: Iterable[_Found], name_style: NameStyle) -> Change:
    several = list(found)
    content = etree.Element("format")
    if all(one.delta.can_be_applied for one in several):
        content.extend([one.part for one in several])
    etree.cleanup_namespaces(content)
    revision = next((one for each in several if (one := make_revision(each.change)).author), None)
    text = etree.tostring(content, encoding="unicode") if len(content) else ""
    change = _make_change(stream, start, end, describe([one.delta for one in several], name_style), revision)
    return replace(change, content=text)


def _make_change(stream: Stream, start: int, end: int, remark: str, revision: Revision | None) -> Change:
    return Change(
        kind=ChangeKind.FORMATTING,
        origin=Origin.TRACKED,
        story=stream.name,
        start=start,
        end=end,
        old=stream.original[start:end],
        remark=remark,
        person="" if revision is None else revision.author,
        date=None if revision is None else revision.date,
    )


# --- Words and paragraphs -------------------------------------------------------------------------------------------


def _read_runs(stream: Stream, name_style: NameStyle, holders: Holders) -> Iterator[Change]:
    offset = 0
    for piece in stream.pieces:
        if piece.inserted is not None or not piece.text:
            continue
        holder = piece.element if piece.element.tag == W + "p" else find_run(piece.element)
        found = _find(_run_properties(holder)) if holder is not None and holder in holders else None
        if found is not None:
            yield _make(stream, offset, offset + len(piece.text), [found], name_style)
        offset += len(piece.text)


def _run_properties(holder: Element) -> Element | None:
    """The looks of a run, or of the mark of a paragraph."""
    return holder.find(f"{W}pPr/{W}rPr" if holder.tag == W + "p" else W + "rPr")


def _join_runs(changes: Iterable[Change]) -> Iterator[Change]:
    running: Change | None = None
    for one in changes:
        same = running is not None and (running.person, running.content, running.remark, running.end) == (
            *(one.person, one.content, one.remark),
            one.start,
        )
        if running is not None and same:
            running = replace(running, end=one.end, old=running.old + one.old, date=one.date)
            continue
        if running is not None and running.old.strip("\n"):
            yield running
        running = one
    # a paragraph mark alone has no looks that anybody sees
    if running is not None and running.old.strip("\n"):
        yield running


def _read_paragraphs(stream: Stream, name_style: NameStyle, holders: Holders) -> Iterator[Change]:
    start = offset = 0
    for piece in stream.pieces:
        if piece.inserted is not None:
            continue
        offset += len(piece.text)
        if piece.element.tag == W + "tbl":
            start = offset
        if piece.text != "\n" or piece.element.tag != W + "p":
            continue
        properties = piece.element.find(W + "pPr") if piece.element in holders else None
        section = None if properties is None else properties.find(W + "sectPr")
        for found in filter(None, (_find(properties), _find(section))):
            yield _make(stream, start, offset - 1, [found], name_style)
        if properties is not None and (numbering := properties.find(f"{W}numPr/{W}numberingChange")) is not None:
            yield _read_numbering(stream, start, offset - 1, numbering)
        start = offset


def _read_numbering(stream: Stream, start: int, end: int, change: Element) -> Change:
    """What Word before 2007 wrote when a number became another. See: ECMA-376-1 17.13.5.16."""
    before = change.get(W + "original", "")
    remark = f"numbering (before: {before})" if before else "numbering"
    return _make_change(stream, start, end, remark, make_revision(change))


def _read_merged_cell(stream: Stream) -> Iterator[Change]:
    """That a cell was made one with those above or below it, or parted again. See: ECMA-376-1 17.13.5.3."""
    if not _CELL.fullmatch(stream.name):
        return
    cell = next(stream.pieces[0].element.iterancestors(W + "tc"), None)
    mark = None if cell is None else cell.find(f"{W}tcPr/{W}cellMerge")
    if mark is not None:
        remark = "cells merged" if mark.get(W + "vMerge") else "cells parted"
        yield _make_change(stream, 0, len(stream.original), remark, make_revision(mark))


def _read_last_section(document: Document, name_style: NameStyle) -> list[Change]:
    """The section that the body itself closes: a change at the end of the body."""
    body = document.streams[0]
    found = _find(document.roots[body.part].find(f"{W}body/{W}sectPr"))
    end = max(len(body.original) - 1, 0)
    return [] if found is None else [_make(body, end, end, [found], name_style)]


# --- Tables ---------------------------------------------------------------------------------------------------------


def _read_tables(streams: list[Stream], name_style: NameStyle) -> Iterator[Change]:
    """One change for each table and author, at its first cell: a wider column is written into every cell."""
    names = [stream.name for stream in streams]
    tables: dict[str, list[tuple[Stream, int, int]]] = {}
    for stream in streams:
        if cell := _CELL.fullmatch(stream.name):
            tables.setdefault(cell[1], []).append((stream, int(cell[2]), int(cell[3])))
    for table, cells in tables.items():
        by_author: dict[str, list[_Found]] = {}
        for found in _read_cells(cells):
            # the grid of a table names nobody. See: ECMA-376-1 17.13.5.33
            author = make_revision(found.change).author or next(iter(by_author), "")
            by_author.setdefault(author, []).append(found)
        if "" in by_author and len(by_author) > 1:
            by_author[next(author for author in by_author if author)] += by_author.pop("")
        first = cells[0][0]
        for several in by_author.values():
            change = _make(first, 0, len(first.original), several, name_style)
            shape = table_shape(names, table)
            yield replace(change, content=change.content.replace("<format", f'<format shape="{shape}"', 1))


def _read_cells(cells: list[tuple[Stream, int, int]]) -> Iterator[_Found]:
    seen: set[Element] = set()
    for stream, row, column in cells:
        cell = next(stream.pieces[-1].element.iterancestors(W + "tc"), None)
        line = None if cell is None else next(cell.iterancestors(W + "tr"), None)
        table = None if line is None else next(line.iterancestors(W + "tbl"), None)
        for holder, kinds in ((table, ("tblPr", "tblGrid")), (line, ("tblPrEx", "trPr")), (cell, ("tcPr",))):
            if holder is None or holder in seen:
                continue
            seen.add(holder)
            for found in filter(None, (_find(holder.find(W + kind)) for kind in kinds)):
                found.part.set("row", str(row))
                found.part.set("cell", str(column))
                yield found
