"""Word files made from CriticMarkup, the smallest ones that Word opens."""

import io
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from xml.sax.saxutils import escape, quoteattr

from tests.markup import parse_markup

W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
NAMESPACES = (
    f'xmlns:w="{W}" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
    'xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml" '
    'xmlns:w15="http://schemas.microsoft.com/office/word/2012/wordml" '
    'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
)
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
WORD_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml."
DATE = datetime(2012, 11, 2, 9, 30, tzinfo=UTC)


class Body:
    """Collects the XML of paragraphs and the comments in them."""

    def __init__(self, author: str, date: datetime | None) -> None:
        stamp = "" if date is None else f' w:date="{date:%Y-%m-%dT%H:%M:%SZ}"'
        self._by = f"w:author={quoteattr(author)}{stamp}"
        self._ids = 100
        self.comments: list[tuple[str, str]] = []

    def mark(self, tag: str) -> str:
        """The opening of a revision element with an id of its own."""
        self._ids += 1
        return f'w:{tag} w:id="{self._ids}" {self._by}'

    def paragraph(self, text: str, style: str = "", number: str = "") -> str:
        """One `w:p`, or several where the text holds the end of one: "\\n", kept, inserted or deleted."""
        lines: list[tuple[str, str]] = []
        content = ""
        for stretch in parse_markup(text):
            first, *others = stretch.text.split("\n")
            content += self._stretch(stretch.kind, first)
            for other in others:
                lines.append((content, stretch.kind))
                content = self._stretch(stretch.kind, other)
        lines.append((content, "keep"))
        return "".join(self._close(inner, kind, style, number) for inner, kind in lines)

    def _close(self, content: str, kind: str, style: str, number: str) -> str:
        properties = f'<w:pStyle w:val="{style}"/>' if style else ""
        if number:
            level, _, list_id = number.partition(":")
            properties += f'<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{list_id}"/></w:numPr>'
        if kind in _TAGS:
            properties += f"<w:rPr><{self.mark(_TAGS[kind])}/></w:rPr>"
        return f"<w:p>{f'<w:pPr>{properties}</w:pPr>' if properties else ''}{content}</w:p>"

    def _stretch(self, kind: str, text: str) -> str:
        if kind == "remark":
            return self._remark(text)
        if kind == "anchor":
            number = len(self.comments)
            return f'<w:commentRangeStart w:id="{number}"/>{_runs(text)}<w:commentRangeEnd w:id="{number}"/>'
        if kind in _TAGS and text:
            tag = _TAGS[kind]
            return f"<{self.mark(tag)}>{_runs(text, deleted=tag in ('del', 'moveFrom'))}</w:{tag}>"
        return _runs(text)

    def _remark(self, text: str) -> str:
        number = len(self.comments)
        self.comments.append((f'w:id="{number}" {self._by}', text))
        return f'<w:r><w:commentReference w:id="{number}"/></w:r>'


_TAGS = {"new": "ins", "old": "del", "away": "moveFrom", "here": "moveTo"}


def _runs(text: str, *, deleted: bool = False) -> str:
    if not text:
        return ""
    tag = "delText" if deleted else "t"
    inner = f'<w:{tag} xml:space="preserve">{escape(text)}</w:{tag}>'
    for char, element in (("\t", "tab"), ("\v", "br")):
        inner = inner.replace(char, f'</w:{tag}><w:{element}/><w:{tag} xml:space="preserve">')
    return f"<w:r>{inner}</w:r>"


def make_table(rows: Sequence[Sequence[str]], body: Body) -> str:
    """One `w:tbl` whose cells hold marked-up text."""
    lines = []
    for row in rows:
        lines.append(f"<w:tr>{''.join(f'<w:tc>{body.paragraph(cell)}</w:tc>' for cell in row)}</w:tr>")
    return f"<w:tbl><w:tblPr/><w:tblGrid/>{''.join(lines)}</w:tbl>"


