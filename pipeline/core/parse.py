"""Raw bytes read into a ParsedMail. Any bytes give a result; defects are words in it. See: docs/analysis/parsing.md."""

import base64
import binascii
import logging
import re
from collections.abc import Iterable
from datetime import datetime
from email.message import Message

from mailparser.dates import parse_mail_date
from mailparser.utils import get_addresses

from pipeline.core.charsets import decode_header, repair_eight_bit
from pipeline.core.limits import check_limits
from pipeline.core.mail_dates import read_date
from pipeline.core.message_tree import read_tree
from pipeline.core.model import Mailbox, ParsedMail
from pipeline.core.parts import Contents, read_contents

# the library logs whole header lines: bodies and headers never go to our logs
logging.getLogger("mailparser").setLevel(logging.CRITICAL + 1)

_BEFORE_HEADER = re.compile(rb"\A(?:\xef\xbb\xbf)?[\r\n]*(?:>?From [^\r\n]*[\r\n]+)?")
_HEADER_END = re.compile(rb"\n\r?\n|\r\r")
# See: RFC 5322 4.5; where not even the first field is in order, it is text that looks like a header
_FIELD = re.compile(rb"[!-9;-~]+:")
_SPACE_BEFORE_COLON = re.compile(rb"^([A-Za-z][\w-]{0,60})[ \t]+:(?=[ \t])", re.M)
_MESSAGE_ID = re.compile(r"<([^<>]{1,500})>")
_BARE_ID = re.compile(r"[^\s<>]+@[^\s<>]+")
_LIST_ITEM = re.compile(r"""(?:"(?:[^"\\]|\\.)*+"|<[^<>]*+>|[^,;])++""")
#: a mailbox as most programs write it, which leaves nothing to interpret
_PLAIN_MAILBOX = re.compile(
    r"""(?:(?:"([A-Za-z][\w ,.-]*)"|([A-Za-z]\w*(?: \w+)*)) <)?(\w+(?:[.+-]\w+)*@\w+(?:[.-]\w+)*)(?(1)>|(?(2)>))""",
    re.ASCII,
)
_ANGLE = re.compile(r"<\s*(?:mailto:)?([^<>\s]+)\s*(?:>|$)")
_NEEDLESS_QUOTES = re.compile(r'^"([\w.!#$%&*+/=?^`{|}~-]+)"(?=@)')
_BARE = re.compile(r"[^\s<>\"():]{1,250}@[^\s<>\"():]+")
_UNCLOSED = {"CloseBoundaryNotFoundDefect", "StartBoundaryNotFoundDefect"}
_BROKEN_BASE64 = {"InvalidBase64PaddingDefect", "InvalidBase64CharactersDefect", "InvalidBase64LengthDefect"}
_WORDS = {
    "CloseBoundaryNotFoundDefect": "a multipart is not closed",
    "StartBoundaryNotFoundDefect": "a multipart has no parts",
    "NoBoundaryInMultipartDefect": "a multipart names no boundary",
    "InvalidBase64PaddingDefect": "base64 of a part is cut",
    "InvalidBase64CharactersDefect": "base64 of a part holds other letters",
    "InvalidBase64LengthDefect": "base64 of a part is cut",
    "MissingHeaderBodySeparatorDefect": "no empty line after the header",
    "MultipartInvariantViolationDefect": "a multipart without parts",
    "FirstHeaderLineIsContinuationDefect": "the header begins with a continuation",
    "InvalidMultipartContentTransferEncodingDefect": "a multipart is encoded",
}


