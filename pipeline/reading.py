"""What runs in the child process: hostile bytes in, plain values out. No device, no clock, no database.

A message is read in one call; its files in a second one, and only if it brings any. See: docs/analysis/isolation.md.
"""

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from pipeline.adapters.pandoc import convert_to_docx
from pipeline.adapters.pdf import read_pdf
from pipeline.core.html_text import html_to_text
from pipeline.core.machine_mail import find_machine_mail
from pipeline.core.model import Attachment, FileKind, FileReading, MachineMail, ParsedMail, Reply, Unreadable
from pipeline.core.parse import parse_mail
from pipeline.core.parts import TNEF_MAGIC
from pipeline.core.pictures import is_logo
from pipeline.core.quote import read_reply
from pipeline.core.unpack import is_locked, read_tnef_body, unpack
from pipeline.errors import UnreadableFileError
from pipeline.redline.align import likeness, make_text
from pipeline.redline.foreign import find_lost_people, has_tracked_changes
from pipeline.redline.matrix_read import MatrixRow, read_matrix, read_matrix_xlsx
from pipeline.redline.model import BaseText, Change, ChangeKind, ChangeSet, Origin
from pipeline.redline.read import FRESH_TEXT, find_kind, read_changes, read_text
from pipeline.redline.stamp import find_stamp

#: below this share of a revision's words a file is not held for a version of it
LIKENESS_FLOOR = 0.3
#: characters of the text and of each note of a PDF that are shown
SHOWN_OF_PDF = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageReading:
    """A message as far as it can be understood without knowing the rounds."""

    mail: ParsedMail
    reply: Reply
    machine: MachineMail | None


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownRevision:
    """A text a file may be a version of."""

    draft: str
    name: str
    text: BaseText


@dataclass(frozen=True, slots=True, kw_only=True)
class FileFindings:
    """One file: what it is, and what it proposes."""

    reading: FileReading
    #: changes against the most similar known revision; None when there is none
    changes: ChangeSet | None = None
    #: rows of a comment matrix
    rows: tuple[MatrixRow, ...] = ()
    #: who tracked changes that the conversion of the file made nameless
    people: tuple[str, ...] = ()


def read_message(raw: bytes, own_addresses: frozenset[str], with_contents: bool = True) -> MessageReading:
    """A message parsed, its reply told from its history, machine mail recognised.

    Without `with_contents` its files come empty: large ones would cross to the other process and back for nothing.

    Raises: MailTooComplexError before any parser sees a message beyond the limits.
    """
    mail = parse_mail(raw)
    if not mail.text.strip() and not mail.html.strip():
        mail = replace(mail, text=_read_outlook_body(mail))
    reply, machine = read_reply(mail), find_machine_mail(mail, own_addresses)
    if not with_contents and mail.attachments:
        mail = replace(mail, attachments=tuple(replace(each, content=b"") for each in mail.attachments))
    return MessageReading(mail=mail, reply=reply, machine=machine)


def _read_outlook_body(mail: ParsedMail) -> str:
    """What was written in a mail of which Outlook sent nothing but winmail.dat; "" for any other."""
    packed = next((file.content for file in mail.attachments if file.content.startswith(TNEF_MAGIC)), b"")
    kind, body = read_tnef_body(packed) if packed else ("", "")
    text = body if isinstance(body, str) else body.decode("windows-1252", "replace")
    if kind == "html":
        return html_to_text(text)
    if kind != "rtf":
        return text.replace("\0", "")
    try:
        converted = read_text(convert_to_docx(body if isinstance(body, bytes) else body.encode(), "rtf"))
    except UnreadableFileError:
        return ""
    return converted.get_story("body").text.strip()


def read_base(docx: bytes) -> BaseText:
    """The text of a circulated file, its coordinates for everything that follows. Raises: UnreadableFileError."""
    return read_text(docx)


def read_files_of(raw: bytes, known: tuple[KnownRevision, ...]) -> tuple[FileFindings, ...]:
    """`read_files` of the attachments of a message. Raises: MailTooComplexError."""
    return read_files(parse_mail(raw).attachments, known)


def read_files(attachments: tuple[Attachment, ...], known: tuple[KnownRevision, ...]) -> tuple[FileFindings, ...]:
    """Every file that came with a message, containers opened, each read as far as it can be."""
    return tuple(_read_file(attachment, known) for attachment in unpack(attachments))


def list_files(raw: bytes) -> dict[str, Attachment]:
    """Every file of a message by the hex sha256 of its content, containers opened. Raises: MailTooComplexError."""
    return {hashlib.sha256(each.content).hexdigest(): each for each in unpack(parse_mail(raw).attachments)}


