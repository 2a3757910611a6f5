"""Comment tables, as rows and as an Excel sheet."""

import io
import re
import zipfile
from collections.abc import Sequence
from datetime import UTC, datetime

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font

from pipeline.demo.packages import pack_zip
from pipeline.demo.scenario import ScenarioEdit

MATRIX_COLUMNS = ("Agency", "Para", "Type", "Comment", "Proposed change")
_WIDTHS = (12, 8, 8, 50, 60)
_SAVED = datetime(2012, 10, 26, 9, 0, tzinfo=UTC)


def matrix_rows(edits: Sequence[ScenarioEdit]) -> tuple[tuple[str, ...], ...]:
    """One row for each edit or comment: agency, paragraph, type, comment, proposed change; "" for no paragraph."""
    return tuple(
        (edit.agency, str(edit.para) if edit.para else "", edit.type, edit.text or edit.why, _proposal(edit))
        for edit in edits
    )


def _proposal(edit: ScenarioEdit) -> str:
    """The wording in the last column, "" for a remark."""
    match edit.op:
        case "comment":
            return ""
        case "new_para_after":
            return f"Add after para {edit.para}: {edit.new}"
        case "delete_para":
            return f"Delete para {edit.para}"
        case "move_para":
            return f"Move para {edit.para} after para {edit.after}"
        case _:
            return f"{edit.old} -> {edit.new or '(delete)'}"


def build_matrix_xlsx(rows: Sequence[tuple[str, ...]], title: str) -> bytes:
    """The table as an Excel sheet; paragraph numbers are numbers, as Excel makes them when they are typed."""
    book = Workbook()
    book.properties.creator = title
    sheet = book.worksheets[0]
    sheet.title = "Comments"
    sheet.append(MATRIX_COLUMNS)
    for row in rows:
        sheet.append([int(cell) if column == 1 and cell else cell for column, cell in enumerate(row)])
    for letter, width in zip("ABCDE", _WIDTHS, strict=True):
        sheet.column_dimensions[letter].width = width
        sheet[f"{letter}1"].font = Font(bold=True)
        for number in range(2, len(rows) + 2):
            sheet[f"{letter}{number}"].alignment = Alignment(wrap_text=True, vertical="top")
    target = io.BytesIO()
    book.save(target)
    return _freeze(target.getvalue())


def _freeze(content: bytes) -> bytes:
    """The workbook without the instant it was saved at, which openpyxl writes into three places."""
    moment = _SAVED.strftime("%Y-%m-%dT%H:%M:%SZ").encode()
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        members = [(name, archive.read(name)) for name in sorted(archive.namelist())]
    # [Content_Types].xml sorts first, where OPC readers look for it.
    return pack_zip(
        (name, re.sub(rb"(W3CDTF\">)[^<]+", rb"\g<1>" + moment, text) if name == "docProps/core.xml" else text)
        for name, text in members
    )
