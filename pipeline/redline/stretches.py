"""Neighbouring paragraphs that proposals are written into, apart from all others. See: docs/analysis/merge.md."""

import hashlib
from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import partial

from pipeline.redline.edits import Edit
from pipeline.redline.model import Story
from pipeline.redline.ooxml import ATOM
from pipeline.redline.surgery import Anchor

#: positions of the first and the last paragraph
Range = tuple[int, int]


@dataclass(slots=True, kw_only=True)
class Stretch:
    """Neighbouring paragraphs with everything that is written into them; nothing of it reaches beyond them."""

    #: positions of the first and the last paragraph in the story
    first: int
    last: int
    #: in the order in which they are written
    edits: list[Edit] = field(default_factory=list)
    anchors: list[Anchor] = field(default_factory=list)
    #: whether looks are changed there, which is written after all words
    dressed: bool = False

    @property
    def comments(self) -> tuple[str, ...]:
        """The ids of the comments that stand there, each once."""
        return tuple(dict.fromkeys(anchor.comment for anchor in self.anchors))

    def make_key(self, base: str) -> str:
        """Hex sha256 of all that bears on how it is written into the file that `base` names."""
        edits = [
            (one.start, one.end, one.new, one.author, str(one.date), one.owners, one.keys, one.content)
            for one in self.edits
        ]
        # the number of a comment changes with every comment before it
        numbers = {comment: number for number, comment in enumerate(self.comments)}
        anchors = [(one.offset, one.closes, one.whole, numbers[one.comment]) for one in self.anchors]
        return hashlib.sha256(repr((base, self.first, self.last, edits, anchors)).encode()).hexdigest()

    def is_plain(self, story: Story) -> bool:
        """Whether words are put among words and no more: no object, link, move or table, no other looks."""
        text = story.text[story.paragraphs[self.first].start : story.paragraphs[self.last].end]
        return not (self.dressed or ATOM in text) and not any(
            edit.move or edit.source or edit.table or ATOM in edit.new or "link=" in edit.content for edit in self.edits
        )


def find_stretches(
    story: Story, edits: Sequence[Edit], anchors: Sequence[Anchor], dressed: Sequence[tuple[int, int]]
) -> list[Stretch]:
    """The stretches of a story that has paragraphs, in order; each holds its edits and anchors in the order given.

    `dressed` has the offsets between which looks change.
    """
    find_range = partial(_find_range, story.text, [paragraph.start for paragraph in story.paragraphs])
    edited = [find_range(edit.start, edit.end) for edit in edits]
    anchored = [find_range(anchor.offset, anchor.offset) for anchor in anchors]
    looks = [find_range(start, end) for start, end in dressed]
    stretches = [Stretch(first=first, last=last) for first, last in _join(edited + anchored + looks)]
    starts = [one.first for one in stretches]

    def find(place: Range) -> Stretch:
        return stretches[bisect_right(starts, place[0]) - 1]

    for edit, place in zip(edits, edited, strict=True):
        find(place).edits.append(edit)
    for anchor, place in zip(anchors, anchored, strict=True):
        find(place).anchors.append(anchor)
    for place in looks:
        find(place).dressed = True
    return stretches


def _find_range(text: str, starts: Sequence[int], start: int, end: int) -> Range:
    """The paragraphs that what is written at these offsets may change; before a table also the one behind it."""
    first, last = (max(bisect_right(starts, offset) - 1, 0) for offset in (start, end))
    return first, min(last + (text[end : end + 1] == ATOM), len(starts) - 1)


def _join(ranges: Iterable[Range]) -> list[Range]:
    """The ranges in order, those that share a paragraph as one."""
    joined: list[Range] = []
    for first, last in sorted(ranges):
        if joined and first <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(last, joined[-1][1]))
        else:
            joined.append((first, last))
    return joined
