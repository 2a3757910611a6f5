"""Laws of the files the sample round attaches."""

import io
import re
import struct
import zipfile
from collections.abc import Iterator

import docx
import openpyxl
import pypandoc
import pytest
from tnefparse import TNEF

from pipeline.demo.attachments import build_file
from pipeline.demo.build import build_draft
from pipeline.demo.foreign import build_doc, build_encrypted_docx, build_signature
from pipeline.demo.packages import pack_ole, pack_zip
from pipeline.demo.scenario import ScenarioAttachment, ScenarioMessage, walk_attachments
from pipeline.demo.texts import Block, apply_edits, parse_markdown, trim_edit
from tests.demo.round import W, authors, files, mail, open_part, paragraphs, read_mail, sample

Made = tuple[ScenarioMessage, ScenarioAttachment]


def _attached(*kinds: str) -> list[object]:
    """Every attachment of these kinds with its message."""
    return [
        pytest.param((message, attachment), id=f"{message.id}-{attachment.name}")
        for message in sample().messages
        for attachment in walk_attachments(message.attachments)
        if attachment.kind in kinds
    ]


def _content(made: Made) -> bytes:
    """The bytes of the file."""
    return build_file(sample(), *made).content


def _blocks(attachment: ScenarioAttachment) -> tuple[Block, ...]:
    """The text it was made from."""
    return parse_markdown(sample().get_draft(attachment.draft, attachment.rev).markdown)


@pytest.mark.parametrize("made", _attached("docx_tracked"))
def test_rejecting_everything_gives_the_base(made: Made) -> None:
    assert paragraphs(_content(made), accept=False) == [block.text for block in _blocks(made[1])]


@pytest.mark.parametrize("made", _attached("docx_tracked"))
def test_accepting_everything_gives_the_edits_of_the_scenario(made: Made) -> None:
    attachment = made[1]
    inherited = [name for _, names in attachment.inherited for name in names]
    edits = [sample().get_edit(name) for name in (*attachment.edits, *inherited)]
    expected = [block.text for block in apply_edits(_blocks(attachment), edits)]
    assert paragraphs(_content(made), accept=True) == expected


@pytest.mark.parametrize("made", _attached("docx_tracked"))
def test_changes_bear_the_stated_author_and_the_date_of_the_message(made: Made) -> None:
    message, attachment = made
    others = {name for name, _ in attachment.inherited}
    assert authors(_content(made)) == {attachment.author, *others}
    dates = {
        element.attrib[f"{W}date"]
        for element in open_part(_content(made), "word/document.xml").iter()
        if element.attrib.get(f"{W}author") == attachment.author
    }
    assert dates == {message.date.strftime("%Y-%m-%dT%H:%M:00Z")}


@pytest.mark.parametrize("made", _attached("docx_tracked"))
def test_every_tracked_element_has_a_number_of_its_own(made: Made) -> None:
    root = open_part(_content(made), "word/document.xml")
    tags = {f"{W}{name}" for name in ("ins", "del", "moveFrom", "moveTo", "moveFromRangeStart", "moveToRangeStart")}
    numbers = [element.attrib[f"{W}id"] for element in root.iter() if element.tag in tags]
    assert len(set(numbers)) == len(numbers)
    assert numbers


@pytest.mark.parametrize("made", _attached("docx_tracked"))
def test_comments_are_at_their_words(made: Made) -> None:
    content, wanted = _content(made), [sample().get_edit(name) for name in made[1].comments]
    root = open_part(content, "word/document.xml")
    anchors = [element.attrib[f"{W}id"] for element in root.iter(f"{W}commentRangeStart")]
    assert len(anchors) == len(wanted)
    for number, edit in enumerate(wanted):
        assert _anchored(root, str(number)) == edit.old
        comments = open_part(content, "word/comments.xml")
        assert "".join(comments[number].itertext()) == edit.text
    assert len(docx.Document(io.BytesIO(content)).comments) == len(wanted)


