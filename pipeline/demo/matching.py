"""Which proposals of the product are one edit of a training round: judged by what they do to the text."""

from collections.abc import Sequence

from pipeline.adapters.store.proposals import StoredProposal
from pipeline.demo.scenario import ScenarioEdit
from pipeline.redline.model import BaseText, Change, ChangeKind, Paragraph, Story

_TEXT_KINDS = (ChangeKind.INSERTION, ChangeKind.DELETION, ChangeKind.REPLACEMENT)


def find_proposals(
    edit: ScenarioEdit, proposals: Sequence[StoredProposal], base: BaseText
) -> tuple[StoredProposal, ...]:
    """The proposals of the edit's agency that together do what the edit does; empty when it was not found.

    One edit may have been read as several small changes, so they are applied together within the edited passage.
    """
    own = [stored for stored in proposals if stored.agency == edit.agency and stored.revision == edit.base]
    story = base.get_story("body")
    paragraph = next((each for each in story.paragraphs if each.number == str(edit.para)), None)
    if edit.op == "comment":
        return tuple(stored for stored in own if _is_comment(edit, stored.proposal.change, paragraph))[:1]
    if paragraph is None:
        return ()
    if edit.op in ("replace", "delete"):
        return _find_passage(edit, own, story, paragraph)
    return tuple(stored for stored in own if _is_whole(edit, stored.proposal.change, story, paragraph))[:1]


def _is_comment(edit: ScenarioEdit, change: Change, paragraph: Paragraph | None) -> bool:
    if change.kind is not ChangeKind.COMMENT or " ".join(edit.text.split()) not in " ".join(change.remark.split()):
        return False
    return paragraph is None or paragraph.start <= change.start <= paragraph.end


def _find_passage(
    edit: ScenarioEdit, own: Sequence[StoredProposal], story: Story, paragraph: Paragraph
) -> tuple[StoredProposal, ...]:
    start = story.text.find(edit.old, paragraph.start, paragraph.end)
    end = start + len(edit.old)
    within = [stored for stored in own if _lies_within(stored.proposal.change, start, end)]
    text = story.text[start:end]
    for stored in sorted(within, key=lambda each: each.proposal.change.start, reverse=True):
        change = stored.proposal.change
        text = text[: change.start - start] + change.new + text[change.end - start :]
    return tuple(within) if start >= 0 and text == edit.new else ()


def _lies_within(change: Change, start: int, end: int) -> bool:
    return change.story == "body" and change.kind in _TEXT_KINDS and start <= change.start <= change.end <= end


def _is_whole(edit: ScenarioEdit, change: Change, story: Story, paragraph: Paragraph) -> bool:
    text = story.text[paragraph.start : paragraph.end]
    if edit.op == "new_para_after":
        behind = paragraph.end <= change.start <= paragraph.end + 1
        return change.kind is ChangeKind.INSERTION and behind and change.new.strip("\n") == edit.new
    if change.old.strip("\n") != text:
        return False
    if edit.op == "delete_para":
        return change.kind is ChangeKind.DELETION
    target = next((each for each in story.paragraphs if each.number == str(edit.after)), None)
    there = target is not None and change.target is not None and target.end <= change.target <= target.end + 1
    return change.kind is ChangeKind.MOVE and there
