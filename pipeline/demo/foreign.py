"""Files in formats of their own time: binary Word, encrypted Office, winmail.dat, cards, invitations, signatures."""

import hashlib
import struct
from datetime import UTC, datetime

from pipeline.demo.packages import pack_ole

_WORD_CLASS = bytes.fromhex("0609020000000000c000000000000046")
_TNEF_SIGNATURE = 0x223E9F78
#: attribute, level. See: MS-OXTNEF 2.1.3.2
_TNEF_VERSION, _OEM_CODEPAGE, _MESSAGE_CLASS = 0x00089006, 0x00069007, 0x00078008
_ATTACH_REND, _ATTACH_TITLE, _ATTACH_DATA, _ATTACHMENT = 0x00069002, 0x00018010, 0x0006800F, 0x00069005
_PR_LONG_FILENAME, _PR_MIME_TAG = 0x3707001F, 0x370E001F


def build_doc(text: str) -> bytes:
    """A binary Word 97 file with `text` in its WordDocument stream. See: MS-DOC 2.5.1 and 2.8.35."""
    encoded = text.replace("\n", "\r").encode("utf-16-le")
    length = len(encoded) // 2
    # One piece: characters 0..length stand at offset 1024, two bytes each. See: MS-DOC 2.9.178.
    pieces = struct.pack("<IIHIH", 0, length, 0, 1024, 0)
    table = b"\x02" + struct.pack("<I", len(pieces)) + pieces
    block = bytearray(1024)
    struct.pack_into("<HHHHHHH", block, 0, 0xA5EC, 0x00C1, 0, 0x0409, 0, 0x1200, 0x00BF)
    struct.pack_into("<II", block, 24, 1024, 1024 + len(encoded))
    struct.pack_into("<HHH", block, 32, 14, *(0x6A62, 0x6A62))
    struct.pack_into("<HI", block, 62, 22, 1024 + len(encoded))
    struct.pack_into("<I", block, 76, length)
    struct.pack_into("<H", block, 152, 93)
    struct.pack_into("<II", block, 154 + 33 * 8, 0, len(table))
    document = bytes(block) + encoded
    document += bytes(max(0, 4096 - len(document)))
    return pack_ole([("WordDocument", document), ("1Table", table.ljust(4096, b"\0"))], _WORD_CLASS)


def build_encrypted_docx(seed: str) -> bytes:
    """An Office file behind a password: an OLE container, not a ZIP, and noise inside. See: MS-OFFCRYPTO 2.3.4."""
    salt = hashlib.sha256(seed.encode()).hexdigest()[:22]
    key_data = 'saltSize="16" blockSize="16" keyBits="128" hashSize="20" cipherAlgorithm="AES"'
    key_data += f' cipherChaining="ChainingModeCBC" hashAlgorithm="SHA1" saltValue="{salt}=="'
    names = 'xmlns="http://schemas.microsoft.com/office/2006/encryption"'
    descriptor = f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\r\n<encryption {names}><keyData {key_data}/>'
    info = struct.pack("<HHI", 4, 4, 0x40) + (descriptor + "</encryption>").encode()
    noise = b"".join(hashlib.sha256(f"{seed}/{number}".encode()).digest() for number in range(256))
    return pack_ole([("EncryptionInfo", info), ("EncryptedPackage", struct.pack("<Q", len(noise) - 11) + noise)])


def build_tnef(files: tuple[tuple[str, str, bytes], ...]) -> bytes:
    """A winmail.dat with `files`: (name, media type, content). See: MS-OXTNEF 2.1."""
    pieces = [struct.pack("<IH", _TNEF_SIGNATURE, 1)]
    pieces.append(_attribute(1, _TNEF_VERSION, struct.pack("<I", 0x00010000)))
    pieces.append(_attribute(1, _OEM_CODEPAGE, struct.pack("<II", 1252, 0)))
    pieces.append(_attribute(1, _MESSAGE_CLASS, b"IPM.Microsoft Mail.Note\0"))
    for name, kind, content in files:
        pieces.append(_attribute(2, _ATTACH_REND, struct.pack("<HIHHI", 1, 0xFFFFFFFF, 32, 32, 0)))
        pieces.append(_attribute(2, _ATTACH_TITLE, _short_name(name)))
        pieces.append(_attribute(2, _ATTACH_DATA, content))
        properties = _property(_PR_LONG_FILENAME, name) + _property(_PR_MIME_TAG, kind)
        pieces.append(_attribute(2, _ATTACHMENT, struct.pack("<I", 2) + properties))
    return b"".join(pieces)


