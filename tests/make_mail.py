"""Builder of raw messages for all tests."""

import base64
from collections.abc import Mapping, Sequence
from email.header import Header

#: name, content, media type
File = tuple[str, bytes, str]


def make_mail(
    *,
    sender: str = "ILO Migration <migration@ilo.example>",
    to: str = "GMG Drafts <gmg-drafts@gmg.example>",
    subject: str = "RE: [GMG-YTH] Inputs",
    text: str | None = "Please find our comments below.",
    html: str = "",
    date: str = "Mon, 01 Oct 2012 10:00:00 +0200",
    message_id: str = "<m1@ilo.example>",
    in_reply_to: str = "",
    charset: str = "utf-8",
    headers: Mapping[str, str | None] | None = None,
    attachments: Sequence[File] = (),
    report: tuple[str, str] | None = None,
) -> bytes:
    """A raw message with CRLF line ends.

    `headers` replace or add fields, None takes a field away; a `Content-Type` among them replaces that of the body.
    `report` is (report type, fields) and makes the whole a multipart/report with `text` as its notice.
    """
    fields: dict[str, str | None] = {
        "From": sender,
        "To": to,
        "Subject": subject,
        "Date": date,
        "Message-ID": message_id,
        "In-Reply-To": in_reply_to or None,
        "MIME-Version": "1.0",
    }
    body_type, body = _make_body(text, html, charset, attachments, report)
    fields["Content-Type"] = body_type
    if not body_type.startswith("multipart/"):
        fields["Content-Transfer-Encoding"] = "base64"
    fields |= dict(headers or {})
    head = "".join(f"{name}: {_encode(value)}\r\n" for name, value in fields.items() if value is not None)
    return head.encode() + b"\r\n" + body


def make_part(content_type: str, content: bytes, *, name: str = "", disposition: str = "") -> bytes:
    """One MIME part with its headers, base64 encoded; message/* parts are left as they are."""
    lines = [f"Content-Type: {content_type}"]
    if name:
        disposition = disposition or "attachment"
        lines.append(f'Content-Disposition: {disposition}; filename="{_encode(name)}"')
    elif disposition:
        lines.append(f"Content-Disposition: {disposition}")
    if content_type.startswith(("message/", "multipart/")):
        return "\r\n".join(lines).encode() + b"\r\n\r\n" + content
    lines.append("Content-Transfer-Encoding: base64")
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + base64.encodebytes(content).replace(b"\n", b"\r\n")


def make_multipart(parts: Sequence[bytes], boundary: str) -> bytes:
    """The body of a multipart with these parts."""
    inner = b"".join(b"--" + boundary.encode() + b"\r\n" + part + b"\r\n" for part in parts)
    return inner + b"--" + boundary.encode() + b"--\r\n"


def _encode(value: str) -> str:
    return value if value.isascii() else Header(value, "utf-8", maxlinelen=900).encode()


def _make_body(
    text: str | None, html: str, charset: str, attachments: Sequence[File], report: tuple[str, str] | None
) -> tuple[str, bytes]:
    parts = []
    if text is not None:
        parts.append((f"text/plain; charset={charset}", text.encode(charset)))
    if html:
        parts.append((f"text/html; charset={charset}", html.encode(charset)))
    if report is not None:
        notice = make_part(*parts[0])
        fields = make_part(f"message/{report[0]}", report[1].replace("\n", "\r\n").encode())
        return f'multipart/report; report-type={report[0]}; boundary="report"', make_multipart(
            [notice, fields], "report"
        )
    if len(parts) == 2:
        body = make_part(
            'multipart/alternative; boundary="both"', make_multipart([make_part(*p) for p in parts], "both")
        )
    else:
        body = make_part(*(parts or [("text/plain", b"")])[0])
    if not attachments:
        head, _, content = body.partition(b"\r\n\r\n")
        return head.decode().partition("\r\n")[0].removeprefix("Content-Type: "), content
    files = [make_part(kind, content, name=name) for name, content, kind in attachments]
    return 'multipart/mixed; boundary="outer"', make_multipart([body, *files], "outer")
