"""The text layer and the notes of a PDF, for people to read. Runs in the child process. See: ISO 32000-1."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from pipeline.errors import UnreadableFileError

#: bytes of a file that is opened
MAX_BYTES = 30_000_000
#: pages that are read
MAX_PAGES = 60
#: bytes of drawing on a page that is read; maps and posters have more
MAX_DRAWING = 2_000_000
#: characters of text that are kept
MAX_TEXT = 200_000
#: notes that are kept
MAX_NOTES = 200
#: letters on a page below which it is taken for a picture with a stamp or a fax line
FEWEST_LETTERS = 25

# the library writes what it meets in a file to the log
logging.getLogger("pypdf").setLevel(logging.CRITICAL + 1)
#: what broken files make the library raise besides its own errors
_BROKEN = (
    ValueError, LookupError, TypeError, AttributeError, ArithmeticError, AssertionError, RuntimeError, OSError,
    EOFError,
)  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class PdfText:
    """What a PDF says."""

    pages: int
    #: pages one after the other, an empty line between; "" for a scan
    text: str
    #: (author, text) of each note that was pinned to a page
    notes: tuple[tuple[str, str], ...]


def read_pdf(content: bytes) -> PdfText:
    """The text layer of the first MAX_PAGES pages and their notes; nothing in the file is run or fetched.

    Raises: UnreadableFileError when it is damaged, protected by a password, or too large.
    """
    from pypdf import PdfReader
    from pypdf.errors import DependencyError, PyPdfError

    if len(content) > MAX_BYTES:
        raise UnreadableFileError("too_large", f"This PDF is larger than {MAX_BYTES:,} bytes: open it by hand.")
    try:
        reader = PdfReader(BytesIO(content), strict=False)
        if reader.is_encrypted and not reader.decrypt(""):
            raise UnreadableFileError("encrypted", "This PDF is protected by a password. Ask for it without one.")
        pages = [reader.pages[number] for number in range(min(len(reader.pages), MAX_PAGES))]
        text = "\n\n".join(filter(None, map(_read_page, pages)))[:MAX_TEXT]
        return PdfText(pages=len(reader.pages), text=text, notes=tuple(_list_notes(pages))[:MAX_NOTES])
    except (PyPdfError, DependencyError, *_BROKEN) as error:
        raise UnreadableFileError("broken", "This PDF is damaged and cannot be opened; ask for it again.") from error


def _read_page(page: Any) -> str:
    drawing = page.get_contents()
    if drawing is None or len(drawing.get_data()) > MAX_DRAWING:
        return ""
    text: str = page.extract_text().encode("utf-8", "replace").decode().replace("\0", "").strip()
    return text if sum(map(str.isalpha, text)) >= FEWEST_LETTERS else ""


def _list_notes(pages: list[Any]) -> Iterator[tuple[str, str]]:
    """Sticky notes and remarks on marked text; links and form fields are none."""
    for page in pages:
        for reference in page.get("/Annots") or ():
            note = reference.get_object()
            words = str(note.get("/Contents") or "").strip()
            if words and note.get("/Subtype") not in ("/Link", "/Widget", "/Popup"):
                yield str(note.get("/T") or "").strip(), words
