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
from tests.make_docx import make_docx, pack
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


# --- Without a mark, and as they looked -----------------------------------------------------------------------------

LINES = ["First paragraph stays here as it was.", "Second paragraph ends the text of the draft."]
GRID = [["Agency", "Task"], ["WHO", "Health"]]


def _body_after(base, version):
    """The children of the body, in words, when everything that a version changes is accepted."""
    text = read_text(base)
    changes = read_changes(version, text).changes
    proposals = [
        propose(f"k{n:02}", "WHO", one, disposition=Disposition.ACCEPTED)
        for n, one in enumerate(changes)
        if one.kind is not ChangeKind.COMMENT
    ]
    root = parse_xml(open_package(revise(base, proposals).clean).parts["word/document.xml"])
    return [" ".join("".join(one.itertext()).split()) for one in root[0] if one.tag in (W + "p", W + "tbl")]


def test_untracked_tables_stand_between_the_paragraphs_they_came_with():
    version = [LINES[0], "Lead to it.", GRID, "Between two.", [["x", "y"]], "Behind both.", LINES[1]]
    shown = [LINES[0], "Lead to it.", "AgencyTaskWHOHealth", "Between two.", "xy", "Behind both.", LINES[1]]
    assert _body_after(make_docx(LINES), make_docx(version)) == shown


def test_untracked_table_behind_changed_words_stands_behind_their_paragraph():
    version = [LINES[0].replace("as it was", "for good"), GRID, LINES[1]]
    assert _body_after(make_docx(LINES), make_docx(version)) == [version[0], "AgencyTaskWHOHealth", LINES[1]]


def test_table_left_out_without_a_mark_is_a_deletion():
    base = make_docx([LINES[0], GRID, LINES[1]])
    (change,) = read_changes(make_docx(LINES), read_text(base)).changes
    assert (change.kind, change.old) == (ChangeKind.DELETION, "\ufffc")
    assert _body_after(base, make_docx(LINES)) == LINES


BY = 'w:id="9" w:author="Ana"'
MERGED_ROW = (
    f'<w:tr><w:trPr><w:cantSplit/><w:ins {BY}/></w:trPr><w:tc><w:tcPr><w:gridSpan w:val="2"/><w:shd w:fill="EEEEEE"/>'
    f"</w:tcPr><w:p><w:ins {BY}><w:r><w:rPr><w:b/></w:rPr><w:t>Wide</w:t><w:br/><w:t>cell</w:t></w:r></w:ins></w:p>"
    "</w:tc></w:tr>"
)
TWO_CELLS = f"<w:tr><w:trPr><w:ins {BY}/></w:trPr>{'<w:tc><w:p><w:r><w:t>one</w:t></w:r></w:p></w:tc>' * 2}</w:tr>"
OWN_TABLE = (
    '<w:tbl><w:tblPr><w:tblStyle w:val="Unknown"/><w:jc w:val="center"/></w:tblPr><w:tblGrid><w:gridCol w:w="9"/>'
    f'<w:gridCol w:w="7"/></w:tblGrid>{TWO_CELLS}{MERGED_ROW}</w:tbl>'
)


def _paragraphs(*between):
    lines = [f"<w:p><w:r><w:t>{line}</w:t></w:r></w:p>" for line in LINES]
    return pack(lines[0] + "".join(between) + lines[1])


def _merge_alone(base, version):
    text = read_text(base)
    proposals = {f"k{n}": propose(f"k{n}", "WHO", one) for n, one in enumerate(read_changes(version, text).changes)}
    return consolidate(base, merge(text, list(proposals.values())), proposals, {}, secretariat="GMG", date=DATE).docx


def test_new_table_keeps_its_looks_and_merged_cells(tmp_path):
    written = _merge_alone(_paragraphs(), _paragraphs(OWN_TABLE))
    document = open_package(written).parts["word/document.xml"].decode()
    for kept in ('<w:gridSpan w:val="2"/>', "<w:b/>", '<w:jc w:val="center"/>', "<w:br/>", "<w:cantSplit/>", 'w:w="7"'):
        assert kept in document
    assert "Unknown" not in document
    assert read_view(written) == read_view(_paragraphs())
    path = tmp_path / "table.docx"
    path.write_bytes(written)
    assert [str(finding) for finding in ooxml_integrity.check(path)] == []


@pytest.mark.parametrize(("columns", "kept"), [(2, True), (3, False)])
def test_new_row_keeps_its_looks_where_it_fits_the_columns(columns, kept):
    cell = "<w:tc><w:p><w:r><w:t>old</w:t></w:r></w:p></w:tc>"
    table = "<w:tbl><w:tblPr/><w:tblGrid/><w:tr>{}</w:tr>{}</w:tbl>"
    base = _paragraphs(table.format(cell * columns, ""))
    written = _merge_alone(base, _paragraphs(table.format(cell * columns, MERGED_ROW)))
    assert ("EEEEEE" in open_package(written).parts["word/document.xml"].decode()) is kept
    assert read_view(written) == read_view(base)


def test_pictures_and_links_of_a_new_table_stay_behind():
    link = '<w:p><w:hyperlink r:id="rId7"><w:r><w:t>link</w:t></w:r></w:hyperlink></w:p>'
    picture = "<w:drawing/><w:t>seen</w:t></w:r></w:p>"
    table = TWO_CELLS.replace("<w:t>one</w:t></w:r></w:p>", picture + link, 1)
    written = _merge_alone(_paragraphs(), _paragraphs(f"<w:tbl><w:tblPr/><w:tblGrid/>{table}</w:tbl>"))
    document = open_package(written).parts["word/document.xml"].decode()
    assert "seen" in document
    assert "link" in document
    assert "drawing" not in document
    assert "rId7" not in document


def test_mark_before_a_table_that_is_only_proposed_joins_nothing_in_the_base():
    mark = f"<w:p><w:pPr><w:rPr><w:ins {BY}/></w:rPr></w:pPr><w:r><w:t>Begins </w:t></w:r></w:p>"
    content = pack(f"{mark}{OWN_TABLE}<w:p><w:r><w:t>and ends.</w:t></w:r></w:p>")
    assert read_text(content).get_story("body").text == "Begins and ends.\n"
    assert read_view(_merge_alone(content, content)) == {"body": "Begins and ends.\n"}


def test_deleted_row_takes_along_what_another_one_deletes_in_it():
    cell = BASE.get_story("body/t0/r0/c0")
    word = make_change(BASE, 0, 2, story=cell.name)
    merged = _write(_gone(), word)
    assert read_view(merged) == {story.name: story.text for story in BASE.stories}
    root = parse_xml(open_package(merged).parts["word/document.xml"])
    row = next(root.iter(W + "tr"))
    deleted = [one for one in row.iter(W + "del") if one.getparent().tag != W + "trPr"]
    assert all("A0" in one.get(W + "author") for one in deleted)
    assert {text.getparent().getparent().get(W + "author") for text in row.iter(W + "delText")} == {"A0", "A1; A0"}
    assert all(paragraph.find(f"{W}pPr/{W}rPr/{W}del") is not None for paragraph in row.iter(W + "p"))