def _attribute(level: int, name: int, content: bytes) -> bytes:
    """One attribute with its checksum. See: MS-OXTNEF 2.1.3.1."""
    return struct.pack("<BII", level, name, len(content)) + content + struct.pack("<H", sum(content) & 0xFFFF)


def _short_name(name: str) -> bytes:
    """The 8.3 name Outlook puts where only ASCII fits."""
    stem, _, extension = name.rpartition(".")
    kept = "".join(letter for letter in stem.upper() if letter.isascii() and letter.isalnum())[:6] or "FILE"
    return f"{kept}~1.{extension.upper()[:3]}\0".encode("ascii", "replace")


def _property(tag: int, value: str) -> bytes:
    """One MAPI property of type PT_UNICODE. See: MS-OXTNEF 2.1.3.4."""
    encoded = (value + "\0").encode("utf-16-le")
    return struct.pack("<III", tag, 1, len(encoded)) + encoded + bytes(-len(encoded) % 4)


def build_card(organisation: str, address: str) -> bytes:
    """A vCard. See: RFC 2426."""
    lines = ("BEGIN:VCARD", "VERSION:3.0", f"FN:{organisation}", f"ORG:{organisation}", f"EMAIL:{address}", "END:VCARD")
    return "".join(f"{line}\r\n" for line in lines).encode()


def build_calendar(method: str, attendee: str, organiser: str, summary: str, start: datetime, now: datetime) -> bytes:
    """An iCalendar object of one event. See: RFC 5545 3.6.1, RFC 5546 3.2."""
    form = "%Y%m%dT%H%M%SZ"
    begin = start.astimezone(UTC).strftime(form)
    identity = hashlib.sha256(f"{summary}/{begin}".encode()).hexdigest()[:32].upper()
    status = ";PARTSTAT=ACCEPTED" if method == "REPLY" else ""
    lines = (
        *("BEGIN:VCALENDAR", f"METHOD:{method}", "PRODID:-//Sample round//EN", "VERSION:2.0", "BEGIN:VEVENT"),
        *(f"UID:{identity}", f"DTSTAMP:{now.astimezone(UTC).strftime(form)}", f"DTSTART:{begin}"),
        *(f"ORGANIZER:mailto:{organiser}", f"ATTENDEE{status}:mailto:{attendee}", f"SUMMARY:{summary}"),
        *("SEQUENCE:0", "END:VEVENT", "END:VCALENDAR"),
    )
    return "".join(f"{line}\r\n" for line in lines).encode()


def build_signature(seed: str) -> bytes:
    """The outer shape of a detached PKCS #7 signature: no certificate, no validity. See: RFC 5652 5.1."""
    signed_data, data, sha1, rsa = (
        _der(6, bytes.fromhex(oid))
        for oid in ("2a864886f70d010702", "2a864886f70d010701", "2b0e03021a", "2a864886f70d010101")
    )
    null = _der(5, b"")
    digest = _der(0x30, sha1 + null)
    issuer = _der(0x30, _der(0x31, _der(0x30, _der(6, bytes.fromhex("550403")) + _der(0x0C, seed.encode()))))
    noise = b"".join(hashlib.sha256(f"{seed}/{number}".encode()).digest() for number in range(8))
    signer = _der(2, b"\1") + _der(0x30, issuer + _der(2, b"\x01")) + digest
    signer += _der(0x30, rsa + null) + _der(4, noise)
    content = _der(2, b"\1") + _der(0x31, digest) + _der(0x30, data) + _der(0x31, _der(0x30, signer))
    return _der(0x30, signed_data + _der(0xA0, _der(0x30, content)))


def _der(tag: int, content: bytes) -> bytes:
    """One DER element. See: ITU-T X.690 8.1.3."""
    size = len(content)
    if size < 128:
        return bytes((tag, size)) + content
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes((tag, 0x80 | len(length))) + length + content