def _anchored(root: object, number: str) -> str:
    """The original words between the marks of a comment."""
    inside, text = False, ""
    for element in root.iter():  # type: ignore[attr-defined]
        if element.tag == f"{W}commentRangeStart" and element.attrib[f"{W}id"] == number:
            inside = True
        elif element.tag == f"{W}commentRangeEnd" and element.attrib[f"{W}id"] == number:
            return text
        elif inside and element.tag == f"{W}t":
            text += element.text or ""
    return text


@pytest.mark.parametrize("made", _attached("docx_base", "docx_tracked", "docx_clean", "docx_matrix"))
def test_word_file_opens_and_leaves_the_numbers_to_word(made: Made) -> None:
    document = docx.Document(io.BytesIO(_content(made)))
    assert not any(re.match(r"\d+\.", paragraph.text) for paragraph in document.paragraphs)
    if made[1].kind != "docx_matrix":
        numbered = [one for one in document.paragraphs if one.style is not None and one.style.name == "List Number"]
        assert len(numbered) >= 17
        assert all(one._p.pPr.numPr is not None for one in numbered)


@pytest.mark.parametrize("made", _attached("docx_clean"))
def test_clean_file_holds_the_edited_text_and_no_record(made: Made) -> None:
    edits = [sample().get_edit(name) for name in made[1].edits]
    expected = [block.text for block in apply_edits(_blocks(made[1]), edits)]
    assert paragraphs(_content(made), accept=True) == expected
    assert authors(_content(made)) == set()


def test_moved_paragraph_is_marked_on_both_sides_under_one_name() -> None:
    content = files(mail("M42"))["JST UNCTAD.docx"]
    root = open_part(content, "word/document.xml")
    names = [root.find(f".//{W}{side}RangeStart").attrib[f"{W}name"] for side in ("moveFrom", "moveTo")]  # type: ignore[union-attr]
    assert names[0] == names[1]
    for side in ("moveFrom", "moveTo"):
        start, end = root.find(f".//{W}{side}RangeStart"), root.find(f".//{W}{side}RangeEnd")
        assert start is not None
        assert end is not None
        assert start.attrib[f"{W}id"] == end.attrib[f"{W}id"]
        assert root.find(f".//{W}pPr/{W}rPr/{W}{side}") is not None
    assert root.find(f".//{W}pPr/{W}rPr/{W}del") is not None


def test_new_paragraph_has_an_inserted_mark() -> None:
    root = open_part(files(mail("M53"))["HLD_UN Women.docx"], "word/document.xml")
    assert root.find(f".//{W}pPr/{W}rPr/{W}ins") is not None


def test_inherited_changes_keep_author_and_date() -> None:
    root = open_part(files(mail("M43"))["GMG joint statement_UNHCR_UNFPA.docx"], "word/document.xml")
    dates = {element.attrib[f"{W}author"]: element.attrib[f"{W}date"] for element in root.iter(f"{W}ins")}
    assert dates == {"UNHCR": "2012-10-24T10:11:00Z", "UNFPA": "2012-11-09T17:15:00Z"}


@pytest.mark.parametrize(("revision", "code"), [("r1", "JST"), ("r1", "HLD")])
def test_decisions_on_the_base_give_the_next_revision(revision: str, code: str) -> None:
    scenario = sample()
    base = parse_markdown(scenario.get_draft(code, "r0").markdown)
    names = [f"HLD-LEAD-{number}" for number in (1, 2, 3)]
    if code == "JST":
        decided = scenario.expected.decisions[0].decisions
        names = [one.edit for one in decided if one.disposition == "accepted"]
    changed = {block.number: block.text for block in apply_edits(base, [scenario.get_edit(name) for name in names])}
    target = {block.number: block.text for block in parse_markdown(scenario.get_draft(code, revision).markdown)}
    amended = {17} if code == "JST" else set()
    assert {number for number in target if target[number] != changed.get(number)} == amended