def make_docx(
    paragraphs: str | Iterable[str | Sequence[Sequence[str]]],
    *,
    author: str = "WHO",
    date: datetime | None = DATE,
    styles: Mapping[int, str] | None = None,
    numbers: Mapping[int, str] | None = None,
    parts: Mapping[str, str] | None = None,
    replies: Mapping[int, int] | None = None,
) -> bytes:
    """A Word file with these paragraphs in CriticMarkup; rows of cells instead of a text make a table.

    `styles` names the style of paragraphs by their position, `numbers` their list as "level:numId", `parts` adds parts
    ("word/numbering.xml") with their relationships, `replies` says which comment replies to which.
    """
    body = Body(author, date)
    blocks = []
    for index, one in enumerate([paragraphs] if isinstance(paragraphs, str) else paragraphs):
        if isinstance(one, str):
            blocks.append(body.paragraph(one, (styles or {}).get(index, ""), (numbers or {}).get(index, "")))
        else:
            blocks.append(make_table(one, body))
    extra = dict(parts or {})
    if body.comments:
        extra |= _comment_parts(body.comments, replies or {})
    return pack("".join(blocks), extra)


def _comment_parts(comments: Sequence[tuple[str, str]], replies: Mapping[int, int]) -> dict[str, str]:
    texts, entries = [], []
    for number, (attributes, text) in enumerate(comments):
        paragraph = (
            f'<w:p w14:paraId="{number + 1:08X}"><w:r><w:t xml:space="preserve">{escape(text)}</w:t></w:r></w:p>'
        )
        texts.append(f"<w:comment {attributes}>{paragraph}</w:comment>")
        parent = f' w15:paraIdParent="{replies[number] + 1:08X}"' if number in replies else ""
        entries.append(f'<w15:commentEx w15:paraId="{number + 1:08X}"{parent} w15:done="0"/>')
    return {
        "word/comments.xml": f"<w:comments {NAMESPACES}>{''.join(texts)}</w:comments>",
        "word/commentsExtended.xml": f"<w15:commentsEx {NAMESPACES}>{''.join(entries)}</w15:commentsEx>",
    }


def pack(body: str, parts: Mapping[str, str] | None = None, *, changes: Mapping[str, bytes] | None = None) -> bytes:
    """A Word file with this XML as its body; `changes` replaces or adds members as they are."""
    extra = dict(parts or {})
    members = {
        "[Content_Types].xml": _content_types(extra),
        "_rels/.rels": _relationships([("officeDocument", "word/document.xml")]),
        "word/document.xml": f"<w:document {NAMESPACES}><w:body>{body}<w:sectPr/></w:body></w:document>",
        "word/_rels/document.xml.rels": _relationships([(_kind(name), name.rpartition("/")[2]) for name in extra]),
        **extra,
    }
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        contents = {name: text.encode() for name, text in members.items()} | dict(changes or {})
        for name, content in contents.items():
            archive.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), content, zipfile.ZIP_DEFLATED)
    return target.getvalue()


def _kind(name: str) -> str:
    return name.rpartition("/")[2].removesuffix(".xml").rstrip("0123456789")


def _relationships(targets: Iterable[tuple[str, str]]) -> str:
    rels = [
        f'<Relationship Id="rId{number}" Type="{OFFICE}/{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(targets, 1)
    ]
    namespace = "http://schemas.openxmlformats.org/package/2006/relationships"
    return f'<Relationships xmlns="{namespace}">{"".join(rels)}</Relationships>'


def _content_types(parts: Iterable[str]) -> str:
    overrides = [("word/document.xml", "document.main"), *((name, _kind(name)) for name in parts)]
    lines = [f'<Override PartName="/{name}" ContentType="{WORD_TYPE}{kind}+xml"/>' for name, kind in overrides]
    return (
        '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Default Extension="xml" ContentType="application/xml"/>{"".join(lines)}</Types>'
    )
