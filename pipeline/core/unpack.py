"""Containers opened: archives, winmail.dat, attached messages. See: docs/analysis/parsing.md."""

import gzip
import io
import logging
import re
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import replace
from mimetypes import guess_type

from pipeline.core.compressed_rtf import unpack_rtf
from pipeline.core.filenames import clean_filename
from pipeline.core.model import Attachment
from pipeline.core.parse import parse_mail
from pipeline.core.parts import TNEF_MAGIC
from pipeline.errors import MailTooComplexError, UnreadableFileError

MAX_MEMBERS = 200
#: bytes, all members of a message together
MAX_UNPACKED = 200_000_000
#: unpacked to packed, for members beyond RATIO_FREE bytes
MAX_RATIO = 200
RATIO_FREE = 1_000_000
MAX_DEPTH = 3

_CHUNK = 65_536
_ZIP_MAGIC = b"PK\x03\x04"
_GZIP_MAGIC = b"\x1f\x8b"
#: members that make a zip a document
_DOCUMENT_MEMBERS = {
    "[Content_Types].xml",
    "mimetype",
    "META-INF/manifest.xml",
    "META-INF/container.xml",
    "Index/Document.iwa",
}
_ZIP_ERRORS = (
    zipfile.BadZipFile,
    zlib.error,
    OSError,
    ValueError,
    KeyError,
    IndexError,
    EOFError,
    NotImplementedError,
    RuntimeError,
    struct.error,
)
MAX_TNEF_OBJECTS = 5_000
# the library logs names of files and properties
logging.getLogger("tnefparse").setLevel(logging.CRITICAL + 1)
_TNEF_ERRORS = (
    NameError,
    RuntimeError,
    ValueError,
    LookupError,
    TypeError,
    AttributeError,
    struct.error,
    OSError,
    OverflowError,
    AssertionError,
)


class _ClosedError(Exception):
    """This container stays as it is."""


class _Budget:
    """What may still be unpacked of one message."""

    def __init__(self) -> None:
        self.members = MAX_MEMBERS
        self.bytes = MAX_UNPACKED

    def take(self, size: int) -> None:
        self.bytes -= size
        if self.bytes < 0:
            raise _ClosedError

    def take_member(self) -> None:
        self.members -= 1
        if self.members < 0:
            raise _ClosedError


def unpack(attachments: tuple[Attachment, ...]) -> tuple[Attachment, ...]:
    """The files with containers replaced by what is in them, at most three deep; `inside` names the containers.

    What cannot be opened, is encrypted, or exceeds a limit stays as it is. Documents that are zips stay whole.
    """
    budget = _Budget()
    return tuple(member for file in attachments for member in _open(file, budget))


def _open(file: Attachment, budget: _Budget) -> tuple[Attachment, ...]:
    if len(file.inside) >= MAX_DEPTH:
        return (file,)
    members, size = budget.members, budget.bytes
    try:
        found = tuple(_members(file, budget))
        opened = tuple(inner for member in found for inner in _open(member, budget))
    except _ClosedError:
        budget.members, budget.bytes = members, size
        return (file,)
    return opened or (file,)


def _members(file: Attachment, budget: _Budget) -> Iterator[Attachment]:
    if file.content.startswith(TNEF_MAGIC):
        return _open_tnef(file, budget)
    if file.content.startswith(_ZIP_MAGIC):
        return _open_zip(file, budget)
    if file.content.startswith(_GZIP_MAGIC) or file.content[257:262] == b"ustar":
        return _open_tar(file, budget)
    if file.content_type in ("message/rfc822", "message/global") or file.filename.lower().endswith(".eml"):
        return _open_message(file, budget)
    return iter(())


def _member(file: Attachment, name: str, content: bytes, content_type: str = "") -> Attachment:
    guessed = content_type or guess_type(name)[0] or "application/octet-stream"
    label = file.filename or file.content_type
    return Attachment(
        filename=name, content_type=guessed, content=content, disposition="attachment", inside=(*file.inside, label)
    )


def _open_zip(file: Attachment, budget: _Budget) -> Iterator[Attachment]:
    try:
        with zipfile.ZipFile(io.BytesIO(file.content)) as archive:
            infos = archive.infolist()
            if not _DOCUMENT_MEMBERS.isdisjoint(info.filename for info in infos):
                return
            if len(infos) > MAX_MEMBERS or any(info.flag_bits & 0x1 for info in infos):
                raise _ClosedError
            yield from [_read_member(file, archive, info, budget) for info in infos if _is_file(info)]
    except _ZIP_ERRORS as error:
        raise _ClosedError from error


def _is_file(info: zipfile.ZipInfo) -> bool:
    """Folders and what Macs put beside files are left out."""
    name = info.filename.replace("\\", "/")
    return (
        not info.is_dir()
        and not name.startswith("__MACOSX/")
        and name.rpartition("/")[2] not in (".DS_Store", "Thumbs.db", "desktop.ini")
    )


