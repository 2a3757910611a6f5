"""Untracked changes: what one story says otherwise than the base, as a person would have marked it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from pipeline.redline.align import Block, align_lines
from pipeline.redline.diff import diff_spans
from pipeline.redline.fold import bare_token, count_words, fold_token
from pipeline.redline.model import BaseText, Change, ChangeKind, Paragraph, Story
from pipeline.redline.ooxml import ATOM
from pipeline.redline.sides import Segment, Sides
from pipeline.redline.unpaired import Found, Unpaired, is_contents_line


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """What two versions of a story share and where they differ."""

    #: in the order of the file
    segments: tuple[Segment, ...]
    #: in offsets of the base, each with its offset in the file
    changes: tuple[tuple[int, Change], ...]
    #: words of the base that the file has
    words_found: int
    #: pictures, fields or notes are more, fewer or elsewhere
    atoms_differ: bool


def compare_stories(
    theirs: Story, ours: Story, numbered: Callable[[], BaseText], *, blanks: bool = False, exact: bool = False
) -> Comparison:
    """How their version of a story differs from ours, the base.

    `numbered` gives their text with the printed numbers of its paragraphs. With `blanks` empty paragraphs count, with
    `exact` spaces and quotation marks as well.
    """
    sides = Sides(theirs=theirs, ours=ours, numbered=numbered)
    paired, unpaired = _Paired(sides, exact=exact), Unpaired(sides)
    for block in align_lines(_lines(ours), _lines(theirs)):
        if block.paired:
            paired.compare(
                ours.paragraphs[block.old_start : block.old_end], theirs.paragraphs[block.new_start : block.new_end]
            )
        else:
            _take(unpaired, block, sides)
    found = [*paired.changes, *unpaired.settle(blanks=blanks)]
    segments = sorted([*paired.segments, *unpaired.segments], key=lambda segment: segment.start)
    return Comparison(
        segments=tuple(segments),
        changes=tuple(sorted(found, key=lambda one: (one[1].start, one[1].end, one[0]))),
        words_found=sum(count_words(ours.text[one.base_start : one.base_end]) for one in segments),
        atoms_differ=theirs.text.count(ATOM) != ours.text.count(ATOM),
    )


def _lines(story: Story) -> list[str]:
    return [story.text[one.start : one.end] for one in story.paragraphs]


def _take(unpaired: Unpaired, block: Block, sides: Sides) -> None:
    ours = sides.ours.paragraphs
    place = ours[block.old_start - 1].end + 1 if block.old_start else 0
    lost, new = ours[block.old_start : block.old_end], sides.theirs.paragraphs[block.new_start : block.new_end]
    unpaired.take(lost, place, new)


class _Paired:
    """Collects what differs in paragraphs that both have."""

    def __init__(self, sides: Sides, *, exact: bool) -> None:
        self._sides = sides
        self._exact = exact
        self.segments: list[Segment] = []
        self.changes: list[Found] = []

    def compare(self, ours: Sequence[Paragraph], theirs: Sequence[Paragraph]) -> None:
        """Compare one paragraph with one or, split or joined, with several."""
        base_start, start = self._sides.find_starts(ours[0], theirs[0])
        old, new = self._sides.ours.text[base_start : ours[-1].end], self._sides.theirs.text[start : theirs[-1].end]
        spans = () if old == new else diff_spans(old, new, key=bare_token if self._exact else fold_token)
        if spans and spans[0][0] == spans[0][2] == 0 and self._sides.changes_number(ours[0], theirs[0]):
            # the number went, or came, with the words behind it
            self._note(ours[0].start, base_start, theirs[0].start, start)
        at_old = at_new = 0
        for old_start, old_end, new_start, new_end in (*spans, (len(old), len(old), len(new), len(new))):
            self.segments += self._sides.share(
                base_start + at_old, base_start + old_start, start + at_new, start + new_start
            )
            if not is_contents_line(ours[0]):
                self._note(base_start + old_start, base_start + old_end, start + new_start, start + new_end)
            at_old, at_new = old_end, new_end
        self.segments.append(self._sides.share_mark(ours[-1], theirs[-1]))

    def _note(self, base_start: int, base_end: int, start: int, end: int) -> None:
        old = self._sides.ours.text[base_start:base_end]
        new = self._sides.theirs.text[start:end].replace(ATOM, "")
        if new == old.replace(ATOM, "") or not (self._exact or _has_words(old) or _has_words(new)):
            return
        kind = ChangeKind.REPLACEMENT if old and new else ChangeKind.INSERTION if new else ChangeKind.DELETION
        self.changes.append((start, self._sides.make_change(kind, base_start, base_end, new)))


def _has_words(text: str) -> bool:
    """Whether there is something to read; paragraph marks count as something."""
    return bool(text.replace(ATOM, "").strip(" \t\v\u00a0\u2002\u2003\u2009\u202f\u00ad"))
