"""A file merged alone reads, when accepted, as that file does when accepted: specimens that once did not."""

import json
from dataclasses import replace
from datetime import UTC, datetime

import ooxml_integrity
import pytest

from pipeline.adapters.store.codec import decode, encode
from pipeline.redline.merge import merge
from pipeline.redline.model import Change, ChangeKind, Disposition
from pipeline.redline.opc import open_package
from pipeline.redline.read import read_changes, read_text
from pipeline.redline.revise import revise
from pipeline.redline.story import read_document
from pipeline.redline.write import consolidate
from tests.make_docx import NAMESPACES, make_table, pack
from tests.make_docx import Body as MakeBody
from tests.redline.sample import propose, read_view

DATE = datetime(2012, 11, 13, tzinfo=UTC)
BY = 'w:id="1" w:author="WHO" w:date="2012-11-02T09:30:00Z"'
DELETED_MARK = f"<w:pPr><w:rPr><w:del {BY}/></w:rPr></w:pPr>"


def merge_alone(base: bytes, version: bytes) -> bytes:
    text = read_text(base)
    changes = read_changes(version, text).changes
    proposals = {f"k{n:03}": propose(f"k{n:03}", "WHO", change) for n, change in enumerate(changes)}
    merged = merge(text, list(proposals.values()))
    return consolidate(base, merged, proposals, {}, secretariat="GMG", date=DATE).docx


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


# --- What inserted text holds beside its words ---

PNG = bytes.fromhex("89504e470d0a1a0a0000000d49484452")
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
DRAWING = (
    '<w:drawing><wp:inline xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing">'
    '<wp:docPr id="7" name="Logo"/><a:blip xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'r:embed="rId9"/></wp:inline></w:drawing>'
)
EQUATION = (
    '<m:oMath xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"><m:r><m:t>x=1</m:t></m:r></m:oMath>'
)


def with_relationships(body: str, *relationships: str, members: dict[str, bytes] | None = None) -> bytes:
    rels = (
        '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
        f"{''.join(relationships)}</Relationships>"
    )
    return pack(body, changes={"word/_rels/document.xml.rels": rels.encode(), **(members or {})})


def inserted(content: str) -> str:
    return f'<w:p><w:r><w:t xml:space="preserve">Here </w:t></w:r>{content}<w:r><w:t>ends it.</w:t></w:r></w:p>'


IMAGE = f'<Relationship Id="rId9" Type="{OFFICE}/image" Target="media/logo.png"/>'
BASE = pack(inserted(""))


def body_of(content: bytes) -> str:
    return open_package(content).parts["word/document.xml"].decode()


def test_new_words_keep_their_own_looks() -> None:
    bold = "<w:r><w:rPr><w:b/></w:rPr><w:t>bold</w:t></w:r><w:r><w:rPr><w:i/></w:rPr><w:t>slanted</w:t><w:br/></w:r>"
    written = assert_carried(BASE, pack(inserted(f"<w:ins {BY}>{bold}</w:ins>")))
    assert '<w:rPr><w:b/></w:rPr><w:t xml:space="preserve">bold' in body_of(written)
    assert '<w:rPr><w:i/></w:rPr><w:t xml:space="preserve">slanted</w:t><w:br/>' in body_of(written)


def test_new_picture_comes_with_its_part() -> None:
    version = with_relationships(
        inserted(f"<w:ins {BY}><w:r>{DRAWING}</w:r></w:ins>"), IMAGE, members={"word/media/logo.png": PNG}
    )
    written = open_package(assert_carried(BASE, version))
    (name,) = [name for name, content in written.parts.items() if content == PNG]
    assert name.removeprefix("word/").encode() in written.parts["word/_rels/document.xml.rels"]
    assert f"/{name}".encode() in written.parts["[Content_Types].xml"]


def test_picture_that_lies_elsewhere_is_not_carried() -> None:
    linked = IMAGE.replace('Target="media/logo.png"', 'Target="https://evil.example/logo.png" TargetMode="External"')
    version = with_relationships(inserted(f"<w:ins {BY}><w:r>{DRAWING}</w:r></w:ins>"), linked)
    written = open_package(merge_alone(BASE, version))
    assert all(b"evil.example" not in content for content in written.parts.values())


