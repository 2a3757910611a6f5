"""Paragraphs that only one of two versions has: moved, written anew, emptied, deleted or inserted without a mark."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from pipeline.redline.align import line_key
from pipeline.redline.blanks import can_count, find_free, find_reach, is_blank
from pipeline.redline.model import Change, ChangeKind, Paragraph
from pipeline.redline.ooxml import ATOM
from pipeline.redline.sides import Segment, Sides, after_number

_TABLES = re.compile(f"(?:^|(?<=\n)){ATOM}+")
#: names of the styles of the lines of a table of contents, as Word and LibreOffice have them
_CONTENTS = re.compile(r"(?:toc|contents) \d", re.IGNORECASE)
#: shorter paragraphs that turn up elsewhere are chance
LEAST_WORDS_MOVED = 4

#: (offset in the base where it came, paragraph of the file)
New = tuple[int, Paragraph]
#: (offset in the file, change)
Found = tuple[int, Change]


class Unpaired:
    """The paragraphs without a partner in one story, until each is said as a change."""

    def __init__(self, sides: Sides) -> None:
        self._sides = sides
        self._lost: list[Paragraph] = []
        self._new: list[New] = []
        #: what was found to be in both after all
        self.segments: list[Segment] = []

    def take(self, lost: Sequence[Paragraph], place: int, new: Sequence[Paragraph]) -> None:
        """Note paragraphs of the base, and paragraphs of the file that came at `place` of the base."""
        self._lost += lost
        self._new += [(place, one) for one in new]

    def settle(self, *, blanks: bool) -> Iterator[Found]:
        """What became of them. `blanks` says whether empty paragraphs count."""
        self._leave_contents()
        yield from self._find_moves()
        yield from self._find_rewritten()
        yield from self._find_emptied()
        self._leave_blanks(blanks)
        yield from ((0, self._delete(one)) for one in self._lost)
        yield from self._insert_new()

    def _leave_contents(self) -> None:
        """Forget the lines of a table of contents: each program writes its own, in its own way."""
        lines = [one for one in self._sides.ours.paragraphs if is_contents_line(one)]
        self._lost = [one for one in self._lost if one not in lines]
        if lines:
            printed = self._sides.find_printed
            self._new = [one for one in self._new if not is_contents_line(printed(one[1]))]

    def _leave_blanks(self, count: bool) -> None:
        """Forget the empty paragraphs that say nothing."""
        ours, theirs = self._sides.ours, self._sides.theirs
        count = count and can_count(ours)
        free = [find_free(story) if count else frozenset[int]() for story in (ours, theirs)]
        self._lost = [one for one in self._lost if not is_blank(ours, one) or one.start in free[0]]
        self._new = [one for one in self._new if not is_blank(theirs, one[1]) or one[1].start in free[1]]

    def _pair(self, lost: Paragraph, new: New) -> None:
        self.segments.append(self._sides.share_mark(lost, new[1]))
        self._lost.remove(lost)
        self._new.remove(new)

    def _find_moves(self) -> Iterator[Found]:
        for lost in list(self._lost):
            key = line_key(self._sides.ours.text[lost.start : lost.end])
            if len(key.split()) < LEAST_WORDS_MOVED:
                continue
            theirs = self._sides.theirs.text
            new = next((one for one in self._new if line_key(theirs[one[1].start : one[1].end]) == key), None)
            if new is not None:
                yield new[1].start, self._move(lost, new)
                self._lost.remove(lost)
                self._new.remove(new)

    def _move(self, lost: Paragraph, new: New) -> Change:
        target, paragraph = new
        start, base_start = after_number(self._sides.theirs, paragraph), after_number(self._sides.ours, lost)
        self.segments += self._sides.share(base_start, lost.end, start, paragraph.end)
        return replace(self._sides.make_change(ChangeKind.MOVE, lost.start, lost.end + 1), target=target)

    def _find_rewritten(self) -> Iterator[Found]:
        """One lost and one new paragraph at the same place are one paragraph written anew."""
        for lost in list(self._lost):
            here = [one for one in self._new if one[0] in (lost.start, lost.end + 1)]
            alone = not any(_touch(one, lost) for one in self._lost)
            if len(here) == 1 and alone and not self._is_blank(lost) and not self._is_new_blank(here[0]):
                yield self._rewrite(lost, here[0])
                self._pair(lost, here[0])

    def _rewrite(self, lost: Paragraph, new: New) -> Found:
        sides, theirs = self._sides, new[1]
        base_start, start = lost.start, theirs.start
        if not sides.changes_number(lost, theirs):
            base_start, start = sides.find_starts(lost, theirs)
        old, words = sides.ours.text[base_start : lost.end], sides.theirs.text[start : theirs.end].replace(ATOM, "")
        if old[:1] == words[:1] == " ":
            # the space behind a number
            base_start, start, old, words = base_start + 1, start + 1, old[1:], words[1:]
        kind = ChangeKind.REPLACEMENT if old and words else ChangeKind.INSERTION if words else ChangeKind.DELETION
        return start, sides.make_change(kind, base_start, lost.end, words)

    def _find_emptied(self) -> Iterator[Found]:
        """A paragraph that lost all its words, or got its first ones, stays a paragraph."""
        for lost in list(self._lost):
            empty, reach = self._is_blank(lost), find_reach(self._sides.ours, lost)
            here = [one for one in self._new if one[0] in reach and self._is_new_blank(one) is not empty]
            if not here:
                continue
            # the nearest one
            new = here[-1] if here[-1][0] <= lost.start else here[0]
            taken = self._find_filled(new) if empty else lost
            if ATOM in self._sides.ours.text[taken.start : taken.end] and empty:
                # a picture is not what words took the place of
                continue
            yield self._rewrite(taken, new)
            self._pair(lost, new)

    def _find_filled(self, new: New) -> Paragraph:
        """The one of several empty paragraphs that the words of a new one stand in: at its place, or right before."""
        return next(
            one for one in self._sides.ours.paragraphs if new[0] in (one.start, one.end + 1) and self._is_blank(one)
        )

    def _is_blank(self, lost: Paragraph) -> bool:
        return is_blank(self._sides.ours, lost)

    def _is_new_blank(self, new: New) -> bool:
        return is_blank(self._sides.theirs, new[1])

    def _delete(self, lost: Paragraph) -> Change:
        text = self._sides.ours.text
        # the mark of a story's only paragraph, or of the one behind a closing table, has to stay
        stays = lost.end + 1 == len(text) and not text[: lost.start].endswith("\n")
        return self._sides.make_change(ChangeKind.DELETION, lost.start, lost.end if stays else lost.end + 1)

    def _insert_new(self) -> Iterator[Found]:
        """New paragraphs at one place are one insertion, unless a table stands between them."""
        inserted: dict[tuple[int, int], tuple[int, str]] = {}
        for place, paragraph in self._new:
            line = self._sides.theirs.text[paragraph.start : paragraph.end].replace(ATOM, "")
            group = (place, self._tables_before(paragraph))
            first, text = inserted.get(group, (paragraph.start, ""))
            inserted[group] = (first, text + line + "\n")
        for (place, _), (first, text) in inserted.items():
            yield first, self._sides.make_change(ChangeKind.INSERTION, place, place, text)

    def _tables_before(self, paragraph: Paragraph) -> int:
        """How many tables of the file stand before one of its paragraphs."""
        return sum(map(len, _TABLES.findall(self._sides.theirs.text[: paragraph.start])))


def is_contents_line(paragraph: Paragraph) -> bool:
    """Whether it is a line of a table of contents, which follows from the headings."""
    return bool(_CONTENTS.match(paragraph.style))


def _touch(one: Paragraph, other: Paragraph) -> bool:
    return one.end + 1 == other.start or other.end + 1 == one.start
