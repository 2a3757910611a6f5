"""The MIME tree of a message told apart into text, HTML, files and reports. See: docs/analysis/parsing.md."""

import base64
import binascii
import re
from dataclasses import dataclass, field
from email import message_from_bytes
from email.errors import MessageError
from email.message import Message
from email.policy import compat32

from pipeline.core.base64_bodies import decode_base64
from pipeline.core.charsets import decode_bytes, decode_header
from pipeline.core.cms import read_signed_content
from pipeline.core.filenames import clean_filename, find_filename
from pipeline.core.flowed import NO_QUOTE
from pipeline.core.html_text import render_html
from pipeline.core.inline_files import split_inline_files
from pipeline.core.message_tree import fill
from pipeline.core.model import Attachment

#: characters of a plain part that may be a stub beside HTML of ten times its text
MAX_STUB = 200
TNEF_MAGIC = b"\x78\x9f\x3e\x22"
REPORTS = {
    "message/delivery-status", "message/global-delivery-status", "message/disposition-notification",
    "message/global-disposition-notification", "message/feedback-report", "text/rfc822-headers",
    "message/tracking-status",
}  # fmt: skip
_AS_SENT = compat32.clone(max_line_length=0)
#: a Content-Type as most programs write it, which leaves nothing to interpret
_PLAIN_TYPE = re.compile(r"""[\w/-]+;\s*charset=(?:"([\w-]+)"|([\w-]+))""", re.ASCII)
_ENCODING = re.compile(r"\s*([\w-]+)\b.*", re.S)
_HTML_CHARSET = re.compile(rb"<meta[^>]{1,200}charset\s*=\s*[\"']?\s*([\w:.-]{1,40})", re.I)
_BASE64_LINE = re.compile(rb"[^A-Za-z0-9+/=\s]")
_STATUS_FIELD = re.compile(r"^(?:(?:final|original)-recipient|action|status|reporting-mta)\s*:", re.I | re.M)
# a delimiter line and the first field of the part below it
_DELIMITER = re.compile(rb"^--([^\s\"][^\r\n\"]{0,69})[ \t]*\r?\n(?=Content-[\w-]+:)", re.M | re.I)
_PGP_BEGIN = "-----BEGIN PGP SIGNED MESSAGE-----"
_PGP_SIGNATURE = "-----BEGIN PGP SIGNATURE-----"
_PGP_END = "-----END PGP SIGNATURE-----"


@dataclass(slots=True)
class Contents:
    """What was found in the MIME tree so far."""

    #: texts in order, each rendered from one part
    texts: list[str] = field(default_factory=list)
    htmls: list[str] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)
    reports: list[tuple[str, str]] = field(default_factory=list)
    defects: list[str] = field(default_factory=list)
    #: texts of named inline parts, the body when there is no other
    named_texts: list[str] = field(default_factory=list)
    #: what of the HTML is not in `texts`, in words
    losses: list[str] = field(default_factory=list)
    signed: bool = False
    encrypted: bool = False
    #: HTML is kept as it is: another alternative is the text
    has_text: bool = False


def read_contents(message: Message) -> Contents:
    """Everything in the tree under `message`, in order. Raises: nothing; what is wrong becomes a defect."""
    contents = Contents()
    _read_part(message, contents)
    if not "".join(contents.texts).strip():
        contents.texts = contents.named_texts
    contents.defects += [f"unreadable: {loss}" for loss in contents.losses]
    return contents


def _read_part(part: Message, contents: Contents) -> None:
    content_type = part.get_content_type()
    main_type = content_type.partition("/")[0]
    if content_type in REPORTS:
        _add_report(part, content_type, contents)
    elif main_type == "message":
        _add_nested(part, content_type, contents)
    elif part.is_multipart():
        _read_multipart(part, content_type, contents)
    elif main_type == "multipart":
        _read_unsplit(part, contents)
    elif content_type.endswith("pkcs7-mime"):
        _read_pkcs7(part, contents)
    else:
        _read_leaf(part, content_type, contents)


