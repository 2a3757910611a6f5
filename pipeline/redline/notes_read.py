"""Notes that somebody added without a mark: the reference in the text, with the words of the note."""

from collections.abc import Collection, Iterator

from pipeline.redline.content import NOTE_REFERENCES, Source, excerpt
from pipeline.redline.model import Change, ChangeKind, Origin
from pipeline.redline.ooxml import W
from pipeline.redline.story import Document, Piece, Stream

_NOTES = {f"{W}{kind}": reference for reference, kind in NOTE_REFERENCES.items()}


def read_silent_notes(document: Document, names: Collection[str]) -> Iterator[Change]:
    """The notes of these names ("footnote/2") as insertions of their references, in offsets of the original view."""
    wanted = {found for stream in document.streams if stream.name in names and (found := _identify(stream))}
    for stream in document.streams if wanted else ():
        offset = 0
        for piece in stream.pieces:
            if piece.inserted is not None:
                continue
            identity = (str(piece.element.tag), piece.element.get(W + "id", ""))
            if identity in wanted and piece.deleted is None:
                yield _insertion(document, stream, piece, offset)
            offset += len(piece.text)


def find_citations(document: Document) -> dict[str, tuple[str, int]]:
    """By the name of a note ("footnote/2") where the original view refers to it: the name of the story, the offset."""
    notes = {found: stream.name for stream in document.streams if _is_note(stream) and (found := _identify(stream))}
    places: dict[str, tuple[str, int]] = {}
    for stream in document.streams if notes else ():
        offset = 0
        for piece in () if stream.plain else stream.pieces:
            if piece.inserted is None:
                identity = (str(piece.element.tag), piece.element.get(W + "id", ""))
                if identity in notes:
                    places.setdefault(notes[identity], (stream.name, offset))
                offset += len(piece.text)
    return places


def _is_note(stream: Stream) -> bool:
    kind, _, number = stream.name.partition("/")
    return W + kind in _NOTES and number.isdecimal()


def _identify(note: Stream) -> tuple[str, str] | None:
    """(tag of what refers to it, its id) of a note."""
    holder = next((one for piece in note.pieces for one in piece.element.iterancestors(*_NOTES)), None)
    return None if holder is None else (_NOTES[str(holder.tag)], holder.get(W + "id", ""))


def _insertion(document: Document, stream: Stream, piece: Piece, offset: int) -> Change:
    return Change(
        kind=ChangeKind.INSERTION,
        origin=Origin.SILENT,
        story=stream.name,
        start=offset,
        end=offset,
        old="",
        new=piece.text,
        content=excerpt([(piece.element, piece.text)], Source(package=document.package, part=stream.part)),
    )
