"""The next revision: the base with what was decided, once clean and once tracked. See: docs/analysis/merge.md."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from pipeline.errors import PenholderError
from pipeline.redline.anchoring import lead_to_body
from pipeline.redline.brackets import bracket, group_by_passage
from pipeline.redline.edits import name_owners
from pipeline.redline.formats_write import find_said
from pipeline.redline.furniture import turn_on_tracking
from pipeline.redline.grafts import Grafts
from pipeline.redline.islands import fold_space
from pipeline.redline.lost_notes import drop_lost_notes, find_cited
from pipeline.redline.merge import find_related, merge
from pipeline.redline.model import (
    BaseText,
    Change,
    ChangeKind,
    Disposition,
    Merge,
    Origin,
    Proposal,
    Relation,
)
from pipeline.redline.places import name_place
from pipeline.redline.read import read_text
from pipeline.redline.remarks import find_remarks, word_change, write_remarks
from pipeline.redline.resolve import accept_all
from pipeline.redline.write import number_revisions, open_original, store_roots, write_edits

_AMENDED = "as amended"
#: no conflict is noted in a revision, so nothing carries this date
_NO_DATE = datetime.fromtimestamp(0, UTC)


class ConflictingDecisions(PenholderError):
    """Two decisions that cannot both be carried out."""

    exit_code = 65


@dataclass(frozen=True, slots=True, kw_only=True)
class Revised:
    """The next revision of a text."""

    #: decided wordings in the text, no tracked change left
    clean: bytes
    #: the base with every decided and every open wording as a tracked change under its agency's name
    tracked: bytes
    #: keys of the proposals not decided yet, in document order
    open: tuple[str, ...]


def revise(base_docx: bytes, proposals: Sequence[Proposal]) -> Revised:
    """The revision that the dispositions make of the base.

    Accepted, amended and bracketed wordings are in both files, open ones in the tracked file only; rejected, noted and
    superseded proposals are in neither.

    Raises: ConflictingDecisions when two decided wordings change the same words; UnreadableFileError.
    """
    base = read_text(base_docx)
    decided = list(_decide(base, proposals))
    _check(base, decided)
    waiting = [one for one in proposals if one.disposition is Disposition.OPEN]
    open_keys = tuple(key for folded in merge(base, waiting).folded for key in folded.keys)
    return Revised(
        clean=_write_clean(base_docx, merge(base, decided)),
        tracked=_write_tracked(
            base_docx,
            merge(base, [*decided, *waiting]),
            {one.key: one for one in proposals},
            {one.key for one in decided},
        ),
        open=open_keys,
    )


def _decide(base: BaseText, proposals: Sequence[Proposal]) -> Iterator[Proposal]:
    """The decided wordings as proposals, trimmed to their changed words when they are written."""
    edits = [one for one in proposals if one.change.kind is not ChangeKind.COMMENT]
    for one in edits:
        if one.disposition is Disposition.ACCEPTED:
            yield _untracked(one)
    yield from _amend(base, [one for one in edits if one.disposition is Disposition.AMENDED])
    yield from bracket(base, [one for one in edits if one.disposition is Disposition.BRACKETED])


def _untracked(proposal: Proposal) -> Proposal:
    """The proposal without its own boundaries, so that two accepted in one passage both find their words."""
    change = proposal.change
    origin = Origin.TYPED if change.origin is Origin.TRACKED else change.origin
    return replace(proposal, change=replace(change, origin=origin))


def _amend(base: BaseText, proposals: Sequence[Proposal]) -> Iterator[Proposal]:
    """One replacement for all proposals amended with the same wording in passages that meet."""
    by_wording: dict[str, list[Proposal]] = {}
    for one in proposals:
        by_wording.setdefault(fold_space(one.amended), []).append(one)
    for same in by_wording.values():
        for group in group_by_passage(same):
            yield _amend_together(base, group)


def _amend_together(base: BaseText, group: Sequence[Proposal]) -> Proposal:
    first = group[0]
    start = min(one.change.start for one in group)
    end = max(one.change.end for one in group)
    old = base.get_story(first.change.story).text[start:end]
    change = Change(
        kind=_amended_kind(first.change, old),
        origin=Origin.TYPED,
        story=first.change.story,
        start=start,
        end=end,
        old=old,
        new=_closed(old or first.change.new, first.amended),
        person=_AMENDED,
        date=first.change.date,
    )
    owners = name_owners(tuple(dict.fromkeys(one.owner for one in group)))
    return Proposal(key="+".join(one.key for one in group), owner=owners, change=change)


def _amended_kind(change: Change, old: str) -> ChangeKind:
    if change.kind in (ChangeKind.ROW_INSERTION, ChangeKind.TABLE_INSERTION):
        return change.kind
    return ChangeKind.REPLACEMENT if old else ChangeKind.INSERTION


def _closed(model: str, wording: str) -> str:
    """The wording with the paragraph mark of what it stands for: people do not type it."""
    return wording + "\n" if model.endswith("\n") and wording and not wording.endswith("\n") else wording


# --- Checking -------------------------------------------------------------------------------------------------------


def _check(base: BaseText, decided: Sequence[Proposal]) -> None:
    by_key = {one.key: one for one in decided}
    for pair in find_related(base, decided):
        one, other = by_key[pair.first], by_key[pair.second]
        if pair.relation in (Relation.CONFLICT, Relation.DELETE_VS_EDIT) and not _both_possible(one, other):
            raise ConflictingDecisions(
                f"Two decisions on {name_place(base, one.change)} exclude each other: {_name(one)} and {_name(other)}. "
                "Accept one of them, or amend both with one wording."
            )


def _both_possible(one: Proposal, other: Proposal) -> bool:
    """Two deletions, two new paragraphs in one place, and what one owner does side by side exclude each other not."""
    changes = (one.change, other.change)
    if one.owner == other.owner and not _share_words(*changes):
        return True
    if all(change.kind is ChangeKind.DELETION for change in changes):
        return True
    return all(change.kind is ChangeKind.INSERTION and change.new.endswith("\n") for change in changes)


def _share_words(one: Change, other: Change) -> bool:
    """Whether both stand for the same words of the base, or one in the middle of the other's."""
    return one.story == other.story and one.start < other.end and other.start < one.end