def _read_multipart(part: Message, content_type: str, contents: Contents) -> None:
    children = [child for child in part.get_payload() if isinstance(child, Message)]
    if content_type == "multipart/alternative":
        _read_alternative(children, contents)
        return
    contents.signed |= content_type == "multipart/signed"
    contents.encrypted |= content_type == "multipart/encrypted"
    for child in children:
        _read_part(child, contents)


def _read_unsplit(part: Message, contents: Contents) -> None:
    """A multipart whose announced boundary never comes: read by the one that does come, else as plain text.

    Gateways that rewrite addresses or names in a message rewrite the parameter and not the lines, or the reverse.
    """
    content = _content(part, contents)
    found = _DELIMITER.search(content)
    head = b"Content-Type: " + part.get_content_type().encode("ascii", "replace") + b'; boundary="%s"\n\n'
    again = message_from_bytes(head % found[1] + content) if found else part
    # a line that the parser does not take for a delimiter either would be found for ever
    if again.is_multipart():
        contents.defects.append("a multipart is divided by another boundary than it names")
        _read_part(again, contents)
    else:
        contents.texts.append(decode_bytes(content, _charset(part))[0].replace("\r\n", "\n"))


def _read_alternative(children: list[Message], contents: Contents) -> None:
    """The first child that says something is the text; HTML beside it stays HTML; files in any child are kept."""
    text: list[str] = []
    losses: list[str] = []
    for child in children:
        inner = Contents(has_text=contents.has_text or _is_whole("".join(text)))
        _read_part(child, inner)
        if _is_stub("".join(text), inner):
            text, losses = inner.texts, inner.losses
        for name in ("htmls", "attachments", "reports", "defects", "named_texts"):
            getattr(contents, name).extend(getattr(inner, name))
        contents.signed |= inner.signed
        contents.encrypted |= inner.encrypted
    contents.texts.extend(text)
    contents.losses.extend(losses)


def _is_stub(text: str, richer: Contents) -> bool:
    """Some senders write no more than "use an HTML reader" in the plain part: that is not the text."""
    if not text.strip():
        return True
    return not _is_whole(text) and bool(richer.htmls) and sum(map(len, richer.texts)) > 10 * len(text)


def _is_whole(text: str) -> bool:
    """Whether a text is no stub whatever stands beside it."""
    return len(text) >= MAX_STUB and bool(text.strip())


def _read_leaf(part: Message, content_type: str, contents: Contents) -> None:
    content = _content(part, contents)
    filename = find_filename(part)
    disposition = (part.get_content_disposition() or "").lower()
    is_text = content_type in ("text/plain", "text/html", "text/enriched", "text/x-amp-html", "text/watch-html")
    if content.startswith(TNEF_MAGIC) or content_type.endswith("ms-tnef"):
        filename = filename or "winmail.dat"
    elif is_text and disposition != "attachment" and not (filename and _is_file_name(filename)):
        _add_text(part, content_type, content, contents)
        return
    elif not part.keys() and not filename and content_type.startswith("text/"):
        _add_text(part, "text/plain", content, contents)
        return
    if is_text and disposition == "inline":
        contents.named_texts.append(_decode_text(part, content_type, content, contents))
    _add_file(part, content_type, filename, content, contents)


def _is_file_name(filename: str) -> bool:
    return "." in filename


def _add_text(part: Message, content_type: str, content: bytes, contents: Contents) -> None:
    if content_type.endswith("-html"):
        return
    if content_type == "text/plain":
        content, found = split_inline_files(content)
        for name, inner in found:
            contents.attachments.append(_make_inline_file(name, inner))
    text = _decode_text(part, content_type, content, contents)
    if content_type == "text/html":
        contents.htmls.append(text)
        if contents.has_text and "PGP" not in text:
            return
        text, loss = render_html(text)
        contents.losses += [loss] if loss else []
    elif content_type == "text/enriched":
        text = re.sub(r"<(/?[a-zA-Z-]{1,60})>", "", text)
    if "-----BEGIN PGP " in text:
        text = _read_armour(text, contents)
    contents.texts.append(text)