def test_pictures_of_two_agencies_in_one_place_are_two_changes() -> None:
    text = read_text(BASE)
    body = inserted(f"<w:ins {BY}><w:r>{DRAWING}</w:r></w:ins>")
    versions = [with_relationships(body, IMAGE, members={"word/media/logo.png": PNG + tail}) for tail in (b"1", b"2")]
    changes = [read_changes(version, text).changes[0] for version in versions]
    merged = merge(text, [propose(f"k{n}", f"A{n}", change) for n, change in enumerate(changes)])
    assert len(merged.folded) == 2


def test_new_equation_is_carried() -> None:
    assert "<m:t>x=1</m:t>" in body_of(assert_carried(BASE, pack(inserted(f"<w:ins {BY}>{EQUATION}</w:ins>"))))


@pytest.mark.parametrize(("address", "kept"), [("https://who.example/a", True), ("file:///etc/passwd", False)])
def test_new_link_leads_where_it_led(address: str, kept: bool) -> None:
    rel = f'<Relationship Id="rId4" Type="{OFFICE}/hyperlink" Target="{address}" TargetMode="External"/>'
    link = f'<w:hyperlink r:id="rId4"><w:ins {BY}><w:r><w:t>link</w:t></w:r></w:ins></w:hyperlink>'
    written = assert_carried(BASE, with_relationships(inserted(link), rel))
    assert (address.encode() in open_package(written).parts["word/_rels/document.xml.rels"]) is kept


def test_amended_wording_does_not_take_the_looks_of_another() -> None:
    version = pack(inserted(f"<w:ins {BY}><w:r><w:rPr><w:b/></w:rPr><w:t>it all </w:t></w:r></w:ins>"))
    (change,) = read_changes(version, read_text(BASE)).changes
    proposal = propose("k", "WHO", change, disposition=Disposition.AMENDED, amended="everything ")
    clean = revise(BASE, [proposal]).clean
    assert "everything" in body_of(clean)
    assert "<w:b/>" not in body_of(clean)


def test_stored_changes_without_content_can_still_be_read() -> None:
    (change,) = read_changes(pack(inserted(f"<w:ins {BY}><w:r><w:t>it </w:t></w:r></w:ins>")), read_text(BASE)).changes
    stored = json.loads(encode(change))
    del stored["content"]
    assert decode(Change, json.dumps(stored)) == replace(change, content="")


def notes(*texts: str) -> str:
    found = "".join(f'<w:footnote w:id="{n}">{paragraph(text)}</w:footnote>' for n, text in enumerate(texts, 1))
    return f"<w:footnotes {NAMESPACES}>{found}</w:footnotes>"


def refer(number: int) -> str:
    return f'<w:r><w:footnoteReference w:id="{number}"/></w:r>'


@pytest.mark.parametrize("texts", [(), ("Old note.",)])
def test_new_note_comes_with_its_words(texts: tuple[str, ...]) -> None:
    old = "".join(refer(n) for n in range(1, len(texts) + 1))
    base = pack(inserted(old), {"word/footnotes.xml": notes(*texts)} if texts else {})
    content = f"{old}<w:ins {BY}>{refer(len(texts) + 1)}</w:ins>"
    new = '</w:t></w:r><w:hyperlink r:id="rId8"><w:r><w:t>New note.</w:t></w:r></w:hyperlink><w:r><w:t>'
    version = pack(inserted(content), {"word/footnotes.xml": notes(*texts, new)})
    written = merge_alone(base, version)
    assert read_view(written) == read_view(base)
    (change,) = read_changes(version, read_text(base)).changes
    clean = revise(base, [propose("k", "WHO", change, disposition=Disposition.ACCEPTED)]).clean
    found = [text for name, text in read_view(clean).items() if name.startswith("footnote")]
    assert found == [*(f"{text}\n" for text in texts), "New note.\n"]


def test_note_goes_with_its_last_reference(tmp_path) -> None:
    base = pack(inserted(refer(1)), {"word/footnotes.xml": notes("Gone with it.")})
    version = pack(inserted(f"<w:del {BY}>{refer(1)}</w:del>"), {"word/footnotes.xml": notes("Gone with it.")})
    (change,) = read_changes(version, read_text(base)).changes
    proposal = propose("k", "WHO", change, disposition=Disposition.ACCEPTED)
    path = tmp_path / "clean.docx"
    path.write_bytes(revise(base, [proposal]).clean)
    assert b"Gone with it" not in open_package(path.read_bytes()).parts["word/footnotes.xml"]
    assert [str(finding) for finding in ooxml_integrity.check(path)] == []
    rejected = revise(base, [replace(proposal, disposition=Disposition.REJECTED)]).clean
    assert read_view(rejected) == read_view(base)
