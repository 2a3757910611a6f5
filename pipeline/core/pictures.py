"""Which pictures are logos and which are pages somebody marked by hand: by size, name and place, never by content."""

import re
import struct

from pipeline.core.model import Attachment

#: pixels of the shorter side, and in all, from which on a picture may be a page
PAGE_SIDE, PAGE_AREA = 450, 350_000
#: bytes from which on a picture of unknown measures may be a page
PAGE_BYTES = 100_000
#: names mail programs give to what they cut out of a signature
_GENERIC_NAME = re.compile(
    r"^(?:image|logo|banner|signature|icon|facebook|twitter|linkedin|youtube|instagram|spacer|pixel)[\w .-]*$"
    r"|logo|banner",
    re.IGNORECASE,
)
#: JPEG segments that hold the measures. See: ITU-T T.81 B.2.2
_JPEG_FRAMES = frozenset({*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC})


def is_logo(file: Attachment) -> bool:
    """Whether a picture is part of a letterhead or a signature: shown inside the text or named like it, and small."""
    inside = file.disposition == "inline" or bool(file.content_id) or _GENERIC_NAME.search(file.filename) is not None
    return inside and not _may_be_page(file.content)


def _may_be_page(content: bytes) -> bool:
    measures = find_measures(content)
    if measures is None:
        return len(content) >= PAGE_BYTES
    return min(measures) >= PAGE_SIDE and measures[0] * measures[1] >= PAGE_AREA


def find_measures(content: bytes) -> tuple[int, int] | None:
    """Width and height of a PNG, GIF, BMP or JPEG in pixels; None for anything else."""
    try:
        if content.startswith(b"\x89PNG\r\n\x1a\n"):
            return struct.unpack(">II", content[16:24])
        if content.startswith(b"GIF8"):
            return struct.unpack("<HH", content[6:10])
        if content.startswith(b"BM"):
            width, height = struct.unpack("<ii", content[18:26])
            return abs(width), abs(height)
    except struct.error:
        return None
    return _find_jpeg_measures(content) if content.startswith(b"\xff\xd8") else None


def _find_jpeg_measures(content: bytes) -> tuple[int, int] | None:
    """From segment to segment until one holds the measures."""
    position = 2
    while position + 9 < len(content) and content[position] == 0xFF:
        if content[position + 1] in _JPEG_FRAMES:
            height, width = struct.unpack(">HH", content[position + 5 : position + 9])
            return width, height
        position += 2 + int.from_bytes(content[position + 2 : position + 4], "big")
    return None
