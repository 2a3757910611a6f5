"""Empty paragraphs that came or went without a mark: a person's doing, or left behind by saving again."""

from collections.abc import Iterator
from itertools import takewhile

from pipeline.redline.align import line_key
from pipeline.redline.model import Paragraph, Story

#: fewer empty paragraphs than this tell no habit of a program
LEAST_BLANKS = 2


def is_blank(story: Story, paragraph: Paragraph) -> bool:
    """Whether a paragraph has no words: nothing, white space, pictures."""
    return not line_key(story.text[paragraph.start : paragraph.end])


def blanks_count(theirs: Story, ours: Story) -> bool:
    """Whether an empty paragraph more or less in their version of a story is an edit.

    Programs keep them in the text and in cells, or drop every one, or put one after each paragraph. In headers, notes
    and text boxes they add and drop them as they like.
    """
    kind, _, inside = ours.name.partition("/")
    if kind != "body" or "x" in inside:
        return False
    their_blanks, our_blanks = (sum(is_blank(one, line) for line in one.paragraphs) for one in (theirs, ours))
    if our_blanks >= LEAST_BLANKS and not their_blanks:
        return False
    new = their_blanks - our_blanks
    return new < LEAST_BLANKS or 2 * new < len(ours.paragraphs) - our_blanks


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
