"""Where the passage a proposal was about stands in a newer revision. See: docs/analysis/outcomes.md."""

from collections import Counter
from dataclasses import dataclass

from pipeline.redline.locate import find_quoted
from pipeline.redline.model import BaseText, Change, Disposition, Paragraph, Proposal, Story
from pipeline.redline.places import find_home, find_paragraph
from pipeline.redline.rebase import find_kept

#: share of a paragraph's letters that must be found before it counts as the same paragraph
LEAST_SHARE = 0.2
#: wordings with fewer letters are not looked for: they stand anywhere
_LEAST_SOUGHT = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class Whereabouts:
    """A place in a text."""

    #: name of the story: "body", "body/t0/r1/c2", "footnote/2"
    story: str
    #: printed number of the paragraph; "" where it has none
    number: str
    #: position of the paragraph in its story, from 1
    place: int
    #: text of the paragraph
    words: str


def find_origin(base: BaseText, change: Change) -> Whereabouts | None:
    """Where a change stands in its own base; None in an empty story."""
    story = base.get_story(change.story)
    home = find_home(story, change)
    return None if home is None else _make(story, *home)


def find_whereabouts(base: BaseText, newer: BaseText, proposal: Proposal) -> Whereabouts | None:
    """Where the passage stands in `newer`; None when it is no longer there.

    A paragraph that was taken in or moved is found by its words, every other passage by what stayed of its paragraph.
    """
    change = proposal.change
    there = next((story for story in newer.stories if story.name == change.story), None)
    if there is None:
        return None
    wording = _find_wording(proposal)
    found = _find_words(there, wording) if wording else None
    stayed = _follow(base.get_story(change.story), there, change)
    came = change.target is not None or (change.start == change.end and change.new.endswith("\n"))
    return (found or stayed) if came else (stayed or found)


def _find_wording(proposal: Proposal) -> str:
    """The first line of what was taken into the text; "" when nothing was."""
    change = proposal.change
    taken = change.new if change.target is None else change.old
    if proposal.disposition is Disposition.AMENDED:
        taken = proposal.amended
    elif proposal.disposition not in (Disposition.ACCEPTED, Disposition.BRACKETED):
        taken = ""
    return taken.strip().partition("\n")[0]


def _find_words(story: Story, wording: str) -> Whereabouts | None:
    if sum(char.isalnum() for char in wording) < _LEAST_SOUGHT:
        return None
    places = find_quoted(story.text, wording)
    home = find_paragraph(story, places[0][0]) if places else None
    return None if home is None else _make(story, *home)


def _follow(old: Story, new: Story, change: Change) -> Whereabouts | None:
    """The paragraph most of the change's own paragraph went to."""
    home = find_home(old, change)
    if home is None:
        return None
    paragraph = home[1]
    went: Counter[int] = Counter()
    for kept in find_kept(old, new):
        start, end = max(kept.start, paragraph.start), min(kept.end, paragraph.end)
        there = find_paragraph(new, kept.to + start - kept.start) if start < end else None
        if there is not None:
            went[there[0]] += _count_letters(old.text[start:end])
    all_letters = _count_letters(old.text[paragraph.start : paragraph.end])
    place, letters = next(iter(went.most_common(1)), (0, 0))
    if not letters or letters < LEAST_SHARE * all_letters:
        return None
    return _make(new, place, new.paragraphs[place])


def _count_letters(text: str) -> int:
    return sum(char.isalnum() for char in text)


def _make(story: Story, place: int, paragraph: Paragraph) -> Whereabouts:
    words = story.text[paragraph.start : paragraph.end]
    return Whereabouts(story=story.name, number=paragraph.number, place=place + 1, words=words)
