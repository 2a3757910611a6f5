"""Other looks are changes of their own: read, told in words, carried where nobody objects, obeyed when decided."""

import json
from dataclasses import replace
from datetime import UTC, datetime

import ooxml_integrity
import pytest

from pipeline.redline.compilation import write_compilation
from pipeline.redline.gather import gather
from pipeline.redline.matrix_write import rows
from pipeline.redline.merge import merge
from pipeline.redline.model import ChangeKind, Disposition
from pipeline.redline.opc import open_package
from pipeline.redline.read import read_changes, read_text
from pipeline.redline.report import write_disposition_report
from pipeline.redline.resolve import reject_all
from pipeline.redline.revise import revise
from pipeline.redline.story import read_document
from pipeline.redline.write import consolidate
from tests.make_docx import NAMESPACES, pack
from tests.redline.sample import by_owner, read_view

BY = 'w:id="1" w:author="Ana" w:date="2012-11-02T09:30:00Z"'
STYLES = {
    "word/styles.xml": f"<w:styles {NAMESPACES}>"
    + "".join(
        f'<w:style w:type="paragraph" w:styleId="{one.replace(" ", "")}"><w:name w:val="{one}"/></w:style>'
        for one in ("Heading 2", "Body Text")
    )
    + "</w:styles>"
}


def run(text: str, properties: str = "") -> str:
    look = f"<w:rPr>{properties}</w:rPr>" if properties else ""
    return f'<w:r>{look}<w:t xml:space="preserve">{text}</w:t></w:r>'


def changed(now: str, before: str = "", kind: str = "rPr") -> str:
    """Properties with the record of what they were."""
    return f"{now}<w:{kind}Change {BY}><w:{kind}>{before}</w:{kind}></w:{kind}Change>"


def paragraph(content: str, properties: str = "") -> str:
    return f"<w:p>{f'<w:pPr>{properties}</w:pPr>' if properties else ''}{content}</w:p>"


CELLS = "<w:tr>{row}<w:tc>{cell}<w:p><w:r><w:t>one</w:t></w:r></w:p></w:tc><w:tc><w:p/></w:tc></w:tr>"
GRID = '<w:gridCol w:w="900"/><w:gridCol w:w="900"/>'


def table(row: str = "", cell: str = "", properties: str = "", grid: str = GRID) -> str:
    inner = CELLS.format(row=row, cell=cell)
    return f"<w:tbl><w:tblPr>{properties}</w:tblPr><w:tblGrid>{grid}</w:tblGrid>{inner}</w:tbl>"


SHADED = changed('<w:shd w:fill="EEEEEE"/>', kind="tcPr")
MIDDLE = changed('<w:vAlign w:val="center"/>', kind="tcPr")


def make(first: str = "", second: str = "", grid: str = "") -> bytes:
    body = (first or paragraph(run("Members often meet in Vienna."))) + (
        second or paragraph(run("They act."), '<w:jc w:val="left"/>')
    )
    return pack(body + (grid or table()) + paragraph(run("End.")), STYLES)


BASE = make()
TEXT = read_text(BASE)
BOLD = make(paragraph(run("Members ") + run("often meet", changed("<w:b/>")) + run(" in Vienna.")))
ITALIC = make(paragraph(run("Members ") + run("often", changed("<w:i/>")) + run(" meet in Vienna.")))
STYLED = make(
    second=paragraph(run("They act."), changed('<w:pStyle w:val="Heading2"/>', '<w:jc w:val="left"/>', "pPr"))
)


def only(content: bytes):
    (change,) = read_changes(content, TEXT).changes
    return change


def merge_all(*versions: tuple[str, bytes]):
    found = gather((owner, read_changes(content, TEXT)) for owner, content in versions)
    merged = merge(TEXT, list(found.proposals.values()))
    date = datetime(2012, 11, 13, tzinfo=UTC)
    return found, consolidate(BASE, merged, found.proposals, found.sources, secretariat="GMG", date=date), merged


def body_of(content: bytes) -> str:
    return open_package(content).parts["word/document.xml"].decode()


# --- Reading --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("now", "before", "words"),
    [
        ("<w:b/>", "", "bold"),
        ("", "<w:b/>", "not bold"),
        ('<w:b w:val="0"/>', "<w:b/>", "not bold"),
        ('<w:sz w:val="28"/>', '<w:sz w:val="24"/>', "size 12 -> 14"),
        ('<w:u w:val="single"/>', "", "underline none -> single"),
        ('<w:rFonts w:ascii="Arial"/>', "", "font default -> Arial"),
        ('<w:i/><w:color w:val="FF0000"/>', "", "colour none -> FF0000, italic"),
        ('<w:rStyle w:val="Strong"/>', "", "style default -> Strong"),
    ],
)
def test_other_looks_of_words_are_said(now: str, before: str, words: str) -> None:
    one = only(make(paragraph(run("Members ") + run("often", changed(now, before)) + run(" meet in Vienna."))))
    assert (one.kind, one.story, one.old, one.new) == (ChangeKind.FORMATTING, "body", "often", "")
    assert sorted(one.remark.split(", ")) == sorted(words.split(", "))
    assert (one.person, one.date) == ("Ana", datetime(2012, 11, 2, 9, 30, tzinfo=UTC))


