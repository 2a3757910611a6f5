"""How things look, apart from what they say: the difference of two sets of properties, and one put into another file.

See: ECMA-376-1 17.13.5 (w:rPrChange, w:pPrChange ...), A.1 for the order of the children of each kind of properties.
"""

import re
from collections.abc import Callable, Mapping
from copy import copy
from dataclasses import dataclass

from lxml import etree

from pipeline.redline.ooxml import DELETING, INSERTING, W

Element = etree._Element

#: what each kind of properties may hold, in the order that the schema demands
_ORDER_NAMES = {
    "rPr": """
        rStyle rFonts b bCs i iCs caps smallCaps strike dstrike outline shadow emboss imprint noProof snapToGrid vanish
        webHidden color spacing w kern position sz szCs highlight u effect bdr shd fitText vertAlign rtl cs em lang
        eastAsianLayout specVanish oMath
    """,
    "pPr": """
        pStyle keepNext keepLines pageBreakBefore framePr widowControl numPr suppressLineNumbers pBdr shd tabs
        suppressAutoHyphens kinsoku wordWrap overflowPunct topLinePunct autoSpaceDE autoSpaceDN bidi adjustRightInd
        snapToGrid spacing ind contextualSpacing mirrorIndents suppressOverlap jc textDirection textAlignment
        textboxTightWrap outlineLvl divId cnfStyle
    """,
    "tblPr": """
        tblStyle tblpPr tblOverlap bidiVisual tblStyleRowBandSize tblStyleColBandSize tblW jc tblCellSpacing tblInd
        tblBorders shd tblLayout tblCellMar tblLook tblCaption tblDescription
    """,
    "tblPrEx": "tblW jc tblCellSpacing tblInd tblBorders shd tblLayout tblCellMar tblLook",
    "tblGrid": "gridCol",
    "trPr": "cnfStyle divId gridBefore gridAfter wBefore wAfter cantSplit trHeight tblHeader tblCellSpacing jc hidden",
    "tcPr": """
        cnfStyle tcW gridSpan hMerge vMerge tcBorders shd noWrap tcMar textDirection tcFitText vAlign hideMark headers
    """,
    "sectPr": """
        footnotePr endnotePr type pgSz pgMar paperSrc pgBorders lnNumType pgNumType cols formProt vAlign noEndnote
        titlePg textDirection bidi rtlGutter docGrid printerSettings
    """,
}
ORDER = {kind: {W + name: place for place, name in enumerate(names.split())} for kind, names in _ORDER_NAMES.items()}
#: children that say something else than how a thing looks
_NOT_LOOKS = frozenset(
    {
        *INSERTING,
        *DELETING,
        *(W + name for name in ("rPr", "sectPr", "headerReference", "footerReference", "numberingChange")),
        *(W + name for name in ("cellIns", "cellDel", "cellMerge")),
        *(W + kind + "Change" for kind in ORDER),
    }
)
#: what programs change without anybody asking: the language of the spelling check, twins for other scripts
_NOISE = frozenset(W + name for name in ("lang", "noProof", "bCs", "iCs", "szCs", "cnfStyle", "snapToGrid", "kern"))
#: they say how cells hang together: set one by one they tear a table
_STRUCTURE = frozenset(W + name for name in ("gridSpan", "hMerge", "vMerge", "gridBefore", "gridAfter"))
#: they name what only the file they come from may have
_NAMING = frozenset(W + name for name in ("pStyle", "rStyle", "tblStyle", "numPr"))


