"""The comment matrix with the secretariat's observations, as Word table and as sheet.

See: the form for comments of ISO/IEC, eight columns; docs/analysis/merge.md.
"""

import io
import re
from collections.abc import Mapping, Sequence
from dataclasses import astuple, dataclass

import docx
import openpyxl
from docx.enum.section import WD_ORIENT
from docx.oxml import OxmlElement
from docx.shared import Pt
from docx.text.paragraph import Paragraph as DocxParagraph
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

from pipeline.redline.marks import clean
from pipeline.redline.model import BaseText, Merge, Proposal
from pipeline.redline.opc import open_package
from pipeline.redline.places import find_home
from pipeline.redline.wording import decision, is_about_all, proposed_change, sort_by_place

HEADINGS = (
    "Agency",
    "Para",
    "Clause",
    "Paragraph",
    "Type",
    "Comment",
    "Proposed change",
    "Observations of the secretariat",
)
_WIDTHS = (12, 7, 22, 30, 6, 45, 55, 40)
#: a moment for files that must not depend on the clock
_NO_DATE = b"2000-01-01T00:00:00Z"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One proposal or comment. Fields in the order of the columns."""

    #: the agency; "MB" on the form
    agency: str
    #: printed number of the paragraph, else "" ; "whole document" for remarks on all of it
    number: str
    #: the heading above it
    clause: str
    #: first words of the paragraph
    paragraph: str
    #: ge, te, ed or ""
    type: str
    comment: str
    proposed: str
    #: disposition and reason
    observations: str


def rows(merge: Merge, proposals: Mapping[str, Proposal], remarks: Mapping[str, str]) -> tuple[Row, ...]:
    """One row for every proposal in document order; `remarks` gives by key the reason of a disposition."""
    return tuple(_make_row(merge.base, one, remarks) for one in sort_by_place(merge.base, proposals.values()))


def _make_row(base: BaseText, proposal: Proposal, remarks: Mapping[str, str]) -> Row:
    change = proposal.change
    story = base.get_story(change.story)
    home = find_home(story, change)
    whole = is_about_all(change)
    opening = "" if home is None or whole else story.text[home[1].start : home[1].end]
    return Row(
        agency=proposal.owner,
        number="whole document" if whole else home[1].number if home else "",
        clause="" if whole else _find_heading(base, change.story, change.start),
        paragraph=_shorten(opening),
        type=change.type,
        comment=change.remark,
        proposed=proposed_change(base, change),
        observations=decision(proposal, remarks),
    )


def _find_heading(base: BaseText, name: str, offset: int) -> str:
    """The nearest heading above an offset of the body; the name of the story elsewhere."""
    if name != "body":
        return name
    story = base.get_story(name)
    for paragraph in reversed(story.paragraphs):
        if paragraph.start <= offset and paragraph.style.lower().startswith("heading"):
            return " ".join(story.text[paragraph.start : paragraph.end].split())
    return ""


def _shorten(text: str) -> str:
    words = text.split()
    return " ".join(words[:6]) + (" ..." if len(words) > 6 else "")


# --- Files ----------------------------------------------------------------------------------------------------------


def write_matrix_docx(rows: Sequence[Row]) -> bytes:
    """The matrix as a Word table on landscape pages; the same rows give the same bytes."""
    document = docx.Document()
    section = document.sections[0]
    section.orientation = WD_ORIENT.LANDSCAPE
    section.page_width, section.page_height = section.page_height, section.page_width
    document.add_heading("Comments and observations", level=1)
    table = document.add_table(rows=1, cols=len(HEADINGS), style="Table Grid")
    for cell, heading in zip(table.rows[0].cells, HEADINGS, strict=True):
        cell.text = ""
        cell.paragraphs[0].add_run(heading).bold = True
    table.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))
    for row in rows:
        for cell, value in zip(table.add_row().cells, astuple(row), strict=True):
            cell.text = clean(value)
    for paragraph in table._tbl.iter("{*}p"):
        for run in DocxParagraph(paragraph, document).runs:
            run.font.size = Pt(8)
    return save(document)


def save(document: docx.document.Document) -> bytes:
    """The bytes of a document made with python-docx, without the clock in them."""
    target = io.BytesIO()
    document.save(target)
    return open_package(target.getvalue()).to_bytes()


def write_matrix_xlsx(rows: Sequence[Row]) -> bytes:
    """The matrix as a sheet; the same rows give the same bytes. Nothing in a cell is ever a formula."""
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = "Comments"
    for number, values in enumerate([HEADINGS, *(astuple(row) for row in rows)], 1):
        for column, value in enumerate(values, 1):
            cell = sheet.cell(row=number, column=column, value=clean(value).replace("\v", "\n"))
            cell.data_type = "s"
            cell.alignment = Alignment(wrap_text=True, vertical="top")
            if number == 1:
                cell.font = Font(bold=True)
    for column, width in enumerate(_WIDTHS, 1):
        sheet.column_dimensions[get_column_letter(column)].width = width
    sheet.freeze_panes = "A2"
    target = io.BytesIO()
    book.save(target)
    return _without_clock(target.getvalue())


def _without_clock(content: bytes) -> bytes:
    package = open_package(content)
    name = "docProps/core.xml"
    core = re.sub(rb">\d{4}-\d\d-\d\dT[^<]*<", b">" + _NO_DATE + b"<", package.parts[name])
    return package.with_parts({name: core})
