"""Files that programs without MIME write into the text: uuencode and yEnc. See: POSIX uuencode, yEnc draft 1.3."""

import binascii
import re
from collections.abc import Iterator

#: file name and content
InlineFile = tuple[str, bytes]

_UUENCODED = re.compile(rb"^begin [0-7]{3,4} ([^\r\n]{0,200})\r?\n((?:[ -`]{0,100}\r?\n)+?)end[ \t]*(?:\r?\n|\Z)", re.M)
# a file that never ends goes as far as the next begins, so that no text is looked through twice
_YENCODED = re.compile(
    rb"^=ybegin [^\r\n]*?name=([^\r\n]{1,200})\r?\n(?:=ypart [^\r\n]*\r?\n)?"
    rb"(.*?)\r?\n(?:=yend[^\r\n]*(?:\r?\n|\Z)|(?==ybegin ))",
    re.M | re.S,
)
_ESCAPED = re.compile(rb"=(.)", re.S)
_SHIFT = bytes((byte - 42) % 256 for byte in range(256))


def split_inline_files(content: bytes) -> tuple[bytes, tuple[InlineFile, ...]]:
    """`content` without the files written into it, and these files in order."""
    files: list[InlineFile] = []
    if b"begin" not in content:
        return content, ()
    for pattern, decode in ((_UUENCODED, _decode_uu), (_YENCODED, _decode_y)):
        files += [
            (found[1].decode("utf-8", "replace").strip(), decode(found[2])) for found in pattern.finditer(content)
        ]
        content = pattern.sub(b"", content)
    return content, tuple(files)


def _decode_uu(lines: bytes) -> bytes:
    return b"".join(_decode_uu_lines(lines.splitlines()))


def _decode_uu_lines(lines: list[bytes]) -> Iterator[bytes]:
    """Some encoders leave the padding out, some add a check letter: the first letter says how long a line is."""
    for line in lines:
        length = (line[0] - 32) % 64 if line else 0
        letters = line[: 1 + (length + 2) // 3 * 4].ljust(1 + (length + 2) // 3 * 4, b" ")
        try:
            yield binascii.a2b_uu(letters)
        except binascii.Error:
            return


def _decode_y(lines: bytes) -> bytes:
    joined = lines.replace(b"\r\n", b"").replace(b"\n", b"")
    return _ESCAPED.sub(lambda found: bytes([(found[1][0] - 64) % 256]), joined).translate(_SHIFT)