def _read_file(attachment: Attachment, known: tuple[KnownRevision, ...]) -> FileFindings:
    reading = FileReading(
        filename=attachment.filename,
        inside=attachment.inside,
        sha256=hashlib.sha256(attachment.content).hexdigest(),
        size=len(attachment.content),
        kind=_find_file_kind(attachment),
    )
    try:
        return _READERS.get(reading.kind, _leave)(attachment, reading, known)
    except UnreadableFileError as error:
        return FileFindings(reading=replace(reading, unreadable=Unreadable(error.reason), reason=str(error)))


def _find_file_kind(attachment: Attachment) -> FileKind:
    if _is_ornament(attachment):
        return FileKind.ORNAMENT
    if attachment.content_type == "text/calendar":
        return FileKind.CALENDAR
    return _KINDS.get(find_kind(attachment.content, attachment.filename), FileKind.OTHER)


_KINDS = {
    "docx": FileKind.DOCX,
    "docm": FileKind.MACRO,
    "odt": FileKind.ODT,
    "rtf": FileKind.RTF,
    "pdf": FileKind.PDF,
    "xlsx": FileKind.XLSX,
    "doc": FileKind.DOC,
    "encrypted": FileKind.ENCRYPTED,
    "zip": FileKind.ARCHIVE,
    "archive": FileKind.ARCHIVE,
    "image": FileKind.IMAGE,
    "executable": FileKind.EXECUTABLE,
}

_ORNAMENT_TYPES = frozenset(
    {
        "text/vcard",
        "text/x-vcard",
        "text/directory",
        "application/pkcs7-signature",
        "application/x-pkcs7-signature",
        "application/pgp-signature",
    }
)


#: what Exchange makes of the lines behind a file in the middle of a mail
_SPLIT_TEXT = re.compile(r"ATT\d+\.(?:html?|txt)", re.IGNORECASE)
#: bytes up to which it is no more than a signature
SPLIT_BYTES = 2_000


def _is_ornament(attachment: Attachment) -> bool:
    if attachment.content_type in _ORNAMENT_TYPES or attachment.filename.lower().endswith((".vcf", ".p7s")):
        return True
    if _SPLIT_TEXT.fullmatch(attachment.filename) and len(attachment.content) <= SPLIT_BYTES:
        return True
    return attachment.content_type.startswith("image/") and is_logo(attachment)


def _read_docx(attachment: Attachment, reading: FileReading, known: tuple[KnownRevision, ...]) -> FileFindings:
    return _read_word(attachment.content, reading, known)


def _read_converted(attachment: Attachment, reading: FileReading, known: tuple[KnownRevision, ...]) -> FileFindings:
    source: Literal["odt", "rtf"] = "odt" if reading.kind is FileKind.ODT else "rtf"
    found = _read_word(convert_to_docx(attachment.content, source), reading, known)
    if source == "odt":
        return replace(found, people=find_lost_people(attachment.content))
    if has_tracked_changes(attachment.content):
        reason = "This RTF file has tracked changes, which are lost when it is read: ask for it as .docx."
        return FileFindings(
            reading=replace(reading, unreadable=Unreadable.OTHER, reason=reason, likeness=found.reading.likeness)
        )
    return found


def _read_word(content: bytes, reading: FileReading, known: tuple[KnownRevision, ...]) -> FileFindings:
    text = read_text(content)
    likenesses = tuple(_find_likeness(text, known))
    if not likenesses and (rows := read_matrix(content)):
        return FileFindings(reading=replace(reading, kind=FileKind.MATRIX, comments=len(rows)), rows=rows)
    reading = replace(reading, stamp=find_stamp(content), likeness=likenesses)
    if not likenesses:
        return FileFindings(reading=reading)
    return _compare(content, reading, next(r for r in known if (r.draft, r.name) == likenesses[0][:2]))


def _find_likeness(text: BaseText, known: tuple[KnownRevision, ...]) -> Iterator[tuple[str, str, float]]:
    found = ((revision.draft, revision.name, likeness(text, revision.text)) for revision in known)
    yield from sorted((row for row in found if row[2] >= LIKENESS_FLOOR), key=lambda row: -row[2])


def _compare(content: bytes, reading: FileReading, revision: KnownRevision) -> FileFindings:
    changes = read_changes(content, revision.text)
    words = " ".join(changes.warnings)
    if FRESH_TEXT in changes.warnings:
        # An answer of which nothing could be taken over must not look like one without any change.
        return FileFindings(reading=replace(reading, unreadable=Unreadable.OTHER, reason=words))
    return FileFindings(reading=count_changes(replace(reading, reason=words), changes.changes), changes=changes)


