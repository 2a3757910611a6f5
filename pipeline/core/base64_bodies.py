"""Bodies in base64 decoded without the copies that the standard library makes. See: docs/analysis/speed.md."""

import base64
import binascii
import re
from email.message import Message

from pipeline.core.message_tree import fill, get_left_out, get_letters

_WHOLE = re.compile(r"[A-Za-z0-9+/\r\n]*+={0,2}[\r\n]*")
_WHOLE_BYTES = re.compile(_WHOLE.pattern.encode())
_PIECE = re.compile(r"(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{3}=|[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{4})")


def decode_base64(part: Message) -> bytes:
    """The bytes of whole base64; empty for all other, which the standard library reads and names as damaged.

    A body that was left out is put into its place only where it has to become a text.
    """
    if (stretch := get_left_out(part)) and (decoded := _decode_left_out(*stretch)):
        return decoded
    fill(part)
    return _decode_text(part)


def _decode_text(part: Message) -> bytes:
    payload = get_letters(part)
    if _WHOLE.fullmatch(payload):
        # the standard library would hold six copies of it
        count = len(payload) - payload.count("\r") - payload.count("\n")
        return binascii.a2b_base64(payload) if count % 4 == 0 else b""
    return _decode_pieces(payload) if "=" in payload.rstrip("= \t\r\n") else b""


def _decode_left_out(start: int, end: int, raw: bytes) -> bytes:
    """The bytes of whole base64 that stands in `raw`; empty for all other."""
    if not _WHOLE_BYTES.fullmatch(raw, start, end):
        return b""
    count = end - start - raw.count(b"\r", start, end) - raw.count(b"\n", start, end)
    return binascii.a2b_base64(memoryview(raw)[start:end]) if count % 4 == 0 else b""


def _decode_pieces(payload: str) -> bytes:
    """The bytes of base64 that was encoded piece by piece, which readers end at the first "="; empty for all other."""
    letters = "".join(payload.split())
    pieces = _PIECE.findall(letters)
    # letters that fit no piece are damage, which the standard library names as a defect
    if sum(map(len, pieces)) != len(letters):
        return b""
    return b"".join(map(base64.b64decode, pieces))
