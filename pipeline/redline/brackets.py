"""Wordings that stay open in the text, each in square brackets: [old] [new]."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from pipeline.redline.edits import name_owners
from pipeline.redline.model import BaseText, Change, ChangeKind, Origin, Proposal

NOTE = "bracketed"


def bracket(base: BaseText, proposals: Sequence[Proposal]) -> Iterator[Proposal]:
    """Insertions that put the base's wording and each proposed one in brackets, passages that meet together."""
    for one in proposals:
        if one.change.kind in (ChangeKind.ROW_INSERTION, ChangeKind.TABLE_INSERTION):
            cells = re.sub(r"[^\t\f\n]+", r"[\g<0>]", one.change.new)
            yield replace(one, change=replace(one.change, new=cells, person=NOTE))
    others = (ChangeKind.ROW_INSERTION, ChangeKind.TABLE_INSERTION, ChangeKind.FORMATTING)
    words = [one for one in proposals if one.change.kind not in others]
    for group in group_by_passage(words):
        owners = name_owners(tuple(dict.fromkeys(one.owner for one in group)))
        keys = "+".join(one.key for one in group)
        for number, change in enumerate(_changes(base, [one.change for one in group])):
            note = replace(change, person=NOTE, date=group[0].change.date)
            yield Proposal(key=f"{keys}#{number}", owner=owners, change=note)


def group_by_passage(proposals: Sequence[Proposal]) -> list[list[Proposal]]:
    """The proposals in document order, those together whose passages overlap or that fill one gap."""
    groups: list[list[Proposal]] = []
    end = 0
    for one in sorted(proposals, key=lambda one: (one.change.story, one.change.start, one.change.end, one.key)):
        change = one.change
        last = groups[-1][-1].change if groups else None
        same_gap = last is not None and (last.start, last.end) == (change.start, change.end)
        if last is not None and last.story == change.story and (change.start < end or same_gap):
            groups[-1].append(one)
            end = max(end, change.end)
        else:
            groups.append([one])
            end = change.end
    return groups


def _changes(base: BaseText, changes: Sequence[Change]) -> Iterator[Change]:
    story, text = changes[0].story, base.get_story(changes[0].story).text
    start, end = min(one.start for one in changes), max(one.end for one in changes)
    old = text[start:end]
    wordings = list(dict.fromkeys(_reword(old, one, start) for one in changes if one.kind is not ChangeKind.MOVE))
    if old.strip():
        inner_start = start + len(old) - len(old.lstrip())
        inner_end = start + len(old.rstrip())
        others = "".join(f" [{wording.strip()}]" for wording in wordings if wording.strip())
        yield _insertion(story, inner_start, "[")
        yield _insertion(story, inner_end, "]" + others)
    else:
        yield _insertion(story, end, "".join(_wrap(wording) for wording in wordings if wording.strip()))
    for one in changes:
        if one.kind is ChangeKind.MOVE and one.target is not None:
            yield _insertion(story, one.target, _wrap(one.old))


def _reword(old: str, change: Change, start: int) -> str:
    """The text of the joint passage as one change would have it."""
    return old[: change.start - start] + change.new + old[change.end - start :]


def _wrap(wording: str) -> str:
    core = wording.strip()
    lead = wording[: len(wording) - len(wording.lstrip())]
    return f"{lead}[{core}]{wording[len(lead) + len(core) :]}"


def _insertion(story: str, gap: int, new: str) -> Change:
    return Change(kind=ChangeKind.INSERTION, origin=Origin.TYPED, story=story, start=gap, end=gap, old="", new=new)
