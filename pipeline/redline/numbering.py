"""The numbers that Word prints before paragraphs but does not keep in their text. See: ECMA-376-1 17.9."""

import re
from dataclasses import dataclass, field

from lxml import etree

from pipeline.redline.ooxml import W
from pipeline.redline.opc import Package, parse_xml, related_part

Element = etree._Element
#: style chains longer than this are circular
MAX_STYLE_DEPTH = 20

_ROMAN = tuple(
    zip(
        (1000, 900, 500, 400, 100, 90, 50, 40, 10, 9, 5, 4, 1),
        ("m", "cm", "d", "cd", "c", "xc", "l", "xl", "x", "ix", "v", "iv", "i"),
        strict=True,
    )
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """One level of a list."""

    start: int
    #: w:numFmt: "decimal", "lowerLetter", "bullet"
    form: str
    #: "%1.%2"
    pattern: str
    #: print all numbers in it as decimals
    legal: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Numbering:
    """The lists of a file."""

    #: levels by w:numId
    lists: dict[str, dict[int, Level]]
    #: the abstract list that a w:numId counts in
    counts_in: dict[str, str]
    #: levels that start anew when a w:numId is first used
    restarts: dict[str, dict[int, int]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Style:
    """What a paragraph style says about numbering."""

    name: str
    parent: str | None
    #: (numId, level), each None when the style does not say
    numbering: tuple[str | None, int | None]


@dataclass(slots=True, kw_only=True)
class Counter:
    """Counts the numbered paragraphs of one story, in order."""

    numbering: Numbering
    styles: dict[str, Style]
    default_style: str
    _counts: dict[str, dict[int, int]] = field(default_factory=dict)
    _seen: set[str] = field(default_factory=set)

    def count(self, paragraph: Element) -> tuple[str, str]:
        """The number of the next paragraph as printed, without brackets and the dot, and the name of its style.

        Both are "": the number when it has none, the name for the default style.
        """
        properties = _properties(paragraph)
        style = self._style_id(properties)
        named = style != self.default_style and style in self.styles
        return self._number(properties, style), self.styles[style].name if named else ""

    def _number(self, properties: Element | None, style: str) -> str:
        num_id, level = self._numbering_of(properties, style)
        levels = self.numbering.lists.get(num_id or "")
        if num_id is None or levels is None or level not in levels:
            return ""
        counts = self._counted(num_id, level, levels)
        return _bare(_format(levels, level, counts))

    def _style_id(self, properties: Element | None) -> str:
        style = None if properties is None else properties.find(W + "pStyle")
        return self.default_style if style is None else style.get(W + "val", "")

    def _numbering_of(self, properties: Element | None, named: str) -> tuple[str | None, int]:
        num_id, level = _num_pr(properties)
        style: str | None = named
        for _ in range(MAX_STYLE_DEPTH):
            if style not in self.styles or (num_id is not None and level is not None):
                break
            own_id, own_level = self.styles[style].numbering
            num_id = own_id if num_id is None else num_id
            level = own_level if level is None else level
            style = self.styles[style].parent
        return num_id, level or 0

    def _counted(self, num_id: str, level: int, levels: dict[int, Level]) -> dict[int, int]:
        counts = self._counts.setdefault(self.numbering.counts_in[num_id], {})
        if num_id not in self._seen:
            self._seen.add(num_id)
            for restarted, start in self.numbering.restarts[num_id].items():
                counts[restarted] = start - 1
        for above in range(level):
            counts.setdefault(above, levels[above].start if above in levels else 1)
        counts[level] = counts.get(level, levels[level].start - 1) + 1
        for below in [below for below in counts if below > level]:
            del counts[below]
        return counts


def read_counter(package: Package) -> Counter:
    """A counter for the lists and styles of this file."""
    main = package.main_part
    numbering = related_part(package, main, "numbering")
    styles = related_part(package, main, "styles")
    root = None if numbering is None else parse_xml(package.parts[numbering])
    known, default = _read_styles(None if styles is None else parse_xml(package.parts[styles]))
    return Counter(numbering=_read_numbering(root), styles=known, default_style=default)


def _read_styles(root: Element | None) -> tuple[dict[str, Style], str]:
    styles: dict[str, Style] = {}
    default = ""
    for style in () if root is None else root.iterchildren(W + "style"):
        style_id = style.get(W + "styleId", "")
        if style.get(W + "type") == "paragraph" and style.get(W + "default") in ("1", "true", "on"):
            default = style_id
        name, parent = style.find(W + "name"), style.find(W + "basedOn")
        styles[style_id] = Style(
            name=style_id if name is None else name.get(W + "val", style_id),
            parent=None if parent is None else parent.get(W + "val"),
            numbering=_num_pr(style.find(W + "pPr")),
        )
    return styles, default


def _read_numbering(root: Element | None) -> Numbering:
    lists: dict[str, dict[int, Level]] = {}
    counts_in: dict[str, str] = {}
    restarts: dict[str, dict[int, int]] = {}
    if root is not None:
        abstract = {item.get(W + "abstractNumId", ""): item for item in root.iterchildren(W + "abstractNum")}
        for num in root.iterchildren(W + "num"):
            num_id, link = num.get(W + "numId", ""), num.find(W + "abstractNumId")
            source = "" if link is None else link.get(W + "val", "")
            counts_in[num_id] = source
            lists[num_id] = _levels(_linked(abstract, source)) | _overridden(num)
            restarts[num_id] = _restarts(num)
    return Numbering(lists=lists, counts_in=counts_in, restarts=restarts)


def _linked(abstract: dict[str, Element], source: str) -> Element | None:
    """The abstract list, or the one that defines the list style it points to."""
    item = abstract.get(source)
    link = None if item is None else item.find(W + "numStyleLink")
    if link is None:
        return item
    for other in abstract.values():
        own = other.find(W + "styleLink")
        if own is not None and own.get(W + "val") == link.get(W + "val"):
            return other
    return item


def _overridden(num: Element) -> dict[int, Level]:
    found: dict[int, Level] = {}
    for override in num.iterchildren(W + "lvlOverride"):
        found |= _levels(override)
    return found


def _restarts(num: Element) -> dict[int, int]:
    found = {}
    for override in num.iterchildren(W + "lvlOverride"):
        start = override.find(W + "startOverride")
        if start is not None:
            found[_whole(override.get(W + "ilvl"), 0)] = _whole(start.get(W + "val"), 1)
    return found


def _levels(item: Element | None) -> dict[int, Level]:
    levels = {}
    for level in () if item is None else item.iterchildren(W + "lvl"):
        levels[_whole(level.get(W + "ilvl"), 0)] = Level(
            start=_whole(_value(level, "start"), 1),
            form=_value(level, "numFmt") or "decimal",
            pattern=_value(level, "lvlText") or "",
            legal=level.find(W + "isLgl") is not None,
        )
    return levels


def _value(element: Element, name: str) -> str | None:
    child = element.find(W + name)
    return None if child is None else child.get(W + "val")


def _whole(text: str | None, default: int) -> int:
    return int(text) if text and re.fullmatch(r"\d{1,6}", text) else default


def _num_pr(properties: Element | None) -> tuple[str | None, int | None]:
    found = None if properties is None else properties.find(W + "numPr")
    if found is None:
        return None, None
    level = _value(found, "ilvl")
    return _value(found, "numId"), None if level is None else _whole(level, 0)


def _properties(paragraph: Element) -> Element | None:
    """The properties of a paragraph before any tracked change of them."""
    properties = paragraph.find(W + "pPr")
    change = None if properties is None else properties.find(W + "pPrChange")
    old = None if change is None else change.find(W + "pPr")
    return properties if old is None else old


def _format(levels: dict[int, Level], level: int, counts: dict[int, int]) -> str:
    if levels[level].form in ("bullet", "none"):
        return ""

    def one(match: re.Match[str]) -> str:
        shown = int(match[1]) - 1
        form = levels[shown].form if shown in levels else "decimal"
        return format_count(counts.get(shown, 1), "decimal" if levels[level].legal else form)

    return re.sub(r"%([1-9])", one, levels[level].pattern)


def _bare(number: str) -> str:
    return number.strip().strip("().[]:").rstrip("-–— ").strip()


def format_count(count: int, form: str) -> str:
    """A count in one of Word's number formats; decimal for those that only differ in script."""
    if form in ("lowerLetter", "upperLetter") and count > 0:
        letters = "abcdefghijklmnopqrstuvwxyz"[(count - 1) % 26] * ((count - 1) // 26 + 1)
        return letters.upper() if form == "upperLetter" else letters
    if form in ("lowerRoman", "upperRoman") and 0 < count < 4000:
        roman = _roman(count)
        return roman.upper() if form == "upperRoman" else roman
    if form == "decimalZero":
        return f"{count:02d}"
    return "" if form in ("bullet", "none") else str(count)


def _roman(count: int) -> str:
    text = ""
    for value, letters in _ROMAN:
        text += letters * (count // value)
        count %= value
    return text
