"""What a file is, by its content first: names are claims."""

import io
import re
import zipfile
import zlib

from pipeline.redline.opc import CFB_MAGIC, CONTENT_TYPES

_MAGIC = (
    (b"{\\rtf", "rtf"),
    (b"\x89PNG\r\n", "image"),
    (b"\xff\xd8\xff", "image"),
    (b"GIF8", "image"),
    (b"BM", "image"),
    (b"II*\x00", "image"),
    (b"MM\x00*", "image"),
    (b"\x00\x00\x01\x00", "image"),
    (b"MZ", "executable"),
    (b"\x7fELF", "executable"),
    (b"\xca\xfe\xba\xbe", "executable"),
    (b"\xcf\xfa\xed\xfe", "executable"),
    (b"\xfe\xed\xfa\xcf", "executable"),
    (b"#!", "executable"),
    (b"Rar!\x1a\x07", "archive"),
    (b"7z\xbc\xaf\x27\x1c", "archive"),
    (b"\x1f\x8b", "archive"),
    (b"BZh", "archive"),
    (b"\xfd7zXZ\x00", "archive"),
    (b"MSCF", "archive"),
)
#: where the mark of a tar stands. See: POSIX.1-2001 pax
_TAR_MARK = slice(257, 262)
#: documents that a writer put into another one, and that bring macros along
_MACRO_NAMES = (".docm", ".dotm", ".xlsm", ".xltm", ".pptm", "vbaproject.bin")
_WEB_PAGE = re.compile(rb"<!doctype html|<html|<svg", re.IGNORECASE)
_RUNNING = re.compile(rb"<script|<form|javascript:|<meta[^>]{0,80}refresh", re.IGNORECASE)
_EXECUTABLE_NAMES = tuple(
    [".exe", ".scr", ".com", ".bat", ".cmd", ".js", ".jse", ".vbs", ".vbe", ".wsf", ".hta", ".ps1", ".msi", ".lnk"]
    + [".jar", ".pif", ".cpl", ".reg", ".iso", ".img"]
)
_MAX_TYPES = 1_000_000


def find_kind(content: bytes, filename: str) -> str:
    """docx, docm, odt, rtf, pdf, xlsx, doc, encrypted, zip, archive, image, executable or other.

    A zip is one that is no document; "archive" is every other kind. A web page that runs something is executable.
    """
    if content.startswith(CFB_MAGIC):
        return _find_compound(content)
    if content.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _find_zip(content)
    if b"%PDF-" in content[:1024]:
        return "pdf"
    start = content.lstrip(b"\xef\xbb\xbf \t\r\n")[:16]
    for magic, kind in _MAGIC:
        if content.startswith(magic) or (kind == "rtf" and start.startswith(magic)):
            return kind
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "image"
    if content[4:12] in (b"ftypheic", b"ftypheix", b"ftypmif1", b"ftypavif"):
        return "image"
    if content[_TAR_MARK] == b"ustar":
        return "archive"
    if filename.lower().endswith(_EXECUTABLE_NAMES) or (_WEB_PAGE.search(content[:4096]) and _RUNNING.search(content)):
        return "executable"
    return "other"


def _find_compound(content: bytes) -> str:
    if "EncryptedPackage".encode("utf-16-le") in content:
        return "encrypted"
    return "doc" if "WordDocument".encode("utf-16-le") in content else "other"


def _find_zip(content: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = archive.namelist()
            if CONTENT_TYPES in names:
                return _find_office(names, _read_some(archive, CONTENT_TYPES))
            if "mimetype" in names and _read_some(archive, "mimetype").startswith(
                b"application/vnd.oasis.opendocument.text"
            ):
                return "odt"
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, RuntimeError, NotImplementedError):
        # the name of the first member stands near the start even when the rest is missing
        return "docx" if b"word/" in content[:4096] or CONTENT_TYPES.encode() in content[:4096] else "zip"
    return "zip"


def _read_some(archive: zipfile.ZipFile, name: str) -> bytes:
    with archive.open(name) as member:
        return member.read(_MAX_TYPES)


def _find_office(names: list[str], types: bytes) -> str:
    if b"macroEnabled" in types or any(name.lower().endswith(_MACRO_NAMES) for name in names):
        return "docm"
    if b"wordprocessingml.document.main" in types or b"wordprocessingml.template.main" in types:
        return "docx"
    if b"spreadsheetml.sheet.main" in types:
        return "xlsx"
    folders = {name.partition("/")[0] for name in names}
    return "docx" if "word" in folders else "xlsx" if "xl" in folders else "other"
