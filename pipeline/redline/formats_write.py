"""Changes of formatting put into a file as tracked ones, where nobody objects and the file has what they name."""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass

from lxml import etree

from pipeline.redline.edits import name_author, name_owners
from pipeline.redline.formats import apply_part, find_names
from pipeline.redline.formats_read import table_shape
from pipeline.redline.known import find_known
from pipeline.redline.marks import make_mark
from pipeline.redline.model import ChangeKind, Folded, Merge, Relation
from pipeline.redline.ooxml import W
from pipeline.redline.opc import Package, parse_xml
from pipeline.redline.spans import Line, find_nodes
from pipeline.redline.story import Document

Element = etree._Element
Marks = list[tuple[Element, tuple[str, ...]]]

#: where properties stand among the children of what they belong to. See: ECMA-376-1 A.1
_BEHIND = {"tblPrEx": (), "trPr": ("tblPrEx",), "tblGrid": ("tblPr",), "rPr": (), "pPr": (), "tcPr": (), "tblPr": ()}


def find_said(merge: Merge, package: Package, decided: Collection[str] = ()) -> frozenset[str]:
    """Keys of the changes of formatting that are told in a comment only: contested ones, and what the file lacks.

    Those in `decided` count as uncontested.
    """
    folded = [one for one in merge.folded if one.change.kind is ChangeKind.FORMATTING]
    if not folded:
        return frozenset()
    contested = {
        key for pair in merge.related if pair.relation is Relation.CONFLICT for key in (pair.first, pair.second)
    }
    known = find_known(package)
    said = (
        one.keys
        for one in folded
        if not _can_be_written(one, merge, known) or (contested & set(one.keys) and not set(one.keys) & set(decided))
    )
    return frozenset(key for keys in said for key in keys)


def _can_be_written(folded: Folded, merge: Merge, known: frozenset[tuple[str, str]]) -> bool:
    if not folded.change.content:
        return False
    content = _read(folded)
    shape, table = content.get("shape"), folded.change.story.rsplit("/", 2)[0]
    if shape is not None and shape != table_shape([story.name for story in merge.base.stories], table):
        return False
    return all(find_names(part) <= known for part in content)


def _read(folded: Folded) -> Element:
    return parse_xml(folded.change.content.encode())


@dataclass(frozen=True, slots=True, kw_only=True)
class _Recorded:
    """Who stands behind a recorded change of formatting."""

    owners: tuple[str, ...]
    keys: tuple[str, ...]


