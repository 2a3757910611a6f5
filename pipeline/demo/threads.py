"""What Outlook keeps of a thread: its topic and its index. See: MS-OXOMSG 2.2.1.2 and 2.2.1.3."""

import hashlib
import re
import struct
from datetime import UTC, datetime

_FILETIME_EPOCH = datetime(1601, 1, 1, tzinfo=UTC)
_PREFIX = re.compile(r"^\s*(?:(?:re|fw|fwd|aw|wg|rv|tr|答复|转发|رد|رد)\s*:\s*)+", re.IGNORECASE)


def find_topic(subject: str) -> str:
    """The subject without reply and forward marks, as Outlook keeps it in Thread-Topic."""
    return _PREFIX.sub("", subject)


def start_thread_index(seed: str, date: datetime) -> bytes:
    """The 22 bytes that begin a thread: top six bytes of the FILETIME, then a GUID. See: MS-OXOMSG 2.2.1.3."""
    ticks = int((date - _FILETIME_EPOCH).total_seconds()) * 10_000_000
    return struct.pack(">Q", ticks)[:6] + hashlib.sha256(seed.encode()).digest()[:16]


def extend_thread_index(index: bytes, seed: str, date: datetime) -> bytes:
    """`index` with the five bytes of one more answer: the time since the thread began, and chance."""
    began = int.from_bytes(index[:6], "big") << 16
    ticks = int((date - _FILETIME_EPOCH).total_seconds()) * 10_000_000
    passed = max(ticks - began, 0)
    # Bit 31 says which end of the difference was cut off: short ones keep 2**18 ticks, long ones 2**23.
    code, shift = (0, 18) if passed < 1 << 49 else (1, 23)
    word = (code << 31) | ((passed >> shift) & 0x7FFFFFFF)
    return index + struct.pack(">IB", word, hashlib.sha256(seed.encode()).digest()[0])
