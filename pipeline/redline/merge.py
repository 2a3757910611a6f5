"""Proposals of many agencies held against each other. The text is not touched. See: docs/analysis/merge.md."""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from operator import attrgetter

from pipeline.redline.formats import find_facet
from pipeline.redline.islands import REMEMBERED, Island, are_same, do_clash, find_islands, fold_space
from pipeline.redline.model import (
    TABLE_KINDS,
    BaseText,
    Change,
    ChangeKind,
    Conflict,
    Disposition,
    Folded,
    Merge,
    Proposal,
    Related,
    Relation,
    Story,
)
from pipeline.redline.ooxml import ATOM
from pipeline.redline.places import name_place
from pipeline.redline.rows_read import row_prefix

#: up to two words of the same sentence, with the space that parts them from the place looked at
_WORDS = re.compile(r"(?:[^\S\n]*[^\s.;:!?\ufffc]+){1,2}")

#: code points looked at for them
_NEARBY = 80

_Passage = tuple[int, int]
_Signature = tuple[object, ...]

_NEEDS_A_CHOICE = (Relation.CONFLICT, Relation.DELETE_VS_EDIT)


def merge(base: BaseText, proposals: Sequence[Proposal]) -> Merge:
    """All proposals folded and related, in document order; superseded ones are left out.

    The order in which they are given is of no effect.
    """
    order = {story.name: place for place, story in enumerate(base.stories)}
    live = [one for one in proposals if one.disposition is not Disposition.SUPERSEDED]
    live.sort(key=lambda one: (order[one.change.story], one.change.start, one.change.end, one.key))
    seen = [_see(base.get_story(one.change.story), one) for one in live]
    related = tuple(_relate_all(base, seen, between_owners=True))
    return Merge(
        base=base, folded=tuple(_fold(seen)), related=related, conflicts=tuple(_find_conflicts(base, seen, related))
    )


def find_related(base: BaseText, proposals: Sequence[Proposal]) -> tuple[Related, ...]:
    """The pairs of proposals that meet, whoever proposes them: what decisions are checked against."""
    seen = [_see(base.get_story(one.change.story), one) for one in proposals]
    return tuple(_relate_all(base, seen, between_owners=False))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Seen:
    """A proposal with what is compared of it."""

    #: the proposal
    proposal: Proposal
    #: its changed words
    islands: tuple[Island, ...]
    #: passages it speaks of: source and target of a move, else its own span, and its changed words with those beside
    passages: tuple[_Passage, ...]
    #: spans of the whole paragraphs it removes or moves
    removed: tuple[tuple[int, int], ...]
    #: as of `_sign`
    signature: _Signature


def _see(story: Story, proposal: Proposal) -> _Seen:
    islands, passages, signature = _look_at(story.text, proposal.owner, proposal.change)
    removed = tuple(_removed_paragraphs(story, islands))
    return _Seen(proposal=proposal, islands=islands, passages=passages, removed=removed, signature=signature)


@lru_cache(maxsize=REMEMBERED)
def _look_at(text: str, owner: str, change: Change) -> tuple[tuple[Island, ...], tuple[_Passage, ...], _Signature]:
    """What `_Seen` has of a change in the story `text` that is the owner's."""
    islands = find_islands(text, change)
    passages = [(change.start, change.end)] if islands or change.kind in TABLE_KINDS else []
    if change.kind is ChangeKind.MOVE and change.target is not None:
        passages.append((change.target, change.target))
    elif islands:
        passages += [_widen(text, island) for island in islands]
    return islands, tuple(passages), _sign(owner, change, islands)


def _widen(text: str, island: Island) -> tuple[int, int]:
    """The changed words with up to two words of the same sentence on either side.

    Word records the changed words alone; the writer had the phrase around them in mind.
    """
    if "\n" in text[island.start : island.end] + island.new:
        return island.start, island.end
    # read backwards: looked for forwards, every word nearby would be tried as the first one
    before = _WORDS.match(text[max(0, island.start - _NEARBY) : island.start][::-1])
    after = _WORDS.match(text, island.end)
    return island.start - (before.end() if before else 0), after.end() if after else island.end


