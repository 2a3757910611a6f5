"""The RTF that Outlook packs into winmail.dat. See: MS-OXRTFCP 2.1 and 2.2."""

import struct

from pipeline.errors import UnreadableFileError

#: bytes of text that are unpacked
MAX_RTF = 5_000_000
#: what the dictionary holds before the first byte
_DICTIONARY = (
    rb"{\rtf1\ansi\mac\deff0\deftab720{\fonttbl;}{\f0\fnil \froman \fswiss \fmodern \fscript \fdecor "
    rb"MS Sans SerifSymbolArialTimes New RomanCourier{\colortbl\red0\green0\blue0" + b"\r\n"
    rb"\par \pard\plain\f0\fs20\b\i\u\tab\tx"
)
_SIZE = 4096
_HEADER = struct.Struct("<II4sI")


def unpack_rtf(content: bytes) -> bytes:
    """The RTF. Raises: UnreadableFileError when it is damaged or too large."""
    if len(content) < _HEADER.size:
        raise UnreadableFileError("broken", "The text in winmail.dat is cut off: ask for the mail once more.")
    _, size, kind, _ = _HEADER.unpack_from(content)
    if size > MAX_RTF or kind not in (b"LZFu", b"MELA"):
        raise UnreadableFileError("broken", "The text in winmail.dat cannot be unpacked: ask for it as plain text.")
    packed = content[_HEADER.size :]
    return packed[:size] if kind == b"MELA" else _expand(packed, size)


def _expand(packed: bytes, size: int) -> bytes:
    """LZ77 over a ring of 4,096 bytes: each bit of a control byte says literal or reference of 12 + 4 bits."""
    ring = bytearray(_DICTIONARY.ljust(_SIZE, b"\0"))
    write, position, found = len(_DICTIONARY), 0, bytearray()
    while position < len(packed) and len(found) < size:
        control = packed[position]
        position += 1
        for bit in range(8):
            is_reference = control >> bit & 1
            token = packed[position : position + 1 + is_reference]
            position += len(token)
            if len(token) <= is_reference:
                return bytes(found[:size])
            offset, length = divmod(int.from_bytes(token, "big"), 16) if is_reference else (0, 0)
            if is_reference and offset == write:
                return bytes(found[:size])
            for step in range(length + 2 if is_reference else 1):
                byte = ring[(offset + step) % _SIZE] if is_reference else token[0]
                ring[write] = byte
                write = (write + 1) % _SIZE
                found.append(byte)
    return bytes(found[:size])