def _read_member(file: Attachment, archive: zipfile.ZipFile, info: zipfile.ZipInfo, budget: _Budget) -> Attachment:
    """The member, counted while it streams: the sizes in the header may lie."""
    budget.take_member()
    pieces = []
    size = 0
    with archive.open(info) as stream:
        while piece := stream.read(_CHUNK):
            size += len(piece)
            budget.take(len(piece))
            if size > RATIO_FREE and size > MAX_RATIO * max(info.compress_size, 1):
                raise _ClosedError
            pieces.append(piece)
    return _member(file, clean_filename(_zip_name(info)) or "file", b"".join(pieces))


def _open_tar(file: Attachment, budget: _Budget) -> Iterator[Attachment]:
    """The files of a tar, packed or not; a packed single file is unpacked. See: POSIX.1-2001 pax, RFC 1952."""
    plain = _unpack_gzip(file.content, budget) if file.content.startswith(_GZIP_MAGIC) else file.content
    if plain[257:262] != b"ustar":
        name = re.sub(r"\.gz$", "", file.filename, flags=re.IGNORECASE)
        return iter((_member(file, clean_filename(name) or "file", plain),))
    found = []
    try:
        with tarfile.open(fileobj=io.BytesIO(plain), mode="r:") as archive:
            for info in archive:
                stream = archive.extractfile(info) if info.isreg() else None
                if stream is not None:
                    budget.take_member()
                    budget.take(info.size)
                    found.append(_member(file, clean_filename(info.name) or "file", stream.read(info.size)))
    except (tarfile.TarError, *_ZIP_ERRORS) as error:
        raise _ClosedError from error
    return iter(found)


def _unpack_gzip(content: bytes, budget: _Budget) -> bytes:
    """The bytes, counted while they stream."""
    pieces = []
    size = 0
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(content)) as stream:
            while piece := stream.read(_CHUNK):
                size += len(piece)
                budget.take(len(piece))
                if size > RATIO_FREE and size > MAX_RATIO * len(content):
                    raise _ClosedError
                pieces.append(piece)
    except _ZIP_ERRORS as error:
        raise _ClosedError from error
    return b"".join(pieces)


def is_locked(content: bytes) -> bool:
    """Whether a zip has members under a password."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return any(info.flag_bits & 0x1 for info in archive.infolist())
    except _ZIP_ERRORS:
        return False


def _zip_name(info: zipfile.ZipInfo) -> str:
    """The name as its writer meant it: zips without the UTF-8 flag are read as cp437 by the library."""
    if info.flag_bits & 0x800:
        return info.filename
    try:
        return info.filename.encode("cp437").decode("utf-8")
    except UnicodeError:
        return info.filename


def _open_tnef(file: Attachment, budget: _Budget) -> Iterator[Attachment]:
    from tnefparse import TNEF

    _check_tnef(file.content)
    try:
        found = TNEF(file.content, do_checksum=False).attachments
        names = [
            (clean_filename(str(item.long_filename() or item.name or "").strip("\0")), bytes(item.data or b""))
            for item in found
        ]
    except _TNEF_ERRORS as error:
        raise _ClosedError from error
    for name, content in names:
        budget.take_member()
        budget.take(len(content))
        yield _member(file, name or "file", content)


def read_tnef_body(content: bytes) -> tuple[str, bytes | str]:
    """The text Outlook packed into winmail.dat, as ("text" or "html" or "rtf", text); ("", "") when there is none."""
    from tnefparse import TNEF

    try:
        _check_tnef(content)
        found = TNEF(content, do_checksum=False)
        if found.body:
            return "text", found.body
        if found.htmlbody:
            return "html", found.htmlbody
        packed = found._rtfbody
        return ("rtf", unpack_rtf(bytes(packed))) if packed else ("", "")
    except (_ClosedError, UnreadableFileError, *_TNEF_ERRORS):
        return "", ""


def _check_tnef(content: bytes) -> None:
    """The library copies the rest of the stream for each object: many small ones would take hours."""
    position = 6
    for _ in range(MAX_TNEF_OBJECTS):
        if position + 11 > len(content):
            return
        position += 11 + int.from_bytes(content[position + 5 : position + 9], "little")
    raise _ClosedError


def _open_message(file: Attachment, budget: _Budget) -> Iterator[Attachment]:
    """The files of an attached message; its own text is not a file."""
    try:
        found = parse_mail(file.content).attachments
    except MailTooComplexError as error:
        raise _ClosedError from error
    for member in found:
        budget.take_member()
        budget.take(len(member.content))
        yield replace(member, inside=(*file.inside, file.filename or file.content_type))
