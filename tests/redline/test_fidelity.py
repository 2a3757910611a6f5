"""A file merged alone reads, when accepted, as that file does when accepted: specimens that once did not."""

from datetime import UTC, datetime

import pytest

from pipeline.redline.merge import merge
from pipeline.redline.model import ChangeKind
from pipeline.redline.opc import open_package
from pipeline.redline.read import read_changes, read_text
from pipeline.redline.story import read_document
from pipeline.redline.write import write_consolidated
from tests.make_docx import Body as MakeBody
from tests.make_docx import make_table, pack
from tests.redline.sample import propose, read_view

DATE = datetime(2012, 11, 13, tzinfo=UTC)
BY = 'w:id="1" w:author="WHO" w:date="2012-11-02T09:30:00Z"'
DELETED_MARK = f"<w:pPr><w:rPr><w:del {BY}/></w:rPr></w:pPr>"


def merge_alone(base: bytes, version: bytes) -> bytes:
    text = read_text(base)
    changes = read_changes(version, text).changes
    proposals = {f"k{n:03}": propose(f"k{n:03}", "WHO", change) for n, change in enumerate(changes)}
    merged = merge(text, list(proposals.values()))
    return write_consolidated(base, merged, proposals, secretariat="GMG", date=DATE)


def accepted(content: bytes) -> dict[str, str]:
    return {stream.name: stream.accepted for stream in read_document(open_package(content)).streams}


def assert_carried(base: bytes, version: bytes) -> bytes:
    """The merged file, which reads as the version when accepted and as the base when rejected."""
    written = merge_alone(base, version)
    assert accepted(written) == accepted(version)
    assert read_view(written) == read_view(base)
    return written


def paragraph(text: str, properties: str = "") -> str:
    return f'<w:p>{properties}<w:r><w:t xml:space="preserve">{text}</w:t></w:r></w:p>'


def revised_paragraph(tag: str, text: str) -> str:
    mark = f"<w:pPr><w:rPr><w:{tag} {BY}/></w:rPr></w:pPr>"
    return f"<w:p>{mark}<w:{tag} {BY}><w:r><w:t>{text}</w:t></w:r></w:{tag}></w:p>"


def test_tab_stops_of_new_cells_are_no_tabs() -> None:
    stops = '<w:pPr><w:tabs><w:tab w:val="left" w:pos="720"/></w:tabs></w:pPr>'
    cell = f"<w:tc><w:p>{stops}<w:ins {BY}><w:r><w:t>Blank</w:t></w:r></w:ins></w:p></w:tc>"
    table = f"<w:tbl><w:tblPr/><w:tblGrid/><w:tr><w:trPr><w:ins {BY}/></w:trPr>{cell}</w:tr></w:tbl>"
    base = pack(paragraph("One") + paragraph("Two"))
    (change,) = read_changes(pack(paragraph("One") + table + paragraph("Two")), read_text(base)).changes
    assert (change.kind, change.new) == (ChangeKind.TABLE_INSERTION, "Blank")


def test_content_control_that_everything_moved_into_is_read() -> None:
    control = f"<w:sdt><w:sdtContent>{{}}<w:customXmlMoveToRangeEnd {BY}/></w:sdtContent></w:sdt>"
    moved, gone = revised_paragraph("moveTo", "Goes"), revised_paragraph("moveFrom", "Goes")
    word = f'<w:p><w:ins {BY}><w:r><w:t xml:space="preserve">Then </w:t></w:r></w:ins><w:r><w:t>ends.</w:t></w:r></w:p>'
    base = pack(paragraph("Goes") + paragraph("Stays") + control.format("") + paragraph("ends."))
    assert_carried(base, pack(gone + paragraph("Stays") + control.format(moved) + word))


@pytest.mark.parametrize("gone", [(1,), (1, 2), (2, 3), (1, 2, 3)])
def test_each_of_several_empty_paragraphs_that_go_is_a_change(gone: tuple[int, ...]) -> None:
    body = MakeBody("WHO", None)
    lines = [paragraph("One"), "<w:p/>", "<w:p/>", "<w:p/>", paragraph("  ")]
    table = make_table([["cell"]], body)
    version = [f"<w:p>{DELETED_MARK}</w:p>" if place in gone else line for place, line in enumerate(lines)]
    assert_carried(pack(table + "".join(lines)), pack(table + "".join(version)))
