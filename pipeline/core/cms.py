"""The content of an opaque signed S/MIME part, without judging the signature. See: RFC 5652 5.1, X.690 8.1."""

_SIGNED_DATA = bytes.fromhex("2a864886f70d010702")
_DATA = bytes.fromhex("2a864886f70d010701")


def read_signed_content(content: bytes) -> bytes | None:
    """The signed bytes; None when `content` is not SignedData or holds nothing."""
    head = content[:80]
    if _SIGNED_DATA not in head:
        return None
    start = content.find(_DATA, head.find(_SIGNED_DATA) + len(_SIGNED_DATA))
    if start < 0:
        return None
    pieces: list[bytes] = []
    try:
        _collect(content, start + len(_DATA), pieces)
    except IndexError:
        return None
    return b"".join(pieces) or None


def _collect(content: bytes, position: int, pieces: list[bytes]) -> None:
    """Octets of the explicit [0] element at `position`, primitive or in chunks, of known or unknown length."""
    if content[position] != 0xA0:
        return
    position, _ = _read_length(content, position + 1)
    tag = content[position]
    position, length = _read_length(content, position + 1)
    if tag == 0x04 and length is not None:
        pieces.append(content[position : position + length])
    elif tag == 0x24:
        _collect_chunks(content, position, None if length is None else position + length, pieces)


def _collect_chunks(content: bytes, position: int, end: int | None, pieces: list[bytes]) -> None:
    while (end is None or position < end) and content[position] == 0x04:
        position, length = _read_length(content, position + 1)
        if length is None:
            return
        pieces.append(content[position : position + length])
        position += length


def _read_length(content: bytes, position: int) -> tuple[int, int | None]:
    """Where the value begins, and its length; None for the indefinite form."""
    first = content[position]
    if first == 0x80:
        return position + 1, None
    if first < 0x80:
        return position + 1, first
    octets = first & 0x7F
    if octets > 8:
        raise IndexError("length of more than eight octets")
    return position + 1 + octets, int.from_bytes(content[position + 1 : position + 1 + octets], "big")