@pytest.mark.parametrize("noise", ['<w:lang w:val="fr-FR"/>', "<w:noProof/>", '<w:szCs w:val="20"/>', "<w:bCs/>"])
def test_what_only_programs_see_is_no_change(noise: str) -> None:
    assert read_changes(make(paragraph(run("Members often meet in Vienna.", changed(noise)))), TEXT).changes == ()


def test_neighbouring_runs_that_change_alike_are_one_change_whatever_they_were() -> None:
    runs = (
        run("Members ", changed("<w:b/>")) + run("often meet", changed("<w:b/><w:i/>", "<w:i/>")) + run(" in Vienna.")
    )
    assert only(make(paragraph(runs))).old == "Members often meet"


def test_style_of_a_paragraph_is_told_by_its_name() -> None:
    one = only(STYLED)
    assert (one.old, one.remark) == ("They act.", "style default -> Heading 2, alignment left -> none")


@pytest.mark.parametrize(
    ("grid", "words"),
    [
        (table(properties=changed('<w:jc w:val="center"/>', "", "tblPr")), "alignment none -> center"),
        (table(cell=f"<w:tcPr>{SHADED}</w:tcPr>"), "shading"),
        (table(row=f"<w:trPr>{changed('<w:tblHeader/>', '', 'trPr')}</w:trPr>"), "heading row"),
        (
            table(grid=f'<w:gridCol w:w="500"/><w:gridCol w:w="1300"/><w:tblGridChange w:id="3"><w:tblGrid>{GRID}'
            "</w:tblGrid></w:tblGridChange>"),
            "column widths",
        ),
    ],
)  # fmt: skip
def test_other_looks_of_a_table_are_one_change_at_its_first_cell(grid: str, words: str) -> None:
    one = only(make(grid=grid))
    assert (one.kind, one.story, one.old, one.remark) == (ChangeKind.FORMATTING, "body/t0/r0/c0", "one\n", words)


def test_other_page_is_a_change_at_the_end_of_the_body() -> None:
    size = '<w:sectPr><w:pgSz w:w="1"/><w:sectPrChange w:id="1" w:author="Ana"><w:sectPr/></w:sectPrChange></w:sectPr>'
    changed_document = body_of(BASE).replace("<w:sectPr/>", size)
    one = only(pack("", STYLES, changes={"word/document.xml": changed_document.encode()}))
    assert (one.remark, one.start, one.end) == ("page size", one.end, len(TEXT.get_story("body").text) - 1)


def test_number_that_became_another_is_a_change_without_content() -> None:
    number = f'<w:numPr><w:numId w:val="1"/><w:numberingChange {BY} w:original="%1:3:0:."/></w:numPr>'
    one = only(make(second=paragraph(run("They act."), number)))
    assert (one.remark, one.content, one.old) == ("numbering (before: %1:3:0:.)", "", "They act.")


# --- Merging --------------------------------------------------------------------------------------------------------

PAGE = pack(
    "",
    STYLES,
    changes={
        "word/document.xml": body_of(BASE)
        .replace(
            "<w:sectPr/>",
            f'<w:sectPr><w:pgSz w:w="1"/><w:sectPrChange {BY}><w:sectPr/></w:sectPrChange></w:sectPr>',
        )
        .encode()
    },
)
WIDER = make(grid=table(cell=f"<w:tcPr>{MIDDLE}</w:tcPr>"))
VERSIONS = {"bold": BOLD, "styled": STYLED, "page": PAGE, "table": WIDER}


@pytest.mark.parametrize("name", VERSIONS)
def test_uncontested_formatting_is_tracked_under_its_agency(name: str, tmp_path) -> None:
    found, written, _ = merge_all(("WHO", VERSIONS[name]))
    (entry,) = json.loads(written.ledger)["changes"]
    assert (entry["kind"], entry["author"], bool(entry["revision_ids"])) == ("formatting", "WHO (Ana)", True)
    assert 'Change w:id="' in body_of(written.docx)
    assert 'w:author="WHO (Ana)"' in body_of(written.docx)
    (again,) = read_changes(written.docx, read_text(written.docx)).changes
    (change,) = (one.change for one in found.proposals.values())
    assert (again.start, again.end, again.remark, again.content) == (
        *(change.start, change.end, change.remark),
        change.content,
    )
    path = tmp_path / "merged.docx"
    path.write_bytes(written.docx)
    assert [str(finding) for finding in ooxml_integrity.check(path)] == []


@pytest.mark.parametrize("name", VERSIONS)
def test_rejecting_takes_formatting_back(name: str) -> None:
    document = read_document(open_package(merge_all(("WHO", VERSIONS[name]))[1].docx))
    root = document.roots["word/document.xml"]
    reject_all(root)
    for properties in ("<w:b/>", "Heading2", "pgSz", "vAlign", "Change"):
        assert properties not in "".join(str(one.tag) + str(one.attrib) for one in root.iter())