@pytest.mark.parametrize("mode", ["accept", "reject"])
def test_pandoc_reads_the_same_text(mode: str) -> None:
    attachment = sample().get_message("M08").attachments[0]
    content = build_file(sample(), sample().get_message("M08"), attachment).content
    text = (
        pypandoc.convert_text(content, "plain", format="docx", extra_args=[f"--track-changes={mode}", "--wrap=none"])
        .replace("\u201c", '"')
        .replace("\u201d", '"')
    )
    # Pandoc takes the title out of the text.
    for paragraph in paragraphs(content, accept=mode == "accept")[1:]:
        assert paragraph in text


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("should be kept", "should stay", (7, "be kept", "stay")),
        ("fair recruitment", "fair recruitment, decent work", (16, "", ", decent work")),
        ("people often migrate", "people migrate", (7, "often ", "")),
        ("same", "same", (4, "", "")),
        ("", "new", (0, "", "new")),
    ],
)
def test_only_the_changed_words_are_tracked(old: str, new: str, expected: tuple[int, str, str]) -> None:
    assert trim_edit(old, new) == expected


@pytest.mark.parametrize("made", _attached("docx_matrix"))
def test_table_has_one_row_for_each_proposal(made: Made) -> None:
    table = docx.Document(io.BytesIO(_content(made))).tables[0]
    rows = [[cell.text for cell in row.cells] for row in table.rows]
    assert rows[0] == ["Agency", "Para", "Type", "Comment", "Proposed change"]
    edits = [sample().get_edit(name) for name in (*made[1].edits, *made[1].comments)]
    assert len(rows) == len(edits) + 1
    for row, edit in zip(rows[1:], edits, strict=True):
        assert row[:3] == [edit.agency, str(edit.para) if edit.para else "", edit.type]
        assert row[4] == (f"{edit.old} -> {edit.new}" if edit.op == "replace" else "")


def test_sheet_has_one_row_for_each_proposal() -> None:
    sheet = openpyxl.load_workbook(io.BytesIO(files(mail("M32"))["ILO_comments.xlsx"])).worksheets[0]
    rows = list(sheet.iter_rows(values_only=True))
    assert [row[1] for row in rows] == ["Para", 10, 10]
    assert str(rows[1][4]).startswith("access to complaint mechanisms are essential -> access to safe")


def test_open_document_text_is_read_with_its_edit() -> None:
    content = files(mail("M55"))["HLD UNDP.odt"]
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.infolist()[0].filename == "mimetype"
        assert archive.infolist()[0].compress_type == zipfile.ZIP_STORED
    text = pypandoc.convert_text(content, "plain", format="odt", extra_args=["--wrap=none"])
    assert "in mainstreaming migration into national development planning" in text


def test_winmail_holds_the_word_file_under_its_long_name() -> None:
    content = files(mail("M14"))["winmail.dat"]
    inside = TNEF(content).attachments
    assert [one.long_filename() for one in inside] == ["YTH WHO.docx"]
    assert authors(inside[0].data) == {"WHO"}


def test_archive_holds_the_word_file() -> None:
    with zipfile.ZipFile(io.BytesIO(files(mail("M21"))["RC_inputs.zip"])) as archive:
        assert archive.namelist() == ["RC consolidated YTH.docx"]
        assert authors(archive.read("RC consolidated YTH.docx")) == {"Regional Commissions"}


def _streams(content: bytes) -> dict[str, bytes]:
    """The streams of a compound file, read by following the tables. See: MS-CFB 2."""
    table_at = struct.unpack("<109I", content[76:512])
    fat: list[int] = []
    for sector in (one for one in table_at if one != 0xFFFFFFFF):
        fat += struct.unpack("<128I", content[512 + sector * 512 : 1024 + sector * 512])

    def follow(start: int) -> bytes:
        """The sectors of a chain."""
        pieces = []
        while start < 0xFFFFFFFA:
            pieces.append(content[512 + start * 512 : 1024 + start * 512])
            start = fat[start]
        return b"".join(pieces)

    directory, mini_start = struct.unpack("<I", content[48:52])[0], struct.unpack("<I", content[60:64])[0]
    entries = follow(directory)
    mini_fat = struct.unpack(f"<{len(follow(mini_start)) // 4}I", follow(mini_start))
    root_start = struct.unpack("<I", entries[116:120])[0]
    found = {}
    for offset in range(128, len(entries), 128):
        entry = entries[offset : offset + 128]
        length, start, size = *struct.unpack("<H", entry[64:66]), *struct.unpack("<IQ", entry[116:128])
        if length:
            found[entry[: length - 2].decode("utf-16-le")] = (
                follow(start)[:size]
                if size >= 4096
                else b"".join(follow(root_start)[one * 64 : one * 64 + 64] for one in _chain(mini_fat, start))[:size]
            )
    return found


