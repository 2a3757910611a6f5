"""Proposals put into words for tables and reports, so that a person finds the place and a program can."""

import re
from collections.abc import Iterable, Mapping

from pipeline.redline.model import TABLE_KINDS, BaseText, Change, ChangeKind, Disposition, Proposal, Story
from pipeline.redline.places import find_home, find_paragraph, name_place
from pipeline.redline.rows_read import row_prefix
from pipeline.redline.table_words import CELL_END, ROW_END

DECISIONS = {
    Disposition.OPEN: "Not decided yet",
    Disposition.ACCEPTED: "Accepted",
    Disposition.AMENDED: "Accepted as amended",
    Disposition.REJECTED: "Not accepted",
    Disposition.NOTED: "Noted",
    Disposition.BRACKETED: "Both wordings kept in brackets",
    Disposition.SUPERSEDED: "Replaced by a later version of the same agency",
}
_WORD_BEFORE = re.compile(r"\S*\s*$")
_WORD_AFTER = re.compile(r"\s*\S*")


def sort_by_place(base: BaseText, proposals: Iterable[Proposal]) -> list[Proposal]:
    """The proposals in document order, those at one place by key."""
    order = {story.name: place for place, story in enumerate(base.stories)}
    return sorted(
        proposals, key=lambda one: (order.get(one.change.story, 0), one.change.start, one.change.end, one.key)
    )


def by_paragraph(base: BaseText, proposals: Iterable[Proposal]) -> dict[tuple[str, int], list[Proposal]]:
    """The proposals by story name and position from 0 of the paragraph they belong to, in document order."""
    found: dict[tuple[str, int], list[Proposal]] = {}
    for one in sort_by_place(base, proposals):
        home = find_home(base.get_story(one.change.story), one.change)
        found.setdefault((one.change.story, home[0] if home else 0), []).append(one)
    return dict(sorted(found.items(), key=lambda item: (_story_place(base, item[0][0]), item[0][1])))


def _story_place(base: BaseText, name: str) -> int:
    return next(place for place, story in enumerate(base.stories) if story.name == name)


def decision(proposal: Proposal, remarks: Mapping[str, str]) -> str:
    """The disposition of a proposal in words, with the amended wording and the reason if there are any."""
    words = DECISIONS[proposal.disposition]
    if proposal.disposition is Disposition.AMENDED:
        words = f'{words}: "{proposal.amended.strip()}"'
    reason = remarks.get(proposal.key, "").strip()
    return f"{words}. {reason}" if reason else words


def is_about_all(change: Change) -> bool:
    """Whether it is a remark on the draft as a whole."""
    return change.kind is ChangeKind.COMMENT and (change.story, change.start, change.end) == ("body", 0, 0)


def proposed_change(base: BaseText, change: Change) -> str:
    """The change as agencies write it in a matrix: "old -> new", or a sentence; "" for comments."""
    story = base.get_story(change.story)
    if change.kind is ChangeKind.COMMENT:
        return ""
    if change.kind is ChangeKind.FORMATTING:
        return f"Format: {_flat(change.old)}" if change.old.strip() else "Format"
    if change.kind in TABLE_KINDS:
        return say_table_change(base, change)
    if change.kind is ChangeKind.MOVE:
        return _say_move(base, story, change)
    if change.old.endswith("\n") and not change.new.strip():
        return f"Delete {name_place(base, change)}: {_flat(change.old)}"
    if change.start == change.end and change.new.endswith("\n"):
        where = f"New paragraph after {name_place(base, change)}" if change.start else "New first paragraph"
        return f"{where}: {_flat(change.new)}"
    old, new = quote(story, change)
    return f"{_flat(old)} -> {_flat(new)}" if new.strip() else f"Delete: {_flat(old)}"


def say_table_change(base: BaseText, change: Change) -> str:
    """What is done to a table, with the words of its row: cells apart by bars."""
    if change.kind is ChangeKind.ROW_DELETION:
        prefix = row_prefix(change.story)
        cells = [_flat(story.text) for story in base.stories if re.fullmatch(re.escape(prefix) + r"c\d+", story.name)]
        return f"Delete this table row: {' | '.join(cells)}"
    rows = [" | ".join(_flat(cell) for cell in row.split(CELL_END)) for row in change.new.split(ROW_END)]
    what = "New table row" if change.kind is ChangeKind.ROW_INSERTION else "New table"
    return f"{what}: {' / '.join(rows)}"


def _say_move(base: BaseText, story: Story, change: Change) -> str:
    target = change.target or 0
    before = find_paragraph(story, target - 1) if target else None
    where = "to the beginning"
    if before is not None:
        number = before[1].number
        where = f"after paragraph {number}" if number else f"after unnumbered paragraph {before[0] + 1}"
    return f"Move {where}: {_flat(change.old)}"


def quote(story: Story, change: Change) -> tuple[str, str]:
    """Old and new wording with as many words around them as it takes to find the place in its paragraph."""
    home = find_paragraph(story, change.start)
    if home is None:
        return change.old, change.new
    low, high = home[1].start, max(home[1].end, change.end)
    paragraph = story.text[low:high]
    start, end = change.start, change.end
    while (start, end) != (low, high) and (
        not story.text[start:end].strip() or paragraph.count(story.text[start:end]) > 1
    ):
        start, end = _widen(story.text, low, high, start, end)
    before, after = story.text[start : change.start], story.text[change.end : end]
    return before + change.old + after, before + change.new + after


def _widen(text: str, low: int, high: int, start: int, end: int) -> tuple[int, int]:
    """One more word on both sides, within the paragraph."""
    before = _WORD_BEFORE.search(text[low:start])
    after = _WORD_AFTER.match(text[end:high])
    wider = (low + before.start() if before else low, end + len(after.group()) if after else high)
    return wider if wider != (start, end) else (low, high)


def _flat(text: str) -> str:
    return " ".join(text.split())
