"""A merge as the edits a file will hold: authors named, equal ones joined, overlapping deletions cut."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from pipeline.redline.islands import trim
from pipeline.redline.model import WORDLESS_KINDS, BaseText, Change, ChangeKind, Folded, Merge, Origin
from pipeline.redline.ooxml import ATOM

#: more owners than this are written "+n": Word lists every author string as a reviewer of its own
MAX_NAMES = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """Text taken away, put in, or both, by one set of owners."""

    story: str
    #: offsets in the story
    start: int
    end: int
    #: what stands after the removed text; paragraphs close with a line feed
    new: str
    #: who Word is told did it
    author: str
    date: datetime | None
    #: codes of all who propose it
    owners: tuple[str, ...]
    #: the proposals it belongs to
    keys: tuple[str, ...]
    #: name of the move it is one end of; "" for other edits
    move: str = ""
    #: `new` holds the rows of a table
    table: bool = False
    #: as `Change.content`
    content: str = ""
    #: offsets of the moved text, at the receiving end of a move
    source: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """An elementary stretch of text that the same edits remove."""

    start: int
    end: int
    edits: tuple[Edit, ...]


def name_author(owners: Sequence[str], change: Change) -> str:
    """The author as Word shows it: "UNICEF (Jane Doe)", "UNICEF; WHO", "FAO; ILO; IOM +4"."""
    if len(owners) > 1:
        return name_owners(owners)
    note = change.person or ("untracked" if change.origin is Origin.SILENT else "")
    return f"{owners[0]} ({note})" if note and note != owners[0] else owners[0]


def name_owners(owners: Sequence[str]) -> str:
    """Codes joined, at most three of them: "FAO; ILO; IOM +4"."""
    more = len(owners) - MAX_NAMES
    names = "; ".join(owners[:MAX_NAMES])
    return f"{names} +{more}" if more > 0 else names


def find_edits(merge: Merge) -> tuple[Edit, ...]:
    """The edits of all changes of a merge in document order; equal edits of different owners are one."""
    touched = {key for pair in merge.related for key in (pair.first, pair.second)}
    found: list[Edit] = []
    for number, folded in enumerate(merge.folded, 1):
        found += _split(merge.base, folded, f"move{number}", contested=not touched.isdisjoint(folded.keys))
    by_story: dict[str, list[Edit]] = {}
    for edit in found:
        by_story.setdefault(edit.story, []).append(edit)
    return join_equal(
        edit for name, edits in by_story.items() for edit in fit_all(merge.base.get_story(name).text, edits)
    )


def fit_all(text: str, edits: Sequence[Edit]) -> list[Edit]:
    """The edits of one story kept off its last mark; several paragraphs removed up to the end go along."""
    reached: set[tuple[str, int]] = set()
    fitted = list(edits)
    for place in sorted(range(len(edits)), key=lambda place: edits[place].end, reverse=True):
        edit = edits[place]
        leads_to_end = edit.end == len(text) or any((owner, edit.end) in reached for owner in edit.owners)
        if leads_to_end and edit.start < edit.end and not edit.new and edit.start and text[edit.start - 1] == "\n":
            reached.update((owner, edit.start) for owner in edit.owners)
            fitted[place] = replace(edit, start=edit.start - 1, end=edit.end - 1)
        else:
            fitted[place] = fit_to_story(text, edit)
    return fitted


def _split(base: BaseText, folded: Folded, name: str, *, contested: bool) -> Iterator[Edit]:
    change = folded.change
    if change.kind in WORDLESS_KINDS or change.kind in (ChangeKind.ROW_DELETION, ChangeKind.ROW_INSERTION):
        return
    edit = Edit(
        story=change.story,
        start=change.start,
        end=change.end,
        new=change.new,
        author=name_author(folded.owners, change),
        date=change.date,
        owners=folded.owners,
        keys=folded.keys,
        content=change.content,
    )
    if change.kind is ChangeKind.TABLE_INSERTION:
        yield replace(edit, table=True)
    elif change.kind is ChangeKind.MOVE:
        yield from _split_move(base, change, edit, "" if contested else name)
    elif change.origin is Origin.TRACKED or (change.content and ATOM in change.new):
        yield edit
    else:
        for island in trim(change):
            yield replace(edit, start=island.start, end=island.end, new=island.new)


def _split_move(base: BaseText, change: Change, edit: Edit, name: str) -> Iterator[Edit]:
    text = base.get_story(change.story).text
    target = change.start if change.target is None else change.target
    if target == len(text) or change.end == len(text):
        name = ""
    yield replace(edit, new="", move=name)
    source = (change.start, change.end)
    yield replace(edit, start=target, end=target, new=change.old, move=name, source=source)


def fit_to_story(text: str, edit: Edit) -> Edit:
    """The edit kept off the last mark of its story, which must stay."""
    last = len(text) - 1
    if edit.end <= last or last < 0:
        return edit
    if edit.table:
        # a table cannot be the last thing of a story: it stands before the last paragraph
        place = text.rfind("\n", 0, last) + 1
        return replace(edit, start=place, end=place)
    if edit.start == edit.end:
        return replace(edit, start=last, end=last, new="\n" + edit.new.removesuffix("\n"))
    new = edit.new.removesuffix("\n")
    return replace(edit, end=last, new=new)


def join_equal(edits: Iterable[Edit]) -> tuple[Edit, ...]:
    """The edits in document order with equal ones of different owners joined."""
    groups: dict[tuple[object, ...], Edit] = {}
    for edit in edits:
        objects = edit.content if ATOM in edit.new else ""
        place = (edit.story, edit.start, edit.end, edit.new, edit.source, objects)
        known = groups.get(place)
        groups[place] = edit if known is None else _join(known, edit)
    return tuple(groups.values())


def _join(one: Edit, other: Edit) -> Edit:
    owners = tuple(dict.fromkeys((*one.owners, *other.owners)))
    keys = tuple(dict.fromkeys((*one.keys, *other.keys)))
    author = one.author if owners == one.owners else name_owners(owners)
    return replace(one, owners=owners, keys=keys, author=author)


def cut_segments(edits: Sequence[Edit], gaps: Iterable[int] = ()) -> list[Segment]:
    """The removed text of one story cut at the ends of all removals and at `gaps`, in order."""
    removing = [edit for edit in edits if edit.start < edit.end]
    ends = sorted({*(edit.start for edit in removing), *(edit.end for edit in removing), *gaps})
    starting: dict[int, list[Edit]] = {}
    for edit in removing:
        starting.setdefault(edit.start, []).append(edit)
    segments, running = [], list[Edit]()
    for start, end in zip(ends, ends[1:], strict=False):
        running = [edit for edit in running if edit.end > start] + starting.get(start, [])
        if running:
            segments.append(Segment(start=start, end=end, edits=tuple(running)))
    return segments


def order_insertions(edits: Iterable[Edit]) -> dict[int, list[Edit]]:
    """Insertions by the gap they go to, in the order they stand there.

    Whole paragraphs stand before words that begin the next paragraph; several of one owner keep their order.
    """
    gaps: dict[int, list[Edit]] = {}
    for edit in edits:
        if edit.new:
            gaps.setdefault(edit.end, []).append(edit)
    return {gap: _order(found) for gap, found in gaps.items()}


def _order(edits: list[Edit]) -> list[Edit]:
    reached: dict[str, int] = {}
    ranked = []
    for edit in edits:
        rank = 0 if edit.table or edit.new.endswith("\n") else 2 if edit.new.startswith("\n") else 1
        rank = max([rank, *(reached.get(owner, 0) for owner in edit.owners)])
        reached.update(dict.fromkeys(edit.owners, rank))
        ranked.append((rank, edit))
    return [edit for _, edit in sorted(ranked, key=lambda pair: pair[0])]