def _make_inline_file(name: str, content: bytes) -> Attachment:
    filename = clean_filename(name)
    return Attachment(filename=filename, content_type="application/octet-stream", content=content)


def _decode_text(part: Message, content_type: str, content: bytes, contents: Contents) -> str:
    charset = _charset(part)
    if charset is None and content_type == "text/html" and (named := _HTML_CHARSET.search(content[:4_000])):
        charset = named[1].decode("ascii", "ignore")
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        charset = "utf-16"
    text, defect = decode_bytes(content, charset)
    if defect:
        contents.defects.append(defect)
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "").removeprefix("\ufeff")
    declared = str(part.get("content-type", "")).lower() if content_type == "text/plain" else ""
    if "flowed" in declared:
        return unwrap_flowed(text, delete_space="delsp=yes" in declared.replace('"', ""))
    return text


def _charset(part: Message) -> str | None:
    if plain := _PLAIN_TYPE.fullmatch(str(part.get("content-type", ""))):
        return plain[1] or plain[2]
    charset = _parameter(part, "charset")
    return charset.strip() if charset else None


def _parameter(part: Message, name: str) -> str | None:
    """A Content-Type parameter; RFC 2231 triples are joined. None when absent or senseless."""
    try:
        value = part.get_param(name)
    except (ValueError, TypeError, LookupError):
        return None
    return value[2] if isinstance(value, tuple) else value


def unwrap_flowed(text: str, *, delete_space: bool = False) -> str:
    """`text` with soft line ends removed. See: RFC 3676 4."""
    lines: list[str] = []
    flowing: int | None = None
    for line in text.split("\n"):
        depth = len(line) - len(line.lstrip(">"))
        body = line[depth:].removeprefix(" ")
        if flowing == depth and body != "-- ":
            lines[-1] += body
        else:
            shield = NO_QUOTE if not depth and body.startswith(">") else ""
            lines.append(">" * depth + (" " if depth and body else "") + shield + body)
        soft = body.endswith(" ") and body != "-- "
        flowing = depth if soft else None
        if soft and delete_space:
            lines[-1] = lines[-1][:-1]
    return "\n".join(lines)


def _read_armour(text: str, contents: Contents) -> str:
    """`text` without the armour of one clear signature. See: RFC 9580 7."""
    contents.encrypted |= "-----BEGIN PGP MESSAGE-----" in text
    before, begin, rest = text.partition(_PGP_BEGIN)
    clear, signature, rest = rest.partition(_PGP_SIGNATURE)
    if not begin or not signature:
        return text
    contents.signed = True
    # the armour's own headers end with an empty line
    clear = re.sub(r"(?m)^- ", "", clear.partition("\n\n")[2])
    return before + clear.removesuffix("\n") + rest.partition(_PGP_END)[2]


def _read_pkcs7(part: Message, contents: Contents) -> None:
    """Opaque signed S/MIME is opened; what is enveloped stays closed. See: RFC 8551 3.5."""
    content = _content(part, contents)
    inner = read_signed_content(content)
    if inner is None:
        contents.encrypted |= (_parameter(part, "smime-type") or "").lower() != "certs-only"
        _add_file(part, part.get_content_type(), find_filename(part) or "smime.p7m", content, contents)
        return
    contents.signed = True
    _read_part(message_from_bytes(inner), contents)


def _add_file(part: Message, content_type: str, filename: str, content: bytes, contents: Contents) -> None:
    contents.attachments.append(
        Attachment(
            filename=filename,
            content_type=content_type,
            content=content,
            disposition=(part.get_content_disposition() or "").lower(),
            content_id=decode_header(str(part.get("content-id", ""))).strip("<>"),
        )
    )


def _add_nested(part: Message, content_type: str, contents: Contents) -> None:
    filename = find_filename(part)
    if not filename:
        filename = clean_filename(_nested_subject(part)[:80].replace("/", "-").replace("\\", "-")) or "message"
        filename += ".eml"
    _add_file(part, content_type, filename, _nested_bytes(part, contents), contents)
    _note_damage(part)


