"""Laws of the limits on raw bytes."""

from collections.abc import Callable

import pytest

from pipeline.core import limits
from pipeline.core.limits import check_limits
from pipeline.core.parse import parse_mail
from pipeline.errors import MailTooComplexError
from tests.make_mail import make_mail, make_multipart, make_part


def nest(depth: int) -> bytes:
    body = make_part("text/plain", b"deep")
    for level in range(depth):
        body = make_part(f'multipart/mixed; boundary="b{level}"', make_multipart([body], f"b{level}"))
    return b"From: a@ilo.example\r\n" + body


def test_ordinary_mail_passes() -> None:
    check_limits(make_mail(html="<p>Hello</p>", attachments=[("a.docx", b"PK", "application/zip")]))


def fill_header(size: int) -> bytes:
    """A message whose header has so many bytes, in lines of a thousand."""
    lines = b"a: %s\r\n" % (b"b" * 995) * (size // 1_000 + 1)
    return lines[:size].rstrip(b"\r\n").ljust(size, b"b") + b"\r\n\r\nx"


def repeat_parts(count: int, end: bytes = b"\r\n") -> bytes:
    """A multipart with so many parts."""
    head = b"Content-Type: multipart/mixed; boundary=b" + end * 2
    return head + (b"--b" + end * 2 + b"x" + end) * count


#: what is limited -> the limit, and a message that has so many of it
LIMITED: dict[str, tuple[int, Callable[[int], bytes]]] = {
    "bytes": (limits.MAX_BYTES, lambda count: b"a: b\r\n\r\n".ljust(count, b"x")),
    "header": (limits.MAX_HEADER_BYTES, fill_header),
    "fields": (limits.MAX_HEADER_FIELDS, lambda count: b"a: b\r\n" * count + b"\r\nx"),
    "line": (limits.MAX_HEADER_LINE, lambda count: b"a: ".ljust(count, b"b") + b"\r\n\r\nx"),
    "addresses": (limits.MAX_ADDRESSES, lambda count: b"To: " + b"a@b,\r\n " * count + b"\r\n\r\nx"),
    "encoded words": (limits.MAX_ENCODED_WORDS, lambda count: b"Subject: " + b"=?x?q?a?=\r\n " * count + b"\r\n\r\nx"),
    "backslashes": (limits.MAX_ESCAPES, lambda count: b"To: " + b'\\"' * count + b"\r\n\r\nx"),
    "levels": (limits.MAX_DEPTH, nest),
    "messages": (limits.MAX_DEPTH, lambda count: b"Content-Type: message/rfc822\r\n\r\n" * count),
    "parts": (limits.MAX_PARTS, repeat_parts),
    "parts by LF": (limits.MAX_PARTS, lambda count: repeat_parts(count, b"\n")),
    "parts by CR": (limits.MAX_PARTS, lambda count: repeat_parts(count, b"\r")),
}


@pytest.mark.parametrize("name", LIMITED)
def test_what_reaches_a_limit_is_read_and_what_exceeds_it_by_one_is_refused(name: str) -> None:
    limit, make = LIMITED[name]
    check_limits(make(limit))
    with pytest.raises(MailTooComplexError, match=f"at most {limit:,}"):
        check_limits(make(limit + 1))


@pytest.mark.parametrize("name", sorted(LIMITED.keys() - {"bytes"}))
def test_what_reaches_a_limit_is_parsed(name: str) -> None:
    limit, make = LIMITED[name]
    parse_mail(make(limit))


def test_many_messages_side_by_side_are_not_deep() -> None:
    inner = [make_part("message/rfc822", make_mail(html="<p>x</p>")) for _ in range(100)]
    check_limits(b'Content-Type: multipart/digest; boundary="d"\r\n\r\n' + make_multipart(inner, "d"))


def test_dashes_in_the_text_are_not_parts() -> None:
    check_limits(make_mail(html="<p>x</p>") + b"\r\n----------\r\n" * 5_000)
