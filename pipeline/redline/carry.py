"""From the offsets of one file to those of the base: what differs without a mark, and where marked changes belong."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from pipeline.redline.align import likeness
from pipeline.redline.blanks import are_kept
from pipeline.redline.fold import count_words
from pipeline.redline.matching import Match, match_stories
from pipeline.redline.model import WORDLESS_KINDS, BaseText, Change, ChangeKind, Origin, Story
from pipeline.redline.ooxml import ATOM
from pipeline.redline.places import find_paragraph
from pipeline.redline.savers import is_exact
from pipeline.redline.sides import Segment
from pipeline.redline.silent import Comparison, compare_stories
from pipeline.redline.table_words import CELL_END

OBJECTS_DIFFER = "Pictures, fields or notes differ from the base; only their words were compared."
NOTHING_TO_COMPARE = 1.0
#: drafts of fewer words than this are a few lines
SHORT_DRAFT = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Carriage:
    """The way from the original view of a file to the base."""

    #: share of the base's words found in the file, 0-1; of a base of a few lines the larger share of either text
    coverage: float
    warnings: tuple[str, ...] = ()
    #: untracked changes, in offsets of the base, each with its offset in the file
    silent: tuple[tuple[int, Change], ...] = ()
    #: what the names of all cells begin with, for untracked tables that only the file has
    new_tables: tuple[str, ...] = ()
    #: (name, words) of untracked notes that only the file has
    new_notes: tuple[tuple[str, str], ...] = ()
    #: base story and comparison for each story of the file that has other text; None where it has the same
    _pairs: dict[str, tuple[Story, Comparison | None]] = field(default_factory=dict)

    def carry(self, change: Change) -> Change | None:
        """The change in offsets of the base; None when the base does not hold what it is about."""
        if change.story not in self._pairs:
            return self._homeless(change)
        story, comparison = self._pairs[change.story]
        if comparison is None:
            return change if change.story == story.name else replace(change, story=story.name)
        return _carried(change, story, comparison.segments)

    def holds(self, story: str, offset: int) -> bool:
        """Whether the base has what stands at an offset of the file."""
        pair = self._pairs.get(story)
        if pair is None or pair[1] is None:
            return pair is not None
        return any(one.start <= offset < one.end for one in pair[1].segments)

    def silent_beside(self, tracked: Sequence[Change]) -> list[tuple[int, Change]]:
        """The untracked changes with their offsets in the file, unless a tracked one replaces all their wording."""
        return [(at, one) for at, one in self.silent if not any(_covers(other, one) for other in tracked)]

    def _homeless(self, change: Change) -> Change | None:
        """A comment stays with the draft; words in a story that is new are reported with the story."""
        if change.kind is not ChangeKind.COMMENT:
            return None
        return replace(change, story="body", start=0, end=0, old="")


def carry_unchanged(base: BaseText) -> Carriage:
    """The way from a file whose original view is the base."""
    return Carriage(coverage=1.0, _pairs={story.name: (story, None) for story in base.stories})


def carry_over(
    original: BaseText, base: BaseText, *, numbered: Callable[[], BaseText], by_word: bool = False
) -> Carriage:
    """The way from a file's original view to the base, found by comparing the words of both.

    `numbered` gives the original view with the printed numbers of its paragraphs. `by_word` says that Word saved the
    file: then empty paragraphs count, and spaces and quotation marks where few of them differ.
    """
    match = match_stories(original, base)
    sides = [theirs for theirs, _ in match.pairs], [ours for _, ours in match.pairs]
    blanks, exact = by_word and are_kept(*sides), by_word and is_exact(*sides)
    pairs: dict[str, tuple[Story, Comparison | None]] = {}
    silent = [(0, change) for change in _unmatched(match)]
    found = 0
    atoms_differ = False
    for theirs, ours in match.pairs:
        if theirs.text == ours.text:
            pairs[theirs.name] = (ours, None)
            found += count_words(ours.text)
            continue
        comparison = compare_stories(theirs, ours, numbered, blanks=blanks, exact=exact)
        pairs[theirs.name] = (ours, comparison)
        silent += comparison.changes
        found += comparison.words_found
        atoms_differ = atoms_differ or comparison.atoms_differ
    silent += _gone_notes(match, [change for _, change in silent])
    return Carriage(
        coverage=_find_coverage(found, original, base),
        warnings=(OBJECTS_DIFFER,) if atoms_differ else (),
        silent=tuple(silent),
        new_tables=tuple(match.new_tables),
        new_notes=tuple(match.new_notes),
        _pairs=pairs,
    )


def _find_coverage(found: int, original: BaseText, base: BaseText) -> float:
    """The share of the base's words in the paragraphs that both have, `found` of them.

    A few lines have few paragraphs, and one edit reaches through most of them: there the words alone count, of the
    shorter text in the longer one.
    """
    total = sum(count_words(story.text) for story in base.stories)
    if not total:
        return NOTHING_TO_COMPARE
    if total >= SHORT_DRAFT:
        return found / total
    return max(found / total, likeness(original, base), likeness(base, original))


def _unmatched(match: Match) -> list[Change]:
    """What only one side has: rows and tables as changes, remarks on cells, notes and boxes."""
    remarks = [_gone_row(first) for first in match.gone_rows]
    remarks += [_gone_object(*place) for place in match.gone_tables]
    for beside, after, cells in match.new_rows:
        words = CELL_END.join(cell.replace(CELL_END, " ").replace(ATOM, "") for cell in cells)
        remarks.append(_silent_row(ChangeKind.ROW_INSERTION, beside, len(beside.text) if after else 0, words))
    for place, words in match.only_theirs:
        remarks.append(_remark(place, f"Added without a mark: {words}"))
    for place, words in match.only_ours:
        remarks.append(_remark(place, f"Removed without a mark: {words}"))
    return remarks


def _gone_row(first: Story) -> Change:
    return replace(_silent_row(ChangeKind.ROW_DELETION, first, len(first.text), ""), start=0, old=first.text)


def note_added(story: str, words: str) -> Change:
    """The remark on something that only the file has, at the start of a story."""
    return Change(
        kind=ChangeKind.COMMENT,
        origin=Origin.SILENT,
        story=story,
        start=0,
        end=0,
        old="",
        remark=f"Added without a mark: {words}",
    )


def _gone_notes(match: Match, others: Sequence[Change]) -> Iterator[tuple[int, Change]]:
    """The references of notes that went, and their words, as Word records it; a reference may have gone already."""
    ours = {story.name: story for _, story in match.pairs}
    for note in match.gone_notes:
        name, start = note.cited or ("", 0)
        if name in ours and not any(one.story == name and one.start <= start < one.end for one in others):
            yield 0, _gone_object(ours[name], start, start + 1)
        for line in note.paragraphs:
            end = min(line.end + 1, len(note.text) - 1)
            if line.start < end:
                yield 0, _gone_object(note, line.start, end)


def _gone_object(story: Story, start: int, end: int) -> Change:
    old = story.text[start:end]
    return Change(kind=ChangeKind.DELETION, origin=Origin.SILENT, story=story.name, start=start, end=end, old=old)


def _silent_row(kind: ChangeKind, beside: Story, at: int, words: str) -> Change:
    return Change(kind=kind, origin=Origin.SILENT, story=beside.name, start=at, end=at, old="", new=words)


def _remark(place: tuple[Story, int, int], remark: str) -> Change:
    story, start, end = place
    return Change(
        kind=ChangeKind.COMMENT,
        origin=Origin.SILENT,
        story=story.name,
        start=start,
        end=end,
        old=story.text[start:end],
        remark=remark,
    )


def _covers(tracked: Change, silent: Change) -> bool:
    if {tracked.kind, silent.kind} & WORDLESS_KINDS or tracked.story != silent.story:
        return False
    return tracked.start <= silent.start < silent.end <= tracked.end


def _carried_row(change: Change, story: Story) -> Change:
    """A row is named by its first cell: all of it, its beginning or its end."""
    size = len(story.text)
    start = size if change.start else 0
    end = size if change.kind is ChangeKind.ROW_DELETION else start
    return replace(change, story=story.name, start=start, end=end, old=story.text[start:end])


def _carried(change: Change, story: Story, segments: Sequence[Segment]) -> Change | None:
    if change.kind in (ChangeKind.ROW_DELETION, ChangeKind.ROW_INSERTION):
        return _carried_row(change, story)
    if change.start == change.end:
        start = end = _map_point(change.start, segments)
        if change.kind is ChangeKind.TABLE_INSERTION:
            start = end = _snap(story, start)
    else:
        start, end = _map_start(change.start, segments), _map_end(change.end, segments)
    old = story.text[start:end] if start < end else ""
    moved = replace(change, story=story.name, start=start, end=max(start, end), old=old)
    if change.kind is ChangeKind.COMMENT or old or change.start == change.end:
        target = None if change.target is None else _map_point(change.target, segments)
        return replace(moved, target=target)
    new = change.old if change.kind is ChangeKind.MOVE else change.new
    if not new:
        return None
    place = moved.start if change.target is None else _map_point(change.target, segments)
    return replace(moved, kind=ChangeKind.INSERTION, start=place, end=place, new=new, target=None)


def _snap(story: Story, offset: int) -> int:
    """The next place between two paragraphs: a table stands nowhere else."""
    home = find_paragraph(story, offset)
    return offset if home is None or offset <= home[1].start else home[1].end + 1


def _map_start(offset: int, segments: Sequence[Segment]) -> int:
    """Where a stretch begins in the base that begins here in the file."""
    index = bisect_right([segment.start for segment in segments], offset) - 1
    if index < 0:
        return 0
    segment = segments[index]
    return segment.base_start + min(offset - segment.start, segment.base_end - segment.base_start)


def _map_end(offset: int, segments: Sequence[Segment]) -> int:
    """Where a stretch ends in the base that ends here in the file."""
    index = bisect_left([segment.start for segment in segments], offset) - 1
    if index < 0:
        return 0
    segment = segments[index]
    return segment.base_start + min(offset - segment.start, segment.base_end - segment.base_start)


def _map_point(offset: int, segments: Sequence[Segment]) -> int:
    """Where an insertion belongs: behind what stands before it."""
    return segments[0].base_start if offset == 0 and segments else _map_end(offset, segments)
