"""One change in words: what stays around it, what goes, what comes, and the sentence above it."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from admin.phrases import gettext
from pipeline.redline.model import WORDLESS_KINDS, Change, ChangeKind, Paragraph, Story
from pipeline.redline.ooxml import ATOM
from pipeline.redline.places import find_paragraph
from pipeline.redline.wording import is_about_all

#: characters shown on either side of a change, to the next border of a word
CONTEXT = 60

#: what stands for objects, line breaks and paragraph marks on a page
_SHOWN = str.maketrans({ATOM: "▢", "\v": "\n", "\n": "¶\n"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """A change as a person reads it."""

    #: what happens, where old and new alone do not tell; "" else
    headline: str
    before: str
    #: runs of paragraphs that go
    old: str
    #: what comes
    new: str
    after: str
    #: the words a comment is about, or that are moved
    about: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Piece:
    """A run of the base text, marked when a proposal touches it."""

    text: str
    marked: bool


def word_change(story: Story, change: Change) -> Wording:
    """A change with its surroundings, whole paragraphs told in a sentence."""
    headline = _find_headline(story, change)
    old, new = _show(change.old), _show(change.new)
    if change.kind in WORDLESS_KINDS:
        about = "" if is_about_all(change) else _show(story.text[change.start : change.end])
        return Wording(headline=headline, before="", old="", new="", after="", about=about)
    if change.kind is ChangeKind.MOVE:
        return Wording(headline=headline, before="", old="", new="", after="", about=old)
    if headline:
        return Wording(headline=headline, before="", old=old, new=new, after="")
    before, after = _find_surroundings(story.text, change)
    return Wording(headline="", before=before, old=old, new=new, after=after)


def mark_text(text: str, paragraph: Paragraph, changes: Iterable[Change]) -> tuple[Piece, ...]:
    """The text of a paragraph in runs, those that a change replaces, removes or speaks of marked."""
    touched: set[int] = set()
    for change in changes:
        touched.update(range(max(change.start, paragraph.start), min(change.end, paragraph.end)))
    runs = groupby(range(paragraph.start, paragraph.end), key=touched.__contains__)
    return tuple(Piece(text="".join(text[at] for at in run).translate(_SHOWN), marked=marked) for marked, run in runs)


def _show(words: str) -> str:
    return words.strip("\n").translate(_SHOWN)


def _find_headline(story: Story, change: Change) -> str:
    if change.kind in WORDLESS_KINDS:
        return gettext("On the draft as a whole") if is_about_all(change) else ""
    if change.kind is ChangeKind.MOVE:
        return gettext("Move this to %(place)s", place=_name_target(story, change.target or 0))
    at_start = change.start == 0 or story.text[change.start - 1] == "\n"
    if change.start == change.end and change.new.endswith("\n") and at_start:
        return gettext("New paragraph, %(place)s", place=_name_target(story, change.start))
    if change.old.endswith("\n") and not change.new and at_start:
        return gettext("Take out the whole of %(place)s", place=_name(story, change.start))
    return ""


def _name_target(story: Story, offset: int) -> str:
    """Where text goes that is put in at `offset`."""
    if offset == 0:
        return gettext("the beginning")
    return gettext("after %(place)s", place=_name(story, offset - 1))


def _name(story: Story, offset: int) -> str:
    found = find_paragraph(story, offset)
    if found is None:
        return gettext("the text")
    place, paragraph = found
    if paragraph.number:
        return gettext("paragraph %(number)s", number=paragraph.number)
    begin = story.text[paragraph.start : paragraph.end][:40]
    return gettext("“%(words)s”", words=begin) if begin else gettext("unnumbered paragraph %(n)s", n=place + 1)


def _find_surroundings(text: str, change: Change) -> tuple[str, str]:
    begin = text.rfind("\n", 0, change.start) + 1
    end = text.find("\n", change.end)
    before, after = text[begin : change.start], text[change.end : end if end >= 0 else len(text)]
    if change.old.endswith("\n"):
        after = ""
    if len(before) > CONTEXT:
        before = "… " + before[-CONTEXT:].partition(" ")[2]
    if len(after) > CONTEXT:
        after = after[:CONTEXT].rpartition(" ")[0] + " …"
    return before.translate(_SHOWN), after.translate(_SHOWN)
