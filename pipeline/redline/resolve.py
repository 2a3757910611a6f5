"""Tracked changes of a part accepted or rejected, all of them. See: ECMA-376-1 17.13.5."""

from collections.abc import Iterable

from lxml import etree

from pipeline.redline.ooxml import DELETING, INSERTING, W

#: formatting changes: the first child of each is the formatting before the change
_FORMAT_CHANGES = tuple(
    W + name
    for name in (
        "rPrChange",
        "pPrChange",
        "sectPrChange",
        "tblPrChange",
        "tblPrExChange",
        "tblGridChange",
        "trPrChange",
        "tcPrChange",
    )
)
_RANGES = tuple(W + kind + end for kind in ("moveFromRange", "moveToRange") for end in ("Start", "End"))
#: of content controls and custom XML: what they hold has marks of its own. See: ECMA-376-1 17.13.5.4 to 17.13.5.11
_CONTROL_RANGES = {
    W + kind: (f"{W}customXml{name}RangeStart", f"{W}customXml{name}RangeEnd")
    for kind, name in (("ins", "Ins"), ("del", "Del"), ("moveFrom", "MoveFrom"), ("moveTo", "MoveTo"))
}
_CONTROL_MARKS = tuple(mark for marks in _CONTROL_RANGES.values() for mark in marks)
_CONTROLS = {W + "sdt": W + "sdtContent", W + "customXml": "", W + "smartTag": ""}
_LIVE_TEXT = {W + "delText": W + "t", W + "delInstrText": W + "instrText"}
#: what a formatting change does not record and so cannot take back. See: ECMA-376-1 17.13.5.29
_KEPT_IN_PARAGRAPH = (W + "rPr", W + "sectPr")
_BETWEEN_PARAGRAPHS = frozenset(
    {
        *_RANGES,
        *(W + name for name in ("bookmarkStart", "bookmarkEnd", "commentRangeStart", "commentRangeEnd", "proofErr")),
    }
)


def accept_all(root: etree._Element) -> None:
    """Change the part to how it reads with every tracked change accepted."""
    _resolve(root, gone=DELETING, kept=INSERTING, accept=True)


def reject_all(root: etree._Element) -> None:
    """Change the part to how it reads with every tracked change rejected."""
    _resolve(root, gone=INSERTING, kept=DELETING, accept=False)


def has_changes(root: etree._Element) -> bool:
    """Whether the part records any change."""
    kinds = (*INSERTING, *DELETING, *_FORMAT_CHANGES, *_RANGES, *_CONTROL_MARKS)
    return next(root.iter(*kinds, W + "cellIns", W + "cellDel", W + "numberingChange"), None) is not None


def _resolve(root: etree._Element, *, gone: frozenset[str], kept: frozenset[str], accept: bool) -> None:
    for change in list(root.iter(*_FORMAT_CHANGES)):
        _resolve_format(change, accept=accept)
    _open_controls(root, gone)
    for stray in list(root.iter(*_RANGES, *_CONTROL_MARKS, W + "numberingChange", W + "cellMerge")):
        _remove(stray)
    _resolve_rows(root, gone, kept)
    _resolve_cells(root, accept=accept)
    joined = _resolve_marks(root, gone, kept)
    for element in list(root.iter(*gone)):
        _remove(element)
    for element in list(root.iter(*kept)):
        _unwrap(element)
    for element in list(root.iter(*_LIVE_TEXT)):
        element.tag = _LIVE_TEXT[str(element.tag)]
    for paragraph in joined:
        _join_with_next(paragraph)


def _open_controls(root: etree._Element, gone: frozenset[str]) -> None:
    """Take away the content controls that go; what they hold stays, or goes by marks of its own."""
    for start in list(root.iter(*(_CONTROL_RANGES[kind][0] for kind in sorted(gone)))):
        control = start.getnext()
        if control is None or control.tag not in _CONTROLS:
            continue
        content = control.find(_CONTROLS[str(control.tag)]) if _CONTROLS[str(control.tag)] else control
        for child in [] if content is None else list(content):
            if child.tag not in (W + "customXmlPr", W + "smartTagPr"):
                control.addprevious(child)
        _remove(control)


