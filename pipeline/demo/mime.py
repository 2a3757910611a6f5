"""MIME written by hand, because each mail program writes it its own way. See: RFC 2045-2047, RFC 2231."""

import base64
import quopri
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from email.charset import BASE64, QP, Charset
from email.header import Header
from urllib.parse import quote

_LINE = 76


@dataclass(frozen=True, slots=True, kw_only=True)
class MimePart:
    """One part: fields that are encoded and folded already, and the encoded body."""

    headers: tuple[tuple[str, str], ...]
    #: with CRLF line ends
    body: bytes

    @property
    def content_type(self) -> str:
        """The value of its Content-Type field, "" when it has none."""
        return next((value for name, value in self.headers if name == "Content-Type"), "")


def render(part: MimePart, headers: Iterable[tuple[str, str]] = ()) -> bytes:
    """The bytes of a part, or of a whole message with `headers` in front."""
    fields = "".join(f"{name}: {value}\r\n" for name, value in (*headers, *part.headers))
    return fields.encode("ascii") + b"\r\n" + part.body


def multipart(
    subtype: str, boundary: str, parts: Sequence[MimePart], parameters: str = "", preamble: str = ""
) -> MimePart:
    """A part that holds `parts`. See: RFC 2046 5.1."""
    line = f"--{boundary}".encode()
    opening = f"{preamble}\r\n\r\n".encode() if preamble else b""
    inner = b"".join(line + b"\r\n" + render(part) + b"\r\n" for part in parts)
    kind = f'multipart/{subtype};{parameters}\r\n\tboundary="{boundary}"'
    return MimePart(headers=(("Content-Type", kind),), body=opening + inner + line + b"--\r\n")


def text_part(text: str, subtype: str, charset: str, encoding: str, parameters: str = "") -> MimePart:
    """A text part; `encoding` is "base64", "quoted-printable" or "8bit", and "7bit" where the text allows it."""
    body = text.replace("\r\n", "\n").replace("\n", "\r\n").encode(charset)
    plain = body.isascii() and all(len(line) <= 998 for line in body.split(b"\r\n"))
    if encoding == "8bit" or (encoding == "7bit" and plain):
        name = "7bit" if plain else "8bit"
    else:
        name = "base64" if encoding == "base64" else "quoted-printable"
        body = _wrap_base64(body) if name == "base64" else _quoted_printable(body)
    kind = f'text/{subtype}; charset="{charset}"{parameters}'
    return MimePart(headers=(("Content-Type", kind), ("Content-Transfer-Encoding", name)), body=body)


def _quoted_printable(body: bytes) -> bytes:
    """`body` as quoted-printable with CRLF line ends. See: RFC 2045 6.7."""
    return quopri.encodestring(body.replace(b"\r\n", b"\n")).replace(b"\n", b"\r\n")


def _wrap_base64(content: bytes) -> bytes:
    """`content` as base64 in lines of 76. See: RFC 2045 6.8."""
    return base64.encodebytes(content).replace(b"\n", b"\r\n")


def file_part(
    content_type: str,
    name: str,
    content: bytes,
    disposition: str = "attachment",
    naming: str = "words",
    content_id: str = "",
) -> MimePart:
    """An attached file; `naming` says how a name beyond ASCII is written: "words" or "rfc2231"."""
    kind = f"{content_type};{_parameter('name', name, naming)}"
    place = f"{disposition};{_parameter('filename', name, naming)}"
    headers = [("Content-Type", kind), ("Content-Transfer-Encoding", "base64"), ("Content-Disposition", place)]
    headers += [("Content-ID", f"<{content_id}>")] if content_id else []
    return MimePart(headers=tuple(headers), body=_wrap_base64(content))


def _parameter(key: str, value: str, naming: str) -> str:
    """A parameter on a line of its own."""
    if value.isascii():
        escaped = value.replace("\\", "\\\\").replace('"', '\\"')
        return f'\r\n\t{key}="{escaped}"'
    if naming == "words":
        # Outlook and Gmail put encoded words inside quotes, which RFC 2047 5 forbids and everybody reads.
        words = encode_words(value, pick_charset(value, ("iso-8859-1", "utf-8")), key, "\r\n\t")
        return f'\r\n\t{key}="{words}"'
    return _continued(key, value)


def _continued(key: str, value: str) -> str:
    """The parameter in pieces of percent-encoded UTF-8. See: RFC 2231 3 and 4."""
    encoded = [quote(letter, safe="") for letter in value]
    pieces, piece = [], "utf-8''"
    for letter in encoded:
        if len(piece) + len(letter) > _LINE - len(key) - 8:
            pieces.append(piece)
            piece = ""
        piece += letter
    pieces.append(piece)
    if len(pieces) == 1:
        return f"\r\n\t{key}*={pieces[0]}"
    return ";".join(f"\r\n\t{key}*{number}*={text}" for number, text in enumerate(pieces))


def message_part(content: bytes, subtype: str = "rfc822", name: str = "") -> MimePart:
    """A message inside a message, or a machine-readable report. See: RFC 2046 5.2.1."""
    headers = [("Content-Type", f"message/{subtype}")]
    headers += [("Content-Disposition", f"attachment;{_parameter('filename', name, 'rfc2231')}")] if name else []
    return MimePart(headers=tuple(headers), body=content)


def pick_charset(text: str, charsets: Iterable[str]) -> str:
    """The first of `charsets` that can write `text`, else utf-8."""
    for charset in charsets:
        try:
            text.encode(charset)
        except UnicodeEncodeError:
            continue
        return charset
    return "utf-8"


def encode_words(text: str, charset: str, field: str = "Subject", fold: str = "\r\n ") -> str:
    """`text` as a field value: folded ASCII, or encoded words in `charset`. See: RFC 2047."""
    words = Charset("us-ascii" if text.isascii() else charset)
    if not text.isascii():
        # Programs of the Latin world write Q words, the others B words, whichever is shorter.
        words.header_encoding = QP if charset.startswith("iso-8859") else BASE64
    header = Header(text, words, maxlinelen=_LINE, header_name=field)
    return fold.join(line.strip() for line in header.encode(linesep="\n").split("\n"))


def mailbox(name: str, address: str, charset: str = "utf-8") -> str:
    """A mailbox as a field value. See: RFC 5322 3.4."""
    if not name:
        return address
    shown = f'"{name}"' if name.isascii() else encode_words(name, charset, "From")
    return f"{shown} <{address}>"
