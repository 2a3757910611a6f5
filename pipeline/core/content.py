"""What a message brings besides words that answer: edits, files, links."""

from dataclasses import dataclass

from pipeline.core.links import find_links, shares_file
from pipeline.core.model import FileKind, FileReading, ParsedMail, Reply, TypedEdit, Unreadable
from pipeline.core.typed_edits import read_typed

_DANGEROUS = (FileKind.MACRO, FileKind.EXECUTABLE)
_TEXTS = (FileKind.DOCX, FileKind.ODT, FileKind.RTF)
#: kinds nobody answers with
_BESIDE_THE_POINT = (FileKind.ORNAMENT, FileKind.CALENDAR)
#: kinds no program reads, whatever the reading says
_NEVER_READ = {
    FileKind.IMAGE: Unreadable.IMAGE,
    FileKind.DOC: Unreadable.DOC,
    FileKind.ENCRYPTED: Unreadable.ENCRYPTED,
    FileKind.PDF: Unreadable.PDF,
    FileKind.XLSX: Unreadable.XLSX,
}
_SIGNATURE_SUFFIXES = (".p7s", ".p7m", ".asc", ".sig", ".pgp")


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """The substance of a message."""

    #: changes asked for in words, with wording
    edits: tuple[TypedEdit, ...]
    #: remarks on a paragraph
    remarks: tuple[TypedEdit, ...]
    #: the words in which neither was found
    rest: str
    #: files with changes, and matrices
    changed: tuple[FileReading, ...]
    #: readable texts in which no change was found
    unchanged: tuple[FileReading, ...]
    #: why files could not be read, each reason once
    unreadable: tuple[Unreadable, ...]
    dangerous: tuple[FileReading, ...]
    #: logos, cards: not signatures of the message itself
    ornaments: int
    #: links to shared files, unwrapped
    links: tuple[str, ...]
    #: the sender wrote or coloured inside the quoted text
    in_quote: bool
    quote_edits: bool

    @property
    def has_wording(self) -> bool:
        """Whether there are changes that were read."""
        return bool(self.edits or self.changed)

    @property
    def has_any(self) -> bool:
        """Whether there is anything that forbids to take the words alone for the answer."""
        return bool(self.has_wording or self.unreadable or self.links or self.in_quote)


def find_content(mail: ParsedMail, reply: Reply, files: tuple[FileReading, ...]) -> Content:
    """What `mail` brings; nothing is opened here."""
    typed = read_typed(reply)
    candidates = [file for file in files if file.kind not in (*_BESIDE_THE_POINT, *_DANGEROUS)]
    reasons = [reason for file in candidates if (reason := find_unreadable(file))]
    reasons += [Unreadable.ENCRYPTED] if mail.encrypted else []
    read = [file for file in candidates if find_unreadable(file) is None and file.kind is not FileKind.ARCHIVE]
    return Content(
        edits=tuple(edit for edit in typed.edits if edit.operation != "comment"),
        remarks=tuple(edit for edit in typed.edits if edit.operation == "comment"),
        rest=typed.rest,
        changed=tuple(file for file in read if has_changes(file)),
        unchanged=tuple(file for file in read if not has_changes(file)),
        unreadable=tuple(dict.fromkeys(reasons)),
        dangerous=tuple(file for file in files if file.kind in _DANGEROUS),
        ornaments=sum(file.kind is FileKind.ORNAMENT and not _is_signature(file) for file in files),
        links=tuple(link for link in find_links(reply.new_text) if shares_file(link)),
        in_quote=reply.interleaved or bool(reply.quote_edits),
        quote_edits=bool(reply.quote_edits),
    )


def find_unreadable(file: FileReading) -> Unreadable | None:
    """Why a file could not be read; None when it was."""
    return file.unreadable or _NEVER_READ.get(file.kind)


def has_changes(file: FileReading) -> bool:
    """Whether a readable file proposes anything."""
    table = file.kind is FileKind.MATRIX and not file.carried
    return table or bool(file.tracked or file.silent or file.comments)


def is_text(file: FileReading) -> bool:
    """Whether a file is a text document that was read."""
    return file.kind in _TEXTS and file.unreadable is None


def _is_signature(file: FileReading) -> bool:
    return file.filename.lower().endswith(_SIGNATURE_SUFFIXES)
