"""Changes carried from one revision to a newer one by the words that stayed. See: docs/analysis/merge.md."""

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal

from pipeline.redline.align import align_lines
from pipeline.redline.diff import diff_words
from pipeline.redline.model import BaseText, Change, ChangeKind, Story

Result = Literal["kept", "kept_paragraph_changed", "needs_reanchoring"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rebased:
    """A change after its base was replaced."""

    #: in offsets of the new base; None when a person has to place it
    change: Change | None
    result: Result


def rebase(change: Change, old: BaseText, new: BaseText) -> Rebased:
    """The change in coordinates of `new`, if the words it speaks of are still there as they were."""
    if change.kind is ChangeKind.COMMENT and (change.story, change.start, change.end) == ("body", 0, 0):
        # a remark on the draft as a whole
        return Rebased(change=change, result="kept")
    lost = Rebased(change=None, result="needs_reanchoring")
    stories = [next((one for one in base.stories if one.name == change.story), None) for base in (old, new)]
    if stories[0] is None or stories[1] is None:
        return lost
    chart = _Chart(stories[0], stories[1])
    spot = chart.carry(change.start, change.end, block=_is_block(change.new))
    if spot is None:
        return lost
    start, end, changed = spot
    target = change.target
    if target is not None:
        there = chart.carry(target, target, block=_is_block(change.old))
        if there is None:
            return lost
        target, changed = there[0], changed or there[2]
    moved = replace(change, start=start, end=end, target=target)
    return Rebased(change=moved, result="kept_paragraph_changed" if changed else "kept")


def _is_block(text: str) -> bool:
    return text.endswith("\n")


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """A stretch of the old text that the new one has too."""

    #: offsets in the old text
    start: int
    end: int
    #: offset in the new text
    to: int
    #: whether the rest of its paragraph is as it was
    whole: bool


class _Chart:
    """Where the stretches of one story went in its newer form."""

    def __init__(self, old: Story, new: Story) -> None:
        self._kept = find_kept(old, new)
        self._starts = [one.start for one in self._kept]
        self._old = old
        self._new = new

    def carry(self, start: int, end: int, *, block: bool) -> tuple[int, int, bool] | None:
        """(start, end, whether its paragraph changed) in the new text; None when its words did not stay."""
        if start == end:
            return self._carry_gap(start, block=block)
        kept = self._cover(start, end)
        if not kept:
            return None
        shift = kept[0].to - kept[0].start
        if any(one.to - one.start != shift for one in kept):
            return None
        return start + shift, end + shift, not all(one.whole for one in kept)

    def _cover(self, start: int, end: int) -> list[Kept]:
        """The stretches that hold every character from `start` to `end`; none when a character is missing."""
        first = max(bisect_right(self._starts, start) - 1, 0)
        found = [one for one in self._kept[first:] if one.start < end and start < one.end]
        if not found or found[0].start > start or found[-1].end < end:
            return []
        joined = all(left.end == right.start for left, right in zip(found, found[1:], strict=False))
        return found if joined else []

    def _carry_gap(self, gap: int, *, block: bool) -> tuple[int, int, bool] | None:
        """Words between two others need both; whole paragraphs go behind the paragraph they followed."""
        before, after = self._cover(gap - 1, gap) if gap else [], self._cover(gap, gap + 1)
        if block or not gap or gap == len(self._old.text):
            near = before or after
            if not near:
                return (0, 0, True) if not gap else None
            at = gap + near[0].to - near[0].start
            return at, at, not near[0].whole
        at_border = self._old.text[gap - 1] in "\n\ufffc"
        held = [*([] if at_border else before), *after]
        if len(held) < (1 if at_border else 2):
            return None
        places = {gap + one.to - one.start for one in held}
        at = places.pop()
        return None if places else (at, at, not all(one.whole for one in held))


@lru_cache(maxsize=32)
def find_kept(old: Story, new: Story) -> tuple[Kept, ...]:
    """The stretches in the order of the old text; a paragraph found unchanged elsewhere counts as kept."""
    return tuple(sorted(_align(old, new), key=lambda one: one.start))


def _align(old: Story, new: Story) -> Iterator[Kept]:
    olds, news = _lines(old), _lines(new)
    lost: list[tuple[int, str]] = []
    added: dict[str, list[int]] = {}
    for block in align_lines([text for _, text in olds], [text for _, text in news]):
        left, right = olds[block.old_start : block.old_end], news[block.new_start : block.new_end]
        if left and right:
            yield from _match(left[0][0], "".join(text for _, text in left), right[0][0], "".join(t for _, t in right))
            continue
        lost += left
        for start, text in right:
            added.setdefault(text, []).append(start)
    for start, text in lost:
        places = added.get(text, [])
        if text.strip() and len(places) == 1:
            yield Kept(start=start, end=start + len(text), to=places[0], whole=True)


def _match(at_old: int, old: str, at_new: int, new: str) -> Iterator[Kept]:
    differences = diff_words(old, new)
    done, shift = 0, at_new - at_old
    for start, end, text in [*differences, (len(old), len(old), "")]:
        if done < start:
            yield Kept(start=at_old + done, end=at_old + start, to=at_old + done + shift, whole=not differences)
        done = end
        shift += len(text) - (end - start)


def _lines(story: Story) -> list[tuple[int, str]]:
    """(offset, text with its mark) of every paragraph, tables as lines of their own."""
    lines = []
    start = 0
    for paragraph in story.paragraphs:
        if start < paragraph.start:
            lines.append((start, story.text[start : paragraph.start]))
        lines.append((paragraph.start, story.text[paragraph.start : paragraph.end + 1]))
        start = paragraph.end + 1
    return lines
