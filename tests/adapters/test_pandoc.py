"""OpenDocument and RTF made into DOCX, and nothing else done."""

import io
import zipfile

import docx
import pytest

from pipeline.adapters import pandoc
from pipeline.errors import UnreadableFileError

RTF = rb"{\rtf1\ansi\deff0 {\fonttbl{\f0 Times;}}\f0 Migrants\rquote  rights \b matter\b0 , caf\'e9.\par Second.}"

CONTENT = """<?xml version="1.0" encoding="UTF-8"?>
<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"
 xmlns:draw="urn:oasis:names:tc:opendocument:xmlns:drawing:1.0"
 xmlns:xlink="http://www.w3.org/1999/xlink" office:version="1.2">
<office:body><office:text>{body}</office:text></office:body></office:document-content>"""

STYLES = """<?xml version="1.0" encoding="UTF-8"?>
<office:document-styles xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"
 xmlns:style="urn:oasis:names:tc:opendocument:xmlns:style:1.0" office:version="1.2">
<office:font-face-decls/><office:styles/><office:automatic-styles/><office:master-styles/></office:document-styles>"""


def make_odt(body: str) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.text")
        archive.writestr("content.xml", CONTENT.format(body=body))
        archive.writestr("styles.xml", STYLES)
    return file.getvalue()


def read_paragraphs(content: bytes) -> list[str]:
    return [paragraph.text for paragraph in docx.Document(io.BytesIO(content)).paragraphs]


def test_rtf_becomes_docx_with_its_words() -> None:
    assert read_paragraphs(pandoc.convert_to_docx(RTF, "rtf")) == [
        "Migrants\u2019 rights matter, caf\u00e9.",
        "Second.",
    ]


def test_odt_becomes_docx_with_its_words() -> None:
    odt = make_odt("<text:p>Los migrantes y sus familias.</text:p><text:p>\u6b63\u6587</text:p>")
    assert read_paragraphs(pandoc.convert_to_docx(odt, "odt")) == ["Los migrantes y sus familias.", "\u6b63\u6587"]


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 no archive", make_odt("<text:p>cut</text:p>")[:300]])
def test_file_that_is_no_odt_is_told_as_broken(content: bytes) -> None:
    with pytest.raises(UnreadableFileError, match="odt file cannot be converted") as caught:
        pandoc.convert_to_docx(content, "odt")
    assert caught.value.reason == "broken"


def test_picture_outside_the_file_is_not_fetched(tmp_path: object) -> None:
    secret = f"{tmp_path}/secret.png"
    with open(secret, "wb") as file:
        file.write(b"\x89PNG\r\n\x1a\nSECRET BYTES")
    frame = f'<text:p>Text<draw:frame><draw:image xlink:href="{secret}"/></draw:frame></text:p>'
    with zipfile.ZipFile(io.BytesIO(pandoc.convert_to_docx(make_odt(frame), "odt"))) as archive:
        assert not any(b"SECRET" in archive.read(name) for name in archive.namelist())


def test_archive_that_unpacks_to_too_much_ends_in_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pandoc, "MEMORY", "64m")
    bomb = make_odt("<text:p>" + "word " * 10_000_000 + "</text:p>")
    assert len(bomb) < 200_000
    with pytest.raises(UnreadableFileError, match="cannot be converted"):
        pandoc.convert_to_docx(bomb, "odt")


def test_conversion_that_takes_too_long_is_stopped() -> None:
    with pytest.raises(UnreadableFileError, match="takes longer than"):
        pandoc.convert_to_docx(RTF, "rtf", wall=0.001)


def test_version_is_that_of_a_pandoc_whose_sandbox_writes_docx() -> None:
    assert int(pandoc.version().split(".")[0]) >= 3
