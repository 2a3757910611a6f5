"""A plain Word file of headings, sentences and tables."""

from collections.abc import Sequence
from dataclasses import dataclass

import docx
from docx.document import Document
from docx.shared import Pt

from pipeline.redline.marks import clean
from pipeline.redline.matrix_write import save


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
    for place, row in enumerate((grid.headings, *grid.rows)):
        for column, (cell, words) in enumerate(zip(table.add_row().cells, row, strict=True)):
            run = cell.paragraphs[0].add_run(clean(words))
            run.font.size = Pt(9)
            run.bold = place == 0 or column == 0
