"""The words a change really changes. See: docs/analysis/merge.md, Changed words."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from pipeline.redline.diff import diff_words
from pipeline.redline.model import TABLE_KINDS, WORDLESS_KINDS, Change, ChangeKind

_FLOATING = " \n"
#: changes remembered with their differences: every look at a draft compares the same ones
REMEMBERED = 4096


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Island:
    """A stretch of the story that changes, and what stands there instead."""

    #: offsets in the story; equal for insertions
    start: int
    end: int
    new: str

    @property
    def inserts_only(self) -> bool:
        """Whether nothing is removed."""
        return self.start == self.end


def find_islands(text: str, change: Change) -> tuple[Island, ...]:
    """The islands of a change in the story `text`, each at its right-hand place: what changes are compared by."""
    return tuple(sorted(_float_right(text, island) for island in trim(change)))


def trim(change: Change) -> tuple[Island, ...]:
    """The islands of a change where they are written; none for comments, formatting and table rows.

    A move is a deletion and an insertion.
    """
    if change.kind in WORDLESS_KINDS or change.kind in TABLE_KINDS:
        return ()
    if change.kind is ChangeKind.MOVE:
        target = change.start if change.target is None else change.target
        found = [
            Island(start=change.start, end=change.end, new=""),
            Island(start=target, end=target, new=change.old),
        ]
    else:
        found = [
            Island(start=change.start + start, end=change.start + end, new=new)
            for start, end, new in _differences(change.old, change.new)
        ]
    return tuple(sorted(found))


def is_block(text: str, island: Island) -> bool:
    """Whether the island adds whole paragraphs between two others."""
    at_start = island.start == 0 or text[island.start - 1] in "\n\ufffc"
    return island.inserts_only and island.new.endswith("\n") and at_start


def fold_space(text: str) -> str:
    """The text with every run of white space as one space and none at its ends."""
    return " ".join(text.split())


def are_same(one: Island, other: Island) -> bool:
    """Whether two islands put the same words in the same place."""
    return (one.start, one.end) == (other.start, other.end) and fold_space(one.new) == fold_space(other.new)


def do_clash(text: str, one: Island, other: Island) -> bool:
    """Whether not both islands can be taken as they are: a shared word, or different text for one gap."""
    if are_same(one, other):
        return False
    if one.start < other.end and other.start < one.end:
        return True
    if not (one.inserts_only or other.inserts_only) or not (one.new and other.new):
        return False
    # new words stand after the ones they replace, so the end of both is the gap they go to
    return one.end == other.end and is_block(text, one) == is_block(text, other)


@lru_cache(maxsize=REMEMBERED)
def _differences(old: str, new: str) -> Sequence[tuple[int, int, str]]:
    """What differs; stretches with nothing but one space between them are one."""
    if not old or not new:
        return ((0, len(old), new),)
    joined: list[tuple[int, int, str]] = []
    for start, end, text in diff_words(old, new):
        kept = old[joined[-1][1] : start] if joined else "-"
        if kept.strip(" "):
            joined.append((start, end, text))
        else:
            joined[-1] = (joined[-1][0], end, joined[-1][2] + kept + text)
    return joined


def _float_right(text: str, island: Island) -> Island:
    following = text[island.end : island.end + 1]
    if (
        not following
        or following not in _FLOATING
        or not (text[island.start : island.end] + island.new).strip(following)
    ):
        # one of several empty paragraphs or spaces stays the one it is: its neighbour may go as well
        return island
    if island.inserts_only and island.new.startswith(following):
        return Island(start=island.start + 1, end=island.end + 1, new=island.new[1:] + following)
    if not island.inserts_only and not island.new and text[island.start] == following:
        return replace(island, start=island.start + 1, end=island.end + 1)
    return island
