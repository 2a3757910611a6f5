"""Untracked changes: what one story says otherwise than the base, as a person would have marked it."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from pipeline.redline.align import Block, align_lines, line_key
from pipeline.redline.diff import diff_spans
from pipeline.redline.fold import count_words, find_typed_number, fold_token, split_tokens
from pipeline.redline.model import BaseText, Change, ChangeKind, Origin, Paragraph, Story
from pipeline.redline.ooxml import ATOM

_TABLES = re.compile(f"(?:^|(?<=\n)){ATOM}+")
#: shorter paragraphs that turn up elsewhere are chance
LEAST_WORDS_MOVED = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """A stretch that both texts have."""

    start: int
    end: int
    base_start: int
    base_end: int


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


def compare_stories(theirs: Story, ours: Story, numbered: Callable[[], BaseText]) -> Comparison:
    """How their version of a story differs from ours, the base.

    `numbered` gives their text with the printed numbers of its paragraphs.
    """
    comparing = _Comparing(theirs, ours, numbered)
    for block in align_lines(_lines(ours), _lines(theirs)):
        comparing.take(block)
    changes = sorted(comparing.finish(), key=lambda found: (found[1].start, found[1].end, found[0]))
    segments = sorted(comparing.segments, key=lambda segment: segment.start)
    return Comparison(
        segments=tuple(segments),
        changes=tuple(changes),
        words_found=sum(count_words(ours.text[one.base_start : one.base_end]) for one in segments),
        atoms_differ=theirs.text.count(ATOM) != ours.text.count(ATOM),
    )


def _lines(story: Story) -> list[str]:
    return [story.text[one.start : one.end] for one in story.paragraphs]


class _Comparing:
    """Collects what differs, block by block."""

    def __init__(self, theirs: Story, ours: Story, numbered: Callable[[], BaseText]) -> None:
        self.theirs = theirs
        self.ours = ours
        self._numbered = numbered
        self.segments: list[Segment] = []
        self._changes: list[tuple[int, Change]] = []
        #: paragraphs of the base that have no partner
        self._lost: list[Paragraph] = []
        #: (offset in the base, paragraph) of new ones
        self._new: list[tuple[int, Paragraph]] = []

    def take(self, block: Block) -> None:
        if block.paired:
            self._compare(
                self.ours.paragraphs[block.old_start : block.old_end],
                self.theirs.paragraphs[block.new_start : block.new_end],
            )
            return
        self._lost += self.ours.paragraphs[block.old_start : block.old_end]
        before = self.ours.paragraphs[block.old_start - 1].end + 1 if block.old_start else 0
        self._new += [(before, one) for one in self.theirs.paragraphs[block.new_start : block.new_end]]

    def finish(self) -> list[tuple[int, Change]]:
        """The changes with their offsets in the file; what has no partner is moved, replaced, deleted or inserted."""
        self._find_moves()
        self._find_rewritten()
        self._changes += [(0, self._deletion(one)) for one in self._lost if self._key(self.ours, one)]
        self._insert_new()
        return self._changes

    def _key(self, story: Story, paragraph: Paragraph) -> str:
        return line_key(story.text[paragraph.start : paragraph.end])

    def _compare(self, ours: Sequence[Paragraph], theirs: Sequence[Paragraph]) -> None:
        base_start, start = self._text_starts(ours[0], theirs[0])
        old, new = self.ours.text[base_start : ours[-1].end], self.theirs.text[start : theirs[-1].end]
        at_old = at_new = 0
        spans = () if old == new else diff_spans(old, new, key=fold_token)
        if spans and spans[0][0] == spans[0][2] == 0 and self._changes_number(ours[0], theirs[0]):
            # the number went, or came, with the words behind it
            self._note(ours[0].start, base_start, self.theirs.text[theirs[0].start : start], theirs[0].start)
        for old_start, old_end, new_start, new_end in (*spans, (len(old), len(old), len(new), len(new))):
            self._share(old[at_old:old_start], new[at_new:new_start], base_start + at_old, start + at_new)
            self._note(base_start + old_start, base_start + old_end, new[new_start:new_end], start + new_start)
            at_old, at_new = old_end, new_end
        mark, base_mark = theirs[-1].end, ours[-1].end
        self.segments.append(Segment(start=mark, end=mark + 1, base_start=base_mark, base_end=base_mark + 1))

    def _text_starts(self, ours: Paragraph, theirs: Paragraph) -> tuple[int, int]:
        """Where their texts begin behind a typed number, with the space before it where both have one."""
        starts = _after_number(self.ours, ours), _after_number(self.theirs, theirs)
        if starts[0] == ours.start or starts[1] == theirs.start:
            return starts
        return _before_space(self.ours, ours.start, starts[0]), _before_space(self.theirs, theirs.start, starts[1])

    def _changes_number(self, ours: Paragraph, theirs: Paragraph) -> bool:
        """Whether only one has a typed number, and the other none that a program wrote instead."""
        old, new = (_after_number(story, one) > one.start for story, one in ((self.ours, ours), (self.theirs, theirs)))
        if old and not new:
            return not self._their_number(theirs)
        return new and not ours.number

    def _their_number(self, paragraph: Paragraph) -> str:
        story = self._numbered().get_story(self.theirs.name)
        return next(one.number for one in story.paragraphs if one.start == paragraph.start)

    def _share(self, old: str, new: str, base_start: int, start: int) -> None:
        """Note what both have; word by word where spaces or soft hyphens make the lengths differ."""
        if old == new:
            if old:
                end, base_end = start + len(new), base_start + len(old)
                self.segments.append(Segment(start=start, end=end, base_start=base_start, base_end=base_end))
            return
        for (old_at, old_token), (at, token) in zip(_counting(old), _counting(new), strict=False):
            self.segments.append(
                Segment(
                    start=start + at,
                    end=start + at + len(token),
                    base_start=base_start + old_at,
                    base_end=base_start + old_at + len(old_token),
                )
            )

    def _note(self, start: int, end: int, new: str, at: int) -> None:
        old, new = self.ours.text[start:end], new.replace(ATOM, "")
        if _is_blank(old) and _is_blank(new):
            return
        kind = ChangeKind.REPLACEMENT if old and new else ChangeKind.INSERTION if new else ChangeKind.DELETION
        self._changes.append((at, self._change(kind, start, end, new)))

    def _change(self, kind: ChangeKind, start: int, end: int, new: str = "") -> Change:
        return Change(
            kind=kind,
            origin=Origin.SILENT,
            story=self.ours.name,
            start=start,
            end=end,
            old=self.ours.text[start:end],
            new=new,
        )

    def _find_moves(self) -> None:
        for lost in list(self._lost):
            key = self._key(self.ours, lost)
            if len(key.split()) < LEAST_WORDS_MOVED:
                continue
            for place in self._new:
                if self._key(self.theirs, place[1]) == key:
                    self._move(lost, *place)
                    self._lost.remove(lost)
                    self._new.remove(place)
                    break

    def _move(self, lost: Paragraph, target: int, new: Paragraph) -> None:
        start = _after_number(self.ours, lost), _after_number(self.theirs, new)
        self._share(self.ours.text[start[0] : lost.end], self.theirs.text[start[1] : new.end], *start)
        move = self._change(ChangeKind.MOVE, lost.start, lost.end + 1)
        self._changes.append((new.start, replace(move, target=target)))

    def _find_rewritten(self) -> None:
        """One lost and one new paragraph at the same place are one paragraph written anew."""
        for lost in list(self._lost):
            here = [place for place in self._new if place[0] in (lost.start, lost.end + 1)]
            others = [one for one in self._lost if one is not lost and self._touch(one, lost)]
            if len(here) == 1 and not others and self._key(self.theirs, here[0][1]) and self._key(self.ours, lost):
                new = here[0][1]
                whole = self._changes_number(lost, new)
                begin = new.start if whole else _after_number(self.theirs, new)
                words = self.theirs.text[begin : new.end].replace(ATOM, "")
                start = lost.start if whole else _after_number(self.ours, lost)
                self._changes.append((begin, self._change(ChangeKind.REPLACEMENT, start, lost.end, words)))
                self._lost.remove(lost)
                self._new.remove(here[0])

    def _touch(self, one: Paragraph, other: Paragraph) -> bool:
        return one.end + 1 == other.start or other.end + 1 == one.start

    def _deletion(self, lost: Paragraph) -> Change:
        before = self.ours.text[: lost.start]
        # the mark of a story's only paragraph, or of the one behind a closing table, has to stay
        stays = lost.end + 1 == len(self.ours.text) and not before.endswith("\n")
        return self._change(ChangeKind.DELETION, lost.start, lost.end if stays else lost.end + 1)

    def _insert_new(self) -> None:
        """New paragraphs at one place are one insertion, unless a table stands between them."""
        inserted: dict[tuple[int, int], tuple[int, str]] = {}
        for place, paragraph in self._new:
            line = self.theirs.text[paragraph.start : paragraph.end].replace(ATOM, "")
            if not _is_blank(line):
                group = (place, self._tables_before(paragraph))
                first, text = inserted.get(group, (paragraph.start, ""))
                inserted[group] = (first, text + line + "\n")
        for (place, _), (first, text) in inserted.items():
            self._changes.append((first, self._change(ChangeKind.INSERTION, place, place, text)))

    def _tables_before(self, paragraph: Paragraph) -> int:
        """How many tables of the file stand before one of its paragraphs."""
        before = self.theirs.text[: paragraph.start]
        return sum(map(len, _TABLES.findall(before)))


def _after_number(story: Story, paragraph: Paragraph) -> int:
    """Where the text of a paragraph begins behind a typed number: numbers follow from the order."""
    return paragraph.start + find_typed_number(story.text[paragraph.start : paragraph.end])[1]


def _before_space(story: Story, start: int, end: int) -> int:
    return start + len(story.text[start:end].rstrip())


def _counting(text: str) -> list[tuple[int, str]]:
    """(offset, token) of the tokens that are compared."""
    found, offset = [], 0
    for token in split_tokens(text):
        if fold_token(token):
            found.append((offset, token))
        offset += len(token)
    return found


def _is_blank(text: str) -> bool:
    """Whether there is nothing to read; paragraph marks count as something."""
    return not text.replace(ATOM, "").strip(" \t\v\u00a0\u2002\u2003\u2009\u202f\u00ad")
