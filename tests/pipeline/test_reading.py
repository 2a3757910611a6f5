"""What runs in the child: bytes in, plain values out, every file told for what it is."""

import io
import pickle
import struct
import zipfile

import pytest

from pipeline.core.model import Attachment, FileKind, Unreadable
from pipeline.demo.packages import pack_ole
from pipeline.demo.pictures import build_scan_pdf
from pipeline.demo.texts import parse_markdown
from pipeline.errors import MailTooComplexError, UnreadableFileError
from pipeline.reading import FileFindings, KnownRevision, list_files, read_base, read_files, read_files_of, read_message
from tests.adapters.test_pdf import Page, make_pdf
from tests.demo import tiny
from tests.make_mail import make_mail
from tests.pipeline.desk import DOCX, base_docx, edit, reply_docx
from tests.redline.sample import build_docx

ANIMALS = edit("shared with herds", "shared with working animals", 2)


def zip_up(**files: bytes) -> bytes:
    """An archive."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, content in files.items():
            archive.writestr(name.replace("_", "."), content)
    return target.getvalue()


def make_picture(width: int, height: int) -> bytes:
    """The head of a PNG of this size. See: PNG 11.2.2."""
    return b"\x89PNG\r\n\x1a\n" + struct.pack(">I4sII", 13, b"IHDR", width, height)


def read(content: bytes, name: str = "a.docx", kind: str = DOCX, **fields: str) -> tuple[FileFindings, ...]:
    """What a file turned out to be, with the draft known."""
    attachment = Attachment(filename=name, content_type=kind, content=content, **fields)  # type: ignore[arg-type]
    return read_files((attachment,), (KnownRevision(draft="WAT", name="r0", text=read_base(base_docx())),))


def test_a_tracked_file_is_compared_with_the_revision_it_is_most_like() -> None:
    (found,) = read(reply_docx(ANIMALS))
    assert (found.reading.kind, found.reading.tracked, found.reading.silent) == (FileKind.DOCX, 1, 0)
    assert found.reading.likeness[0][:2] == ("WAT", "r0")
    assert found.reading.stamp == ("WAT", "r0")
    assert found.changes is not None
    assert [(change.old, change.new) for change in found.changes.changes] == [("herds", "working animals")]


def test_the_text_as_circulated_proposes_nothing() -> None:
    (found,) = read(base_docx())
    assert found.changes is not None
    assert found.changes.changes == ()


def test_a_file_on_something_else_is_compared_with_nothing() -> None:
    (found,) = read(build_docx(["An invitation to lunch on the terrace, with music."]))
    assert (found.changes, found.rows, found.reading.likeness) == (None, (), ())


def test_a_text_written_afresh_is_shown_to_a_person_and_never_an_answer_without_changes() -> None:
    kept = [block.text for block in parse_markdown(tiny.DRAFT)[:3]]
    fresh = ["Every station needs a tank, a guard, and a phone that works.", "Nobody may be sent away thirsty."] * 3
    (found,) = read(build_docx([*kept, *(f"{number} {text}" for number, text in enumerate(fresh))]))
    assert found.reading.likeness[0][:2] == ("WAT", "r0")
    assert (found.reading.unreadable, found.changes) == (Unreadable.OTHER, None)
    assert "freshly written" in found.reading.reason


def test_a_comment_table_is_read_by_its_rows() -> None:
    table = [["Para", "Type", "Comment", "Proposed change"], ["2", "te", "Say which.", "shared with herds -> shared"]]
    (found,) = read(build_docx(["Comments of WHO"], table=table))
    assert found.reading.kind is FileKind.MATRIX
    assert [row.paragraph for row in found.rows] == ["2"]


def test_a_file_inside_an_archive_is_read_like_any_other() -> None:
    found = read(zip_up(inner_docx=reply_docx(ANIMALS)), "all.zip", "application/zip")
    (inner,) = (each for each in found if each.reading.kind is FileKind.DOCX)
    assert inner.reading.inside == ("all.zip",)
    assert inner.changes is not None
    assert len(inner.changes.changes) == 1


@pytest.mark.parametrize(
    ("content", "name", "kind", "reason"),
    [
        (b"%PDF-1.4\n%\xe2", "cut.pdf", "application/pdf", Unreadable.BROKEN),
        (build_scan_pdf(), "scan.pdf", "application/pdf", Unreadable.PDF_SCAN),
        (b"\xff\xd8\xff\xe0 a photo", "photo.jpg", "image/jpeg", Unreadable.IMAGE),
        (b"PK\x03\x04 cut off", "a.docx", DOCX, Unreadable.BROKEN),
        (pack_ole([("WordDocument", b"text")]), "old.doc", "application/msword", Unreadable.DOC),
        (b"???", "a.xyz", "application/octet-stream", Unreadable.OTHER),
        (b"", "a.docx", DOCX, Unreadable.BROKEN),
        (b"Rar!\x1a\x07\x01\x00 packed", "a.rar", "application/octet-stream", Unreadable.ARCHIVE),
        (b"7z\xbc\xaf\x27\x1c packed", "a.docx.7z", "application/octet-stream", Unreadable.ARCHIVE),
        (b'{"url": "https://docs.example/d/1"}', "a.gdoc", "application/json", Unreadable.OTHER),
        (b"<html><p>Our comments</p></html>", "a.html", "text/html", Unreadable.OTHER),
        (make_picture(1200, 1600), "image001.png", "image/png", Unreadable.IMAGE),
        (make_picture(90, 120), "IMG_0412.png", "image/png", Unreadable.IMAGE),
    ],
)
def test_what_cannot_be_read_says_so_and_what_to_do(content: bytes, name: str, kind: str, reason: Unreadable) -> None:
    (found,) = read(content, name, kind)
    assert found.reading.unreadable is reason
    assert found.reading.reason
    assert found.changes is None


@pytest.mark.parametrize(
    ("name", "kind", "fields"),
    [
        ("card.vcf", "text/x-vcard", {}),
        ("smime.p7s", "application/pkcs7-signature", {}),
        ("logo.png", "image/png", {"disposition": "inline"}),
        ("image001.png", "image/png", {"content_id": "image001@01"}),
        ("image002.png", "image/png", {}),
        ("ATT00001.htm", "text/html", {}),
    ],
)
def test_ornaments_are_no_answers(name: str, kind: str, fields: dict[str, str]) -> None:
    (found,) = read(b"\x89PNG\r\n\x1a\n", name, kind, **fields)
    assert (found.reading.kind, found.reading.unreadable) == (FileKind.ORNAMENT, None)


def test_everything_read_crosses_to_the_parent() -> None:
    mail = read_message(make_mail(attachments=[("a.docx", reply_docx(ANIMALS), DOCX)]), frozenset())
    assert pickle.loads(pickle.dumps(mail)) == mail
    found = read(reply_docx(ANIMALS))
    assert pickle.loads(pickle.dumps(found)) == found


def test_files_are_read_from_the_message_when_their_contents_did_not_cross() -> None:
    raw = make_mail(attachments=[("a.docx", reply_docx(ANIMALS), DOCX)])
    whole, without = read_message(raw, frozenset()), read_message(raw, frozenset(), False)
    assert [each.filename for each in without.mail.attachments] == ["a.docx"]
    assert not any(each.content for each in without.mail.attachments)
    assert (without.reply, without.machine) == (whole.reply, whole.machine)
    assert read_files_of(raw, ()) == read_files(whole.mail.attachments, ())


def test_files_of_a_message_are_found_by_their_digest() -> None:
    raw = make_mail(attachments=[("all.zip", zip_up(a_docx=base_docx()), "application/zip")])
    assert base_docx() in {each.content for each in list_files(raw).values()}


@pytest.mark.parametrize("read_it", [lambda raw: read_message(raw, frozenset()), list_files])
def test_limits_hold_before_any_parser(read_it: object) -> None:
    nested = b"From: a@b.example\r\nSubject: x\r\n" + b"X-A: b\r\n" * 200_000 + b"\r\n"
    with pytest.raises(MailTooComplexError):
        read_it(nested)  # type: ignore[operator]


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04", b"%PDF-1.4"])
def test_a_base_that_is_no_word_file_is_refused(content: bytes) -> None:
    with pytest.raises(UnreadableFileError):
        read_base(content)


# --- Pictures, web pages, PDF -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("width", "height", "fields", "kind"),
    [
        (120, 60, {"content_id": "logo@1"}, FileKind.ORNAMENT),
        (1200, 200, {"disposition": "inline"}, FileKind.ORNAMENT),
        (1240, 1754, {"disposition": "inline"}, FileKind.IMAGE),
        (1240, 1754, {"content_id": "page@1"}, FileKind.IMAGE),
        (120, 60, {}, FileKind.IMAGE),
    ],
)
def test_a_page_shown_inside_the_text_is_no_logo(
    width: int, height: int, fields: dict[str, str], kind: FileKind
) -> None:
    (found,) = read(make_picture(width, height), "page.png", "image/png", **fields)
    assert found.reading.kind is kind


@pytest.mark.parametrize(
    "running", [b"<script>x()</script>", b'<form action="https://a.example">', b"<a href='javascript:x'>"]
)
def test_a_web_page_that_runs_something_is_a_program(running: bytes) -> None:
    (found,) = read(b"<!DOCTYPE html><body>" + running, "invoice.html", "text/html")
    assert found.reading.kind is FileKind.EXECUTABLE


def test_a_pdf_of_our_text_is_known_for_what_it_is() -> None:
    pages = [Page(words=block.text) for block in parse_markdown(tiny.DRAFT)]
    (found,) = read(make_pdf(*pages), "WAT.pdf", "application/pdf")
    assert found.reading.unreadable is Unreadable.PDF
    assert found.reading.likeness[0][:2] == ("WAT", "r0")
    assert found.changes is None


# --- Mail in winmail.dat ------------------------------------------------------------------------------------------

#: the example of MS-OXRTFCP 3.1.1
PACKED_RTF = bytes.fromhex(
    "2d0000002b0000004c5a4675f1c5c7a703000a007263706731323542320af32068656c090020627705b06c647d0a800fa0"
)


def make_winmail(tag: int, kind: int, value: bytes) -> bytes:
    """A winmail.dat with one property of the message. See: MS-OXTNEF 2.1.3."""
    padded = value + b"\0" * (-len(value) % 4)
    properties = struct.pack("<IHHII", 1, kind, tag, 1, len(value)) + padded
    code_page = struct.pack("<II", 1252, 0)
    fields = ((0x00069007, code_page), (0x00069003, properties))
    packed = (
        struct.pack("<BII", 1, name, len(data)) + data + struct.pack("<H", sum(data) & 0xFFFF) for name, data in fields
    )
    return b"\x78\x9f\x3e\x22\x01\x00" + b"".join(packed)


@pytest.mark.parametrize(
    ("tag", "kind", "value", "words"),
    [
        (0x1009, 0x0102, PACKED_RTF, "hello world"),
        (0x1009, 0x0102, PACKED_RTF[:20], ""),
        (0x1000, 0x001E, b"We have no comments.\0", "We have no comments."),
    ],
)
def test_what_was_written_is_read_from_winmail_dat(tag: int, kind: int, value: bytes, words: str) -> None:
    attached = [("winmail.dat", make_winmail(tag, kind, value), "application/ms-tnef")]
    found = read_message(make_mail(text="", attachments=attached), frozenset())
    assert found.mail.text.strip("\0") == words


def test_a_text_beside_winmail_dat_goes_before_the_one_inside() -> None:
    attached = [("winmail.dat", make_winmail(0x1009, 0x0102, PACKED_RTF), "application/ms-tnef")]
    found = read_message(make_mail(text="Please find our comments attached.", attachments=attached), frozenset())
    assert "hello" not in found.mail.text
