"""The comments of a Word file, with their anchors and replies.

See: ECMA-376-1 17.13.4, MS-DOCX 2.5.4 (commentsExtended).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from pipeline.redline.model import Change, ChangeKind, Origin
from pipeline.redline.ooxml import W14, W15, W
from pipeline.redline.opc import Package, parse_xml, related_part
from pipeline.redline.revisions import parse_date
from pipeline.redline.story import Element, Stream


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """A comment as its part keeps it."""

    id: str
    text: str
    author: str
    date: datetime | None
    #: id of the comment it replies to
    parent: str | None
    #: whether somebody closed it
    resolved: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Anchor:
    """What a comment stands at, in offsets of the original view."""

    story: str
    start: int
    end: int


def read_comments(package: Package, streams: Sequence[Stream]) -> list[tuple[str, str | None, Change]]:
    """(id, id of the parent, change) for every comment, in the order of the comments part.

    A comment without a place in the text is anchored to the whole draft: body, 0, 0.
    """
    texts = {stream.name: stream.original for stream in streams}
    anchors = find_anchors(streams)
    found = []
    remarks = _read_remarks(package)
    known = {remark.id for remark in remarks}
    for remark in remarks:
        fallback = anchors.get(remark.parent or "", Anchor(story="body", start=0, end=0))
        anchor = anchors.get(remark.id, fallback)
        change = Change(
            kind=ChangeKind.COMMENT,
            origin=Origin.TRACKED,
            story=anchor.story,
            start=anchor.start,
            end=anchor.end,
            old=texts[anchor.story][anchor.start : anchor.end],
            remark=remark.text,
            person=remark.author,
            date=remark.date,
            resolved=remark.resolved,
        )
        found.append((remark.id, remark.parent if remark.parent in known else None, change))
    return found


def find_anchors(streams: Sequence[Stream]) -> dict[str, Anchor]:
    """The anchor of each comment id; an end that is missing or in another story is the end of the paragraph."""
    starts: dict[str, tuple[str, int]] = {}
    anchors: dict[str, Anchor] = {}
    for stream in streams:
        offset = 0
        for piece in () if stream.plain else stream.pieces:
            if piece.inserted is None:
                offset += len(piece.text)
            if not piece.text and piece.element.tag in _ANCHORS:
                _take(piece.element, stream.name, offset, starts, anchors)
    for comment, (story, start) in starts.items():
        if comment not in anchors:
            text = next(stream.original for stream in streams if stream.name == story)
            end = text.find("\n", start)
            anchors[comment] = Anchor(story=story, start=start, end=end if end >= 0 else start)
    return anchors


_START, _END = W + "commentRangeStart", W + "commentRangeEnd"
_ANCHORS = frozenset({_START, _END, W + "commentReference"})


def _take(
    mark: Element, story: str, offset: int, starts: dict[str, tuple[str, int]], anchors: dict[str, Anchor]
) -> None:
    comment = mark.get(W + "id", "")
    begun = starts.get(comment)
    if mark.tag == _START:
        starts.setdefault(comment, (story, offset))
    elif mark.tag == _END and begun and begun[0] == story:
        anchors.setdefault(comment, Anchor(story=story, start=begun[1], end=offset))
    elif mark.tag not in (_START, _END) and not begun:
        anchors.setdefault(comment, Anchor(story=story, start=offset, end=offset))


def _read_remarks(package: Package) -> list[Remark]:
    main = package.main_part
    part = related_part(package, main, "comments")
    if part is None:
        return []
    comments = list(parse_xml(package.parts[part]).iterchildren(W + "comment"))
    by_para = {para: comment.get(W + "id", "") for comment in comments for para in _para_ids(comment)}
    parents, closed = _read_threads(package, main)
    remarks = []
    for comment in comments:
        parent = next((by_para.get(parents[para]) for para in _para_ids(comment) if para in parents), None)
        remarks.append(
            Remark(
                id=comment.get(W + "id", ""),
                text=_text(comment),
                author=(comment.get(W + "author") or "").strip(),
                date=parse_date(comment.get(W + "date")),
                parent=parent,
                resolved=not closed.isdisjoint(_para_ids(comment)),
            )
        )
    return remarks


def _para_ids(comment: Element) -> list[str]:
    """Identifiers of a comment's paragraphs, the last one first: it is the one that replies name."""
    found = [para.get(W14 + "paraId", "").upper() for para in comment.iter(W + "p")]
    return [para for para in reversed(found) if para]


def _read_threads(package: Package, main: str) -> tuple[dict[str, str], frozenset[str]]:
    """By paragraph identity the one replied to, and the identities of comments that are closed."""
    part = related_part(package, main, "commentsExtended")
    entries = [] if part is None else list(parse_xml(package.parts[part]).iter(W15 + "commentEx"))
    named = [(entry.get(W15 + "paraId", "").upper(), entry) for entry in entries]
    parents = {name: entry.get(W15 + "paraIdParent", "").upper() for name, entry in named}
    closed = (name for name, entry in named if entry.get(W15 + "done") in ("1", "true", "on"))
    return {name: parent for name, parent in parents.items() if parent}, frozenset(closed)


def _text(comment: Element) -> str:
    lines = []
    for paragraph in comment.iter(W + "p"):
        parts = paragraph.iter(W + "t", W + "tab", W + "br")
        lines.append("".join((part.text or "") if part.tag == W + "t" else " " for part in parts))
    return "\n".join(lines).strip()
