"""Word files as packages of parts: opened under limits, written the same way every time. See: ECMA-376-2."""

import io
import posixpath
import re
import struct
import zipfile
import zlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import IO

from lxml import etree

from pipeline.errors import UnreadableFileError
from pipeline.redline.ooxml import PACKAGE_RELS, to_transitional

MAX_MEMBERS = 2_000
#: bytes of all parts together
MAX_UNPACKED = 200_000_000
#: unpacked to packed, for members over RATIO_FROM bytes
MAX_RATIO = 200
RATIO_FROM = 1_000_000
#: of zlib: a file is a fifth larger than at its default, and written in half the time
COMPRESSION = 3
#: the earliest date a zip file can hold: written files must not depend on the clock
ZIP_EPOCH = (1980, 1, 1, 0, 0, 0)

CFB_MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
CONTENT_TYPES = "[Content_Types].xml"
TYPES_NS = "{http://schemas.openxmlformats.org/package/2006/content-types}"

BROKEN = "The file is damaged and cannot be opened. Please send it again."
TOO_LARGE = "The file unpacks to more than can be read safely. Please send it without pictures or in parts."
DTD = "The file holds a document type definition, which no Word file needs. It is not opened."


_PARSER = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)


def parse_xml(content: bytes) -> etree._Element:
    """The root element of one XML part; strict namespaces are read as transitional ones.

    Raises: UnreadableFileError for broken XML and for any document type definition.
    """
    try:
        root = etree.fromstring(to_transitional(content), _PARSER)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise UnreadableFileError("broken", BROKEN) from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise UnreadableFileError("other", DTD)
    return root


def serialise_xml(root: etree._Element) -> bytes:
    """The bytes of one XML part with its declaration."""
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Package:
    """An opened package; changing it gives another one."""

    #: member names in the order of the file
    names: tuple[str, ...]
    #: bytes of each member
    parts: Mapping[str, bytes]

    def part(self, name: str) -> bytes | None:
        """The bytes of a part, None when there is no such part."""
        return self.parts.get(name)

    def with_parts(self, changes: Mapping[str, bytes]) -> bytes:
        """The bytes of a package with these parts replaced or added; the same input gives the same bytes."""
        return self.replaced(changes).to_bytes()

    def replaced(self, changes: Mapping[str, bytes]) -> "Package":
        """This package with these parts replaced, new ones at the end."""
        added = tuple(name for name in changes if name not in self.parts)
        return replace(self, names=self.names + added, parts={**self.parts, **changes})

    def to_bytes(self) -> bytes:
        """The package as a zip file, without clock or machine in it."""
        target = io.BytesIO()
        with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
            for name in self.names:
                entry = zipfile.ZipInfo(name, ZIP_EPOCH)
                entry.compress_type = zipfile.ZIP_DEFLATED
                entry.external_attr = 0o600 << 16
                # 0 = written on FAT: the byte must not depend on the machine
                entry.create_system = 0
                archive.writestr(entry, self.parts[name], compresslevel=COMPRESSION)
        return target.getvalue()

    @property
    def main_part(self) -> str:
        """The name of the document part. See: ECMA-376-1 11.3.10."""
        for _, kind, target in relationships(self, ""):
            if kind.endswith("/officeDocument"):
                return target
        return "word/document.xml"


def open_package(content: bytes) -> Package:
    """The package in these bytes, all parts unpacked under limits.

    Raises: UnreadableFileError with reason encrypted, doc, broken, too_large, macro or other.
    """
    if content.startswith(CFB_MAGIC):
        raise _compound_file(content)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = [entry for entry in archive.infolist() if not entry.is_dir()]
            _check_entries(entries)
            parts = _unpack(archive, entries)
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, struct.error) as error:
        raise UnreadableFileError("broken", BROKEN) from error
    except (NotImplementedError, RuntimeError) as error:
        raise UnreadableFileError("encrypted", "The file needs a password. Please send it without one.") from error
    _check_parts(parts)
    return Package(names=tuple(parts), parts=parts)


def _compound_file(content: bytes) -> UnreadableFileError:
    if "EncryptedPackage".encode("utf-16-le") in content:
        return UnreadableFileError("encrypted", "The file needs a password. Please send it without one.")
    if "WordDocument".encode("utf-16-le") in content:
        return UnreadableFileError("doc", "This is an old Word file (.doc). Please save it as .docx and send it again.")
    return UnreadableFileError("other", "This is not a Word file.")


def _check_entries(entries: list[zipfile.ZipInfo]) -> None:
    if len(entries) > MAX_MEMBERS:
        raise UnreadableFileError("too_large", TOO_LARGE)
    names = {entry.filename.casefold() for entry in entries}
    if len(names) != len(entries) or not all(_is_relative(entry.filename) for entry in entries):
        raise UnreadableFileError("broken", BROKEN)
    if any(entry.flag_bits & 0x1 for entry in entries):
        raise UnreadableFileError("encrypted", "The file needs a password. Please send it without one.")
    spans = sorted((entry.header_offset, entry.compress_size) for entry in entries)
    if any(start + size > after for (start, size), (after, _) in zip(spans, spans[1:], strict=False)):
        raise UnreadableFileError("broken", BROKEN)


