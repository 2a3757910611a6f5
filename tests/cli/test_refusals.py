"""What is not opened is refused by its name and with what to do, on the command line as well."""

import pytest

from tests.cli.test_redline import BASE, run
from tests.make_docx import make_docx, pack

CFB = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
REFUSED = {
    "no Word file": (b"no Word file at all", "damaged"),
    "another zip file": (
        pack("", changes={"[Content_Types].xml": b""}).replace(b"[Content_Types]", b"[Content_Tapes]"),
        "not a Word file",
    ),
    "encrypted": (CFB + "EncryptedPackage".encode("utf-16-le"), "needs a password"),
    "old Word file": (CFB + "WordDocument".encode("utf-16-le"), "old Word file"),
    "zip bomb": (pack("", changes={"word/bomb.xml": b" " * 50_000_000}), "unpacks to more than can be read safely"),
    "entities": (
        pack("", changes={"word/x.xml": b'<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'}),
        "document type definition",
    ),
    "macros": (pack("", changes={"word/vbaProject.bin": b"macro"}), "macros"),
    "macro-enabled without any": (
        pack(
            "",
            changes={"[Content_Types].xml": b"<Types>application/vnd.ms-word.document.macroEnabled.main+xml</Types>"},
        ),
        "macros",
    ),
    "broken XML": (pack("", changes={"word/document.xml": b"<w:document>"}), "damaged"),
}


@pytest.mark.parametrize("kind", REFUSED)
@pytest.mark.parametrize(
    "arguments",
    [
        ["merge", "base.docx", "WHO=bad.docx", "-o", "x.docx"],
        ["merge", "bad.docx", "WHO=base.docx", "-o", "x.docx"],
        ["compare", "base.docx", "bad.docx", "-o", "x.docx"],
        ["changes", "bad.docx"],
    ],
    ids=["version", "base", "compared", "listed"],
)
def test_what_is_not_opened_is_named_with_what_to_do(tmp_path, monkeypatch, capsys, arguments, kind):
    monkeypatch.chdir(tmp_path)
    content, words = REFUSED[kind]
    (tmp_path / "base.docx").write_bytes(make_docx(BASE))
    (tmp_path / "bad.docx").write_bytes(content)
    assert run(*arguments) == 65
    error = capsys.readouterr().err
    assert error.startswith("penholder: bad.docx: ")
    assert words in error
    assert "Traceback" not in error
    assert not (tmp_path / "x.docx").exists()
