"""Rows and tables that come or go are tracked rows and tables again in the consolidated file."""

from datetime import UTC, datetime

import ooxml_integrity
import pytest

from pipeline.redline.merge import merge
from pipeline.redline.model import ChangeKind, Disposition, Relation
from pipeline.redline.ooxml import W
from pipeline.redline.opc import open_package, parse_xml
from pipeline.redline.read import read_changes, read_text
from pipeline.redline.revise import revise
from pipeline.redline.wording import proposed_change
from pipeline.redline.write import consolidate
from tests.redline.sample import build_docx, make_change, propose, read_view

DATE = datetime(2012, 11, 13, tzinfo=UTC)
DOCX = build_docx(["Before."], table=[["one", "two"], ["three", "four"]])
BASE = read_text(DOCX)
END = len(BASE.get_story("body/t0/r1/c0").text)


def _new_row(words, start, cell="body/t0/r1/c0"):
    return make_change(BASE, start, start, words, story=cell, kind=ChangeKind.ROW_INSERTION)


def _gone(cell="body/t0/r0/c0"):
    return make_change(BASE, 0, len(BASE.get_story(cell).text), story=cell, kind=ChangeKind.ROW_DELETION)


def _new_table(gap):
    return make_change(BASE, gap, gap, "a\tb\fc\td", kind=ChangeKind.TABLE_INSERTION)


def _write(*changes):
    proposals = {f"k{n}": propose(f"k{n}", f"A{n}", change) for n, change in enumerate(changes)}
    return consolidate(DOCX, merge(BASE, list(proposals.values())), proposals, {}, secretariat="GMG", date=DATE).docx


def _clean_rows(change):
    revised = revise(DOCX, [propose("k", "WHO", change, disposition=Disposition.ACCEPTED)])
    root = parse_xml(open_package(revised.clean).parts["word/document.xml"])
    tables = [
        [["".join(cell.itertext()) for cell in row.iter(W + "tc")] for row in table.iter(W + "tr")]
        for table in root.iter(W + "tbl")
    ]
    return tables


ROWS = [["one", "two"], ["three", "four"]]


@pytest.mark.parametrize(
    ("change", "tables"),
    [
        (_new_row("x\ty", END), [[*ROWS, ["x", "y"]]]),
        (_new_row("x\ty", 0), [[ROWS[0], ["x", "y"], ROWS[1]]]),
        (_gone(), [[ROWS[1]]]),
        (_new_table(0), [[["a", "b"], ["c", "d"]], ROWS]),
    ],
)
def test_accepted_row_or_table_is_there_or_gone(change, tables):
    assert _clean_rows(change) == tables


@pytest.mark.parametrize("change", [_new_row("x\ty", END), _gone(), _new_table(0), _new_table(len("Before.\n"))])
def test_written_row_is_read_back_as_the_same_change(change):
    written = _write(change)
    assert read_view(written) == read_view(DOCX)
    changes = read_changes(written, BASE).changes
    assert [(one.kind, one.story, one.start, one.old, one.new) for one in changes] == [
        (change.kind, change.story, change.start, change.old, change.new)
    ]


def test_rows_of_several_agencies_stand_in_the_order_of_filing():
    written = _write(_new_row("first\t", END), _new_row("second\t", END))
    news = [one.new for one in read_changes(written, BASE).changes]
    assert news == ["first\t", "second\t"]


def test_taking_a_row_away_that_another_edits_needs_a_person():
    edit = make_change(BASE, 0, 3, "2", story="body/t0/r0/c1")
    merged = merge(BASE, [propose("k0", "WHO", _gone()), propose("k1", "ILO", edit)])
    assert [pair.relation for pair in merged.related] == [Relation.DELETE_VS_EDIT]
    assert "WHO" in merged.conflicts[0].reason


def test_same_row_of_two_agencies_is_one():
    row = _new_row("x\ty", END)
    merged = merge(BASE, [propose("k0", "WHO", row), propose("k1", "ILO", row)])
    assert [folded.owners for folded in merged.folded] == [("WHO", "ILO")]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (_new_row("x\ty", END), "New table row: x | y"),
        (_gone(), "Delete this table row: one | two"),
        (_new_table(0), "New table: a | b / c | d"),
    ],
)
def test_table_changes_are_put_into_words(change, words):
    assert proposed_change(BASE, change) == words


def test_bracketed_row_has_its_cells_in_brackets():
    row = propose("k", "WHO", _new_row("x\ty", END), disposition=Disposition.BRACKETED)
    assert "[x]" in read_view(revise(DOCX, [row]).clean)["body/t0/r2/c0"]


def test_file_with_new_rows_is_sound(tmp_path):
    path = tmp_path / "rows.docx"
    path.write_bytes(_write(_new_row("x\ty", END), _gone(), _new_table(0)))
    assert [str(finding) for finding in ooxml_integrity.check(path)] == []