class FormatWriter:
    """Writes changes of formatting after all words are written; `said` as of `find_said`."""

    def __init__(self, document: Document, folded: Iterable[Folded], said: frozenset[str]) -> None:
        self._document = document
        self._lines: dict[str, Line] = {}
        self._recorded: dict[Element, _Recorded] = {}
        self._by_story: dict[str, list[Folded]] = {}
        for one in folded:
            if one.change.kind is ChangeKind.FORMATTING and not said & set(one.keys):
                self._by_story.setdefault(one.change.story, []).append(one)

    def concerns(self, name: str) -> bool:
        """Whether formatting changes in a story."""
        return name in self._by_story

    def list_offsets(self, name: str) -> list[tuple[int, int]]:
        """(start, end) of each change of formatting in a story."""
        return [(one.change.start, one.change.end) for one in self._by_story.get(name, ())]

    def prepare(self, name: str, line: Line) -> None:
        """Cut the spans of a story where formatting changes; to be called before its words are written."""
        for one in self._by_story.get(name, ()):
            for offset in (one.change.start, one.change.end):
                if offset < (line.spans[-1].end if line.spans else 0):
                    line.cut(offset)
        self._lines[name] = line

    def write(self) -> Marks:
        """Record every change of formatting; the elements that do, with their keys."""
        for name, several in self._by_story.items():
            for one in several:
                for part in _read(one):
                    self._write_part(part, one, self._lines[name])
        return [(change, recorded.keys) for change, recorded in self._recorded.items()]

    def _write_part(self, part: Element, folded: Folded, line: Line) -> None:
        kind, change = part.get("of", ""), folded.change
        if kind == "rPr":
            for holder in _find_runs(line, change.start, change.end):
                self._change(holder, part, folded)
        elif kind == "pPr":
            marks = [span for span in line.spans if span.is_mark and change.start <= span.start <= change.end]
            for span in marks[:1]:
                self._change(span.element, part, folded)
        elif kind == "sectPr":
            self._change_section(line, part, folded)
        else:
            self._change_table(part, folded)

    def _change(self, holder: Element, part: Element, folded: Folded) -> None:
        kind = part.get("of", "")
        tag = W + "pPr" if kind == "rPr" and holder.tag == W + "p" else W + kind
        properties = _open(holder, tag)
        if tag != W + kind:
            properties = _open_mark(properties)
        apply_part(part, properties, self._recorder(properties, kind, folded))

    def _recorder(self, properties: Element, kind: str, folded: Folded) -> Callable[[], Element | None]:
        """Makes the element that records a change; where one is recorded already its owners are joined."""
        known = next((one for one in properties if one in self._recorded), None)

        def record() -> Element | None:
            owners, keys = folded.owners, folded.keys
            if known is not None:
                earlier = self._recorded[known]
                owners = tuple(dict.fromkeys((*earlier.owners, *owners)))
                self._recorded[known] = _Recorded(owners=owners, keys=(*earlier.keys, *keys))
                known.set(W + "author", name_owners(owners))
                return None
            change = make_mark(f"{kind}Change", name_author(owners, folded.change), folded.change.date)
            if kind == "tblGrid":
                # the grid of a table names nobody. See: ECMA-376-1 17.13.5.33
                for attribute in [one for one in change.attrib if one != W + "id"]:
                    del change.attrib[attribute]
            self._recorded[change] = _Recorded(owners=owners, keys=keys)
            return change

        return record

    def _change_section(self, line: Line, part: Element, folded: Folded) -> None:
        change = folded.change
        if change.start == change.end:
            section = self._document.roots[line.part].find(f"{W}body/{W}sectPr")
        else:
            paragraphs = (span.element for span in line.spans if span.is_mark and span.start == change.end)
            section = next((one.find(f"{W}pPr/{W}sectPr") for one in paragraphs), None)
        if section is not None:
            apply_part(part, section, self._recorder(section, "sectPr", folded))

    def _change_table(self, part: Element, folded: Folded) -> None:
        table = folded.change.story.rsplit("/", 2)[0]
        name = f"{table}/r{part.get('row')}/c{part.get('cell')}"
        stream = next(one for one in self._document.streams if one.name == name)
        tag = {"tblPr": W + "tbl", "tblGrid": W + "tbl", "tcPr": W + "tc"}.get(part.get("of", ""), W + "tr")
        holder = next(stream.pieces[-1].element.iterancestors(tag), None)
        if holder is not None:
            self._change(holder, part, folded)


def _find_runs(line: Line, start: int, end: int) -> Sequence[Element]:
    """The runs and, for their marks, the paragraphs of a passage, each once."""
    found: list[Element] = []
    for span in line.spans:
        if span.start < end and start < span.end and not span.is_table:
            found += [span.element] if span.is_mark else [node for node in find_nodes(span) if node.tag == W + "r"]
    return list(dict.fromkeys(found))


def _open(holder: Element, tag: str) -> Element:
    """The properties of something, made when it has none."""
    properties = holder.find(tag)
    if properties is None:
        properties = etree.Element(tag)
        before = _BEHIND.get(etree.QName(tag).localname, ())
        holder.insert(sum(etree.QName(child).localname in before for child in holder), properties)
    return properties


def _open_mark(properties: Element) -> Element:
    """The run properties of a paragraph mark. See: ECMA-376-1 17.3.1.29."""
    found = properties.find(W + "rPr")
    if found is None:
        found = etree.Element(W + "rPr")
        later = [child for child in properties if child.tag in (W + "sectPr", W + "pPrChange")]
        properties.insert(properties.index(later[0]) if later else len(properties), found)
    return found
