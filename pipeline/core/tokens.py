"""Marks on our own mail that a stranger cannot make: Message-IDs, Thread-Index. See: docs/analysis/sending-once.md."""

import hashlib
import hmac
import re
from datetime import datetime, timedelta

#: hexadecimal digits kept of an HMAC: 80 bits
_DIGITS = 20
_SEPARATORS = re.compile(r"[^a-z0-9]+")
#: 1 January 1601, the start of FILETIME, before the Unix epoch. See: MS-DTYP 2.3.3
_FILETIME_EPOCH_MICROSECONDS = 11_644_473_600_000_000
_MICROSECOND = timedelta(microseconds=1)


def make_message_id(secret: bytes, *, draft: str, revision: str, agency: str, key: str, domain: str) -> str:
    """A Message-ID with angle brackets for the mail of this occasion key; the same input gives the same id.

    Key and agency make the id unique; a key that ends in the agency says it only once.
    """
    visible = ".".join(_slug(part) for part in (draft, revision, agency, key.removesuffix(f":{agency}")))
    return f"<{visible}.{_sign(secret, visible, domain.lower())}@{domain.lower()}>"


def start_thread_index(secret: bytes, *, round_id: int, agency: str, opened_at: datetime) -> bytes:
    """The 22 bytes every Thread-Index of this agency's thread in this round begins with.

    See: MS-OXOMSG 2.2.1.3: one byte 0x01, five bytes of FILETIME, sixteen bytes of identity.
    """
    identity = hmac.new(secret, f"thread:{round_id}:{agency}".encode(), hashlib.sha256).digest()[:16]
    return b"\x01" + ((_filetime(opened_at) >> 16) & 0xFFFFFFFFFF).to_bytes(5, "big") + identity


def extend_thread_index(secret: bytes, parent: bytes, *, key: str, now: datetime) -> bytes:
    """The Thread-Index of a later mail: the parent's with one block of five bytes.

    See: MS-OXOMSG 2.2.1.3: one bit for the scale, 31 bits of time since the header, one byte against collisions.
    """
    header = int.from_bytes(b"\x01" + parent[1:6], "big") << 16
    passed = max(_filetime(now) - header, 0)
    # within about 1.7 years the finer scale fits 31 bits
    coarse = passed >> 49 != 0
    block = (coarse << 31) | ((passed >> (23 if coarse else 18)) & 0x7FFFFFFF)
    noise = hmac.new(secret, f"child:{key}".encode(), hashlib.sha256).digest()[:1]
    return parent + block.to_bytes(4, "big") + noise


def make_boundary(secret: bytes, message_id: str, part: str) -> str:
    """A MIME boundary for one level of one mail; nobody who writes its content can foresee it."""
    return "=_" + hmac.new(secret, f"boundary:{part}:{message_id}".encode(), hashlib.sha256).hexdigest()[:_DIGITS]


def _slug(text: str) -> str:
    """Lower case with single hyphens for everything else, so that dots part the fields."""
    return _SEPARATORS.sub("-", text.lower()).strip("-") or "-"


def _sign(secret: bytes, visible: str, domain: str) -> str:
    """Hexadecimal digits only we can compute for what the id shows."""
    return hmac.new(secret, f"message-id:{visible}@{domain}".encode(), hashlib.sha256).hexdigest()[:_DIGITS]


def _filetime(at: datetime) -> int:
    """Units of 100 nanoseconds since 1601. See: MS-DTYP 2.3.3."""
    epoch = datetime.fromisoformat("1970-01-01T00:00:00+00:00")
    return ((at - epoch) // _MICROSECOND + _FILETIME_EPOCH_MICROSECONDS) * 10
