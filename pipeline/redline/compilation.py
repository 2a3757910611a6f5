"""The compilation text as the United Nations write it: each paragraph, then every proposal on it with its sponsors."""

from collections.abc import Iterator, Mapping

import docx
from docx.shared import Cm
from docx.text.paragraph import Paragraph as DocxParagraph

from pipeline.redline.islands import find_islands
from pipeline.redline.marks import clean
from pipeline.redline.matrix_write import save
from pipeline.redline.model import TABLE_KINDS, BaseText, Change, ChangeKind, Folded, Merge, Paragraph, Proposal, Story
from pipeline.redline.places import find_home, find_paragraph, name_place
from pipeline.redline.read import read_text
from pipeline.redline.wording import proposed_change

_SIDE_BY_SIDE = "; "


def write_compilation(base: BaseText | bytes, merge: Merge, proposals: Mapping[str, Proposal]) -> bytes:
    """A Word file with every paragraph of the base and, below it in brackets, each proposal with [AGENCY].

    New words are bold, words to be taken away are struck out. Identical proposals stand once with all sponsors.

    Raises: UnreadableFileError when `base` is a file that cannot be read.
    """
    text = read_text(base) if isinstance(base, bytes) else base
    document = docx.Document()
    proposed = _by_paragraph(text, merge, proposals)
    for story in text.stories:
        for place, paragraph in enumerate(story.paragraphs):
            found = proposed.get((story.name, place), ())
            if story.name == "body" or found:
                _add_paragraph(document, text, story, paragraph)
            for folded in found:
                _add_proposal(document.add_paragraph(), text, folded)
    return save(document)


def _by_paragraph(
    base: BaseText, merge: Merge, proposals: Mapping[str, Proposal]
) -> dict[tuple[str, int], list[Folded]]:
    """The folded changes whose proposals are given, by the paragraph they belong to."""
    found: dict[tuple[str, int], list[Folded]] = {}
    for folded in merge.folded:
        if not proposals.keys().isdisjoint(folded.keys):
            home = find_home(base.get_story(folded.change.story), folded.change)
            found.setdefault((folded.change.story, home[0] if home else 0), []).append(folded)
    return found


def _add_paragraph(document: docx.document.Document, base: BaseText, story: Story, paragraph: Paragraph) -> None:
    words = clean(story.text[paragraph.start : paragraph.end])
    level = paragraph.style.rpartition(" ")[2]
    if paragraph.style.lower().startswith("heading") and level.isdecimal():
        document.add_heading(words, level=min(int(level), 9))
        return
    typed = words.lstrip().startswith(paragraph.number)
    number = f"{paragraph.number}. " if paragraph.number and not typed else ""
    label = "" if story.name == "body" else f"({story.name}) "
    document.add_paragraph(label + number + words)


def _add_proposal(target: DocxParagraph, base: BaseText, folded: Folded) -> None:
    target.paragraph_format.left_indent = Cm(1)
    change = folded.change
    target.add_run("[")
    for text, removed, added in _word(base, change):
        run = target.add_run(clean(text))
        run.font.strike = removed or None
        run.bold = added or None
    target.add_run(f"] [{_SIDE_BY_SIDE.join(folded.owners)}]")
    if change.kind is not ChangeKind.COMMENT and change.remark:
        target.add_run(f" ({clean(change.remark)})").italic = True


def _word(base: BaseText, change: Change) -> Iterator[tuple[str, bool, bool]]:
    """(text, whether removed, whether added) of a proposal, shown in its paragraph."""
    story = base.get_story(change.story)
    if change.kind is ChangeKind.COMMENT:
        about = f'On "{change.old.strip()}": ' if change.old.strip() else "Comment: "
        yield about + change.remark, False, False
    elif change.kind in (*TABLE_KINDS, ChangeKind.MOVE, ChangeKind.FORMATTING) or "\n" in change.old.rstrip("\n"):
        yield proposed_change(base, change), False, False
    elif change.start == change.end and change.new.endswith("\n"):
        yield (
            f"New paragraph after {name_place(base, change)}: " if change.start else "New first paragraph: ",
            False,
            False,
        )
        yield change.new.strip(), False, True
    else:
        yield from _show_in_paragraph(story, change)


def _show_in_paragraph(story: Story, change: Change) -> Iterator[tuple[str, bool, bool]]:
    home = find_paragraph(story, change.start)
    low, high = (home[1].start, home[1].end) if home else (0, len(story.text))
    done = low
    for island in find_islands(story.text, change):
        yield story.text[done : min(island.start, high)], False, False
        yield story.text[island.start : min(island.end, high)], True, False
        yield island.new, False, True
        done = max(done, island.end)
    yield story.text[done : max(high, done)].rstrip("\n"), False, False
