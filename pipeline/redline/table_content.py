"""New tables and rows as they look, kept as text with the change: widths, merged cells, formatting of the words."""

from copy import copy

from lxml import etree

from pipeline.redline.ooxml import MC, M, R, W
from pipeline.redline.opc import parse_xml
from pipeline.redline.resolve import accept_all
from pipeline.redline.table_words import new_row_words, new_table_words

Element = etree._Element

#: what needs another part, or means something only where it comes from
_LEFT_BEHIND = (
    *(W + name for name in ("drawing", "pict", "object", "footnoteReference", "endnoteReference", "fldChar")),
    *(W + name for name in ("instrText", "bookmarkStart", "bookmarkEnd", "proofErr", "permStart", "permEnd")),
    *(W + name for name in ("commentRangeStart", "commentRangeEnd", "commentReference", "subDoc", "altChunk")),
    *(MC + "AlternateContent", M + "oMath", M + "oMathPara"),
)
#: containers whose content stands alone as well
_OPENED = tuple(W + name for name in ("hyperlink", "sdt", "sdtContent", "smartTag", "customXml", "fldSimple"))
_PROPERTIES = tuple(W + name for name in ("sdtPr", "sdtEndPr", "smartTagPr", "customXmlPr"))
_IDENTITIES = ("paraId", "textId", "rsidR", "rsidRPr", "rsidRDefault", "rsidP", "rsidTr", "rsidDel")


def excerpt_table(table: Element) -> str:
    """A new table, or row of one, as XML text as it reads when accepted; objects in it stay behind."""
    holder = etree.Element("content")
    holder.append(copy(table))
    holder[0].tail = None
    accept_all(holder)
    for one in list(holder.iter(*_LEFT_BEHIND, *_PROPERTIES)):
        _drop(one)
    for one in list(holder.iter(*_OPENED)):
        _open(one)
    for one in holder.iter("*"):
        for name in [name for name in one.attrib if str(name).startswith(R) or str(name).endswith(_IDENTITIES)]:
            del one.attrib[name]
    etree.cleanup_namespaces(holder)
    return etree.tostring(holder, encoding="unicode") if len(holder) else ""


def revive_table(content: str, words: str, known: frozenset[tuple[str, str]]) -> Element | None:
    """The table or row that was kept, if it has these words; `known` as of `find_known`."""
    holder = parse_xml(content.encode()) if content else None
    if holder is None or len(holder) != 1:
        return None
    found = holder[0]
    if (new_table_words(found) if found.tag == W + "tbl" else new_row_words(found)) != words:
        return None
    for one in list(found.iter(W + "tblStyle", W + "pStyle", W + "rStyle")):
        if (str(one.tag), one.get(W + "val", "")) not in known:
            _drop(one)
    for one in list(found.iter(W + "numPr")):
        number = one.find(W + "numId")
        if number is None or (W + "numId", number.get(W + "val", "")) not in known:
            _drop(one)
    return found


def count_columns(row: Element) -> int:
    """How many columns of the grid the cells of a row span. See: ECMA-376-1 17.4.17."""
    return sum(_span(cell) for cell in row.iterchildren(W + "tc"))


def _span(cell: Element) -> int:
    span = cell.find(f"{W}tcPr/{W}gridSpan")
    value = "" if span is None else span.get(W + "val", "")
    return int(value) if value.isdecimal() and 0 < int(value) < 64 else 1


def _drop(element: Element) -> None:
    parent = element.getparent()
    if parent is not None:
        parent.remove(element)


def _open(element: Element) -> None:
    parent = element.getparent()
    if parent is not None:
        at = parent.index(element)
        parent[at : at + 1] = list(element)
