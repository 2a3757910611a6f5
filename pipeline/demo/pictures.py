"""Files that hold a picture and no text: a scan, a photograph, a logo. All drawn here, nothing is copied."""

import struct
import zlib
from itertools import pairwise

#: JPEG Huffman table for DC differences: lengths of codes, then the categories. See: ITU-T T.81, table K.3
_DC_COUNTS = (0, 1, 5, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0)
_ROWS = 40


def _line_of_writing(row: int, width: int) -> list[bool]:
    """Which points of a row are ink: strokes that look like handwriting from afar."""
    if row % 5 in (0, 4):
        return [False] * width
    return [(column * 7 + row * 3) % 11 < 4 and 4 < column < width - 4 for column in range(width)]


def build_scan_pdf() -> bytes:
    """A PDF of one page that shows an image and has no text. See: ISO 32000-1 7.5 and 8.9."""
    width, height = 128, 160
    bitmap = b"".join(_pack_bits([not ink for ink in _line_of_writing(row // 2, width)]) for row in range(height))
    image = zlib.compress(bitmap, 9)
    drawing = b"q 595 0 0 842 0 0 cm /Im0 Do Q"
    shape = f"/Width {width} /Height {height} /BitsPerComponent 1 /ColorSpace /DeviceGray /Filter /FlateDecode"
    objects = (
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R"
        b" /Resources << /XObject << /Im0 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%b\nendstream" % (len(drawing), drawing),
        b"<< /Type /XObject /Subtype /Image %b /Length %d >>\nstream\n%b\nendstream"
        % (shape.encode(), len(image), image),
    )
    return _assemble_pdf(objects)


def _pack_bits(points: list[bool]) -> bytes:
    """One row of points, eight to a byte."""
    return int("".join("1" if point else "0" for point in points), 2).to_bytes(len(points) // 8, "big")


def _assemble_pdf(objects: tuple[bytes, ...]) -> bytes:
    """The file with its table of offsets."""
    pieces = [b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n"]
    for number, content in enumerate(objects, start=1):
        pieces.append(b"%d 0 obj\n%b\nendobj\n" % (number, content))
    offsets = [sum(len(piece) for piece in pieces[:count]) for count in range(1, len(pieces) + 1)]
    table = b"".join(b"%010d 00000 n \n" % offset for offset in offsets[:-1])
    size = len(objects) + 1
    trailer = b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % (size, offsets[-1])
    return b"".join([*pieces, b"xref\n0 %d\n0000000000 65535 f \n" % size, table, trailer])


def build_logo_png() -> bytes:
    """A logo of 32 by 32 points. See: ISO/IEC 15948."""
    rows = [
        b"\0" + b"".join(b"\x00\x6e\xb5" if (x - 16) ** 2 + (y - 16) ** 2 < 200 else b"\xff" * 3 for x in range(32))
        for y in range(32)
    ]
    chunks = (
        (b"IHDR", struct.pack(">IIBBBBB", 32, 32, 8, 2, 0, 0, 0)),
        (b"IDAT", zlib.compress(b"".join(rows), 9)),
        (b"IEND", b""),
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))
        for kind, content in chunks
    )


def build_photo_jpeg() -> bytes:
    """A grey photograph of a page, 320 by 320 points, of blocks of even colour. See: ITU-T T.81, annex F.1."""
    levels = [60 if ink else 215 for row in range(_ROWS) for ink in _line_of_writing(row, _ROWS)]
    scan = _encode_scan([level - 128 for level in levels])
    side = struct.pack(">HH", _ROWS * 8, _ROWS * 8)
    dc_table = b"\x00" + bytes(_DC_COUNTS) + bytes(range(sum(_DC_COUNTS)))
    ac_table = b"\x10" + bytes((1, *(0,) * 15)) + b"\x00"
    segments = (
        (0xE0, b"JFIF\0\x01\x01\0\0\x01\0\x01\0\0"),
        (0xDB, b"\0" + b"\x08" * 64),
        (0xC0, b"\x08" + side + b"\x01\x01\x11\x00"),
        (0xC4, dc_table),
        (0xC4, ac_table),
        (0xDA, b"\x01\x01\x00\x00\x3f\x00"),
    )
    head = b"".join(b"\xff" + bytes((kind,)) + struct.pack(">H", len(body) + 2) + body for kind, body in segments)
    return b"\xff\xd8" + head + scan + b"\xff\xd9"


def _dc_codes() -> tuple[tuple[int, int], ...]:
    """(code, length) of every category of the DC table. See: ITU-T T.81, annex C."""
    codes, code = [], 0
    for length, number in enumerate(_DC_COUNTS, start=1):
        for _ in range(number):
            codes.append((code, length))
            code += 1
        code <<= 1
    return tuple(codes)


def _encode_scan(levels: list[int]) -> bytes:
    """The entropy-coded blocks: each is its mean alone, so one DC difference and the end-of-block code "0"."""
    codes, bits = _dc_codes(), []
    for before, level in pairwise([0, *levels]):
        difference = level - before
        category = abs(difference).bit_length()
        code, length = codes[category]
        bits.append(format(code, f"0{length}b"))
        if category:
            value = difference if difference > 0 else difference + (1 << category) - 1
            bits.append(format(value, f"0{category}b"))
        bits.append("0")
    stream = "".join(bits)
    stream += "1" * (-len(stream) % 8)
    return int(stream, 2).to_bytes(len(stream) // 8, "big").replace(b"\xff", b"\xff\x00")