def parse_mail(raw: bytes) -> ParsedMail:
    """What the message says. Every byte string is read; what is wrong stands in `defects`.

    A defect that begins with "unreadable:" says that a part of the body is lost.

    Raises: MailTooComplexError when `raw` exceeds the limits, before any parser sees it.
    See: RFC 5322, RFC 2045-2047, RFC 2231, RFC 3676.
    """
    check_limits(raw)
    raw = _clean_start(raw.replace(b"\0", b""))
    message = read_tree(raw)
    contents = read_contents(message)
    headers = _Headers(message)
    text = "\n\n".join(text.strip("\n") for text in contents.texts if text.strip())
    return ParsedMail(
        message_id=_find_message_id(headers.get("message-id")),
        in_reply_to=_find_ids(headers.get("in-reply-to")),
        references=_find_ids(" ".join(headers.get_all("references"))),
        thread_index=_find_thread_index(headers.get("thread-index")),
        subject=headers.get("subject") or "",
        date=_find_date(headers),
        sender=next(iter(_find_mailboxes("from", headers)), None),
        reply_to=_find_mailboxes("reply-to", headers),
        to=_find_mailboxes("to", headers),
        cc=_find_mailboxes("cc", headers),
        return_path=_find_return_path(headers.get("return-path")),
        headers=headers.items,
        content_type=_find_content_type(message, headers),
        text=text,
        html="\n".join(contents.htmls),
        attachments=tuple(contents.attachments),
        reports=tuple(contents.reports),
        defects=_find_defects(message, headers, contents),
        signed=contents.signed,
        encrypted=contents.encrypted,
    )


def _clean_start(raw: bytes) -> bytes:
    """`raw` as it was sent: mailboxes set a line in front, editors a mark, old programs a space before the colon."""
    if before := _BEFORE_HEADER.match(raw):
        raw = raw[before.end() :]
    if not _FIELD.match(raw):
        return raw
    end = _HEADER_END.search(raw)
    header = raw[: end.start()] if end else raw
    mended = _SPACE_BEFORE_COLON.sub(rb"\1:", header) if b" :" in header or b"\t:" in header else header
    return raw if mended == header else mended + raw[len(header) :]


class _Headers:
    """The decoded header fields."""

    def __init__(self, message: Message) -> None:
        raw = [(name.lower(), str(value)) for name, value in message.raw_items()]
        # the charset of the message tells only what bare 8-bit letters mean
        self.charset = None if all(value.isascii() for _, value in raw) else message.get_content_charset()
        self.items = tuple((name, decode_header(value, self.charset)) for name, value in raw)
        self._raw = _group(raw)
        self._decoded = _group(self.items)

    def get(self, name: str) -> str | None:
        return self._decoded[name][0] if name in self._decoded else None

    def get_raw(self, name: str) -> list[str]:
        return self._raw.get(name, [])

    def get_all(self, name: str) -> list[str]:
        return self._decoded.get(name, [])


