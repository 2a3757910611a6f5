"""The disposition report: what became of every proposal, for all agencies to see."""

from collections.abc import Mapping

import docx

from pipeline.redline.marks import clean
from pipeline.redline.matrix_write import save
from pipeline.redline.model import TABLE_KINDS, ChangeKind, Merge, Proposal
from pipeline.redline.places import name_place
from pipeline.redline.wording import (
    DECISIONS,
    by_paragraph,
    decision,
    is_about_all,
    quote,
    say_table_change,
    sort_by_place,
)

HEADINGS = ("Agency", "Old wording", "Proposed wording or comment", "Disposition and reason")


def write_disposition_report(
    merge: Merge,
    proposals: Mapping[str, Proposal],
    remarks: Mapping[str, str],
    *,
    title: str = "Disposition of proposals",
) -> bytes:
    """A Word file with every proposal exactly once, grouped by paragraph; superseded ones are in it too.

    `remarks` gives by key the reason of a disposition. The same input gives the same bytes.
    """
    base = merge.base
    document = docx.Document()
    document.add_heading(clean(title), level=1)
    document.add_paragraph(_count(proposals))
    general = [one for one in sort_by_place(base, proposals.values()) if is_about_all(one.change)]
    if general:
        document.add_heading("The draft as a whole", level=2)
        _add_table(document, merge, general, remarks)
    placed = [one for one in proposals.values() if not is_about_all(one.change)]
    for (name, place), found in by_paragraph(base, placed).items():
        where = name_place(base, found[0].change)
        document.add_heading(where[0].upper() + where[1:], level=2)
        story = base.get_story(name)
        if place < len(story.paragraphs):
            paragraph = story.paragraphs[place]
            document.add_paragraph().add_run(clean(story.text[paragraph.start : paragraph.end])).italic = True
        _add_table(document, merge, found, remarks)
    return save(document)


def _count(proposals: Mapping[str, Proposal]) -> str:
    """How many proposals there are, and how many of each disposition."""
    counted = {words: 0 for words in DECISIONS.values()}
    for one in proposals.values():
        counted[DECISIONS[one.disposition]] += 1
    parts = [f"{words.lower()}: {number}" for words, number in counted.items() if number]
    return f"Proposals and comments: {len(proposals)} ({'; '.join(parts)})." if parts else "No proposals were received."


def _add_table(
    document: docx.document.Document, merge: Merge, proposals: list[Proposal], remarks: Mapping[str, str]
) -> None:
    table = document.add_table(rows=1, cols=len(HEADINGS), style="Table Grid")
    for cell, heading in zip(table.rows[0].cells, HEADINGS, strict=True):
        cell.paragraphs[0].add_run(heading).bold = True
    for one in proposals:
        for cell, value in zip(table.add_row().cells, _cells(merge, one, remarks), strict=True):
            cell.text = clean(value)


def _cells(merge: Merge, proposal: Proposal, remarks: Mapping[str, str]) -> tuple[str, str, str, str]:
    change = proposal.change
    old, new = quote(merge.base.get_story(change.story), change)
    if change.kind is ChangeKind.FORMATTING:
        return proposal.owner, change.old.strip(), f"Format: {change.remark}", decision(proposal, remarks)
    if change.kind in TABLE_KINDS:
        old, new = "", say_table_change(merge.base, change)
    elif change.target is not None:
        new = f"(moved) {change.old}"
    if not change.new and change.remark and change.kind is ChangeKind.COMMENT:
        old, new = change.old, f"Comment: {change.remark}"
    elif change.remark:
        new = f"{new.strip()}\vReason: {change.remark}"
    return proposal.owner, old.strip(), new.strip() or "(deleted)", decision(proposal, remarks)
