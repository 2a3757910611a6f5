"""Comment tables are known by their headings, in Word and in Excel."""

import io

import openpyxl
import pytest

from pipeline.errors import UnreadableFileError
from pipeline.redline.matrix_read import MatrixRow, read_matrix, read_matrix_xlsx, split_proposal
from tests.make_docx import make_docx, pack

ENGLISH = ["Agency", "Para", "Type", "Comment", "Proposed change"]
ROW = ["ESCWA", "4", "te", "More precise.", "their status -> the status"]
READ = MatrixRow(
    agency="ESCWA", paragraph="4", type="te", comment="More precise.", proposal="their status -> the status"
)


def make_xlsx(rows: list[list[object]]) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    target = io.BytesIO()
    book.save(target)
    return target.getvalue()


@pytest.mark.parametrize(
    ("heading", "row"),
    [
        (ENGLISH, ROW),
        (["Organization", "Paragraph no.", "Type (ge/te/ed)", "Remarks", "Suggested wording"], ROW),
        (["Organisme", "Paragraphe", "Type", "Observations", "Modification propos\u00e9e"], ROW),
        (["Entidad", "P\u00e1rrafo", "Tipo", "Comentarios", "Cambio propuesto"], ROW),
        (["MB/NC", "Line number", "Clause/ Subclause", "Paragraph/ Figure/ Table", "Type of comment", "Comments",
          "Proposed change", "Observations of the secretariat"],
         ["ESCWA", "", "4", "", "te", "More precise.", "their status -> the status", "noted"]),
        (["Para", "Current text", "Proposed text", "Rationale", "Agency", "Type"],
         ["4", "their status", "the status", "More precise.", "ESCWA", "Technical"]),
    ],
)  # fmt: skip
def test_table_is_read_by_its_headings(heading: list[str], row: list[str]) -> None:
    found = read_matrix(make_docx(["Comments on the draft", [heading, row]]))
    assert len(found) == 1
    assert (found[0].agency, found[0].type, found[0].comment) == ("ESCWA", "te", "More precise.")
    assert found[0].proposal == READ.proposal


def test_repeated_headings_and_empty_rows_are_no_remarks() -> None:
    rows = [ENGLISH, ROW, ENGLISH, ["", "", "", "", ""], ["", "5", "", "General remark", "-"]]
    found = read_matrix(make_docx([rows]))
    assert found == (READ, MatrixRow(agency="ESCWA", paragraph="5", type="", comment="General remark", proposal=""))


def test_merged_cells_count_for_all_their_rows() -> None:
    cell = "<w:tc><w:tcPr>{}</w:tcPr><w:p><w:r><w:t>{}</w:t></w:r></w:p></w:tc>"
    start, on = '<w:vMerge w:val="restart"/>', "<w:vMerge/>"
    rows = [
        [("", "Para"), ('<w:gridSpan w:val="2"/>', "Comment"), ("", "Proposal")],
        [(start, "4"), ("", "first"), ("", "x"), ("", "a -> b")],
        [(on, ""), ("", "second"), ("", "y"), ("", "c -> d")],
    ]
    lines = "".join(f"<w:tr>{''.join(cell.format(*one) for one in row)}</w:tr>" for row in rows)
    found = read_matrix(pack(f"<w:tbl>{lines}</w:tbl><w:p/>"))
    assert [(one.paragraph, one.comment, one.proposal) for one in found] == [
        ("4", "first", "a -> b"),
        ("4", "second", "c -> d"),
    ]


@pytest.mark.parametrize(
    "paragraphs",
    [
        ["A draft without a table"],
        [[["Country", "Number"], ["Austria", "12"]]],
        ["word " * 500, [ENGLISH, ROW]],
    ],
)
def test_other_files_are_no_matrix(paragraphs: list[str]) -> None:
    assert read_matrix(make_docx(paragraphs)) == ()


def test_excel_sheet_is_read_alike() -> None:
    rows: list[list[object]] = [["Comments of ESCWA"], [], list(ENGLISH), ["ESCWA", 4, "te", ROW[3], ROW[4]]]
    assert read_matrix_xlsx(make_xlsx(rows)) == (READ,)


@pytest.mark.parametrize("content", [b"no zip", make_docx("text")[:-50]])
def test_broken_excel_file_is_refused(content: bytes) -> None:
    with pytest.raises(UnreadableFileError):
        read_matrix_xlsx(content)


def test_word_file_is_no_excel_file() -> None:
    with pytest.raises(UnreadableFileError):
        read_matrix_xlsx(make_docx("text"))


@pytest.mark.parametrize(
    ("text", "pair"),
    [
        ("old words -> new words", ("old words", "new words")),
        ("\u201cold\u201d \u2192 \u201cnew\u201d", ("old", "new")),
        ("a => b", ("a", "b")),
        ('Replace "old" with "new"', ("old", "new")),
        ("Please replace \u201cold\u201d by \u201cnew\u201d.", ("old", "new")),
        ("replace old words by new words", ("old words", "new words")),
        ('Change the word "old" to "new"', ("old", "new")),
        ('Delete "old".', ("old", "")),
        ('Insert "new" after "old"', ("old", "old new")),
        ('After "old", add "new"', ("old", "old new")),
        ('Instead of "old" read "new"', ("old", "new")),
        ("Remplacer \u00ab vieux \u00bb par \u00ab neuf \u00bb", ("vieux", "neuf")),
        ("Supprimer \u00ab vieux \u00bb", ("vieux", "")),
        ("Sustituir \u201cviejo\u201d por \u201cnuevo\u201d", ("viejo", "nuevo")),
        ("We suggest to reconsider the paragraph.", None),
        ("", None),
        ("a -> b -> c", None),
    ],
)
def test_proposal_is_split_into_old_and_new(text: str, pair: tuple[str, str] | None) -> None:
    assert split_proposal(text) == pair
