"""The elements that record revisions, and the runs within them. See: ECMA-376-1 17.13.5."""

import re
from copy import copy
from datetime import UTC, datetime
from functools import lru_cache

from lxml import etree

from pipeline.redline.ooxml import ATOM, W

Element = etree._Element

_SPACE = "{http://www.w3.org/XML/1998/namespace}space"
_DEAD_TEXT = {W + "t": W + "delText", W + "instrText": W + "delInstrText"}
_CHARS = {"\t": W + "tab", "\v": W + "br"}
_CHAR = re.compile("([\t\v])")
#: no XML 1.0 character, or one that stands for an object that text cannot carry
_UNWRITABLE = re.compile("[^\t\v\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]|" + ATOM)
_PARAGRAPH_MARKS = tuple(W + name for name in ("ins", "del", "moveFrom", "moveTo"))
#: properties of a run that must not be taken over by words written after it
_OWN = tuple(W + name for name in ("rPrChange", "vertAlign", "vanish", "webHidden", "specVanish", "noProof", "rStyle"))


def make_mark(tag: str, author: str, date: datetime | None) -> Element:
    """A revision element with author and date; its w:id is given when the file is complete."""
    values = {W + "id": "0", W + "author": clean(author)}
    if date is not None:
        values[W + "date"] = write_date(date)
    return etree.Element(W + tag, values)


@lru_cache(maxsize=256)
def write_date(date: datetime) -> str:
    """The instant in UTC as Word writes it."""
    return date.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def clean(text: str) -> str:
    """The text without characters a run cannot hold."""
    # printable characters can all be written; looking at each of them in the pattern takes five times longer
    return text if text.isprintable() and ATOM not in text else _UNWRITABLE.sub("", text)


def make_run(text: str, properties: Element | None) -> Element:
    """A run with this text; tabs and line breaks become elements."""
    run = etree.Element(W + "r")
    if properties is not None:
        run.append(copy(properties))
    for part in _CHAR.split(clean(text)):
        if part in _CHARS:
            etree.SubElement(run, _CHARS[part])
        elif part:
            etree.SubElement(run, W + "t", {_SPACE: "preserve"}).text = part
    return run


def inherit(properties: Element | None) -> Element | None:
    """The formatting that words written after a run take over from it."""
    if properties is None:
        return None
    taken = copy(properties)
    for child in list(taken):
        if child.tag in _OWN or child.tag in _PARAGRAPH_MARKS:
            taken.remove(child)
    return taken if len(taken) else None


def bury(node: Element) -> None:
    """Make the text of a node deleted text. See: ECMA-376-1 17.3.3.7."""
    for element in list(node.iter(*_DEAD_TEXT)):
        element.tag = _DEAD_TEXT[str(element.tag)]


def mark_paragraph(paragraph: Element, mark: Element) -> None:
    """Record a revision of the mark of a paragraph. See: ECMA-376-1 17.13.5.3."""
    properties = paragraph.find(W + "pPr")
    if properties is None:
        properties = etree.Element(W + "pPr")
        paragraph.insert(0, properties)
    run_properties = properties.find(W + "rPr")
    if run_properties is None:
        run_properties = etree.Element(W + "rPr")
        later = [child for child in properties if child.tag in (W + "sectPr", W + "pPrChange")]
        properties.insert(properties.index(later[0]) if later else len(properties), run_properties)
    place = 0
    if mark.tag == W + "del":
        place = sum(child.tag == W + "ins" for child in run_properties)
    run_properties.insert(place, mark)


def mark_row(row: Element, mark: Element) -> None:
    """Record a revision of a table row. See: ECMA-376-1 17.13.5.12."""
    properties = row.find(W + "trPr")
    if properties is None:
        properties = etree.Element(W + "trPr")
        row.insert(sum(child.tag == W + "tblPrEx" for child in row), properties)
    later = [child for child in properties if child.tag == W + "trPrChange"]
    properties.insert(properties.index(later[0]) if later else len(properties), mark)