_FACET = re.compile(r'<part of="(\w+)"')
_ALONE = frozenset({"rPr", "pPr", "sectPr"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Delta:
    """What became other between two sets of properties."""

    #: "rPr", "pPr", "tcPr" ...
    kind: str
    #: by tag what stands there before and now; None where nothing does
    changed: Mapping[str, tuple[Element | None, Element | None]]

    @property
    def is_noise(self) -> bool:
        """Whether nobody would call it a change."""
        return self.changed.keys() <= _NOISE

    @property
    def can_be_applied(self) -> bool:
        """Whether it can be carried out on the same thing in another file."""
        return not self.changed.keys() & _STRUCTURE


def find_delta(properties: Element, change: Element) -> Delta:
    """The difference that a change of formatting records: `properties` hold it, its first child is what was before."""
    old, new = _by_tag(change[0] if len(change) else ()), _by_tag(properties)
    changed = {}
    for tag in dict.fromkeys((*new, *old)):
        before, now = old.get(tag, []), new.get(tag, [])
        if [_canonical(one) for one in before] != [_canonical(one) for one in now]:
            changed[tag] = (before[0] if before else None, now[0] if now else None)
    return Delta(kind=etree.QName(properties).localname, changed=changed)


def _by_tag(properties: Element | tuple[()]) -> dict[str, list[Element]]:
    found: dict[str, list[Element]] = {}
    for child in properties:
        if isinstance(child.tag, str) and child.tag not in _NOT_LOOKS:
            found.setdefault(child.tag, []).append(child)
    return found


def _canonical(element: Element) -> bytes:
    return etree.tostring(_bare(element), method="c14n", exclusive=True)


def _bare(element: Element) -> Element:
    """A copy with no change of its own in it and nothing behind it."""
    copied = copy(element)
    copied.tail = None
    for one in list(copied.iter(W + "numberingChange", W + "ins", W + "del")):
        parent = one.getparent()
        if parent is not None:
            parent.remove(one)
    return copied


def write_part(delta: Delta, properties: Element) -> Element:
    """The difference as XML: what is set, and the tags of what is not set any more."""
    part = etree.Element("part", {"of": delta.kind})
    for tag, (_, now) in sorted(delta.changed.items()):
        if now is None:
            etree.SubElement(part, "unset", {"tag": tag})
        else:
            part.extend([_bare(one) for one in properties if one.tag == tag])
    return part


def apply_part(part: Element, properties: Element, make_change: Callable[[], Element | None]) -> None:
    """Change properties by a part, in place; `make_change` gives the element to record it with, None for none.

    Nothing is recorded where the properties are that way already.
    """
    kind = part.get("of", "")
    before = etree.Element(W + kind)
    before.extend([copy(one) for one in properties if one.tag not in _NOT_LOOKS])
    gone = {one.get("tag", "") if one.tag == "unset" else str(one.tag) for one in part}
    for old in [one for one in properties if one.tag in gone]:
        properties.remove(old)
    for new in part:
        if new.tag != "unset":
            properties.insert(_find_place(properties, str(new.tag), kind), copy(new))
    after = [_canonical(one) for one in properties if one.tag not in _NOT_LOOKS]
    if after != [_canonical(one) for one in before] and (change := make_change()) is not None:
        change.append(before)
        properties.append(change)


def _find_place(properties: Element, tag: str, kind: str) -> int:
    """Where a child belongs: behind everything that the schema has before it."""
    order = ORDER[kind]
    rank = order.get(tag, len(order))
    place = 0
    for number, child in enumerate(properties, 1):
        if child.tag in (*INSERTING, *DELETING, W + "headerReference", W + "footerReference"):
            place = number if kind != "trPr" else place
        elif child.tag not in _NOT_LOOKS and order.get(str(child.tag), len(order)) <= rank:
            place = number
    return place


def find_facet(content: str) -> str:
    """What a change of formatting with this content is about: "rPr", "pPr", "sectPr" or "table"; "" for nothing."""
    found = _FACET.search(content)
    return "" if found is None else found[1] if found[1] in _ALONE else "table"


def find_names(part: Element) -> set[tuple[str, str]]:
    """(tag, value) of the styles and lists that a part refers to: the file it goes to may not have them."""
    found = set()
    for one in part.iterchildren(*_NAMING):
        number = one.find(W + "numId") if one.tag == W + "numPr" else one
        if number is not None:
            found.add((str(number.tag), number.get(W + "val", "")))
    return found
