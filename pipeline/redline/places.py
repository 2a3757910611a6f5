"""How a place in a text is named to people."""

from bisect import bisect_right

from pipeline.redline.model import BaseText, Change, Paragraph, Story


def find_paragraph(story: Story, offset: int) -> tuple[int, Paragraph] | None:
    """Position from 0 and paragraph that holds `offset`; the first or last one outside; None in an empty story."""
    if not story.paragraphs:
        return None
    place = bisect_right(story.paragraphs, offset, key=lambda paragraph: paragraph.start) - 1
    place = max(place, 0)
    return place, story.paragraphs[place]


def find_home(story: Story, change: Change) -> tuple[int, Paragraph] | None:
    """The paragraph a change belongs to. A paragraph added between two belongs to the one before it."""
    between = change.start == change.end and change.new.endswith("\n") and change.start > 0
    return find_paragraph(story, change.start - 1 if between else change.start)


def name_place(base: BaseText, change: Change) -> str:
    """The place of a change in words: "paragraph 7", "unnumbered paragraph 3", "the table (body/t0/r1/c2)"."""
    return name_home(change.story, find_home(base.get_story(change.story), change))


def name_home(story: str, home: tuple[int, Paragraph] | None) -> str:
    """A paragraph in words, given as of `find_home`, as `name_place` has it."""
    if story != "body":
        kind = story.split("/")[0]
        return f"the table ({story})" if kind == "body" else f"the {kind} ({story})"
    if home is None:
        return "the text"
    place, paragraph = home
    return f"paragraph {paragraph.number}" if paragraph.number else f"unnumbered paragraph {place + 1}"
