"""Limits on a raw message, checked in linear time before any parser sees it. See: docs/analysis/parsing.md."""

import re

from pipeline.errors import MailTooComplexError

MAX_BYTES = 50_000_000
MAX_HEADER_BYTES = 256_000
MAX_HEADER_FIELDS = 2_000
MAX_HEADER_LINE = 64_000
MAX_ADDRESSES = 5_000
MAX_ENCODED_WORDS = 2_000
#: backslashes in the header: readers of address lists take quadratic time over them
MAX_ESCAPES = 1_000
MAX_DEPTH = 50
MAX_PARTS = 1_000

_HEADER_END = re.compile(rb"\n\r?\n|\r\r")
_NESTING = re.compile(
    rb"""^--(?P<line>[^\r\n]{1,200})|\bboundary\s*=\s*"?(?P<boundary>[^"\r\n;]{1,200})|:\s*(?P<message>message/)""",
    re.IGNORECASE | re.MULTILINE,
)


def check_limits(raw: bytes) -> None:
    """None when `raw` may be parsed.

    Raises: MailTooComplexError naming the limit that is exceeded.
    """
    check_size(len(raw))
    end = _HEADER_END.search(raw, 0, MAX_HEADER_BYTES + 4)
    header = raw[: end.start() if end else None].removesuffix(b"\r")
    _require(len(header), MAX_HEADER_BYTES, "bytes of header")
    _check_header(header)
    _check_nesting(raw)


def check_size(count: int) -> None:
    """None when a message of so many bytes may be read at all. Raises: MailTooComplexError."""
    _require(count, MAX_BYTES, "bytes")


def _require(count: int, limit: int, what: str) -> None:
    if count > limit:
        raise MailTooComplexError(
            f"The message has {count:,} {what}; at most {limit:,} are read. "
            "Look at the stored bytes, and ask the sender for a simpler message."
        )


def _check_header(header: bytes) -> None:
    lines = header.replace(b"\r", b"\n").split(b"\n")
    _require(max(map(len, lines)), MAX_HEADER_LINE, "bytes in one header line")
    _require(sum(line[:1] not in (b" ", b"\t", b"") for line in lines), MAX_HEADER_FIELDS, "header fields")
    _require(header.count(b"@"), MAX_ADDRESSES, "addresses in the header")
    _require(header.count(b"\\"), MAX_ESCAPES, "backslashes in the header")
    _require(header.count(b"=?"), MAX_ENCODED_WORDS, "encoded words in the header")


def _check_nesting(raw: bytes) -> None:
    lower = raw.lower()
    nests = lower.count(b"boundary") + lower.count(b"message/")
    # ordinary mail cannot nest or branch more often than these words and line starts occur
    if nests > MAX_DEPTH or (nests and raw.count(b"\n--") + raw.count(b"\r--") > MAX_PARTS):
        _follow_boundaries(raw.replace(b"\r\n", b"\n").replace(b"\r", b"\n"))


def _follow_boundaries(raw: bytes) -> None:
    """Walk the delimiter lines with a stack, as a parser would. See: RFC 2046 5.1.1."""
    stack: list[bytes] = []
    level: dict[bytes, int] = {}
    parts = 0
    for event in _NESTING.finditer(raw):
        if (line := event["line"]) is None:
            boundary = (event["boundary"] or b"").strip()
            stack.append(boundary)
            level[boundary] = len(stack)
            _require(len(stack), MAX_DEPTH, "levels of MIME")
            continue
        name = line.rstrip()
        closing = name not in level and name.endswith(b"--")
        if (depth := level.get(name.removesuffix(b"--") if closing else name)) is None:
            continue
        parts += not closing
        _require(parts, MAX_PARTS, "MIME parts")
        _pop_to(stack, level, depth - closing)


def _pop_to(stack: list[bytes], level: dict[bytes, int], depth: int) -> None:
    while len(stack) > depth:
        if level.get(stack[-1]) == len(stack):
            del level[stack[-1]]
        stack.pop()
