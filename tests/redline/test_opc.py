"""Packages are opened under limits and written the same way every time."""

import io
import zipfile

import pytest

from pipeline.errors import UnreadableFileError
from pipeline.redline import opc
from tests.make_docx import make_docx, pack

CFB = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)


def make_zip(members: dict[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return target.getvalue()


def reason_of(content: bytes) -> str:
    with pytest.raises(UnreadableFileError) as caught:
        opc.open_package(content)
    assert str(caught.value).endswith(".")
    return caught.value.reason


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "broken"),
        (b"PK\x03\x04 truncated", "broken"),
        (make_docx("text")[:-200], "broken"),
        (CFB + "EncryptedPackage".encode("utf-16-le"), "encrypted"),
        (CFB + "WordDocument".encode("utf-16-le"), "doc"),
        (CFB, "other"),
        (make_zip({"readme.txt": b"no Word file"}), "other"),
        (pack("", changes={"word/vbaProject.bin": b"macro"}), "macro"),
        (pack("", changes={"../outside.xml": b"<a/>"}), "broken"),
        (pack("", changes={"C:/outside.xml": b"<a/>"}), "broken"),
        (pack("", changes={"WORD/document.xml": b"<a/>"}), "broken"),
        (pack("", changes={"word/big.bin": bytes(20_000_000)}), "too_large"),
        (pack("", changes={f"word/{number}.bin": b"" for number in range(2_001)}), "too_large"),
        (pack("", changes={"word/x.xml": b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'}), "other"),
        (pack("", changes={"word/x.xml": '<!DOCTYPE a SYSTEM "b"><a/>'.encode("utf-16")}), "other"),
    ],
)
def test_unreadable_file_is_refused_with_its_reason(content: bytes, reason: str) -> None:
    assert reason_of(content) == reason


def test_all_parts_together_are_limited(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(opc, "MAX_UNPACKED", 1_000)
    assert reason_of(make_docx("word " * 1_000)) == "too_large"


def test_stated_size_is_a_claim() -> None:
    content = bytearray(pack("", changes={"word/big.bin": bytes(2_000_000)}))
    directory = content.rindex(b"PK\x01\x02", 0, content.rindex(b"word/big.bin"))
    content[directory + 24 : directory + 28] = (10).to_bytes(4, "little")
    assert reason_of(bytes(content)) in ("broken", "too_large")


def test_entities_are_never_resolved() -> None:
    with pytest.raises(UnreadableFileError):
        opc.parse_xml(b'<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/hostname">]><a>&b;</a>')


def test_writing_is_deterministic_and_keeps_the_order() -> None:
    package = opc.open_package(make_docx("text"))
    changes = {"word/new.xml": b"<a/>", "word/document.xml": package.parts["word/document.xml"]}
    first, second = package.with_parts(changes), package.with_parts(changes)
    assert first == second
    again = opc.open_package(first)
    assert again.names == (*package.names, "word/new.xml")
    assert all(again.part(name) == package.part(name) for name in package.names)


def test_relationships_and_content_types_are_added_once() -> None:
    package = opc.open_package(make_docx("text"))
    kind = "http://rel.example/kind"
    package, first = opc.add_relationship(package, "word/document.xml", kind, "word/new.xml")
    package, second = opc.add_relationship(package, "word/document.xml", kind, "word/new.xml")
    package = opc.add_override(opc.add_override(package, "word/new.xml", "a/b"), "word/new.xml", "a/c")
    assert first == second
    assert opc.relationships(package, "word/document.xml") == ((first, kind, "word/new.xml"),)
    assert package.parts["[Content_Types].xml"].count(b"/word/new.xml") == 1
    assert b"a/c" in package.parts["[Content_Types].xml"]


def test_missing_part_is_none() -> None:
    assert opc.open_package(make_docx("text")).part("word/comments.xml") is None
