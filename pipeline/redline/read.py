"""The text of a Word file with every change rejected, and everything the file proposes on a base.

See: docs/analysis/redline.md.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache

from pipeline.redline.annex import read_lines
from pipeline.redline.base_texts import KnownTexts
from pipeline.redline.carry import Carriage, carry_over, carry_unchanged, note_added
from pipeline.redline.change_sets import Key, KnownChanges
from pipeline.redline.comments import read_comments
from pipeline.redline.fold import find_typed_number
from pipeline.redline.formats_read import read_formats
from pipeline.redline.model import BaseText, Change, ChangeKind, ChangeSet, Paragraph, Story
from pipeline.redline.notes_read import find_citations, read_silent_notes
from pipeline.redline.numbering import Counter, read_counter
from pipeline.redline.ooxml import ATOM, W
from pipeline.redline.opc import open_package
from pipeline.redline.rows_read import find_deleted_rows, read_rows, read_silent_tables
from pipeline.redline.savers import is_saved_by_word
from pipeline.redline.sniff import find_kind
from pipeline.redline.story import Document, Stream, read_condensed, read_document, read_plainly
from pipeline.redline.tracked import read_structure, read_tracked

__all__ = ["FRESH_TEXT", "find_kind", "read_changes", "read_text"]

#: below this coverage a file is a new text, not a version of the base
LEAST_COVERAGE = 0.5
FRESH_TEXT = "The file is a freshly written text: less than half of the draft is found in it. Nothing of it is merged."


def read_text(content: bytes, known: KnownTexts | None = None) -> BaseText:
    """The document with every tracked change rejected.

    What is in `known` is not read again; what is read is put there. Raises: UnreadableFileError.
    """
    key = hashlib.sha256(content).hexdigest()
    found = None if known is None else known.get(key)
    if found is not None:
        return found
    found = _number(key, read_plainly(open_package(content)))
    if known is not None:
        known[key] = found
    return found


def read_changes(content: bytes, base: BaseText, known: KnownChanges | None = None) -> ChangeSet:
    """Everything the file proposes, in offsets of the base: tracked changes, untracked ones and comments.

    What is in `known` is not read again; what is read is put there. Raises: UnreadableFileError.
    """
    key = base.sha256, hashlib.sha256(content).hexdigest()
    found = None if known is None else known.get(key)
    if found is not None:
        return found
    found = _read_change_set(content, base, key)
    if known is not None:
        known[key] = found
    return found


def _read_change_set(content: bytes, base: BaseText, key: Key) -> ChangeSet:
    package = open_package(content)
    document = read_condensed(package)
    carriage = _find_way(content, document, base)
    if carriage.new_tables or carriage.new_notes:
        # they come with their looks
        document = read_document(package)
    fresh = carriage.coverage < LEAST_COVERAGE
    return ChangeSet(
        base=key[0],
        source=key[1],
        changes=() if fresh else _carry_all(document, carriage, base),
        coverage=carriage.coverage,
        warnings=(FRESH_TEXT,) if fresh else carriage.warnings,
        fresh=read_lines(document.streams[0]) if fresh else (),
    )


def _find_way(content: bytes, document: Document, base: BaseText) -> Carriage:
    """The way from the original view of a version to the base."""
    if [(one.name, one.original) for one in document.streams] == [(one.name, one.text) for one in base.stories]:
        # the usual case: the file was made from the base with changes tracked
        return carry_unchanged(base)
    stories = tuple(_read_story(stream) for stream in document.streams)
    # the printed numbers of a version are hardly ever asked for: most of it would be read for nothing
    return carry_over(
        BaseText(sha256="", stories=stories),
        base,
        numbered=cache(lambda: read_text(content)),
        by_word=is_saved_by_word(document.package),
    )


def _number(sha256: str, document: Document) -> BaseText:
    """The original view of a document that is read whole, its paragraphs with numbers and styles."""
    counter = read_counter(document.package)
    cited = find_citations(document)
    stories = tuple(
        replace(_number_story(_read_story(stream), stream, counter), cited=cited.get(stream.name))
        for stream in document.streams
    )
    return BaseText(sha256=sha256, stories=stories)


def _number_story(story: Story, stream: Stream, counter: Counter) -> Story:
    marks = [piece.element for piece in stream.pieces if piece.text == "\n" and piece.inserted is None]
    paragraphs = []
    for one, mark in zip(story.paragraphs, marks, strict=True):
        number, style = counter.count(mark)
        number = number or find_typed_number(story.text[one.start : one.end])[0]
        ends_section = mark.find(f"{W}pPr/{W}sectPr") is not None
        paragraphs.append(replace(one, number=number, style=style, ends_section=ends_section))
    return Story(name=story.name, text=story.text, paragraphs=tuple(paragraphs))


def _read_story(stream: Stream) -> Story:
    """The original view of a stream, its paragraphs without numbers and styles."""
    paragraphs: list[Paragraph] = []
    start = offset = 0
    for piece in stream.pieces:
        if piece.inserted is not None:
            continue
        if piece.text == ATOM and piece.element.tag == W + "tbl":
            start = offset + 1
        for mark in _find_marks(piece.text):
            paragraphs.append(Paragraph(number="", start=start, end=offset + mark))
            start = offset + mark + 1
        offset += len(piece.text)
    return Story(name=stream.name, text=stream.original, paragraphs=tuple(paragraphs))


def _find_marks(text: str) -> Iterator[int]:
    """The offsets of the paragraph marks in a text."""
    mark = text.find("\n")
    while mark >= 0:
        yield mark
        mark = text.find("\n", mark + 1)


def _read_tracked(document: Document) -> list[Change]:
    changes: list[Change] = []
    for stream in document.streams:
        if not stream.plain:
            changes += read_tracked(stream, document.package) + read_structure(stream)
    return changes


def _drop_inside_deleted_tables(document: Document, changes: list[Change], rows: tuple[str, ...]) -> list[Change]:
    """The changes without the deletions of words in the cells of a table or row that is deleted as a whole."""
    gone: list[str] = [*rows]
    for stream in document.streams:
        atoms = [] if stream.plain else [piece for piece in stream.pieces if piece.text == ATOM and not piece.inserted]
        tables = [piece for piece in atoms if piece.element.tag == W + "tbl"]
        gone += [f"{stream.name}/t{number}/" for number, piece in enumerate(tables) if piece.deleted]
    if not gone:
        return changes
    inside = tuple(gone)
    return [one for one in changes if one.kind is not ChangeKind.DELETION or not one.story.startswith(inside)]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Entry:
    """A change on its way into a set."""

    change: Change
    #: its offset in the file: the order of what goes to one place
    at: int
    #: id of the comment it is, and of the one it replies to
    comment: str | None = None
    parent: str | None = None


def _carry_all(document: Document, carriage: Carriage, base: BaseText) -> tuple[Change, ...]:
    rows = read_rows(document)
    tracked = _drop_inside_deleted_tables(document, _read_tracked(document), find_deleted_rows(rows))
    tracked += [*rows, *read_formats(document)]
    tracked += read_silent_tables(document, carriage.new_tables)
    notes = list(_read_notes(document, carriage))
    tracked += [note for _, note in notes if note]
    edits = [(change.start, carried) for change in tracked if (carried := carriage.carry(change))]
    silent = carriage.silent_beside([change for _, change in edits])
    unplaced = [(0, note_added("body", words)) for words, note in notes if note is None]
    entries = [_Entry(change=change, at=at) for at, change in [*unplaced, *silent, *edits]]
    for comment, parent, change in read_comments(document.package, document.streams):
        if carried := carriage.carry(change):
            entries.append(_Entry(change=carried, at=change.start, comment=comment, parent=parent))
    return _in_document_order(entries, base)


def _read_notes(document: Document, carriage: Carriage) -> Iterator[tuple[str, Change | None]]:
    """(words, insertion) of every note only the file has; None for one in a paragraph that is new itself."""
    texts = {stream.name: stream.original for stream in document.streams}
    for name, words in carriage.new_notes:
        found = next(iter(read_silent_notes(document, (name,))), None)
        fits = found is not None and carriage.holds(found.story, texts[found.story].find("\n", found.start))
        yield words, found if found is not None and fits and found.content else None


def _in_document_order(entries: list[_Entry], base: BaseText) -> tuple[Change, ...]:
    """The changes by place, replies pointing at what they reply to."""
    order = {story.name: number for number, story in enumerate(base.stories)}
    entries = sorted(entries, key=lambda one: (order[one.change.story], one.change.start, one.change.end, one.at))
    places = {entry.comment: place for place, entry in enumerate(entries) if entry.comment is not None}
    return tuple(
        replace(entry.change, reply_to=places.get(entry.parent)) if entry.parent else entry.change for entry in entries
    )
