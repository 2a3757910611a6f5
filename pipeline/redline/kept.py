"""Stretches that were written before, put back as they were: a late version changes a few of them only.

See: docs/analysis/merge.md, Written once.
"""

import json
import re
import secrets
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, takewhile, zip_longest
from typing import Protocol

from lxml import etree

from pipeline.redline.model import Story
from pipeline.redline.ooxml import BOOKMARKS, W
from pipeline.redline.spans import Line
from pipeline.redline.stretches import Stretch
from pipeline.redline.surgery import StoryWriter

Element = etree._Element
Marks = list[tuple[Element, tuple[str, ...]]]

_REVISIONS = (W + "ins", W + "del")
_COMMENT_ENDS = tuple(W + name for name in ("commentRangeStart", "commentRangeEnd", "commentReference"))
#: for private use: where the id of a revision goes, and what encloses the position of a comment in its stretch
_REVISION, _COMMENT = "\ue000", "\ue001"
_XMLNS = " xmlns"
_DECLARATIONS = re.compile(r'(?: xmlns(?::[\w.-]+)?="[^"]*")+')


class KnownStretches(Protocol):
    """How stretches were written, by `Stretch.make_key`; a dict will do."""

    def get(self, key: str, /) -> str | None:
        """What `consolidate` made of the stretch; None when it was not written yet."""

    def __setitem__(self, key: str, text: str, /) -> None:
        """Keep it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Place:
    """Where a stretch that can be kept stands in the file."""

    stretch: Stretch
    #: as `Stretch.make_key`
    key: str
    #: what stands before its first paragraph while nothing is written there; None for nothing
    before: Element | None
    first: Element
    last: Element


class Kept:
    """What is known of the stretches of one file, and what is learnt of them. The same bytes come out either way."""

    def __init__(self, base: str, known: KnownStretches) -> None:
        """`base` is the hex sha256 of the file they are written into."""
        self._base = base
        self._known = known
        # nothing that comes from a file can have this name
        self._tag = f"kept-{secrets.token_hex(16)}"
        #: what stands in for a stretch -> how it was written, and the ids of its comments
        self._stand_ins: dict[Element, tuple[str, Sequence[str]]] = {}

    def write(self, writer: StoryWriter, line: Line, story: Story, stretches: Sequence[Stretch], marks: Marks) -> None:
        """Write the stretches of a story; one element stands in for each that is known. `marks`: as of the writer."""
        places = list(self._find_places(line, story, stretches))
        found = [self._known.get(place.key) for place in places]
        done = {place.stretch.first for place, text in zip(places, found, strict=True) if text is not None}
        fresh = [one for one in stretches if one.first not in done]
        writer.write([edit for one in fresh for edit in one.edits], [anchor for one in fresh for anchor in one.anchors])
        self._keep([place for place in places if place.stretch.first not in done], dict(marks))
        for place, text in zip(places, found, strict=True):
            if text is not None:
                marks += self._put_back(place, text)

    def _find_places(self, line: Line, story: Story, stretches: Iterable[Stretch]) -> Iterator[_Place]:
        paragraphs = {span.start: span.element for span in line.spans if span.is_mark}
        for one in stretches:
            first, last = (paragraphs.get(story.paragraphs[position].end) for position in (one.first, one.last))
            if first is not None and last is not None and first.getparent() is last.getparent() and one.is_plain(story):
                key = one.make_key(self._base)
                yield _Place(stretch=one, key=key, before=first.getprevious(), first=first, last=last)

    def _keep(self, places: Iterable[_Place], keys_of: dict[Element, tuple[str, ...]]) -> None:
        for place in places:
            elements = _list_up_to(place.last, place.before)
            numbered = [one for element in elements for one in element.iter(*_REVISIONS, *_COMMENT_ENDS)]
            revisions = [one for one in numbered if one.tag in _REVISIONS]
            ends = [one for one in numbered if one.tag in _COMMENT_ENDS]
            keys = [keys_of.get(mark, ()) for mark in revisions]
            text = _take_out(elements, revisions, ends, place.stretch.comments)
            if text and all(keys):
                self._known[place.key] = f"{json.dumps(keys)}\n{text}"

    def _put_back(self, place: _Place, known: str) -> Marks:
        """Put an element with as many revisions where a stretch was; they are numbered in its stead."""
        keys, _, text = known.partition("\n")
        stand_in, parent = etree.Element(self._tag), place.first.getparent()
        assert parent is not None
        # never written as one tag: see `fill_in`
        stand_in.text = ""
        place.first.addprevious(stand_in)
        for one in _list_up_to(place.last, stand_in):
            stand_in.extend(list(one.iter(*BOOKMARKS)))
            parent.remove(one)
        self._stand_ins[stand_in] = (text, place.stretch.comments)
        return [(etree.SubElement(stand_in, W + "ins"), tuple(several)) for several in json.loads(keys)]

    def fill_in(self, part: bytes) -> bytes:
        """The bytes of a part with its kept stretches in it, numbered as what stands in for them is."""
        # every other piece is what stands in: a tag has its name at its start and at its end
        between = part.split(self._tag.encode())[::2]
        texts = [_fill(stand_in, *written).encode() for stand_in, written in self._stand_ins.items()]
        cut = [piece[bool(place) : -1] for place, piece in enumerate(between[:-1])]
        cut.append(between[-1][bool(texts) :])
        return b"".join(chain.from_iterable(zip_longest(cut, texts, fillvalue=b"")))


def _list_up_to(last: Element, before: Element | None) -> list[Element]:
    """The siblings behind `before`, or from the first on where that is None, up to `last`."""
    preceding = takewhile(lambda one: one is not before, last.itersiblings(preceding=True))
    return [*reversed(list(preceding)), last]


def _take_out(
    elements: Sequence[Element], revisions: Sequence[Element], all_ends: Iterable[Element], comments: Sequence[str]
) -> str:
    """The XML of a written stretch with gaps for its numbers; "" when it cannot stand by itself."""
    ends = [one for one in all_ends if one.get(W + "id") in comments]
    numbers = [one.get(W + "id", "") for one in ends]
    for mark in revisions:
        mark.set(W + "id", _REVISION)
    for end, number in zip(ends, numbers, strict=True):
        end.set(W + "id", f"{_COMMENT}{comments.index(number)}{_COMMENT}")
    text = "".join([etree.tostring(one, encoding="unicode") for one in elements])
    for end, number in zip(ends, numbers, strict=True):
        end.set(W + "id", number)
    declarations = _DECLARATIONS.search(text)
    counts = (text.count(_REVISION), text.count(_COMMENT), text.count(_XMLNS))
    # otherwise these characters stand in its words, or names are declared further in
    if declarations is None or counts != (len(revisions), 2 * len(ends), declarations[0].count(_XMLNS) * len(elements)):
        return ""
    return text.replace(declarations[0], "")


def _fill(stand_in: Element, text: str, comments: Sequence[str]) -> str:
    """The XML of a stretch with its numbers."""
    ids = [one.get(W + "id", "") for one in stand_in.iterchildren(W + "ins")]
    numbered = "".join(chain.from_iterable(zip_longest(text.split(_REVISION), ids, fillvalue="")))
    parts = numbered.split(_COMMENT)
    parts[1::2] = [comments[int(position)] for position in parts[1::2]]
    return "".join(parts)
