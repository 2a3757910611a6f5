"""The digest of a message without the traces of its journey: equal for two deliveries of the same mail."""

import re
from collections.abc import Iterator
from hashlib import sha256

# What servers, filters and lists write onto a message in transit. See: RFC 5321 4.4, RFC 5322 3.6.6-3.6.7, RFC 6376,
# RFC 8601, RFC 8617, RFC 2369, RFC 2919.
_TRACE = re.compile(
    rb"x-|arc-|list-|resent-|dkim-|domainkey-|delivered-to\Z|delivery-date\Z|envelope-to\Z|return-path\Z|received|"
    rb"authentication-results|errors-to\Z|precedence\Z|sender\Z|mailing-list\Z|status\Z|content-length\Z|lines\Z"
)
_BODY = re.compile(rb"\r?\n\r?\n")
#: bytes of a body that are hashed at once
_PORTION = 65_536
_FIELD = re.compile(rb"([!-9;-~]+)[ \t]*:")


def _unfold(head: bytes) -> list[bytes]:
    """The fields of a header section, each on one line."""
    return re.sub(rb"\n[ \t]+", b" ", head).split(b"\n")


def _keep(field: bytes) -> tuple[bytes, bytes] | None:
    """Lower-case name and the value with single spaces; None for traces."""
    found = _FIELD.match(field)
    if found is None:
        return b"", field
    name = found.group(1).lower()
    return None if _TRACE.match(name) else (name, b" ".join(field[found.end() :].split()))


def canonical_digest(raw: bytes) -> str:
    """Hex sha256 of `raw` without trace fields, whatever the order and folding of the others and the line ends.

    A message with neither Message-ID nor Date keeps its traces: nothing else tells two short answers apart.
    """
    end = _BODY.search(raw)
    head = raw[: end.start() if end else len(raw)].replace(b"\r\n", b"\n")
    fields = sorted(kept for kept in map(_keep, _unfold(head)) if kept is not None)
    names = {name for name, _ in fields}
    if not names & {b"message-id", b"date"}:
        return sha256(raw).hexdigest()
    digest = sha256(b"\n".join(name + b":" + value for name, value in fields))
    digest.update(b"\n\n")
    for portion in _list_portions(raw, end.end() if end else len(raw)):
        digest.update(portion)
    return digest.hexdigest()


def _list_portions(raw: bytes, start: int) -> Iterator[bytes]:
    """The body from `start` on with plain line ends and none at its end; as a whole it would be copied three times."""
    last = max(start, _find_end(raw))
    while start < last:
        # a line end is not cut in two
        stop = min(start + _PORTION, last)
        stop += raw[stop - 1 : stop + 1] == b"\r\n"
        yield raw[start:stop].replace(b"\r\n", b"\n")
        start = stop
    yield raw[start:].replace(b"\r\n", b"\n").rstrip(b"\n")


def _find_end(raw: bytes) -> int:
    """Where `raw` ends but for line ends."""
    end = len(raw)
    while end and not (kept := raw[max(0, end - _PORTION) : end].rstrip(b"\r\n")):
        end = max(0, end - _PORTION)
    return max(0, end - _PORTION) + len(kept) if end else 0
