"""The kind of a file is read from its content; its name only helps when the content says nothing."""

import io
import zipfile

import pytest

from pipeline.redline.read import find_kind
from tests.make_docx import make_docx, pack
from tests.redline.test_matrix_read import make_xlsx

CFB = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)


def make_zip(**members: bytes) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return target.getvalue()


@pytest.mark.parametrize(
    ("content", "filename", "kind"),
    [
        (make_docx("text"), "draft.docx", "docx"),
        (make_docx("text"), "draft.pdf", "docx"),
        (pack("", changes={"word/vbaProject.bin": b""}), "draft.docx", "docm"),
        (make_docx("text")[:600], "draft.docx", "docx"),
        (make_xlsx([["a"]]), "table.xlsx", "xlsx"),
        (make_zip(mimetype=b"application/vnd.oasis.opendocument.text"), "draft.odt", "odt"),
        (make_zip(readme=b""), "files.zip", "zip"),
        (CFB + "EncryptedPackage".encode("utf-16-le"), "draft.docx", "encrypted"),
        (CFB + "WordDocument".encode("utf-16-le"), "draft.docx", "doc"),
        (CFB, "table.xls", "other"),
        (b"{\\rtf1 text}", "draft.doc", "rtf"),
        (b"%PDF-1.7", "draft.docx", "pdf"),
        (b"\xff\xd8\xff\xe0", "photo.jpg", "image"),
        (b"\x89PNG\r\n\x1a\n", "logo", "image"),
        (b"MZ\x90\x00", "draft.docx", "executable"),
        (b"echo off", "setup.bat", "executable"),
        (b"BEGIN:VCARD", "card.vcf", "other"),
        (b"", "empty.docx", "other"),
    ],
)
def test_kind_is_found(content: bytes, filename: str, kind: str) -> None:
    assert find_kind(content, filename) == kind
