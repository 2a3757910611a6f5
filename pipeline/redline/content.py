"""What inserted text looks like and holds beside its words, as text with the change. See: docs/analysis/merge.md."""

import base64
import re
import zlib
from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass

from lxml import etree

from pipeline.redline.ooxml import ATOM, MC, PACKAGE_RELS, M, R, W
from pipeline.redline.opc import Package, parse_xml, related_part, relationships, rels_name
from pipeline.redline.resolve import accept_all

Element = etree._Element

#: larger pictures are not carried over: a change is one row of a table
MAX_PICTURE = 5_000_000
#: what a program can draw from its bytes alone: nothing in it runs, nothing is fetched
PICTURE_TYPES = {"png": "image/png", "jpg": "image/jpeg", "jpeg": "image/jpeg", "gif": "image/gif"}

#: element that refers to a note -> kind of note
NOTE_REFERENCES = {W + kind + "Reference": kind for kind in ("footnote", "endnote")}

_NOT_IN_NOTES = (
    *(W + name for name in ("drawing", "pict", "object", "commentReference", "commentRangeStart", "commentRangeEnd")),
    # their ids are those of another file
    *(W + name for name in ("bookmarkStart", "bookmarkEnd", "permStart", "permEnd")),
    MC + "AlternateContent",
)
_EQUATIONS = (M + "oMath", M + "oMathPara")
_NOT_OURS = tuple(W + name for name in ("rPrChange", "ins", "del", "moveFrom", "moveTo"))
_WEB = re.compile(r"(?:https?://|mailto:)\S+", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where inserted text comes from."""

    package: Package
    #: name of the part
    part: str


def excerpt(pieces: Sequence[tuple[Element, str]], source: Source) -> str:
    """The runs of inserted text as XML, given (element, text) of its pieces; "" when it has no words.

    Each entry states how many code points of the text it stands for; paragraph marks are left out.
    """
    root = etree.Element("content")
    looks: list[bytes] = []
    for element, text in pieces:
        if text in ("", "\n"):
            continue
        entry = _make_entry(element, text, source)
        look = etree.tostring(entry, with_tail=False)
        if text != ATOM and looks and looks[-1] == look:
            root[-1].set("size", str(int(root[-1].get("size", "0")) + len(text)))
            continue
        looks.append(look)
        root.append(entry)
        entry.set("size", str(len(text)))
    root.set("of", checksum("".join(text for _, text in pieces)))
    _enclose_pictures(root, source)
    _enclose_notes(root, source)
    return etree.tostring(root, encoding="unicode") if len(root) else ""


def checksum(text: str) -> str:
    """What tells whether an excerpt still fits a text."""
    return str(zlib.crc32(text.replace("\n", "").encode("utf-8", "replace")))


def _make_entry(element: Element, text: str, source: Source) -> Element:
    entry = etree.Element("entry")
    run = next((above for above in element.iterancestors(W + "r", W + "p") if above.tag == W + "r"), None)
    properties = None if run is None else run.find(W + "rPr")
    if properties is not None:
        entry.append(_plain(properties))
    link = next(element.iterancestors(W + "hyperlink"), None)
    target = "" if link is None else _find_link(link, source)
    if target:
        entry.set("link", target)
    if text == ATOM and _can_be_carried(element, source):
        entry.append(_plain(element))
    return entry


def _plain(element: Element) -> Element:
    """A copy without revisions of its own and without links that would need a relationship."""
    copied = copy(element)
    copied.tail = None
    for one in list(copied.iter(*_NOT_OURS, "{*}hlinkClick", "{*}hlinkHover")):
        parent = one.getparent()
        if parent is not None:
            parent.remove(one)
    return copied


def _find_link(link: Element, source: Source) -> str:
    """The web address a hyperlink leads to; "" for one within the file or to anything else."""
    content = source.package.part(rels_name(source.part))
    wanted = link.get(R + "id")
    for rel in () if content is None or wanted is None else parse_xml(content).iter(PACKAGE_RELS + "Relationship"):
        if rel.get("Id") == wanted and rel.get("TargetMode") == "External":
            target = rel.get("Target", "")
            return target if _WEB.fullmatch(target) else ""
    return ""


# --- Objects ------------------------------------------------------------------------------------------------------


def _can_be_carried(element: Element, source: Source) -> bool:
    """Whether an object is complete with its pictures; charts, embedded files and text boxes are more than that."""
    if element.tag in (W + "sym", *_EQUATIONS):
        return not _relation_ids(element)
    if element.tag in NOTE_REFERENCES:
        return _find_note(element, source) is not None
    if element.tag != W + "drawing" or next(element.iter(W + "txbxContent"), None) is not None:
        return False
    wanted = _relation_ids(_plain(element))
    return bool(wanted) and wanted <= _find_pictures(source).keys()


def _relation_ids(element: Element) -> set[str]:
    return {
        str(value) for one in element.iter() for name, value in one.attrib.items() if str(name).startswith(R) and value
    }


def _find_pictures(source: Source) -> dict[str, str]:
    """By the id of the relationship the part that holds a picture that may be carried over."""
    parts = source.package.parts
    return {
        rel_id: target
        for rel_id, kind, target in relationships(source.package, source.part)
        if kind.endswith("/image")
        and target.rpartition(".")[2].lower() in PICTURE_TYPES
        and target in parts
        and len(parts[target]) <= MAX_PICTURE
    }


def _enclose_pictures(root: Element, source: Source) -> None:
    wanted = sorted({rel_id for drawing in root.iter(W + "drawing") for rel_id in _relation_ids(drawing)})
    pictures = _find_pictures(source) if wanted else {}
    for rel_id in wanted:
        picture = etree.SubElement(root, "picture")
        picture.set("id", rel_id)
        picture.set("ending", pictures[rel_id].rpartition(".")[2].lower())
        picture.text = base64.b64encode(source.package.parts[pictures[rel_id]]).decode()


# --- Notes --------------------------------------------------------------------------------------------------------


def _find_note(reference: Element, source: Source) -> Element | None:
    kind = NOTE_REFERENCES[str(reference.tag)]
    part = related_part(source.package, source.part, kind + "s")
    if part is None:
        return None
    notes = parse_xml(source.package.parts[part]).iterchildren(W + kind)
    return next((note for note in notes if note.get(W + "id") == reference.get(W + "id")), None)


def _enclose_notes(root: Element, source: Source) -> None:
    """The words of the notes that are referred to, as they read when accepted; objects in them stay behind."""
    for reference in list(root.iter(*NOTE_REFERENCES)):
        found = _find_note(reference, source)
        if found is None:
            continue
        note = copy(found)
        accept_all(note)
        for one in list(note.iter(*_NOT_IN_NOTES)):
            parent = one.getparent()
            if parent is not None:
                parent.remove(one)
        for one in note.iter():
            for name in [name for name in one.attrib if str(name).startswith(R)]:
                del one.attrib[name]
        holder = etree.SubElement(root, "note")
        holder.set("id", reference.get(W + "id", ""))
        holder.append(note)