def _name(proposal: Proposal) -> str:
    return f"{proposal.owner} ({word_change(proposal.change)})"


# --- Writing --------------------------------------------------------------------------------------------------------


def _write_clean(base_docx: bytes, decided: Merge) -> bytes:
    document = open_original(base_docx, decided.base)
    grafts = Grafts(document.package, document.roots)
    keys = {key for one in decided.folded for key in one.keys}
    write_edits(document, decided, {}, grafts, find_said(decided, document.package, keys))
    cited = find_cited(document)
    for root in document.roots.values():
        accept_all(root)
    drop_lost_notes(document, cited)
    return store_roots(grafts.package, document).to_bytes()


def _write_tracked(
    base_docx: bytes, merged: Merge, proposals: Mapping[str, Proposal], decided: Collection[str]
) -> bytes:
    document = open_original(base_docx, merged.base)
    main = document.package.main_part
    texts = {story.name: story.text for story in merged.base.stories}
    # no conflicts are noted here: the file shows what was decided, not what has to be
    said = find_said(merged, document.package, decided)
    remarks = find_remarks(replace(merged, conflicts=()), proposals, secretariat="", date=_NO_DATE, said=said)
    package, anchors = write_remarks(document.package, main, lead_to_body(document, remarks), texts)
    grafts = Grafts(package, document.roots)
    marks = write_edits(document, merged, anchors, grafts, said)
    number_revisions(document, marks)
    return turn_on_tracking(store_roots(grafts.package, document), main).to_bytes()
