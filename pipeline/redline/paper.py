"""A plain Word file of headings, sentences and tables."""

from collections.abc import Sequence
from dataclasses import dataclass

import docx
from docx.document import Document
from docx.shared import Cm, Emu, Pt

from pipeline.redline.marks import clean
from pipeline.redline.matrix_write import save

_SIZE = Pt(8)
#: the width of a bold capital in that size, and of the margins of a cell
_SIGN, _PADDING = Pt(5.2), Cm(0.48)
#: A4, as everybody but one of the duty stations prints it
_PAGE = Cm(21), Cm(29.7)
_MARGIN = Cm(1.8)
#: signs of a long text that share one line
_LONGEST = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """A table; the first column names the row."""

    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Chapter:
    """What stands under one heading."""

    heading: str
    sentences: tuple[str, ...] = ()
    #: None, or without rows: no table is drawn
    grid: Grid | None = None


def write_paper(title: str, chapters: Sequence[Chapter]) -> bytes:
    """The Word file. The same input gives the same bytes."""
    document = docx.Document()
    section = document.sections[0]
    section.page_width, section.page_height = _PAGE
    section.left_margin = section.right_margin = _MARGIN
    document.add_heading(clean(title), level=1)
    for chapter in chapters:
        document.add_heading(clean(chapter.heading), level=2)
        for sentence in chapter.sentences:
            document.add_paragraph(clean(sentence))
        if chapter.grid is not None and chapter.grid.rows:
            _add_grid(document, chapter.grid)
    return save(document)


def _add_grid(document: Document, grid: Grid) -> None:
    table = document.add_table(rows=0, cols=len(grid.headings), style="Table Grid")
    table.autofit = False
    widths = _share_width(grid)
    # Word takes the width of the cells, others that of the columns
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width
    for place, row in enumerate((grid.headings, *grid.rows)):
        for cell, words, width in zip(table.add_row().cells, row, widths, strict=True):
            cell.width = width
            run = cell.paragraphs[0].add_run(clean(words))
            run.font.size = _SIZE
            run.bold = place == 0


def _share_width(grid: Grid) -> list[Emu]:
    """The width of each column in EMU: first its longest word, then a share of what is left for its longest text."""
    columns = list(zip(grid.headings, *grid.rows, strict=True))
    least = [
        _PADDING + _SIGN * max(len(word) for words in column for word in words.split() or [""]) for column in columns
    ]
    wanted = [_PADDING + _SIGN * min(max(map(len, column)), _LONGEST) for column in columns]
    missing = [max(want - width, 1) for want, width in zip(wanted, least, strict=True)]
    free = _PAGE[0] - 2 * _MARGIN - sum(least)
    return [Emu(width + free * share // sum(missing)) for width, share in zip(least, missing, strict=True)]
