"""Two versions of one story side by side: where their paragraphs begin, and a change said in offsets of the base."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from pipeline.redline.fold import find_typed_number, fold_token, split_tokens
from pipeline.redline.model import BaseText, Change, ChangeKind, Origin, Paragraph, Story


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """A stretch that both texts have."""

    start: int
    end: int
    base_start: int
    base_end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Sides:
    """Their version of a story and ours, the base."""

    theirs: Story
    ours: Story
    #: gives their text with the printed numbers and the styles of its paragraphs, which are read only when asked for
    numbered: Callable[[], BaseText]

    def find_starts(self, ours: Paragraph, theirs: Paragraph) -> tuple[int, int]:
        """Where the texts of two paragraphs begin behind a typed number, with the space behind it where both have one.

        Numbers follow from the order.
        """
        starts = after_number(self.ours, ours), after_number(self.theirs, theirs)
        if starts[0] == ours.start or starts[1] == theirs.start:
            return starts
        return _before_space(self.ours, ours.start, starts[0]), _before_space(self.theirs, theirs.start, starts[1])

    def changes_number(self, ours: Paragraph, theirs: Paragraph) -> bool:
        """Whether only one has a typed number, and the other none that a program wrote instead."""
        old, new = (after_number(story, one) > one.start for story, one in ((self.ours, ours), (self.theirs, theirs)))
        if old and not new:
            return not self.find_printed(theirs).number
        return new and not ours.number

    def find_printed(self, theirs: Paragraph) -> Paragraph:
        """Their paragraph with its printed number and its style."""
        story = self.numbered().get_story(self.theirs.name)
        return next(one for one in story.paragraphs if one.start == theirs.start)

    def make_change(self, kind: ChangeKind, start: int, end: int, new: str = "") -> Change:
        """An untracked change of what stands at start..end of the base."""
        return Change(
            kind=kind,
            origin=Origin.SILENT,
            story=self.ours.name,
            start=start,
            end=end,
            old=self.ours.text[start:end],
            new=new,
        )

    def share(self, base_start: int, base_end: int, start: int, end: int) -> Iterator[Segment]:
        """What is the same on both sides of two stretches, word by word where spaces or pictures make them uneven."""
        old, new = self.ours.text[base_start:base_end], self.theirs.text[start:end]
        if old == new:
            if old:
                yield Segment(start=start, end=end, base_start=base_start, base_end=base_end)
            return
        for (old_at, old_token), (at, token) in zip(_counting(old), _counting(new), strict=False):
            yield Segment(
                start=start + at,
                end=start + at + len(token),
                base_start=base_start + old_at,
                base_end=base_start + old_at + len(old_token),
            )

    def share_mark(self, ours: Paragraph, theirs: Paragraph) -> Segment:
        """The marks of two paragraphs as something that both have."""
        return Segment(start=theirs.end, end=theirs.end + 1, base_start=ours.end, base_end=ours.end + 1)


def after_number(story: Story, paragraph: Paragraph) -> int:
    """Where the text of a paragraph begins behind a typed number."""
    return paragraph.start + find_typed_number(story.text[paragraph.start : paragraph.end])[1]


def _before_space(story: Story, start: int, end: int) -> int:
    return start + len(story.text[start:end].rstrip())


def _counting(text: str) -> Iterator[tuple[int, str]]:
    """(offset, token) of the tokens that are compared."""
    offset = 0
    for token in split_tokens(text):
        if fold_token(token):
            yield offset, token
        offset += len(token)