def _removed_paragraphs(story: Story, islands: Iterable[Island]) -> Iterator[tuple[int, int]]:
    for island in islands:
        if island.inserts_only or island.new.strip():
            continue
        first = bisect_left(story.paragraphs, island.start, key=lambda paragraph: paragraph.start)
        last = bisect_right(story.paragraphs, island.end, key=lambda paragraph: paragraph.end)
        for paragraph in story.paragraphs[first:last]:
            if paragraph.start < paragraph.end:
                yield paragraph.start, paragraph.end


# --- Folding ------------------------------------------------------------------------------------------------------


def _fold(seen: Sequence[_Seen]) -> Iterator[Folded]:
    groups: dict[_Signature, list[Proposal]] = {}
    for one in seen:
        groups.setdefault(one.signature, []).append(one.proposal)
    for members in groups.values():
        members.sort(key=attrgetter("key"))
        owners = dict.fromkeys([proposal.owner for proposal in members])
        yield Folded(change=members[0].change, keys=tuple([proposal.key for proposal in members]), owners=tuple(owners))


def _sign(owner: str, change: Change, islands: Sequence[Island]) -> _Signature:
    """What two proposals share when they are the same. Comments of different owners are never the same."""
    if change.kind is ChangeKind.COMMENT:
        place = (change.story, change.start, change.end)
        return (*place, owner, change.person, fold_space(change.remark), change.reply_to)
    if change.kind is ChangeKind.FORMATTING:
        return (change.kind, change.story, change.start, change.end, change.content or change.remark)
    moved = change.target if change.kind is ChangeKind.MOVE else None
    # two pictures are two changes, though no text tells them apart
    objects = change.content if ATOM in change.new else ""
    if not islands:
        return (change.kind, change.story, change.start, change.end, moved, fold_space(change.new), objects)
    return (
        change.story,
        moved,
        objects,
        *((island.start, island.end, fold_space(island.new)) for island in islands),
    )


# --- Relations ----------------------------------------------------------------------------------------------------


def _relate_all(base: BaseText, seen: Sequence[_Seen], *, between_owners: bool) -> Iterator[Related]:
    yield from _relate_rows(seen, between_owners=between_owners)
    yield from _relate_formats(seen)
    for first, second in _find_neighbours(seen):
        one, other = seen[first], seen[second]
        if between_owners and one.proposal.owner == other.proposal.owner:
            continue
        relation = _relate(base.get_story(one.proposal.change.story).text, one, other)
        if relation is not None:
            yield Related(first=one.proposal.key, second=other.proposal.key, relation=relation)


def _relate_rows(seen: Sequence[_Seen], *, between_owners: bool) -> Iterator[Related]:
    """Words changed in any cell of a row that another takes away."""
    removed: dict[str, list[Proposal]] = {}
    for one in seen:
        if one.proposal.change.kind is ChangeKind.ROW_DELETION:
            removed.setdefault(row_prefix(one.proposal.change.story), []).append(one.proposal)
    for one in seen if removed else ():
        for remover in removed.get(row_prefix(one.proposal.change.story), ()) if one.islands else ():
            if not between_owners or remover.owner != one.proposal.owner:
                yield Related(first=remover.key, second=one.proposal.key, relation=Relation.DELETE_VS_EDIT)


def _relate_formats(seen: Sequence[_Seen]) -> Iterator[Related]:
    """Other looks for the same words, paragraph, section or table; one file never holds two."""
    by_facet: dict[tuple[str, str], list[_Seen]] = {}
    for one in seen:
        change = one.proposal.change
        if change.kind is ChangeKind.FORMATTING and (facet := find_facet(change.content)):
            by_facet.setdefault((change.story, facet), []).append(one)
    for several in by_facet.values():
        for place, other in enumerate(several):
            for one in several[:place]:
                if one.proposal.owner != other.proposal.owner and _overlap(one.proposal.change, other.proposal.change):
                    yield Related(first=one.proposal.key, second=other.proposal.key, relation=_relate_looks(one, other))


def _overlap(one: Change, other: Change) -> bool:
    return (one.start, one.end) == (other.start, other.end) or (one.start < other.end and other.start < one.end)


def _relate_looks(one: _Seen, other: _Seen) -> Relation:
    if one.signature == other.signature:
        return Relation.IDENTICAL
    same = one.proposal.change.content == other.proposal.change.content
    return Relation.NEAR if same else Relation.CONFLICT


