"""New words are put together from their looks; words of one look take a shorter way to the same runs."""

import pytest
from lxml import etree

from pipeline.redline.content import checksum
from pipeline.redline.grafts import Grafts
from pipeline.redline.ooxml import W
from pipeline.redline.opc import open_package
from tests.make_docx import NAMESPACES, pack

STYLES = {"word/styles.xml": f'<w:styles {NAMESPACES}><w:style w:type="character" w:styleId="Strong"/></w:styles>'}
TEXT = "often\tand\nalways"
LOOKS = {
    "none": "",
    "bold": "<w:b/>",
    "a style the file has": '<w:rStyle w:val="Strong"/><w:i/>',
    "a style the file lacks": '<w:rStyle w:val="Other"/><w:i/>',
}


def cut(content: str, text: str) -> list[tuple[str, bytes]] | None:
    grafts = Grafts(open_package(pack("<w:p/>", STYLES)), {})
    found = grafts.cut(content, text, "word/document.xml", lambda: etree.Element(W + "ins"))
    return None if found is None else [(one.text, etree.tostring(one.node, method="c14n")) for one in found if one.text]


def make(look: str, *, size: int, more: str = "", of: str = TEXT) -> str:
    properties = f'<w:rPr xmlns:w="{W[1:-1]}">{look}</w:rPr>' if look else ""
    entry = f'<entry size="{size}">{properties}</entry>' if properties else f'<entry size="{size}"/>'
    return f'<content of="{checksum(of)}">{entry}{more}</content>'


@pytest.mark.parametrize("look", LOOKS)
def test_one_look_gives_the_runs_that_several_would(look: str) -> None:
    size = len(TEXT.replace("\n", ""))
    alike = cut(make(LOOKS[look], size=size), TEXT)
    assert alike == cut(make(LOOKS[look], size=size, more='<entry size="0"/>'), TEXT)
    assert alike is not None
    assert [text for text, _ in alike] == ["often\tandalways"]


@pytest.mark.parametrize("more", ["", '<entry size="0"/>'])
def test_content_of_another_text_is_of_no_use(more: str) -> None:
    assert cut(make("<w:b/>", size=5, more=more, of="other"), TEXT) is None