def _chain(table: tuple[int, ...], start: int) -> Iterator[int]:
    """The links of a chain."""
    while start < 0xFFFFFFFA:
        yield start
        start = table[start]


def test_compound_file_gives_back_its_streams() -> None:
    streams = {"Small": b"abc" * 40, "Empty": b"", "Tiny": b"x", "Large": bytes(range(256)) * 400}
    made = _streams(pack_ole(streams.items()))
    assert made == streams


def test_large_compound_file_has_several_tables() -> None:
    streams = {"A": b"0123456789abcdef" * 20_000}
    assert _streams(pack_ole(streams.items())) == streams


def test_binary_word_file_holds_its_text_in_one_piece() -> None:
    document = _streams(build_doc("Para 12: caf\u00e9\n"))["WordDocument"]
    assert document[:2] == b"\xec\xa5"
    start, end = struct.unpack("<II", document[24:32])
    assert document[start:end].decode("utf-16-le") == "Para 12: caf\u00e9\r"


def test_encrypted_file_is_no_archive_and_names_its_streams() -> None:
    content = build_encrypted_docx("x.docx")
    assert not zipfile.is_zipfile(io.BytesIO(content))
    assert set(_streams(content)) == {"EncryptionInfo", "EncryptedPackage"}


def test_macro_file_says_so_and_has_no_code() -> None:
    content = files(mail("M47"))["Comments_UNICEF.docm"]
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert b"macroEnabled.main+xml" in archive.read("[Content_Types].xml")
        assert set(_streams(archive.read("word/vbaProject.bin"))) == {"PROJECT"}


def test_scan_has_an_image_and_no_text() -> None:
    content = files(mail("M33"))["scan0001.pdf"]
    assert content.startswith(b"%PDF-1.4")
    assert content.endswith(b"%%EOF\n")
    assert b"/Subtype /Image" in content
    assert b"/Font" not in content
    table_at = int(re.findall(rb"startxref\n(\d+)", content)[0])
    assert content[table_at:].startswith(b"xref\n")
    for number, offset in enumerate(re.findall(rb"(\d{10}) 00000 n", content), start=1):
        assert content[int(offset) :].startswith(b"%d 0 obj" % number)


def test_pictures_are_what_their_names_say() -> None:
    assert files(mail("M58"))["IMG_2041.JPG"][:4] == b"\xff\xd8\xff\xe0"
    assert files(mail("M58"))["IMG_2041.JPG"].endswith(b"\xff\xd9")
    assert files(mail("M15"))["image001.png"].startswith(b"\x89PNG\r\n\x1a\n")
    assert files(mail("M15"))["UNITAR.vcf"].startswith(b"BEGIN:VCARD\r\n")


def test_signature_is_one_whole_der_element() -> None:
    content = build_signature("desa@desa.example")
    assert content[0] == 0x30
    assert int.from_bytes(content[2:4], "big") == len(content) - 4
    assert bytes.fromhex("2a864886f70d010702") in content


def test_archives_do_not_depend_on_the_clock() -> None:
    assert pack_zip([("a.txt", b"a")]) == pack_zip([("a.txt", b"a")])
    with zipfile.ZipFile(io.BytesIO(pack_zip([("a.txt", b"a")]))) as archive:
        assert archive.infolist()[0].date_time == (1980, 1, 1, 0, 0, 0)


def test_circulated_file_is_stamped_and_the_lead_s_own_is_not() -> None:
    stamped = open_part(build_draft(sample(), "YTH", "r0"), "docProps/custom.xml")
    assert "".join(stamped.itertext()) == "GMGYTHr0"
    own = files(mail("M01"))["GMG_Youth_Migration_zero_draft.docx"]
    assert len(open_part(own, "docProps/custom.xml")) == 0


def test_file_of_the_repeated_message_is_the_same_file() -> None:
    assert files(mail("M64")) == files(read_mail(bytes(mail("M65"))))