def _is_relative(name: str) -> bool:
    parts = re.split(r"[/\\]", name)
    return bool(name) and not name.startswith(("/", "\\")) and ".." not in parts and ":" not in parts[0]


def _unpack(archive: zipfile.ZipFile, entries: Iterable[zipfile.ZipInfo]) -> dict[str, bytes]:
    parts: dict[str, bytes] = {}
    left = MAX_UNPACKED
    for entry in entries:
        limit = min(left, max(RATIO_FROM, entry.compress_size * MAX_RATIO))
        with archive.open(entry) as member:
            parts[entry.filename] = _read_at_most(member, limit)
        left -= len(parts[entry.filename])
    return parts


def _read_at_most(member: IO[bytes], limit: int) -> bytes:
    """The bytes of a member, never more than the limit: the sizes a zip file states are claims."""
    content = member.read(limit + 1)
    if len(content) > limit:
        raise UnreadableFileError("too_large", TOO_LARGE)
    return content


_DOCTYPES = tuple("<!DOCTYPE".encode(encoding) for encoding in ("ascii", "utf-16-le", "utf-16-be"))


def _holds_doctype(content: bytes) -> bool:
    # a single byte is found many times faster than a word: most parts hold no exclamation mark at all
    return b"!" in content and any(mark in content for mark in _DOCTYPES)


def _check_parts(parts: Mapping[str, bytes]) -> None:
    if CONTENT_TYPES not in parts:
        raise UnreadableFileError("other", "This is not a Word file.")
    for name, content in parts.items():
        if name.lower().endswith((".xml", ".rels", ".vml")) and _holds_doctype(content):
            raise UnreadableFileError("other", DTD)
    if b"macroEnabled" in parts[CONTENT_TYPES] or any(name.lower().endswith("vbaproject.bin") for name in parts):
        raise UnreadableFileError("macro", "The file holds macros. It is not opened. Please save it as .docx.")


# --- Relationships and content types ---------------------------------------------------------------------------


def rels_name(part: str) -> str:
    """The name of the relationships part of a part; of the package for ""."""
    folder, name = posixpath.split(part)
    return posixpath.join(folder, "_rels", name + ".rels")


def relationships(package: Package, part: str) -> tuple[tuple[str, str, str], ...]:
    """(id, type, target) of the internal relationships of a part, the target as a part name; of the package for ""."""
    content = package.part(rels_name(part))
    return () if content is None else _read_relationships(content, posixpath.dirname(part))


@lru_cache(maxsize=256)
def _read_relationships(content: bytes, folder: str) -> tuple[tuple[str, str, str], ...]:
    # asked for many times for one file, and the files of a round hardly differ in them
    found = []
    for rel in parse_xml(content).iter(PACKAGE_RELS + "Relationship"):
        if rel.get("TargetMode") != "External":
            target = posixpath.join("/", folder, rel.get("Target", ""))
            found.append((rel.get("Id", ""), rel.get("Type", ""), posixpath.normpath(target).lstrip("/")))
    return tuple(found)


def add_override(package: Package, part: str, content_type: str) -> Package:
    """The package with the content type of a part stated."""
    root = parse_xml(package.parts[CONTENT_TYPES])
    for override in root.iter(TYPES_NS + "Override"):
        if override.get("PartName") == "/" + part:
            override.set("ContentType", content_type)
            break
    else:
        etree.SubElement(root, TYPES_NS + "Override", {"PartName": "/" + part, "ContentType": content_type})
    return package.replaced({CONTENT_TYPES: serialise_xml(root)})


def add_relationship(package: Package, part: str, kind: str, target: str) -> tuple[Package, str]:
    """The package with a relationship from a part ("" for the package) to a part of it, and the id of it.

    An existing relationship of this type to this target is used.
    """
    for rel_id, known, name in relationships(package, part):
        if known == kind and name == target:
            return package, rel_id
    content = package.part(rels_name(part))
    root = parse_xml(content or f'<Relationships xmlns="{PACKAGE_RELS[1:-1]}"/>'.encode())
    taken = {rel.get("Id") for rel in root}
    rel_id = next(f"rId{number}" for number in range(1, len(taken) + 2) if f"rId{number}" not in taken)
    relative = posixpath.relpath("/" + target, "/" + posixpath.dirname(part))
    etree.SubElement(root, PACKAGE_RELS + "Relationship", {"Id": rel_id, "Type": kind, "Target": relative})
    return package.replaced({rels_name(part): serialise_xml(root)}), rel_id


def related_part(package: Package, part: str, kind: str) -> str | None:
    """The name of the part that a part is related to by this kind: "comments"; None when there is none."""
    for _, known, target in relationships(package, part):
        if known.endswith("/" + kind) and target in package.parts:
            return target
    return None


def document_part(package: Package) -> bytes:
    """The bytes of the document part. Raises: UnreadableFileError when the package is no Word file."""
    content = package.part(package.main_part)
    if content is None:
        raise UnreadableFileError("other", "This is not a Word file.")
    return content
