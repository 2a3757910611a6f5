"""What runs in the child: bytes in, plain values out, every file told for what it is."""

import io
import pickle
import zipfile

import pytest

from pipeline.core.model import Attachment, FileKind, Unreadable
from pipeline.demo.packages import pack_ole
from pipeline.demo.pictures import build_scan_pdf
from pipeline.demo.texts import parse_markdown
from pipeline.errors import MailTooComplexError, UnreadableFileError
from pipeline.reading import FileFindings, KnownRevision, list_files, read_base, read_files, read_message
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
