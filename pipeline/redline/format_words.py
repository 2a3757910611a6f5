"""Changes of formatting in words: "bold", "style Heading 2 -> Body", "size 12 -> 14"."""

import re
from collections.abc import Callable, Iterable

from lxml import etree

from pipeline.redline.formats import Delta
from pipeline.redline.ooxml import W

Element = etree._Element
#: gives the name of a style by its id
NameStyle = Callable[[str], str]

#: on or off. See: ECMA-376-1 17.17.4
_SWITCHES = {
    "b": "bold",
    "i": "italic",
    "caps": "capitals",
    "smallCaps": "small capitals",
    "strike": "struck through",
    "dstrike": "struck through twice",
    "vanish": "hidden",
    "outline": "outlined",
    "shadow": "shadowed",
    "emboss": "embossed",
    "imprint": "engraved",
    "rtl": "right to left",
    "bidi": "right to left",
    "keepNext": "kept with the next paragraph",
    "keepLines": "lines kept together",
    "pageBreakBefore": "page break before",
    "widowControl": "widow control",
    "contextualSpacing": "no space between paragraphs of one style",
    "cantSplit": "row kept on one page",
    "tblHeader": "heading row",
    "noWrap": "no wrapping",
    "titlePg": "other first page",
}
_VALUES = {
    "u": "underline",
    "color": "colour",
    "highlight": "highlighting",
    "vertAlign": "vertical position",
    "jc": "alignment",
    "outlineLvl": "outline level",
    "vAlign": "vertical alignment",
    "textDirection": "text direction",
    "type": "section type",
}
_STYLES = frozenset({"rStyle", "pStyle", "tblStyle"})
_HALF_POINTS = frozenset({"sz", "position"})
_THINGS = {
    "rFonts": "font",
    "sz": "size",
    "position": "raised or lowered",
    "spacing": "spacing",
    "ind": "indentation",
    "numPr": "list numbering",
    "pBdr": "borders",
    "bdr": "border",
    "shd": "shading",
    "tabs": "tab stops",
    "tblW": "table width",
    "tblInd": "table indentation",
    "tblBorders": "borders",
    "tblLayout": "table layout",
    "tblLook": "table look",
    "tblCellMar": "cell margins",
    "gridCol": "column widths",
    "tcW": "column widths",
    "tcBorders": "cell borders",
    "tcMar": "cell margins",
    "gridSpan": "merged cells",
    "vMerge": "merged cells",
    "hMerge": "merged cells",
    "trHeight": "row height",
    "pgSz": "page size",
    "pgMar": "page margins",
    "cols": "columns",
    "pgNumType": "page numbering",
}
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")


def describe(deltas: Iterable[Delta], name_style: NameStyle) -> str:
    """What the differences do, each thing said once; `name_style` gives the name of a style by its id."""
    said = [
        _say(etree.QName(tag).localname, old, new, name_style)
        for delta in deltas
        for tag, (old, new) in delta.changed.items()
    ]
    return ", ".join(dict.fromkeys(words for words in said if words))


def _say(name: str, old: Element | None, new: Element | None, name_style: NameStyle) -> str:
    if name in ("lang", "noProof", "bCs", "iCs", "szCs", "cnfStyle", "snapToGrid", "kern"):
        return ""
    if name in _SWITCHES:
        return _SWITCHES[name] if _is_on(new) else f"not {_SWITCHES[name]}"
    if name in _STYLES:
        return f"style {_find_style(old, name_style)} -> {_find_style(new, name_style)}"
    if name in _VALUES:
        return f"{_VALUES[name]} {_value(old)} -> {_value(new)}"
    if name in _HALF_POINTS:
        return f"{_THINGS[name]} {_points(old)} -> {_points(new)}"
    if name == "rFonts":
        return f"font {_font(old)} -> {_font(new)}"
    return _THINGS.get(name) or _CAMEL.sub(" ", name).lower()


def _is_on(element: Element | None) -> bool:
    return element is not None and element.get(W + "val", "1") not in ("0", "false", "off")


def _value(element: Element | None) -> str:
    return "none" if element is None else element.get(W + "val") or "none"


def _points(element: Element | None) -> str:
    value = _value(element)
    return f"{int(value) / 2:g}" if value.isdecimal() else "default" if value == "none" else value


def _font(element: Element | None) -> str:
    names = () if element is None else (element.get(W + name) for name in ("ascii", "hAnsi", "cs", "eastAsia"))
    return next((name for name in names if name), "default")


def _find_style(element: Element | None, name_style: NameStyle) -> str:
    return "default" if element is None else name_style(_value(element))
