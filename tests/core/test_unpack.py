"""Laws of opening containers."""

import gzip
import io
import struct
import tarfile
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.core import unpack as unpacking
from pipeline.core.model import Attachment
from pipeline.core.unpack import unpack
from tests.make_mail import make_mail


def file(name: str, content: bytes, kind: str = "application/octet-stream") -> Attachment:
    return Attachment(filename=name, content_type=kind, content=content)


def make_zip(members: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def tnef_field(level: int, name: int, content: bytes) -> bytes:
    return struct.pack("<BII", level, name, len(content)) + content + struct.pack("<H", sum(content) & 0xFFFF)


def make_tnef(name: str, content: bytes) -> bytes:
    return (
        b"\x78\x9f\x3e\x22\x01\x00"
        + tnef_field(2, 0x00069002, b"\x01\x00" + b"\xff" * 12)
        + tnef_field(2, 0x00018010, name.encode() + b"\0")
        + tnef_field(2, 0x0006800F, content)
    )


def names(files: tuple[Attachment, ...]) -> list[tuple[str, tuple[str, ...]]]:
    return [(found.filename, found.inside) for found in files]


def test_zip_is_replaced_by_its_members() -> None:
    (found,) = unpack((file("in.zip", make_zip({"dir/a.docx": b"A"})),))
    assert (found.filename, found.content, found.inside) == ("a.docx", b"A", ("in.zip",))


def make_tar(mode: str, members: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode=mode) as archive:
        for name, content in members.items():
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    return buffer.getvalue()


@pytest.mark.parametrize("mode", ["w", "w:gz"])
def test_tar_is_replaced_by_its_members(mode: str) -> None:
    found = unpack((file("in.tar", make_tar(mode, {"../a.docx": b"A", "b/c.docx": b"C"})),))
    assert [(each.filename, each.content) for each in found] == [("a.docx", b"A"), ("c.docx", b"C")]


def test_gzip_is_replaced_by_the_file_in_it() -> None:
    (found,) = unpack((file("a.docx.gz", gzip.compress(b"A")),))
    assert (found.filename, found.content, found.inside) == ("a.docx", b"A", ("a.docx.gz",))


@pytest.mark.parametrize(
    "content",
    [gzip.compress(b"0" * 9_000_000, mtime=0), gzip.compress(b"A" * 99, mtime=0)[:-9], b"\x1f\x8bnone"],
    ids=["beyond the limits", "cut off", "no gzip"],
)
def test_gzip_beyond_the_limits_or_damaged_stays_whole(content: bytes) -> None:
    bomb = file("bomb.gz", content)
    assert unpack((bomb,)) == (bomb,)


def test_a_link_in_a_tar_is_no_file() -> None:
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        link = tarfile.TarInfo("secret")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/hostname"
        archive.addfile(link)
        info = tarfile.TarInfo("a.txt")
        info.size = 1
        archive.addfile(info, io.BytesIO(b"A"))
    assert names(unpack((file("in.tar", buffer.getvalue()),))) == [("a.txt", ("in.tar",))]


def test_member_names_are_bare() -> None:
    found = unpack((file("in.zip", make_zip({"../../up.txt": b"1", "__MACOSX/._x": b"2"})),))
    assert names(found) == [("up.txt", ("in.zip",))]


def test_documents_that_are_zips_stay_whole() -> None:
    docx = file("a.docx", make_zip({"[Content_Types].xml": b"<x/>", "word/document.xml": b"<x/>"}))
    odt = file("a.odt", make_zip({"mimetype": b"application/vnd.oasis", "content.xml": b"<x/>"}))
    assert unpack((docx, odt)) == (docx, odt)


def test_nesting_names_every_container() -> None:
    inner = make_mail(attachments=[("c.docx", b"C", "application/msword")])
    outer = file("a.zip", make_zip({"b.eml": inner}))
    assert names(unpack((outer,))) == [("c.docx", ("a.zip", "b.eml"))]


def test_nesting_ends_at_depth_three() -> None:
    content = b"deep"
    for level in range(5):
        content = make_zip({f"{level}.zip" if level else "0.txt": content})
    (found,) = unpack((file("top.zip", content),))
    assert len(found.inside) == unpacking.MAX_DEPTH
    assert found.content.startswith(b"PK")


def test_tnef_is_opened() -> None:
    (found,) = unpack((file("winmail.dat", make_tnef("inputs.docx", b"DOCX"), "application/ms-tnef"),))
    assert (found.filename, found.content, found.inside) == ("inputs.docx", b"DOCX", ("winmail.dat",))


def test_text_of_an_attached_message_is_no_file() -> None:
    closed = file("m.eml", make_mail(text="only words"), "message/rfc822")
    assert unpack((closed,)) == (closed,)


def encrypted_zip() -> bytes:
    content = bytearray(make_zip({"a.txt": b"secret"}))
    content[6] |= 1
    content[content.index(b"PK\x01\x02") + 8] |= 1
    return bytes(content)


@pytest.mark.parametrize(
    "content",
    [
        encrypted_zip(),
        make_zip({f"{number}.txt": b"x" for number in range(unpacking.MAX_MEMBERS + 1)}),
        make_zip({"bomb.txt": b"\0" * 5_000_000}),
        make_zip({"a.txt": b"A" * 500})[:-40],
        b"PK\x03\x04 nothing of the sort",
        b"\x78\x9f\x3e\x22 nothing of the sort",
    ],
    ids=["encrypted", "members", "ratio", "cut", "no zip", "no tnef"],
)
def test_what_cannot_be_opened_stays_closed(content: bytes) -> None:
    closed = file("x", content)
    assert unpack((closed,)) == (closed,)


def test_total_size_is_limited_over_all_files(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(unpacking, "MAX_UNPACKED", 1_000)
    fits = file("a.zip", make_zip({"a.txt": b"1" * 900}))
    exceeds = file("b.zip", make_zip({"b.txt": b"2" * 900}))
    assert [found.filename for found in unpack((fits, exceeds))] == ["a.txt", "b.zip"]


@given(st.binary(max_size=200), st.sampled_from([b"PK\x03\x04", b"\x78\x9f\x3e\x22", b""]))
def test_any_bytes_are_taken(content: bytes, magic: bytes) -> None:
    assert unpack((file("x.eml", magic + content),))