def _resolve_format(change: etree._Element, *, accept: bool) -> None:
    properties = change.getparent()
    if properties is None:
        return
    properties.remove(change)
    if accept or not len(change):
        return
    before = list(change[0])
    keep = [child for child in properties if child.tag in _KEPT_IN_PARAGRAPH and properties.tag == W + "pPr"]
    marks = [child for child in properties if child.tag in INSERTING | DELETING]
    headers = [child for child in properties if str(child.tag).endswith("Reference") and properties.tag == W + "sectPr"]
    properties[:] = [*headers, *marks, *before, *keep]


def _resolve_rows(root: etree._Element, gone: frozenset[str], kept: frozenset[str]) -> None:
    for mark in list(root.iter(*gone, *kept)):
        properties = mark.getparent()
        if properties is None or properties.tag != W + "trPr":
            continue
        row = properties.getparent()
        properties.remove(mark)
        if mark.tag in gone and row is not None:
            _remove_from_table(row)


def _resolve_cells(root: etree._Element, *, accept: bool) -> None:
    for mark in list(root.iter(W + "cellIns", W + "cellDel")):
        properties = mark.getparent()
        if properties is None:
            continue
        properties.remove(mark)
        cell = properties.getparent()
        if (mark.tag == W + "cellDel") == accept and cell is not None:
            _remove_from_table(cell)


def _remove_from_table(element: etree._Element) -> None:
    """Take a cell or row away, and what holds it when nothing else is in it."""
    parent = element.getparent()
    _remove(element)
    if parent is not None and parent.tag in (W + "tr", W + "tbl") and parent.find(str(element.tag)) is None:
        _remove_from_table(parent)


def _resolve_marks(root: etree._Element, gone: frozenset[str], kept: frozenset[str]) -> list[etree._Element]:
    """Take the changes off all paragraph marks; the paragraphs whose mark goes come back, in order."""
    joined: list[etree._Element] = []
    for mark in list(root.iter(*gone, *kept)):
        properties = mark.getparent()
        holder = properties.getparent() if properties is not None else None
        if properties is None or holder is None or properties.tag != W + "rPr" or holder.tag != W + "pPr":
            continue
        properties.remove(mark)
        paragraph = holder.getparent()
        if mark.tag in gone and paragraph is not None and paragraph not in joined[-1:]:
            joined.append(paragraph)
    return joined


def _join_with_next(paragraph: etree._Element) -> None:
    """Put the content of a paragraph that lost its mark before the content of the next one."""
    parent = paragraph.getparent()
    if parent is None:
        return
    content = [child for child in paragraph if child.tag != W + "pPr"]
    following = _next_paragraph(paragraph)
    if following is None:
        if not any(child.tag == W + "r" or len(child) for child in content) and _has_another(paragraph, parent):
            parent.remove(paragraph)
        return
    at = 1 if len(following) and following[0].tag == W + "pPr" else 0
    following[at:at] = content
    parent.remove(paragraph)


def _has_another(paragraph: etree._Element, parent: etree._Element) -> bool:
    """Whether the paragraph may go: a cell or note must end in a paragraph."""
    if parent.tag in (W + "body", W + "sdtContent"):
        return True
    previous = paragraph.getprevious()
    return paragraph.getnext() is not None or (previous is not None and previous.tag == W + "p")


def _next_paragraph(paragraph: etree._Element) -> etree._Element | None:
    following = paragraph.getnext()
    while following is not None and following.tag in _BETWEEN_PARAGRAPHS:
        following = following.getnext()
    return following if following is not None and following.tag == W + "p" else None


def _remove(element: etree._Element) -> None:
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)


def _unwrap(element: etree._Element) -> None:
    parent = element.getparent()
    if parent is None:
        return
    children: Iterable[etree._Element] = list(element)
    at = parent.index(element)
    parent[at : at + 1] = children