def _group(fields: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    values: dict[str, list[str]] = {}
    for name, value in fields:
        values.setdefault(name, []).append(value)
    return values


def _find_message_id(value: str | None) -> str | None:
    if not value:
        return None
    if ids := _find_ids(value):
        return ids[0]
    word = value.strip("<> ").split(" ")[0]
    return f"<{word}>" if word else None


def _find_ids(value: str | None) -> tuple[str, ...]:
    """Identifiers in order, once each. Exchange folds inside them, so white space is taken out."""
    if not value:
        return ()
    found = _MESSAGE_ID.findall(value) or _BARE_ID.findall(value)
    return tuple(dict.fromkeys(f"<{''.join(name.split())}>" for name in found))


def _find_thread_index(value: str | None) -> str | None:
    if not value:
        return None
    letters = re.sub(r"[^A-Za-z0-9+/]", "", value)
    try:
        content = base64.b64decode(letters + "=" * (-len(letters) % 4))
    except binascii.Error:
        return None
    return content[:22].hex() if len(content) >= 22 else None


def _find_date(headers: _Headers) -> datetime | None:
    """The Date field with its own offset; mail-parser reads some that the standard library does not."""
    if not (written := headers.get("date")):
        return None
    if found := read_date(written):
        return found
    date: datetime | None = parse_mail_date(headers.get_raw("date")[0]).value
    return date if date is not None and 1980 <= date.year <= 2200 else None


def _find_mailboxes(name: str, headers: _Headers) -> tuple[Mailbox, ...]:
    """The mailboxes of all fields called `name`; mail-parser reads the plain one that hardly ever has a second."""
    values = headers.get_raw(name)
    if len(values) == 1 and (pairs := _read_plain_addresses(values[0])):
        return tuple(_to_mailbox(label, address) for label, address in pairs)
    return tuple(mailbox for value in values for mailbox in _split_mailboxes(value, headers.charset))


def _read_plain_addresses(value: str) -> list[tuple[str, str]]:
    """Names and addresses of a field of plain letters; none where mail-parser cannot be relied on."""
    if plain := _PLAIN_MAILBOX.fullmatch(value):
        return [(plain[1] or plain[2] or "", plain[3])]
    # it takes what stands before a semicolon for a group, and a display name that is an address for none
    if not value.isascii() or "=?" in value or ";" in value:
        return []
    pairs = [(label, address) for label, address in get_addresses(_unfold(value)) if address]
    told = all("@" in address and (label not in ("", address) or "<" not in value) for label, address in pairs)
    return pairs if told else []


def _unfold(value: str) -> str:
    return re.sub(r"[\r\n]+[ \t]*", " ", value)


def _split_mailboxes(value: str, charset: str | None) -> list[Mailbox]:
    """Mailboxes told apart before their names are decoded: an encoded name may hold commas and angles."""
    value = repair_eight_bit(_unfold(value), charset)
    if "@" not in value:
        # some programs encode the whole field, address and all
        value = decode_header(value, charset)
    found = (_read_mailbox(item[0], charset) for item in _LIST_ITEM.finditer(value) if "@" in item[0])
    return [mailbox for mailbox in found if mailbox is not None]


def _read_mailbox(item: str, charset: str | None) -> Mailbox | None:
    """One "Name <address>" or bare address; None when there is neither. The name of a group is left out."""
    if angle := _ANGLE.search(item):
        name, address = item[: angle.start()].strip(), angle[1]
        name = name if name.startswith('"') else name.rpartition(": ")[2]
    elif bare := _BARE.search(item):
        name, address = "", bare[0]
    else:
        return None
    name = re.sub(r"\\(.)", r"\1", decode_header(name.strip('"'), charset))
    mailbox = _to_mailbox(name, decode_header(address, charset))
    return mailbox if "@" in mailbox.address else None


def _to_mailbox(name: str, address: str) -> Mailbox:
    name = name.strip().strip("'\"").strip()
    address = _NEEDLESS_QUOTES.sub(r"\1", "".join(address.split())).strip("'\"<>").lower()
    if not address.isascii():
        address = address.encode("utf-8", "replace").decode()
    return Mailbox(name=name, address=address)


def _find_return_path(value: str | None) -> str | None:
    if value is None:
        return None
    found = re.search(r"<([^<>]*)>", value)
    return (found[1] if found else value).strip().lower()


def _find_content_type(message: Message, headers: _Headers) -> str:
    parameters = (headers.get("content-type") or "").partition(";")[2].strip()
    return "; ".join(filter(None, (message.get_content_type(), parameters)))


def _find_defects(message: Message, headers: _Headers, contents: Contents) -> tuple[str, ...]:
    names = [type(defect).__name__ for part in message.walk() for defect in part.defects]
    words = [_WORDS.get(name, f"malformed: {name.removesuffix('Defect')}") for name in names]
    if not _UNCLOSED.isdisjoint(names) and not _BROKEN_BASE64.isdisjoint(names):
        words.insert(0, "unreadable: the message is cut, a multipart does not end and its base64 does not decode")
    for name in ("from", "date", "message-id"):
        if headers.get(name) is None:
            words.append(f"no {name.title().replace('Id', 'ID')} field")
    return tuple(dict.fromkeys([*words, *contents.defects]))
