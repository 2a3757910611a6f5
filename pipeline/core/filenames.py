"""The names of attached files, as their senders meant them and safe to show. See: docs/analysis/parsing.md."""

import re
from email.message import Message

from pipeline.core.charsets import decode_bytes, decode_header, repair_eight_bit

MAX_LENGTH = 200
_COMMENT_BEHIND = re.compile(r'"\s*\([^()]*\)\s*$')
#: header fields that may name a file, each with its parameter
_NAMING_FIELDS = {"content-disposition": "filename", "content-type": "name"}
_UNSAFE = re.compile(r"[\x00-\x1f\x7f\u200e\u200f\u202a-\u202e\u2066-\u2069\ufeff]")


def find_filename(part: Message) -> str:
    """The decoded name of a part without any path; "" when there is none. See: RFC 2231, RFC 2183 2.3."""
    if not any("name" in str(part.get(field, "")).lower() for field in _NAMING_FIELDS):
        return ""
    readable = _readable(part)
    for field, parameter in _NAMING_FIELDS.items():
        if name := clean_filename(decode_header(_find_parameter(readable, field, parameter))):
            return name
    return ""


def _find_parameter(part: Message, header: str, name: str) -> str:
    """A parameter decoded; the encoded one where a sender gives both. See: RFC 6266 4.3."""
    try:
        parameters = part.get_params(failobj=[], header=header)
    except (ValueError, TypeError, LookupError):
        return ""
    values = [value for key, value in parameters if key.lower() == name]
    encoded = next((value for value in values if isinstance(value, tuple)), None)
    if encoded is not None:
        return _decode_value(encoded[2], encoded[0] or None)
    return _COMMENT_BEHIND.sub("", str(next(iter(values), "")))


def _decode_value(value: str, charset: str | None) -> str:
    """The standard library hands on percent-decoded bytes as letters; bare letters beside them are text already."""
    try:
        content = value.encode("latin-1", "surrogateescape")
    except UnicodeEncodeError:
        return value
    if charset is None:
        return repair_eight_bit(content.decode("ascii", "surrogateescape"), None)
    return decode_bytes(content, charset)[0]


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
    name = re.sub(r"^'(.+)'$", r"\1", name)
    if name in (".", ".."):
        return ""
    if len(name) > MAX_LENGTH:
        stem, dot, suffix = name.rpartition(".")
        name = (stem[: MAX_LENGTH - 1 - len(suffix)] + dot + suffix) if dot and len(suffix) < 20 else name[:MAX_LENGTH]
    return name