@pytest.mark.parametrize("name", VERSIONS)
@pytest.mark.parametrize(
    ("disposition", "there"), [(Disposition.ACCEPTED, True), (Disposition.REJECTED, False), (Disposition.OPEN, False)]
)
def test_next_revision_has_the_looks_that_were_accepted(name: str, disposition: Disposition, there: bool) -> None:
    found, _, _ = merge_all(("WHO", VERSIONS[name]))
    revised = revise(BASE, [replace(one, disposition=disposition) for one in found.proposals.values()])
    mark = {"bold": "<w:b/>", "styled": "Heading2", "page": "w:pgSz", "table": "w:vAlign"}[name]
    assert (mark in body_of(revised.clean)) is there
    assert "Change " not in body_of(revised.clean)
    assert (mark in body_of(revised.tracked)) is (disposition is not Disposition.REJECTED)


def test_contested_formatting_stands_as_comments_with_its_conflict() -> None:
    _, written, merged = merge_all(("WHO", BOLD), ("ILO", ITALIC))
    assert "different formatting" in merged.conflicts[0].reason
    assert "rPrChange" not in body_of(written.docx)
    comments = open_package(written.docx).parts["word/comments.xml"].decode()
    assert all(f"Formatting: {words}" in comments for words in ("bold", "italic"))
    assert [entry["revision_ids"] for entry in json.loads(written.ledger)["changes"]] == [[], []]


def test_decided_formatting_wins_over_what_is_open() -> None:
    found, _, _ = merge_all(("WHO", BOLD), ("ILO", ITALIC))
    decided = [
        replace(one, disposition=Disposition.ACCEPTED if one.owner == "WHO" else Disposition.OPEN)
        for one in found.proposals.values()
    ]
    revised = revise(BASE, decided)
    assert "<w:b/>" in body_of(revised.clean)
    assert "<w:b/>" in body_of(revised.tracked)
    assert "Formatting: italic" in open_package(revised.tracked).parts["word/comments.xml"].decode()


def test_the_same_looks_from_two_agencies_have_two_supporters() -> None:
    _, written, merged = merge_all(("WHO", BOLD), ("ILO", BOLD))
    assert [one.owners for one in merged.folded] == [("WHO", "ILO")]
    assert 'w:author="WHO; ILO"' in body_of(written.docx)


def test_the_same_looks_for_overlapping_words_are_joined_where_they_meet() -> None:
    wider = make(paragraph(run("Members often", changed("<w:b/>")) + run(" meet in Vienna.")))
    _, written, merged = merge_all(("WHO", BOLD), ("ILO", wider))
    assert merged.conflicts == ()
    assert 'w:author="ILO; WHO"' in body_of(written.docx) or 'w:author="WHO; ILO"' in body_of(written.docx)


def test_a_style_that_the_draft_lacks_is_told_in_a_comment() -> None:
    _, written, _ = merge_all(
        ("WHO", make(second=paragraph(run("They act."), changed('<w:pStyle w:val="Own"/>', kind="pPr"))))
    )
    assert "pStyle" not in body_of(written.docx)
    assert "style default -&gt; Own" in open_package(written.docx).parts["word/comments.xml"].decode()


def test_words_and_looks_of_different_agencies_stand_beside_each_other() -> None:
    deleting = make(
        paragraph(
            run("Members often ") + f"<w:del {BY}><w:r><w:delText>meet in</w:delText></w:r></w:del>" + run(" Vienna.")
        )
    )
    _, written, merged = merge_all(("WHO", BOLD), ("ILO", deleting))
    assert merged.conflicts == ()
    assert read_view(written.docx) == read_view(BASE)
    assert read_view(written.docx, by_owner("ILO"))["body"].startswith("Members often  Vienna.")
    assert body_of(written.docx).count("<w:b/>") == 2


def test_words_put_beside_others_do_not_take_over_looks_that_are_only_proposed() -> None:
    adding = make(
        paragraph(run("Members often meet") + f"<w:ins {BY}><w:r><w:t> again</w:t></w:r></w:ins>" + run(" in Vienna."))
    )
    _, written, _ = merge_all(("WHO", BOLD), ("ILO", adding))
    assert body_of(written.docx).count("<w:b/>") == 1


# --- Words for people -----------------------------------------------------------------------------------------------


def test_matrix_compilation_and_report_tell_formatting_in_a_line() -> None:
    found, _, merged = merge_all(("WHO", BOLD))
    (row,) = rows(merged, found.proposals, {})
    assert (row.proposed, row.comment) == ("Format: often meet", "bold")
    compilation = "".join(read_view(write_compilation(TEXT, merged, found.proposals)).values())
    assert "[Format: often meet] [WHO] (bold)" in compilation
    report = "\n".join(read_view(write_disposition_report(merged, found.proposals, {})).values())
    assert "Format: bold" in report
