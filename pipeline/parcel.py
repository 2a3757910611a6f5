"""What the lead of a draft takes along: every document on a revision, and what each agency sent, in one file."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from pipeline.adapters import store
from pipeline.adapters.bundle import Writer, write_bundle
from pipeline.consolidate import DOCUMENTS, name_document, read_consolidation
from pipeline.core.model import Attachment, FileKind, FileReading, InboundMessage, Place, Recognition
from pipeline.reading import list_files
from pipeline.understand import Desk

#: files that say nothing about a text
_BESIDE = frozenset({FileKind.ORNAMENT, FileKind.CALENDAR, FileKind.EXECUTABLE, FileKind.MACRO})
#: more messages than any draft has
_ALL = 100_000
#: signs of a file name that are kept
_LONGEST = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """What was put into a parcel."""

    documents: int
    #: files and letters of agencies
    originals: int


def write_parcel(desk: Desk, code: str, revision: str, target: Path, now: datetime) -> Parcel:
    """What was written to `target`, a zip file or a folder; nothing of another draft, of quarantine or held is in it.

    Raises: UsageError when there is no such draft or revision, or `target` is there already.
    """
    consolidation = read_consolidation(desk.database, code, revision, now)
    with desk.database.read() as db:
        messages = store.messages.list_messages(db, places=(Place.FILED,), draft=code, limit=_ALL)
    with write_bundle(target) as writer:
        for document, write in DOCUMENTS.items():
            writer.put(f"documents/{name_document(consolidation, document)}", [write(consolidation)])
        for message in reversed(messages):
            _put_originals(desk, writer, message, code)
        originals = len(writer.digests) - len(DOCUMENTS)
    return Parcel(documents=len(DOCUMENTS), originals=originals)


def _put_originals(desk: Desk, writer: Writer, message: InboundMessage, code: str) -> None:
    """The letter of one message and its files on this draft, in the folder of its agency."""
    made = message.recognition
    if made is None or made.identity is None or "credential_in_body" in (made.verdict.flags if made.verdict else ()):
        return
    folder = f"originals/{_plain(made.identity.body or made.identity.agency or 'unknown')}/{message.id:04}"
    if made.new_text.strip():
        writer.put(f"{folder}_letter.txt", [_write_letter(message, made)])
    wanted = [reading for reading in made.files if _is_about(reading, made, code)]
    if not wanted:
        return
    with desk.database.read() as db:
        raw = store.messages.get_raw(db, message.id)
    files: dict[str, Attachment] = desk.reader.call(list_files, raw)
    for number, reading in enumerate(wanted, 1):
        if reading.sha256 in files:
            name = f"{folder}_{number}_{_plain(reading.filename)}"
            writer.put(name, [files[reading.sha256].content])


def _is_about(reading: FileReading, made: Recognition, code: str) -> bool:
    """Whether a file is of this draft: by its stamp, else by its words, else by where its message was filed."""
    if reading.kind in _BESIDE:
        return False
    if reading.stamp is not None:
        return reading.stamp[0] == code
    if reading.likeness:
        return reading.likeness[0][0] == code
    return made.identity is not None and made.identity.draft == code


def _write_letter(message: InboundMessage, made: Recognition) -> bytes:
    """What was newly written, under its head; UTF-8."""
    return "\n".join(_list_lines(message, made)).encode("utf-8", "replace")


def _list_lines(message: InboundMessage, made: Recognition) -> Iterator[str]:
    yield f"From: {made.sender.address if made.sender else '(unknown)'}"
    yield f"Received: {message.received_at:%Y-%m-%d %H:%M} UTC"
    yield f"Subject: {made.subject}"
    yield ""
    yield made.new_text


def _plain(name: str) -> str:
    """`name` as a part of a path that every system takes and that leads nowhere else."""
    return re.sub(r"[^\w.-]+", "_", name)[-_LONGEST:].lstrip("._") or "file"
