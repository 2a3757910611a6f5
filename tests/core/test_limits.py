"""Laws of the limits on raw bytes."""

import pytest

from pipeline.core import limits
from pipeline.core.limits import check_limits
from pipeline.errors import MailTooComplexError
from tests.make_mail import make_mail, make_multipart, make_part


def nest(depth: int) -> bytes:
    body = make_part("text/plain", b"deep")
    for level in range(depth):
        body = make_part(f'multipart/mixed; boundary="b{level}"', make_multipart([body], f"b{level}"))
    return b"From: a@ilo.example\r\n" + body


def test_ordinary_mail_passes() -> None:
    check_limits(make_mail(html="<p>Hello</p>", attachments=[("a.docx", b"PK", "application/zip")]))


@pytest.mark.parametrize(
    "raw",
    [
        b"a: b\r\n\r\n" + b"x" * limits.MAX_BYTES,
        b"X: " + b"a " * limits.MAX_HEADER_BYTES,
        b"a: b\r\n" * (limits.MAX_HEADER_FIELDS + 1) + b"\r\n",
        b"a: " + b"b" * limits.MAX_HEADER_LINE + b"\r\n\r\n",
        b"To: " + b"a@b,\r\n " * (limits.MAX_ADDRESSES + 1) + b"\r\n\r\n",
        b"Subject: " + b"=?x?q?a?=\r\n " * (limits.MAX_ENCODED_WORDS + 1) + b"\r\n\r\n",
        b"To: " + b'\\"' * (limits.MAX_ESCAPES + 1) + b"\r\n\r\n",
        nest(limits.MAX_DEPTH + 1),
        b"Content-Type: message/rfc822\r\n\r\n" * (limits.MAX_DEPTH + 1),
        b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + b"--b\r\n\r\nx\r\n" * (limits.MAX_PARTS + 1),
        b"Content-Type: multipart/mixed; boundary=b\r\r" + b"--b\r\rx\r" * (limits.MAX_PARTS + 1),
    ],
    ids=[
        "bytes",
        "header",
        "fields",
        "line",
        "addresses",
        "words",
        "escapes",
        "depth",
        "nested",
        "parts",
        "parts by CR",
    ],
)
def test_what_exceeds_a_limit_is_refused(raw: bytes) -> None:
    with pytest.raises(MailTooComplexError, match="at most"):
        check_limits(raw)


def test_depth_at_the_limit_passes() -> None:
    check_limits(nest(limits.MAX_DEPTH))


def test_many_messages_side_by_side_are_not_deep() -> None:
    inner = [make_part("message/rfc822", make_mail(html="<p>x</p>")) for _ in range(100)]
    check_limits(b'Content-Type: multipart/digest; boundary="d"\r\n\r\n' + make_multipart(inner, "d"))


def test_dashes_in_the_text_are_not_parts() -> None:
    check_limits(make_mail(html="<p>x</p>") + b"\r\n----------\r\n" * 5_000)
