"""Empty paragraphs that came or went without a mark: a person's doing, or left behind by saving again."""

from collections.abc import Iterator, Sequence
from itertools import takewhile

from pipeline.redline.align import line_key
from pipeline.redline.model import Paragraph, Story

#: fewer empty paragraphs than this tell no habit of a program
LEAST_BLANKS = 2


def is_blank(story: Story, paragraph: Paragraph) -> bool:
    """Whether a paragraph has no words: nothing, white space, pictures."""
    return not line_key(story.text[paragraph.start : paragraph.end])


def can_count(story: Story) -> bool:
    """Whether programs leave the empty paragraphs of a story alone, as they do not in headers, notes and boxes."""
    kind, _, inside = story.name.partition("/")
    return kind == "body" and "x" not in inside


def are_kept(theirs: Sequence[Story], ours: Sequence[Story]) -> bool:
    """Whether a file has the empty paragraphs of the base but for single ones.

    Some programs drop every one, or put one after each paragraph.
    """
    their_blanks, our_blanks = _count_blanks(theirs), _count_blanks(ours)
    if our_blanks >= LEAST_BLANKS and not their_blanks:
        return False
    new = their_blanks - our_blanks
    return new < LEAST_BLANKS or 2 * new < sum(len(story.paragraphs) for story in ours) - our_blanks


def _count_blanks(stories: Sequence[Story]) -> int:
    return sum(is_blank(story, line) for story in stories if can_count(story) for line in story.paragraphs)


def find_free(story: Story) -> frozenset[int]:
    """Where the paragraphs begin that neither stand beside a table nor end a section.

    There programs add and drop empty ones.
    """
    ends = [-1, *(one.end for one in story.paragraphs)]
    starts = [*(one.start for one in story.paragraphs), len(story.text)]
    breaks = _find_breaks(story)
    return frozenset(
        one.start
        for place, one in enumerate(story.paragraphs)
        if ends[place] + 1 == one.start and starts[place + 1] == one.end + 1 and place not in breaks
    )


def find_reach(story: Story, paragraph: Paragraph) -> range:
    """The offsets from the first to behind the last of the empty paragraphs around one, itself included.

    Which of several empty ones came or went nobody can tell.
    """
    place = story.paragraphs.index(paragraph)
    before = len(list(_run_of_blanks(story, range(place - 1, -1, -1))))
    behind = len(list(_run_of_blanks(story, range(place + 1, len(story.paragraphs)))))
    return range(story.paragraphs[place - before].start, story.paragraphs[place + behind].end + 2)


def _find_breaks(story: Story) -> set[int]:
    """The positions of the paragraphs that end a section, and of the empty ones right before and behind them."""
    found = set()
    for place, one in enumerate(story.paragraphs):
        if one.ends_section:
            found.add(place)
            found.update(_run_of_blanks(story, range(place - 1, -1, -1)))
            found.update(_run_of_blanks(story, range(place + 1, len(story.paragraphs))))
    return found


def _run_of_blanks(story: Story, places: range) -> Iterator[int]:
    return takewhile(lambda place: is_blank(story, story.paragraphs[place]), places)
