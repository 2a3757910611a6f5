"""The matrix carries every proposal once, in eight columns."""

import io

import docx
import openpyxl
import pytest

from pipeline.redline.matrix_write import HEADINGS, rows, write_matrix_docx, write_matrix_xlsx
from pipeline.redline.merge import merge
from pipeline.redline.model import ChangeKind, Disposition
from tests.redline.sample import find_change, make_base, make_change, propose, sample_proposals

BASE = make_base(
    "A. Meetings",
    "Members meet in Vienna and in Geneva.",
    "Data are limited.",
    numbers=("", "1", "2"),
    styles=("Heading 1", "", ""),
)
TEXT = BASE.get_story("body").text


def _row(change, remark="", **fields):
    proposal = propose("k", "WHO", change, **fields)
    return rows(merge(BASE, [proposal]), {"k": proposal}, {"k": remark})[0]


def _rows_of(draft):
    base, proposals = sample_proposals(draft)
    return rows(merge(base, proposals), {one.key: one for one in proposals}, {})


GAP = TEXT.index("Data")


@pytest.mark.parametrize(
    ("change", "proposed"),
    [
        (find_change(BASE, "Vienna", "Paris"), "Vienna -> Paris"),
        (find_change(BASE, "in Geneva", "at Geneva"), "in Geneva -> at Geneva"),
        (make_change(BASE, TEXT.index("in "), TEXT.index("in ") + 2, "at"), "meet in Vienna -> meet at Vienna"),
        (make_change(BASE, TEXT.index("limited"), TEXT.index("limited"), "very "), "are limited. -> are very limited."),
        (find_change(BASE, "Data are limited.\n"), "Delete paragraph 2: Data are limited."),
        (make_change(BASE, GAP, GAP, "New.\n"), "New paragraph after paragraph 1: New."),
        (find_change(BASE, " and in Geneva"), "Delete: and in Geneva"),
        (
            find_change(BASE, "Data are limited.\n", kind=ChangeKind.MOVE, target=TEXT.index("Members")),
            "Move after unnumbered paragraph 1: Data are limited.",
        ),
        (find_change(BASE, "Data", kind=ChangeKind.COMMENT, remark="Which?"), ""),
    ],
)
def test_proposed_change_can_be_found_in_the_paragraph(change, proposed):
    assert _row(change).proposed == proposed


def test_row_names_the_place():
    row = _row(find_change(BASE, "limited", "scarce", type="te", remark="Softer."))
    assert (row.agency, row.number, row.clause, row.type) == ("WHO", "2", "A. Meetings", "te")
    assert (row.paragraph, row.comment) == ("Data are limited.", "Softer.")


@pytest.mark.parametrize(
    ("disposition", "amended", "remark", "words"),
    [
        (Disposition.OPEN, "", "", "Not decided yet"),
        (Disposition.REJECTED, "", "Too strong.", "Not accepted. Too strong."),
        (Disposition.AMENDED, "few", "", 'Accepted as amended: "few"'),
    ],
)
def test_observations_say_what_was_decided_and_why(disposition, amended, remark, words):
    change = find_change(BASE, "limited", "scarce")
    assert _row(change, remark, disposition=disposition, amended=amended).observations == words


def test_remark_on_the_whole_document_says_so():
    whole = make_change(BASE, 0, 0, kind=ChangeKind.COMMENT, remark="Too long.")
    assert _row(whole).number == "whole document"


@pytest.mark.parametrize("draft", ["YTH", "JST", "HLD"])
def test_every_proposal_of_the_sample_has_one_row(draft):
    _, proposals = sample_proposals(draft)
    assert len(_rows_of(draft)) == len(proposals)


def test_word_table_holds_the_rows():
    found = _rows_of("JST")
    table = docx.Document(io.BytesIO(write_matrix_docx(found))).tables[0]
    assert [cell.text for cell in table.rows[0].cells] == list(HEADINGS)
    assert [row.cells[0].text for row in table.rows][1:] == [row.agency for row in found]


def test_sheet_holds_the_rows():
    found = _rows_of("JST")
    sheet = openpyxl.load_workbook(io.BytesIO(write_matrix_xlsx(found))).active
    values = list(sheet.iter_rows(values_only=True))
    assert values[0] == HEADINGS
    assert [row[6] or "" for row in values[1:]] == [row.proposed for row in found]


def test_text_that_looks_like_a_formula_stays_text():
    row = _row(find_change(BASE, "Data", kind=ChangeKind.COMMENT, remark='=HYPERLINK("http://x.example")'))
    sheet = openpyxl.load_workbook(io.BytesIO(write_matrix_xlsx([row]))).active
    assert (sheet["F2"].data_type, sheet["F2"].value) == ("s", row.comment)


@pytest.mark.parametrize("write", [write_matrix_docx, write_matrix_xlsx])
def test_same_rows_give_the_same_bytes(write):
    assert write(_rows_of("HLD")) == write(_rows_of("HLD"))
