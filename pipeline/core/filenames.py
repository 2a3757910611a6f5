"""The names of attached files, as their senders meant them and safe to show. See: docs/analysis/parsing.md."""

import re
from email.message import Message

from pipeline.core.charsets import decode_header, repair_eight_bit

MAX_LENGTH = 200
#: header fields that may name a file, both in parameters with "name" in their names
_NAMING_FIELDS = ("content-type", "content-disposition")
_UNSAFE = re.compile(r"[\x00-\x1f\x7f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")


def find_filename(part: Message) -> str:
    """The decoded name of a part without any path; "" when there is none. See: RFC 2231, RFC 2183 2.3."""
    if not any("name" in str(part.get(field, "")).lower() for field in _NAMING_FIELDS):
        return ""
    try:
        name = _readable(part).get_filename() or ""
    except (ValueError, TypeError, LookupError):
        name = ""
    return clean_filename(decode_header(str(name)))


def _readable(part: Message) -> Message:
    """`part`, or its headers with bare 8-bit names decoded, which the standard library would replace."""
    if all(str(value).isascii() for _, value in part.raw_items()):
        return part
    view = Message()
    for name, value in part.raw_items():
        if name.lower() in _NAMING_FIELDS:
            view[name] = repair_eight_bit(str(value), None)
    return view


def clean_filename(name: str) -> str:
    """`name` as a bare file name: no path, no control or direction letters, at most 200 characters."""
    name = _UNSAFE.sub("", name).replace("\\", "/").rstrip("/").rpartition("/")[2].strip().strip('"')
    name = re.sub(r"^[A-Za-z]:", "", name)
    if name in (".", ".."):
        return ""
    if len(name) > MAX_LENGTH:
        stem, dot, suffix = name.rpartition(".")
        name = (stem[: MAX_LENGTH - 1 - len(suffix)] + dot + suffix) if dot and len(suffix) < 20 else name[:MAX_LENGTH]
    return name
