"""One file with the proposals of all agencies as tracked changes on the base. See: docs/analysis/merge.md."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from lxml import etree

from pipeline.errors import UsageError
from pipeline.redline.anchoring import lead_to_body
from pipeline.redline.annex import Annex, write_annexes
from pipeline.redline.edits import Edit, find_edits
from pipeline.redline.formats import ORDER
from pipeline.redline.formats_write import FormatWriter, find_said
from pipeline.redline.furniture import enclose_ledger, turn_on_tracking
from pipeline.redline.grafts import Grafts
from pipeline.redline.kept import Kept, KnownStretches
from pipeline.redline.ledger import write_ledger
from pipeline.redline.model import BaseText, Merge, Proposal
from pipeline.redline.ooxml import BOOKMARKS, DELETING, INSERTING, W
from pipeline.redline.opc import Package, open_package, serialise_xml
from pipeline.redline.remarks import find_remarks, write_remarks
from pipeline.redline.resolve import has_changes, reject_all
from pipeline.redline.rows import write_rows
from pipeline.redline.spans import Line
from pipeline.redline.story import Document, read_document
from pipeline.redline.stretches import find_stretches
from pipeline.redline.surgery import Anchor, StoryWriter

Element = etree._Element
Marks = list[tuple[Element, tuple[str, ...]]]

_MOVE_ENDS = {W + "moveFromRangeEnd", W + "moveToRangeEnd"}
_MOVE_STARTS = {W + "moveFromRangeStart", W + "moveToRangeStart"}
_FORMAT_CHANGES = tuple(W + kind + "Change" for kind in ORDER)
_NUMBERED = (*INSERTING, *DELETING, *_MOVE_STARTS, *_MOVE_ENDS, *_FORMAT_CHANGES)


@dataclass(frozen=True, slots=True, kw_only=True)
class Consolidated:
    """A consolidated file and its ledger."""

    docx: bytes
    #: JSON; the same text lies in the file
    ledger: str


def consolidate(
    base_docx: bytes,
    merge: Merge,
    proposals: Mapping[str, Proposal],
    sources: Mapping[str, str],
    *,
    secretariat: str,
    date: datetime,
    annexes: Sequence[Annex] = (),
    known: KnownStretches | None = None,
) -> Consolidated:
    """The consolidated file with the ledger that names its revision ids; `sources` as in `write_ledger`.

    Freshly written texts stand behind it as annexes. What is in `known` is not written anew; what is written is put
    there. The bytes are the same.

    Raises: UnreadableFileError; UsageError when the file is not the one the merge was made on.
    """
    document = open_original(base_docx, merge.base)
    texts = {story.name: story.text for story in merge.base.stories}
    said = find_said(merge, document.package)
    remarks = find_remarks(merge, proposals, secretariat=secretariat, date=date, said=said)
    main = document.package.main_part
    package, anchors = write_remarks(document.package, main, lead_to_body(document, remarks), texts)
    grafts = Grafts(package, document.roots)
    kept = None if known is None else Kept(hashlib.sha256(base_docx).hexdigest(), known)
    marks = write_edits(document, merge, anchors, grafts, said, kept) + write_annexes(document, annexes)
    ids = number_revisions(document, marks)
    package = store_roots(grafts.package, document)
    if kept is not None:
        package = package.replaced({main: kept.fill_in(package.parts[main])})
    ledger = write_ledger(merge, proposals, sources, annexes=annexes, revision_ids=ids)
    package = enclose_ledger(turn_on_tracking(package, main), main, ledger)
    return Consolidated(docx=package.to_bytes(), ledger=ledger)


def open_original(base_docx: bytes, base: BaseText) -> Document:
    """The document with every tracked change of its own rejected, checked against the base text.

    Raises: UnreadableFileError; UsageError when its text is not that of `base`.
    """
    document = read_document(open_package(base_docx))
    if any(has_changes(root) for root in document.roots.values()):
        for root in document.roots.values():
            reject_all(root)
        document = read_document(store_roots(document.package, document))
    found = {stream.name: stream.original for stream in document.streams}
    for story in base.stories:
        if found.get(story.name) != story.text:
            raise UsageError(
                f"The file does not hold the text of this revision ({story.name} differs): "
                "give the file that was circulated as this revision."
            )
    return document


def write_edits(
    document: Document,
    merge: Merge,
    anchors: Mapping[str, Sequence[Anchor]],
    grafts: Grafts,
    said: frozenset[str],
    kept: Kept | None = None,
) -> Marks:
    """Put the changes and anchors into the trees of the document; the revision elements made, with their keys.

    The parts that inserted text needs are put into the package of `grafts`. Formatting in `said` is left out.
    What is in `kept` is not written anew.
    """
    formats = FormatWriter(document, merge.folded, said)
    marks: Marks = []
    by_story: dict[str, list[Edit]] = {}
    for edit in find_edits(merge):
        by_story.setdefault(edit.story, []).append(edit)
    for stream in document.streams:
        found, set_here = by_story.get(stream.name, []), anchors.get(stream.name, ())
        if found or set_here or formats.concerns(stream.name):
            line, story = Line(stream), merge.base.get_story(stream.name)
            formats.prepare(stream.name, line)
            writer = StoryWriter(line, story, marks, grafts)
            # a cell is written into by what is written of its table as well
            if kept is not None and stream.name == "body":
                stretches = find_stretches(story, found, set_here, formats.list_offsets(stream.name))
                kept.write(writer, line, story, stretches, marks)
            else:
                writer.write(found, set_here)
    return write_rows(document, merge.folded, grafts, marks) + formats.write()


def number_revisions(document: Document, marks: Marks) -> dict[str, tuple[int, ...]]:
    """Number all revision elements in document order; by key the ids of those that stand for it."""
    keys_of = {mark: keys for mark, keys in marks}
    number = max((_id_of(one) for root in document.roots.values() for one in root.iter(*BOOKMARKS)), default=0)
    found: dict[str, list[int]] = {}
    for root in document.roots.values():
        open_moves: dict[tuple[str, str], str] = {}
        for element in root.iter(*_NUMBERED):
            tag = element.tag
            if tag in _MOVE_ENDS:
                _close_move(element, open_moves.get(_name_move(element), "0"))
                continue
            number += 1
            element.set(W + "id", str(number))
            if tag in _MOVE_STARTS:
                open_moves[_name_move(element)] = str(number)
            for key in keys_of.get(element, ()):
                found.setdefault(key, []).append(number)
    return {key: tuple(ids) for key, ids in found.items()}


def _name_move(end: Element) -> tuple[str, str]:
    return str(end.tag).removesuffix("Start").removesuffix("End"), end.get(W + "name", "")


def _close_move(end: Element, number: str) -> None:
    """Give the end of a move the id of its start, which is all it may have. See: ECMA-376-1 17.13.5.24."""
    for attribute in end.attrib:
        del end.attrib[attribute]
    end.set(W + "id", number)


def _id_of(element: Element) -> int:
    value = element.get(W + "id", "")
    return int(value) if value.isdecimal() else 0


def store_roots(package: Package, document: Document) -> Package:
    """The package with the trees of the document as its parts."""
    return package.replaced({name: serialise_xml(root) for name, root in document.roots.items()})
