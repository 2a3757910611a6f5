"""A small OpenDocument text: the draft with its edits made and nothing recorded. See: OASIS ODF 1.2 parts 1 and 3."""

from collections.abc import Sequence
from itertools import groupby
from xml.sax.saxutils import escape

from pipeline.demo.packages import pack_zip
from pipeline.demo.texts import Block

_MIME = "application/vnd.oasis.opendocument.text"
_URN = "urn:oasis:names:tc:opendocument:xmlns"
_NAMES = " ".join(
    f'xmlns:{prefix}="{_URN}:{name}:1.0"'
    for prefix, name in (("office", "office"), ("text", "text"), ("style", "style"))
)
_FO = f'xmlns:fo="{_URN}:xsl-fo-compatible:1.0"'
_DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'


def build_odt(blocks: Sequence[Block]) -> bytes:
    """The draft as .odt, its paragraphs numbered by one list that goes on after each heading."""
    manifest = "".join(
        f'<manifest:file-entry manifest:full-path="{path}" manifest:media-type="{kind}"/>'
        for path, kind in (("/", _MIME), ("content.xml", "text/xml"), ("styles.xml", "text/xml"))
    )
    root = f'xmlns:manifest="{_URN}:manifest:1.0" manifest:version="1.2"'
    members = (
        ("mimetype", _MIME.encode()),
        ("content.xml", _content(blocks).encode()),
        ("styles.xml", _styles().encode()),
        ("META-INF/manifest.xml", f"{_DECLARATION}<manifest:manifest {root}>{manifest}</manifest:manifest>".encode()),
    )
    return pack_zip(members, stored=("mimetype",))


def _content(blocks: Sequence[Block]) -> str:
    """content.xml."""
    pieces = []
    for numbered, group in groupby(blocks, key=lambda block: block.number > 0):
        texts = tuple(group)
        pieces.append(_list(texts) if numbered else "".join(_heading(block) for block in texts))
    level = '<text:list-level-style-number text:level="1" style:num-format="1" style:num-suffix="."/>'
    style = f'<office:automatic-styles><text:list-style style:name="L1">{level}</text:list-style>'
    body = f"<office:body><office:text>{''.join(pieces)}</office:text></office:body>"
    root = f'office:document-content {_NAMES} office:version="1.2"'
    return f"{_DECLARATION}<{root}>{style}</office:automatic-styles>{body}</office:document-content>"


def _list(blocks: Sequence[Block]) -> str:
    """Numbered paragraphs in a row; the count goes on where the last list ended."""
    items = "".join(f"<text:list-item><text:p>{escape(block.text)}</text:p></text:list-item>" for block in blocks)
    goes_on = ' text:continue-numbering="true"' if blocks[0].number > 1 else ""
    return f'<text:list text:style-name="L1"{goes_on}>{items}</text:list>'


def _heading(block: Block) -> str:
    """A title, a heading or a paragraph without number."""
    if block.kind == "plain":
        return f"<text:p>{escape(block.text)}</text:p>"
    level, style = (1, "Title") if block.kind == "title" else (1, "Heading_20_1")
    return f'<text:h text:style-name="{style}" text:outline-level="{level}">{escape(block.text)}</text:h>'


def _styles() -> str:
    """styles.xml."""
    styles = "".join(
        f'<style:style style:name="{name}" style:display-name="{shown}" style:family="paragraph">'
        f'<style:text-properties fo:font-size="{size}pt" fo:font-weight="bold"/></style:style>'
        for name, shown, size in (("Title", "Title", 18), ("Heading_20_1", "Heading 1", 14))
    )
    root = f'office:document-styles {_NAMES} {_FO} office:version="1.2"'
    return f"{_DECLARATION}<{root}><office:styles>{styles}</office:styles></office:document-styles>"
