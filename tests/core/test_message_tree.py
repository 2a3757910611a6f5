"""What is left out of the parser's sight and put back makes the tree that the standard library makes by itself."""

import email
from email.message import Message

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.core.base64_bodies import decode_base64
from pipeline.core.message_tree import fill, read_tree
from pipeline.core.parse import parse_mail
from pipeline.core.parts import read_contents

#: from this many bytes on base64 is left out here
FEW = 6
MULTIPART = b"Content-Type: multipart/mixed; boundary=b\r\n\r\n"
PIECES = st.sampled_from(
    [
        b"\r", b"\n", b"\r\n", b"\r\n\r\n", b"\n\n", b"Subject: x", b"From a@ilo.example", b"Content-Type: text/plain",
        b"Content-Type: message/rfc822", MULTIPART, b"--b", b"--b--", b" folded", b"body", b":", b"\xe9", b"\0",
        b"X y: z", b"\x0c", b"\x85", b"AAAAAAAA", b"AAAA\r\nBBBB\r\n", b"\nAAAA\nBBBBBB\n", b"LeftOut0.", b"==\n",
    ]
)  # fmt: skip
SOUP = st.lists(PIECES, max_size=16).map(b"".join)


def describe(message: Message) -> object:
    payload = message._payload  # type: ignore[attr-defined]
    inside = [describe(part) for part in payload] if isinstance(payload, list) else payload
    defects = [type(defect).__name__ for defect in message.defects]
    return list(message.raw_items()), defects, inside, message.preamble, message.epilogue, message.get_unixfrom()


@given(SOUP | SOUP.map(MULTIPART.__add__) | st.binary(max_size=40))
def test_the_tree_is_that_of_the_standard_library(raw: bytes) -> None:
    tree = read_tree(raw, large=FEW)
    fill(tree)
    assert describe(tree) == describe(email.message_from_bytes(raw))


@given(SOUP.map((MULTIPART + b"--b\r\nContent-Transfer-Encoding: base64\r\n\r\n").__add__) | SOUP)
def test_what_is_left_out_is_read_as_if_it_stood_in_the_tree(raw: bytes) -> None:
    assert read_contents(read_tree(raw, large=FEW)) == read_contents(email.message_from_bytes(raw))


@pytest.mark.parametrize("line_end", [b"\r\n", b"\n"])
@pytest.mark.parametrize("tail", [b"", b"QUJD", b"QQ=="], ids=["even", "line", "padded"])
def test_a_large_file_between_texts_is_read_whole(line_end: bytes, tail: bytes) -> None:
    lines = (
        [MULTIPART.strip(), b"", b"--b", b"", b"Hello", b"--b", b"Content-Transfer-Encoding: base64", b""]
        + [b"QUJDREVG" * 9] * 20_000
        + [tail, b"--b", b"", b"Goodbye", b"--b--", b""]
    )
    raw = line_end.join(lines)
    tree = read_tree(raw)
    fill(tree)
    assert describe(tree) == describe(email.message_from_bytes(raw))
    assert parse_mail(raw).defects == ("no From field", "no Date field", "no Message-ID field")


@given(st.text(alphabet="ABab01+/=\r\n", max_size=30))
def test_whole_base64_is_what_the_standard_library_reads_without_a_defect(letters: str) -> None:
    part = Message()
    part["Content-Transfer-Encoding"] = "base64"
    part.set_payload(letters)
    decoded = decode_base64(part)
    if decoded and "=" not in letters.rstrip("=\r\n"):
        assert (part.get_payload(decode=True), part.defects) == (decoded, [])
