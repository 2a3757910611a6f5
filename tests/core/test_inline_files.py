"""Laws of files that are written into a text."""

import binascii

from hypothesis import given
from hypothesis import strategies as st

from pipeline.core.inline_files import split_inline_files

CONTENT = st.binary(max_size=300)


def uuencode(name: str, content: bytes) -> bytes:
    lines = [binascii.b2a_uu(content[at : at + 45], backtick=True) for at in range(0, len(content), 45)]
    return f"begin 644 {name}\n".encode() + b"".join(lines) + b"`\nend\n"


def yencode(name: str, content: bytes) -> bytes:
    letters = (bytes([(byte + 42) % 256]) for byte in content)
    escaped = b"".join(b"=" + bytes([(x[0] + 64) % 256]) if x in (b"\0", b"\n", b"\r", b"=") else x for x in letters)
    return f"=ybegin line=128 size={len(content)} name={name}\n".encode() + escaped + b"\n=yend\n"


@given(CONTENT)
def test_uuencoded_content_comes_back(content: bytes) -> None:
    assert split_inline_files(b"above\n" + uuencode("a.doc", content)) == (b"above\n", (("a.doc", content),))


@given(CONTENT)
def test_yencoded_content_comes_back(content: bytes) -> None:
    assert split_inline_files(b"above\n" + yencode("a.doc", content)) == (b"above\n", (("a.doc", content),))


@given(st.binary(max_size=300))
def test_bytes_without_a_file_stay_as_they_are(content: bytes) -> None:
    left, files = split_inline_files(content)
    assert left == content or files


def test_several_files_are_taken_in_order() -> None:
    text = b"one\n" + uuencode("a.doc", b"first") + b"two\n" + uuencode("b.doc", b"second")
    assert split_inline_files(text) == (b"one\ntwo\n", (("a.doc", b"first"), ("b.doc", b"second")))


def test_a_sentence_that_begins_with_begin_is_text() -> None:
    text = b"begin 2013 with a new draft\nand end\n"
    assert split_inline_files(text) == (text, ())
