"""A part with its plain paragraphs boiled down to their words: most of a file need not become elements to be read.

A plain paragraph holds runs of text and nothing that bears on a change: no revision, no comment, no field, no object.
Only bytes that could mean nothing else are boiled down; whatever is written otherwise stays as it is.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from lxml import etree

from pipeline.redline.ooxml import W, to_transitional
from pipeline.redline.opc import parse_xml

#: attribute of a paragraph that stands for one plain paragraph or several; line feeds in its text are paragraph marks
PLAIN = "penholder-plain"
#: plain paragraphs remembered: the versions of a draft have most of theirs in common
REMEMBERED = 4096
#: bytes; longer paragraphs are not boiled down
LONGEST = 20_000

_ATTRIBUTES = rb'(?: [\w:]+="[^"<&]*+")*+'
_IN_RUN = rb"<w:t%b>[^<&\r\n]*+</w:t>|<w:(?:t|tab|footnoteRef|endnoteRef|lastRenderedPageBreak)/>" % _ATTRIBUTES
_RUN = rb"<w:r%b>(?:<w:rPr>(?:<\w+:\w+%b/>)*+</w:rPr>|<w:rPr/>)?+(?:%b)*+</w:r>" % (_ATTRIBUTES, _ATTRIBUTES, _IN_RUN)
_MARKER = rb"<w:(?:proofErr|bookmarkStart|bookmarkEnd)%b/>" % _ATTRIBUTES
_LINK = rb"<w:hyperlink%b>|</w:hyperlink>" % _ATTRIBUTES
_PROPERTIES = rb"<w:pPr>(?:<(?!/w:pPr>)[^<>]*+>)*+</w:pPr>|<w:pPr/>"
#: a plain paragraph without its end tag
_PARAGRAPH = re.compile(rb"<w:p%b>(%b)?+(?:%b|%b|%b)*+" % (_ATTRIBUTES, _PROPERTIES, _RUN, _MARKER, _LINK))
_RUNS = re.compile(rb"%b(?:%b|%b)++" % (_RUN, _RUN, _MARKER))
_INSERTED = re.compile(rb"<(/?)w:(?:ins|moveTo)[ >]")
_WORDS = re.compile(rb"<w:t(?: [^<>]*+)?>([^<]*+)")
#: in properties: what bears on a change, and the sections that name headers
_BEARING = re.compile(rb"<w:(?:ins|del|moveFrom|moveTo|sectPr)[ />]")
#: before paragraphs: what makes those within it new or gone
_ENCLOSING = re.compile(rb"<w:(?:ins|del|moveFrom|moveTo)(?: [^<>]*)?(?<!/)>")
_ROOT = re.compile(rb"(?:\xef\xbb\xbf)?(?:<\?xml ([^<>?]*+)\?>)?\s*+<w:\w+\s([^<>]*+)>")
_OTHER_ENCODING = re.compile(rb"encoding\s*=\s*[\"'](?!utf-8[\"'])", re.IGNORECASE)
_DECLARED = b'xmlns:w="' + W[1:-1].encode() + b'"'
#: may change what a name means, or be no markup at all
_STRANGE = (b"<!", b"<?", b"xmlns:w")
_BEGIN = (b"<w:p ", b"<w:p>")
_END = b"</w:p>"
_PLAIN = PLAIN.encode()
_ONE_RUN = b"<w:r><w:t>%b</w:t></w:r>"
_BOILED_DOWN = b"<w:p " + _PLAIN + b'="">%b' + _ONE_RUN + _END


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A part with stories in it."""

    name: str
    root: etree._Element
    #: whether plain paragraphs are boiled down
    plain: bool
    #: whether there are fields with marks of their own
    fields: bool


def open_whole(name: str, content: bytes) -> Part:
    """The part as it stands. Raises: as `parse_xml`."""
    return _make_part(name, parse_xml(content), plain=False)


def open_condensed(name: str, content: bytes, *, properties: bool) -> Part:
    """The part with its plain paragraphs boiled down, where they can be: to be read, never to be written.

    Its text and everything that bears on a change are as in the part itself; with `properties` paragraphs have theirs.
    Raises: as `parse_xml`.
    """
    content = to_transitional(content)
    condensed = condense(content, properties=properties)
    return _make_part(name, parse_xml(content if condensed is None else condensed), plain=condensed is not None)