def count_changes(reading: FileReading, changes: Sequence[Change], rows: int = 0) -> FileReading:
    """The reading with how many tracked and silent changes and comments, table rows among them, were found."""
    comments = sum(change.kind is ChangeKind.COMMENT for change in changes)
    silent = sum(change.origin is Origin.SILENT for change in changes)
    tracked = len(changes) - comments - silent
    return replace(reading, tracked=tracked, silent=silent, comments=comments + rows)


def _read_sheet(attachment: Attachment, reading: FileReading, known: tuple[KnownRevision, ...]) -> FileFindings:
    rows = read_matrix_xlsx(attachment.content)
    if not rows:
        raise UnreadableFileError(
            "xlsx", "This workbook holds no comment table with headings we know; open it by hand."
        )
    return FileFindings(reading=replace(reading, kind=FileKind.MATRIX, comments=len(rows)), rows=rows)


def _read_pdf(attachment: Attachment, reading: FileReading, known: tuple[KnownRevision, ...]) -> FileFindings:
    """A PDF is for people: what it says is shown, and nothing in it is taken for a proposal.

    Which text it is can be told all the same.
    """
    found = read_pdf(attachment.content)
    if not found.text and not found.notes:
        raise UnreadableFileError("pdf_scan", "This PDF is a picture without text: open it and type the edits in.")
    begin = " ".join(found.text.split())
    shown = [
        f"This PDF has {len(begin.split()):,} words of text on {found.pages:,} pages and {len(found.notes):,} notes; "
        "proposals in it cannot be read by machine: open it and type the edits in.",
        *([f"It begins: {begin[:SHOWN_OF_PDF]}"] if begin else []),
        *(f"Note{f' of {author}' if author else ''}: {words[:SHOWN_OF_PDF]}" for author, words in found.notes[:20]),
    ]
    likenesses = tuple(_find_likeness(make_text(found.text), known))
    reading = replace(reading, unreadable=Unreadable.PDF, reason="\n".join(shown), likeness=likenesses)
    return FileFindings(reading=reading)


def _refuse(attachment: Attachment, reading: FileReading, known: tuple[KnownRevision, ...]) -> FileFindings:
    suffix = attachment.filename.lower().rpartition(".")[2]
    if not attachment.content:
        raise UnreadableFileError("broken", "This file is empty: ask for it once more.")
    if reading.kind is FileKind.ARCHIVE and suffix in ("docx", "odt", "xlsx"):
        raise UnreadableFileError("broken", "This file is damaged or cut off: ask for it once more.")
    if reading.kind is FileKind.ARCHIVE and is_locked(attachment.content):
        raise UnreadableFileError("encrypted", "This archive is protected by a password. Ask for it without one.")
    if reading.kind in (FileKind.OTHER, FileKind.ARCHIVE) and suffix in _FOREIGN:
        raise UnreadableFileError("other", _FOREIGN[suffix])
    raise UnreadableFileError(*_REFUSALS[reading.kind])


def _leave(attachment: Attachment, reading: FileReading, known: tuple[KnownRevision, ...]) -> FileFindings:
    return FileFindings(reading=reading)


#: what to do about files of other programs, by suffix
_FOREIGN = {
    "gdoc": "This only points to a Google document: ask for the document itself, saved as .docx.",
    "gsheet": "This only points to a Google sheet: ask for the sheet itself, saved as .xlsx.",
    "url": "This only points to a page: ask for the file itself.",
    "pages": "This is an Apple Pages file: ask for it saved as .docx.",
    "numbers": "This is an Apple Numbers file: ask for it saved as .xlsx.",
    "xls": "This is an Excel 97-2003 file: ask for it saved as .xlsx.",
    "wpd": "This is a WordPerfect file: ask for it saved as .docx.",
    "msg": "This is a mail saved by Outlook: ask for the files in it by themselves.",
    "pgp": "This file is encrypted with PGP. Ask for it without.",
    "gpg": "This file is encrypted with PGP. Ask for it without.",
    "html": "This is a web page: open it by hand.",
    "htm": "This is a web page: open it by hand.",
}
_REFUSALS = {
    FileKind.DOC: ("doc", "This is a Word 97-2003 file. Ask for it as .docx, or open it and type the edits in."),
    FileKind.ENCRYPTED: ("encrypted", "This file is protected by a password. Ask for it without one."),
    FileKind.IMAGE: ("image", "This is a picture: open it and type the edits in."),
    FileKind.ARCHIVE: (
        "archive",
        "This archive is not opened (rar, 7z, too large or damaged): ask for the files in it by themselves.",
    ),
    FileKind.OTHER: ("other", "We do not know this kind of file; open it by hand."),
}

_READERS = {
    FileKind.PDF: _read_pdf,
    FileKind.DOCX: _read_docx,
    FileKind.ODT: _read_converted,
    FileKind.RTF: _read_converted,
    FileKind.XLSX: _read_sheet,
    **dict.fromkeys(_REFUSALS, _refuse),
}