def _note_damage(part: Message) -> None:
    """Decode what stays closed: damaged base64 becomes a defect of its part only when it is decoded."""
    for inner in part.walk():
        if not inner.is_multipart():
            _content(inner, Contents())


def _nested_subject(part: Message) -> str:
    children = part.get_payload()
    first = children[0] if isinstance(children, list) and children else None
    return decode_header(str(first.get("subject", ""))) if isinstance(first, Message) else ""


def _nested_bytes(part: Message, contents: Contents) -> bytes:
    """The nested message as sent. Some clients encode it, which RFC 2046 5.2.1 forbids: then it is decoded."""
    payload = part.get_payload()
    pieces = [child for child in payload if isinstance(child, Message)] if isinstance(payload, list) else []
    if not pieces:
        return _content(part, contents)
    encoding = str(part.get("content-transfer-encoding", "")).strip().lower()
    content = b"".join(_as_bytes(piece) for piece in pieces)
    if encoding == "base64":
        return _decode_loose_base64(content)
    if encoding == "quoted-printable" and not pieces[0].keys():
        return binascii.a2b_qp(content)
    return content


def _as_bytes(message: Message) -> bytes:
    fill(message)
    try:
        return message.as_bytes(policy=_AS_SENT)
    except (MessageError, ValueError, TypeError, LookupError, AttributeError):
        return _text_of(message).encode("utf-8", "surrogateescape")


def _decode_loose_base64(content: bytes) -> bytes:
    letters = _BASE64_LINE.sub(b"", content).translate(None, b" \t\r\n").rstrip(b"=")
    try:
        return base64.b64decode(letters[: len(letters) - (len(letters) % 4 == 1)] + b"=" * (-len(letters) % 4))
    except binascii.Error:
        return content


def _add_report(part: Message, content_type: str, contents: Contents) -> None:
    """Some gateways write prose where the fields should be: that is text."""
    text = _report_text(part)
    _note_damage(part)
    contents.reports.append((content_type, text))
    if content_type == "message/delivery-status" and not _STATUS_FIELD.search(text):
        contents.texts.append(text)


def _report_text(part: Message) -> str:
    payload = part.get_payload()
    if not isinstance(payload, list):
        return _decode_plain(part)
    if str(part.get("content-transfer-encoding", "")).strip().lower() == "base64":
        return decode_bytes(_decode_loose_base64(b"".join(map(_as_bytes, payload))), None)[0]
    return "\n\n".join(_text_of(child) for child in payload if isinstance(child, Message))


def _decode_plain(part: Message) -> str:
    return decode_bytes(_content(part, Contents()), _charset(part))[0].replace("\r\n", "\n")


def _text_of(message: Message) -> str:
    fields = "\n".join(f"{name}: {decode_header(str(value))}" for name, value in message.raw_items())
    payload = message.get_payload()
    if isinstance(payload, list):
        return "\n\n".join([fields, *(_text_of(child) for child in payload if isinstance(child, Message))])
    return f"{fields}\n\n{_decode_plain(message)}".strip()


def _content(part: Message, contents: Contents) -> bytes:
    """The decoded bytes of a leaf. Spaces and comments behind the name of its encoding say nothing."""
    encoding = str(part.get("content-transfer-encoding", ""))
    if (name := _ENCODING.match(encoding)) and name[1] != encoding:
        encoding = name[1]
        part.replace_header("content-transfer-encoding", encoding)
    try:
        decoded = decode_base64(part) if encoding.lower() == "base64" else b""
        if not decoded:
            fill(part)
        content = decoded or part.get_payload(decode=True)
    except (ValueError, LookupError, TypeError, AttributeError) as error:
        contents.defects.append(f"unreadable: a part cannot be decoded ({type(error).__name__})")
        return b""
    if isinstance(content, bytes):
        return content
    payload = part.get_payload()
    return payload.encode("utf-8", "surrogateescape") if isinstance(payload, str) else b""
