"""Bytes of a message as the tree of the standard library, without cutting large bodies into lines.

The standard library keeps every line of a body as an object of its own and joins them again: for a file of 25 MB that
is a quarter of a gigabyte. So what cannot be anything but a body is left out of what it reads. Large bodies are put
into the tree when they are asked for: most are decoded from the message as it stands, and never become a text.
See: docs/analysis/parsing.md, docs/analysis/speed.md.
"""

import re
from collections.abc import Iterator
from email.feedparser import BytesFeedParser
from email.message import Message
from email.parser import BytesHeaderParser

#: bytes the parser is given at once: of a whole message it would make a text four times as large
_PORTION = 65_536
#: bytes from which lines of base64 are left out
LARGE = 1_000_000

#: what stands before the body, whatever ends the lines; what a header names when the body has parts
_HEADER_END = re.compile(rb"\n(?:\r\n?|\n)|\r(?:\r\n?|\n(?:\r\n?|\n))")
_HAS_PARTS = re.compile(rb"(?:multipart|message)/", re.I)
#: from the beginning of a line on: neither a header field nor a delimiter is made of these alone
_BASE64_LINES = re.compile(rb"(?<=\n)[A-Za-z0-9+/][A-Za-z0-9+/\r\n]*+")
#: attribute of a part that tells where its body stands
_LEFT_OUT = "penholder_left_out"
_HEADERS = BytesHeaderParser()
_LINE_END = re.compile(rb"\r?\n\Z")


def read_tree(raw: bytes, *, large: int = LARGE) -> Message:
    """The tree that `email.message_from_bytes` makes of `raw`, once `fill` has put into it what is left out.

    `large`: bytes from which lines of base64 are left out meanwhile.
    """
    end = _HEADER_END.search(raw)
    if end is not None and not _HAS_PARTS.search(raw, 0, end.end()):
        message = _HEADERS.parsebytes(raw[: end.end()])
        # otherwise the parser saw the end of the header elsewhere
        if not message.get_payload():
            message.set_payload(_to_text(end.end(), len(raw), raw))
            return message
    return _read_without_large(raw, large) if len(raw) > large else _feed(raw)


def get_left_out(part: Message) -> tuple[int, int, bytes] | None:
    """Where the body of `part` that was left out begins and ends in the message, and the message."""
    return part.__dict__.get(_LEFT_OUT)


def fill(message: Message) -> None:
    """Put the bodies that were left out of `message` and of what is in it into their places."""
    for part in message.walk():
        if stretch := part.__dict__.pop(_LEFT_OUT, None):
            part.set_payload(_to_text(*stretch))


def get_letters(part: Message) -> str:
    """The body of a leaf as it was sent, "" for all other; `get_payload` would copy it to look for 8-bit letters."""
    payload = part._payload  # type: ignore[attr-defined]
    return payload if isinstance(payload, str) else ""


def _feed(raw: bytes) -> Message:
    parser: BytesFeedParser[Message] = BytesFeedParser()
    for start in range(0, len(raw), _PORTION):
        parser.feed(raw[start : start + _PORTION])
    return parser.close()


def _to_text(start: int, end: int, raw: bytes) -> str:
    return str(memoryview(raw)[start:end], "ascii", "surrogateescape")


def _read_without_large(raw: bytes, large: int) -> Message:
    blocks = list(_find_large(raw, large))
    sign = b"LeftOut"
    while sign in raw:
        sign += b"X"
    names = [b"%s%d." % (sign, number) for number in range(len(blocks))]
    left_out = {name.decode("ascii"): block for name, block in zip(names, blocks, strict=True)}
    edges = [0, *(edge for block in blocks for edge in block), len(raw)]
    kept = [raw[start:end] for start, end in zip(edges[::2], edges[1::2], strict=True)]
    message = _feed(b"".join(piece for pair in zip(kept, [*names, b""], strict=True) for piece in pair))
    for part in message.walk():
        _put_back(part, raw, left_out)
    return message


def _find_large(raw: bytes, large: int) -> Iterator[tuple[int, int]]:
    """Where lines of base64 begin and end, without the line end of the last one."""
    for found in _BASE64_LINES.finditer(raw):
        end = raw.rfind(b"\n", found.start(), found.end()) + 1
        if end - found.start() >= large and (line_end := _LINE_END.search(raw, max(found.start(), end - 2), end)):
            yield found.start(), line_end.start()


def _put_back(part: Message, raw: bytes, left_out: dict[str, tuple[int, int]]) -> None:
    for name in ("_payload", "preamble", "epilogue"):
        text = getattr(part, name)
        if isinstance(text, str) and (signs := [sign for sign in left_out if sign in text]):
            # a text is a stretch of the message, and every letter of it is a byte
            start = left_out[signs[0]][0] - text.index(signs[0])
            end = left_out[signs[-1]][1] + len(text) - text.index(signs[-1]) - len(signs[-1])
            if name == "_payload":
                part.__dict__[_LEFT_OUT] = (start, end, raw)
            else:
                setattr(part, name, _to_text(start, end, raw))
