"""PDFs: text and notes are shown, a scan is told from them, and no file of any kind stops the reader."""

import io
from dataclasses import dataclass

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pypdf import PdfReader, PdfWriter
from pypdf.annotations import Text

from pipeline.adapters.pdf import MAX_BYTES, MAX_PAGES, read_pdf
from pipeline.core.model import Attachment, FileKind, FileReading, Unreadable
from pipeline.demo.pictures import build_scan_pdf
from pipeline.errors import UnreadableFileError
from pipeline.reading import read_files

WORDS = "Paragraph four should speak of children and youth."


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """One page of a test file."""

    words: str


def make_pdf(*pages: Page, note: str = "", password: str = "") -> bytes:
    """A PDF of one line of text a page, with one note on the first."""
    kids = b" ".join(b"%d 0 R" % (4 + 2 * number) for number in range(len(pages)))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [%b] /Count %d >>" % (kids, len(pages)),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    for number, page in enumerate(pages):
        drawing = b"BT /F1 12 Tf 72 700 Td (%b) Tj ET" % page.words.encode("latin-1")
        objects += [
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents %d 0 R "
            b"/Resources << /Font << /F1 3 0 R >> >> >>" % (5 + 2 * number),
            b"<< /Length %d >>\nstream\n%b\nendstream" % (len(drawing), drawing),
        ]
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(assemble(objects))))
    if note:
        writer.add_annotation(0, Text(text=note, rect=(50, 550, 200, 650), title_bar="Ann Ode"))
    if password:
        writer.encrypt(password, algorithm="RC4-128")
    file = io.BytesIO()
    writer.write(file)
    return file.getvalue()


def assemble(objects: list[bytes]) -> bytes:
    """The file with its table of offsets. See: ISO 32000-1 7.5."""
    pieces = [b"%PDF-1.4\n", *(b"%d 0 obj\n%b\nendobj\n" % pair for pair in enumerate(objects, start=1))]
    offsets = [sum(map(len, pieces[:count])) for count in range(1, len(pieces) + 1)]
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets[:-1])
    size = len(objects) + 1
    end = b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (size, offsets[-1])
    return b"".join([*pieces, b"xref\n0 %d\n0000000000 65535 f \n" % size, table, end])


def read(content: bytes) -> FileReading:
    (found,) = read_files((Attachment(filename="draft.pdf", content_type="application/pdf", content=content),), ())
    return found.reading


def test_the_text_of_all_pages_is_read_in_order() -> None:
    found = read_pdf(make_pdf(Page(words=WORDS), Page(words=WORDS[::-1])))
    assert (found.pages, found.text) == (2, f"{WORDS}\n\n{WORDS[::-1]}")


def test_notes_are_read_with_their_authors() -> None:
    assert read_pdf(make_pdf(Page(words=WORDS), note="Add youth here.")).notes == (("Ann Ode", "Add youth here."),)


def test_a_text_is_shown_and_left_to_a_person() -> None:
    reading = read(make_pdf(Page(words=WORDS), note="Add youth here."))
    assert (reading.kind, reading.unreadable) == (FileKind.PDF, Unreadable.PDF)
    for told in ("8 words", "1 pages", "1 notes", WORDS, "Note of Ann Ode: Add youth here."):
        assert told in reading.reason


def test_a_scan_is_told_from_a_text() -> None:
    reading = read(build_scan_pdf())
    assert (reading.unreadable, "picture" in reading.reason) == (Unreadable.PDF_SCAN, True)


def test_a_fax_line_does_not_make_a_text() -> None:
    assert read(make_pdf(Page(words="FAX 12:30 p. 01/03"))).unreadable is Unreadable.PDF_SCAN


def test_a_password_is_asked_for() -> None:
    assert read(make_pdf(Page(words=WORDS), password="secret")).unreadable is Unreadable.ENCRYPTED


def test_only_so_many_pages_are_read() -> None:
    found = read_pdf(make_pdf(*[Page(words=WORDS)] * (MAX_PAGES + 5)))
    assert (found.pages, found.text.count(WORDS)) == (MAX_PAGES + 5, MAX_PAGES)


def test_a_file_beyond_the_limit_is_not_opened() -> None:
    with pytest.raises(UnreadableFileError) as refused:
        read_pdf(b"%PDF-1.4" + bytes(MAX_BYTES))
    assert refused.value.reason == "too_large"


@settings(max_examples=60, deadline=None)
@given(place=st.integers(0, 900), noise=st.binary(max_size=30))
@example(place=0, noise=b"")
def test_a_damaged_file_is_read_or_refused(place: int, noise: bytes) -> None:
    whole = make_pdf(Page(words=WORDS), note="x")
    reading = read(b"%PDF-1.4\n" + whole[9 : 9 + place] + noise + whole[9 + place + len(noise) :])
    assert reading.unreadable is not None
    assert reading.reason