def _make_part(name: str, root: etree._Element, *, plain: bool) -> Part:
    return Part(name=name, root=root, plain=plain, fields=next(root.iter(W + "fldChar"), None) is not None)


def condense(content: bytes, *, properties: bool = False) -> bytes | None:
    """The bytes of the part with plain paragraphs boiled down; None when it is written in a way not known here.

    Without `properties` neighbouring paragraphs outside tables are put into one.
    """
    root = _ROOT.match(content)
    if root is None or _DECLARED not in root[2] or _OTHER_ENCODING.search(root[1] or b"") or _PLAIN in content:
        return None
    parts = _boil_down(content.split(_END), properties=properties)
    condensed = b"".join(parts)
    strange = not parts or any(condensed.find(one, root.end()) >= 0 for one in _STRANGE)
    return None if strange else condensed


def _boil_down(chunks: list[bytes], *, properties: bool) -> list[bytes]:
    """The chunks, each up to the end of a paragraph, as parts of a condensed one; none inside a revision."""
    parts: list[bytes] = []
    waiting: list[bytes] = []
    depth = new_row = 0
    for chunk in chunks[:-1]:
        start = 0 if chunk.startswith(_BEGIN) else max(chunk.rfind(b"<w:p "), chunk.rfind(b"<w:p>"))
        plain = None if start < 0 else read_plain(chunk[start:])
        if plain is not None and not (start or depth or properties):
            waiting.append(plain[1])
            continue
        if waiting:
            parts.append(_BOILED_DOWN % (b"", b"\n".join(waiting)))
            waiting.clear()
        between = chunk[: max(start, 0)]
        if _ENCLOSING.search(between):
            return []
        depth += _count_tables(between)
        new_row = _find_new_row(between, depth, new_row)
        if new_row:
            parts += (chunk, _END)
        elif plain is None:
            parts += (between, _join_runs(chunk[len(between) :]), _END)
        elif depth or properties:
            # what reads the words of a whole row knows single paragraphs only
            parts += (between, _BOILED_DOWN % (plain[0] if properties else b"", plain[1]))
        else:
            parts.append(between)
            waiting.append(plain[1])
    if waiting:
        parts.append(_BOILED_DOWN % (b"", b"\n".join(waiting)))
    return [*parts, chunks[-1]]


def _find_new_row(between: bytes, depth: int, before: int) -> int:
    """How many tables deep a new row was met whose table goes on; 0 for none. Its looks are part of the change."""
    if before and depth >= before:
        return before
    return depth if b"<w:trPr>" in between and _INSERTED.search(between) else 0


def _join_runs(paragraph: bytes) -> bytes:
    """A paragraph with neighbouring runs as one; new runs are left alone: how they look is part of the change."""
    parts: list[bytes] = []
    at = depth = 0
    for runs in _RUNS.finditer(paragraph):
        before, found = paragraph[at : runs.start()], runs[0]
        depth += sum(-1 if end else 1 for end in _INSERTED.findall(before))
        parts += (before, found if depth or _is_foreign(found) else _ONE_RUN % _read_words(found))
        at = runs.end()
    return b"".join([*parts, paragraph[at:]])


def _count_tables(between: bytes) -> int:
    """How many more tables begin than end."""
    if b"w:tbl" not in between:
        return 0
    return between.count(b"<w:tbl>") + between.count(b"<w:tbl ") - between.count(b"</w:tbl>")


@lru_cache(maxsize=REMEMBERED)
def read_plain(paragraph: bytes) -> tuple[bytes, bytes] | None:
    """Properties and words of a plain paragraph, given without its end tag, as they stand in XML; None when it is not.

    `properties` are b"" when it has none.
    """
    found = _PARAGRAPH.fullmatch(paragraph) if len(paragraph) <= LONGEST else None
    if found is None or _BEARING.search(found[1] or b"") or _is_foreign(paragraph):
        return None
    return found[1] or b"", _read_words(paragraph[found.end(1) if found[1] else 0 :])


def _is_foreign(markup: bytes) -> bool:
    """Whether it holds a formatting change, or names of its own."""
    return b"Change" in markup or b"xmlns" in markup


def _read_words(runs: bytes) -> bytes:
    if b"<w:tab/>" in runs:
        runs = runs.replace(b"<w:tab/>", b"<w:t>\t</w:t>")
    return b"".join(_WORDS.findall(runs))