def _find_neighbours(seen: Sequence[_Seen]) -> list[tuple[int, int]]:
    """Pairs of positions whose passages or islands meet, found by one sweep over each story."""
    spans = sorted(
        (one.proposal.change.story, start, end, place)
        for place, one in enumerate(seen)
        for start, end in (*one.passages, *((island.start, island.end) for island in one.islands))
    )
    pairs: set[tuple[int, int]] = set()
    running: list[tuple[int, int]] = []
    current = ""
    for story, start, end, place in spans:
        running = [one for one in running if one[0] >= start] if story == current else []
        pairs.update([(place, other) if place < other else (other, place) for _, other in running if other != place])
        running.append((end, place))
        current = story
    return sorted(pairs)


def _relate(text: str, one: _Seen, other: _Seen) -> Relation | None:
    if one.signature == other.signature:
        return Relation.IDENTICAL
    if one.proposal.change.kind in TABLE_KINDS or other.proposal.change.kind in TABLE_KINDS:
        return None
    if _edits_removed(one, other) or _edits_removed(other, one):
        return Relation.DELETE_VS_EDIT
    if any(do_clash(text, mine, theirs) for mine in one.islands for theirs in other.islands):
        return Relation.CONFLICT
    if any(_meet(text, mine, theirs) for mine in one.passages for theirs in other.passages):
        return Relation.NEAR
    return None


def _edits_removed(remover: _Seen, editor: _Seen) -> bool:
    """Whether `editor` changes words in a paragraph that `remover` removes and `editor` keeps."""
    return any(
        start <= island.start and island.end <= end and (start, end) not in editor.removed
        for start, end in remover.removed
        for island in editor.islands
        if not island.new.endswith("\n") and not any(are_same(island, same) for same in remover.islands)
    )


def _meet(text: str, one: tuple[int, int], other: tuple[int, int]) -> bool:
    """Whether two passages overlap, or touch at a place that is not the border of two paragraphs."""
    start, end = max(one[0], other[0]), min(one[1], other[1])
    return start < end or (start == end and not (start and text[start - 1] == "\n"))


# --- Conflicts ----------------------------------------------------------------------------------------------------


def _find_conflicts(base: BaseText, seen: Sequence[_Seen], related: Sequence[Related]) -> Iterator[Conflict]:
    by_key = {one.proposal.key: one.proposal for one in seen}
    clashing = [pair for pair in related if pair.relation in _NEEDS_A_CHOICE]
    # both sides of a pair are in one conflict
    deleting = {pair.first for pair in clashing if pair.relation is Relation.DELETE_VS_EDIT}
    for number, keys in enumerate(_connect(list(by_key), clashing), 1):
        members = [by_key[key] for key in keys]
        reason = _explain(base, members, deleting=not deleting.isdisjoint(keys))
        yield Conflict(name=f"C{number}", proposals=keys, reason=reason)


def _connect(keys: Sequence[str], pairs: Iterable[Related]) -> list[tuple[str, ...]]:
    """The connected sets of more than one key, each in the order of `keys`, sets by their first key."""
    root = {key: key for key in keys}

    def find(key: str) -> str:
        while root[key] != key:
            root[key] = root[root[key]]
            key = root[key]
        return key

    for pair in pairs:
        root[find(pair.second)] = find(pair.first)
    groups: dict[str, list[str]] = {}
    for key in keys:
        groups.setdefault(find(key), []).append(key)
    return [tuple(group) for group in groups.values() if len(group) > 1]


def _explain(base: BaseText, members: Sequence[Proposal], *, deleting: bool) -> str:
    owners = list(dict.fromkeys(one.owner for one in members))
    names = " and ".join(filter(None, [", ".join(owners[:-1]), owners[-1]]))
    place = name_place(base, members[0].change)
    if all(one.change.kind is ChangeKind.FORMATTING for one in members):
        return f"{names} propose different formatting for the same place in {place}."
    if deleting:
        removing = list(dict.fromkeys(one.owner for one in members if _removes(one.change)))
        return (
            f"{names} do not agree on {place}: {' and '.join(removing) or 'one'} would take the whole paragraph away, "
            "the others change words in it."
        )
    return f"{names} propose different words for the same place in {place}."


def _removes(change: Change) -> bool:
    return change.kind in (ChangeKind.MOVE, ChangeKind.ROW_DELETION) or not change.new.strip()
