"""Inserted text put into another file with its looks, links, pictures and equations. See: docs/analysis/merge.md."""

import base64
import hashlib
import re
from collections.abc import Callable, Iterator
from copy import copy
from dataclasses import dataclass

from lxml import etree

from pipeline.redline.content import NOTE_REFERENCES, PICTURE_TYPES, checksum
from pipeline.redline.known import find_known
from pipeline.redline.marks import make_run
from pipeline.redline.ooxml import ATOM, PACKAGE_RELS, M, R, W
from pipeline.redline.opc import (
    Package,
    add_override,
    add_relationship,
    parse_xml,
    related_part,
    rels_name,
    serialise_xml,
)
from pipeline.redline.table_content import revive_table

Element = etree._Element

#: words and no object or link; every entry says its size
_ONE_LOOK = re.compile(
    r'<content of="(\d+)"><entry size="\d+"(?:/>|>(<w:rPr[ >].*</w:rPr>)</entry>)</content>', re.DOTALL
)
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cutting:
    """A stretch of inserted text that looks the same."""

    text: str
    #: a run, or an equation
    node: Element
    #: address it links to; "" for none
    link: str


class Grafts:
    """The package that inserted text goes into; it grows by what the text needs."""

    def __init__(self, package: Package, roots: dict[str, Element]) -> None:
        self.package = package
        self._roots = roots
        self._notes: dict[str, Element] = {}
        self._mark: Callable[[], Element] = lambda: etree.Element(W + "ins")
        self._known: frozenset[tuple[str, str]] | None = None
        self._drawn = 0
        self._looks: dict[str, Element | None] = {}

    def cut(self, content: str, text: str, part: str, mark: Callable[[], Element]) -> list[Cutting] | None:
        """The cuttings that make up an inserted text, without its paragraph marks; None when `content` is not of it.

        `mark` makes the revision elements around the words of new notes.
        """
        if (look := _ONE_LOOK.fullmatch(content)) and ATOM not in text and content.count("<entry") == 1:
            return self._cut_alike(text, look[2] or "") if look[1] == checksum(text) else None
        root = parse_xml(content.encode()) if content else None
        if root is None or root.get("of") != checksum(text):
            return None
        self._notes = {one.get("id", ""): one[0] for one in root.iterchildren("note")}
        self._mark = mark
        pictures = {one.get("id", ""): self._plant(one, part) for one in root.iter("picture")}
        cuttings, at, words = [], 0, text.replace("\n", "")
        for entry in root.iterchildren("entry"):
            end = at + int(entry.get("size", "0"))
            node = self._make_node(entry, words[at:end], pictures)
            cuttings.append(Cutting(text=words[at:end], node=node, link=entry.get("link", "")))
            at = end
        return cuttings

    def _cut_alike(self, text: str, look: str) -> list[Cutting]:
        """The cutting of a text that looks the same throughout, as most do; `look` is XML."""
        if look not in self._looks:
            self._looks[look] = self._dress(parse_xml(look.encode())) if look else None
        words = text.replace("\n", "")
        return [Cutting(text=words, node=make_run(words, self._looks[look]), link="")]

    def link(self, target: str, part: str) -> Element:
        """An empty hyperlink that leads to an address."""
        link = etree.Element(W + "hyperlink")
        link.set(R + "id", self._find_external(target, part))
        return link

    def _make_node(self, entry: Element, text: str, pictures: dict[str, str]) -> Element:
        look = next(entry.iterchildren(W + "rPr"), None)
        held = next((one for one in entry if one is not look), None)
        if held is not None and str(held.tag).startswith(M):
            return copy(held)
        run = make_run(text, self._dress(look))
        if held is not None:
            run.append(self._refer(held) if held.tag in NOTE_REFERENCES else self._drawing(held, pictures))
        return run

    def _drawing(self, held: Element, pictures: dict[str, str]) -> Element:
        copied = copy(held)
        for one in copied.iter():
            for name, value in one.attrib.items():
                if str(name).startswith(R):
                    one.set(name, pictures.get(str(value), ""))
        for one in copied.iter("{*}docPr"):
            one.set("id", self._next_drawing())
        return copied

    def _refer(self, reference: Element) -> Element:
        """The reference to a copy of its note that this file now has."""
        copied, note = copy(reference), copy(self._notes[reference.get(W + "id", "")])
        root = self._open_notes(NOTE_REFERENCES[str(reference.tag)])
        taken = [int(one.get(W + "id", "0")) for one in root if one.get(W + "id", "0").isdecimal()]
        number = str(max([0, *taken]) + 1)
        for one in (copied, note):
            one.set(W + "id", number)
        for run in list(note.iter(W + "r")):
            parent = run.getparent()
            if parent is not None:
                wrapper = self._mark()
                parent.replace(run, wrapper)
                wrapper.append(run)
        for paragraph in note.iter(W + "p"):
            for name in [name for name in paragraph.attrib if str(name).endswith(("paraId", "textId"))]:
                del paragraph.attrib[name]
        root.append(note)
        return copied

    def _open_notes(self, kind: str) -> Element:
        """The root of the part with the notes of a kind, made when there is none. See: ECMA-376-1 11.3.7."""
        main = self.package.main_part
        part = related_part(self.package, main, kind + "s")
        if part is None:
            part = f"{main.rpartition('/')[0]}/{kind}s.xml".lstrip("/")
            root = etree.Element(f"{W}{kind}s", nsmap={"w": W[1:-1]})
            for number, name in enumerate(("separator", "continuationSeparator"), -1):
                root.append(_make_separator(kind, number, name))
            self.package = add_override(
                self.package.replaced({part: serialise_xml(root)}), part, f"{_TYPE}.{kind}s+xml"
            )
            self.package, _ = add_relationship(self.package, main, f"{_OFFICE}{kind}s", part)
            self._roots[part] = root
        return self._roots.setdefault(part, parse_xml(self.package.parts[part]))

    def revive(self, content: str, words: str) -> Element | None:
        """The new table or row that `content` holds, without styles that this file lacks; None when it is not of it."""
        return revive_table(content, words, self._find_known()) if content else None

    def _find_known(self) -> frozenset[tuple[str, str]]:
        if self._known is None:
            self._known = find_known(self.package)
        return self._known

    def _dress(self, look: Element | None) -> Element | None:
        """The looks without a style that this file does not have."""
        style = None if look is None else look.find(W + "rStyle")
        if (
            look is not None
            and style is not None
            and (W + "rStyle", style.get(W + "val", "")) not in self._find_known()
        ):
            look.remove(style)
        return look

    # --- Parts ---

    def _next_drawing(self) -> str:
        if not self._drawn:
            parts = (
                content for name, content in self.package.parts.items() if name.endswith(".xml") and b"docPr" in content
            )
            ids = (one.get("id", "") for part in parts for one in parse_xml(part).iter("{*}docPr"))
            self._drawn = max((int(one) for one in ids if one.isdecimal()), default=0)
        self._drawn += 1
        return str(self._drawn)

    def _plant(self, picture: Element, part: str) -> str:
        """The id of the relationship from a part to a picture that the package now has; one picture is one part."""
        content = base64.b64decode(picture.text or "")
        ending = picture.get("ending", "")
        folder = part.rpartition("/")[0]
        name = f"{folder}/media/{hashlib.sha256(content).hexdigest()[:16]}.{ending}".lstrip("/")
        if name not in self.package.parts:
            self.package = add_override(self.package.replaced({name: content}), name, PICTURE_TYPES[ending])
        self.package, rel_id = add_relationship(self.package, part, _OFFICE + "image", name)
        return rel_id

    def _find_external(self, target: str, part: str) -> str:
        name = rels_name(part)
        content = self.package.part(name)
        root = parse_xml(content or f'<Relationships xmlns="{PACKAGE_RELS[1:-1]}"/>'.encode())
        for rel in root:
            if rel.get("Target") == target and rel.get("Type") == _OFFICE + "hyperlink":
                return rel.get("Id", "")
        taken = {rel.get("Id") for rel in root}
        rel_id = next(f"rId{number}" for number in range(1, len(taken) + 2) if f"rId{number}" not in taken)
        values = {"Id": rel_id, "Type": _OFFICE + "hyperlink", "Target": target, "TargetMode": "External"}
        etree.SubElement(root, PACKAGE_RELS + "Relationship", values)
        self.package = self.package.replaced({name: serialise_xml(root)})
        return rel_id


def _make_separator(kind: str, number: int, name: str) -> Element:
    """The line above the notes of a page, which every part with notes begins with. See: ECMA-376-1 17.11.23."""
    note = etree.Element(W + kind, {W + "type": name, W + "id": str(number)})
    paragraph = etree.SubElement(note, W + "p")
    etree.SubElement(etree.SubElement(paragraph, W + "r"), W + name)
    return note


def take_line(cuttings: list[Cutting], size: int) -> Iterator[Cutting]:
    """The cuttings of the next `size` code points, which leave the list; one that goes on is cut in two."""
    while size > 0 and cuttings:
        first = cuttings.pop(0)
        if len(first.text) > size:
            look = first.node.find(W + "rPr")
            texts = first.text[:size], first.text[size:]
            first, rest = (Cutting(text=text, node=make_run(text, look), link=first.link) for text in texts)
            cuttings.insert(0, rest)
        size -= len(first.text)
        if first.text != ATOM or len(first.node) > (first.node.find(W + "rPr") is not None):
            yield first
