"""ZIP and OLE containers that come out the same byte for byte whenever they are built."""

import io
import struct
import zipfile
from collections.abc import Iterable

#: the earliest date a ZIP entry can have: every entry gets it. See: APPNOTE.TXT 4.4.6
_ZIP_DATE = (1980, 1, 1, 0, 0, 0)
_SECTOR = 512
_MINI_SECTOR = 64
_MINI_CUTOFF = 4096
_FREE, _END, _FAT_SECTOR = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
_FAT_ENTRIES = _SECTOR // 4


def pack_zip(members: Iterable[tuple[str, bytes]], stored: tuple[str, ...] = ()) -> bytes:
    """A ZIP archive of `members` in their order; those named in `stored` are not compressed."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, content in members:
            entry = zipfile.ZipInfo(name, _ZIP_DATE)
            entry.compress_type = zipfile.ZIP_STORED if name in stored else zipfile.ZIP_DEFLATED
            entry.external_attr = 0o600 << 16
            archive.writestr(entry, content)
    return target.getvalue()


def pack_ole(streams: Iterable[tuple[str, bytes]], root_class: bytes = bytes(16)) -> bytes:
    """A compound file with `streams` below its root.

    Small streams go into the mini stream as Office does. See: MS-CFB 2.2-2.6.
    """
    # MS-CFB 2.6.4: siblings are compared by length first, then by upper-case name.
    ordered = sorted(streams, key=lambda item: (len(item[0]), item[0].upper()))
    fat: list[int] = []
    sectors: list[bytes] = []
    mini_fat: list[int] = []
    mini_stream = bytearray()
    entries: list[bytes] = []
    for position, (name, content) in enumerate(ordered):
        right = position + 2 if position + 1 < len(ordered) else _FREE
        if len(content) < _MINI_CUTOFF:
            start = _chain(mini_fat, -(-len(content) // _MINI_SECTOR)) if content else _END
            mini_stream += content + bytes(-len(content) % _MINI_SECTOR)
        else:
            start = _store(fat, sectors, content)
        entries.append(_directory_entry(name, 2, right, _FREE, start, len(content)))
    mini_start = _store(fat, sectors, bytes(mini_stream)) if mini_stream else _END
    mini_table = _words(mini_fat) if mini_fat else b""
    mini_fat_start = _store(fat, sectors, mini_table, b"\xff") if mini_table else _END
    root = _directory_entry("Root Entry", 5, _FREE, 1 if entries else _FREE, mini_start, len(mini_stream), root_class)
    directory_start = _store(fat, sectors, b"".join([root, *entries]))
    return _assemble(fat, sectors, directory_start, mini_fat_start, -(-len(mini_table) // _SECTOR))


def _chain(fat: list[int], count: int) -> int:
    """The first index of a new chain of `count` links, appended to `fat`."""
    start = len(fat)
    fat.extend(range(start + 1, start + count))
    fat.append(_END)
    return start


def _store(fat: list[int], sectors: list[bytes], content: bytes, fill: bytes = b"\0") -> int:
    """The first sector of `content`, which is cut into whole sectors."""
    padded = content + fill * (-len(content) % _SECTOR)
    pieces = [padded[offset : offset + _SECTOR] for offset in range(0, len(padded), _SECTOR)]
    sectors.extend(pieces)
    return _chain(fat, len(pieces))


def _directory_entry(
    name: str, kind: int, right: int, child: int, start: int, size: int, class_id: bytes = bytes(16)
) -> bytes:
    """One entry of 128 bytes; every node is black. See: MS-CFB 2.6.1."""
    encoded = name.encode("utf-16-le") + b"\0\0"
    head = struct.pack("<64sHBBIII", encoded, len(encoded), kind, 1, _FREE, right, child)
    return head + class_id + struct.pack("<I8s8sIQ", 0, bytes(8), bytes(8), start, size)


def _words(values: list[int]) -> bytes:
    """`values` as little-endian 32-bit words."""
    return struct.pack(f"<{len(values)}I", *values)


def _assemble(fat: list[int], sectors: list[bytes], directory: int, mini_fat: int, mini_fat_sectors: int) -> bytes:
    """The whole file: header, sectors, allocation table at the end. See: MS-CFB 2.2."""
    count = 1
    while count * _FAT_ENTRIES < len(fat) + count:
        count += 1
    table_at = [len(fat) + index for index in range(count)]
    table = [*fat, *([_FAT_SECTOR] * count)]
    table += [_FREE] * (count * _FAT_ENTRIES - len(table))
    difat = [*table_at, *([_FREE] * (109 - count))]
    header = struct.pack(
        "<8s16sHHHHH6sIIIIIIIIII",
        *(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", bytes(16), 0x3E, 3, 0xFFFE, 9, 6, bytes(6)),
        *(0, count, directory, 0, _MINI_CUTOFF, mini_fat, mini_fat_sectors, _END, 0, difat[0]),
    )
    return header + _words(difat[1:]) + b"".join(sectors) + _words(table)
