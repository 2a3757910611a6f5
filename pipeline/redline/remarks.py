"""Comments written into a package beside those it already has. See: ECMA-376-1 17.13.4, MS-DOCX 2.5.4."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

from lxml import etree

from pipeline.redline.edits import name_author
from pipeline.redline.marks import clean, make_run, write_date
from pipeline.redline.model import Change, ChangeKind, Conflict, Folded, Merge, Proposal
from pipeline.redline.ooxml import W14, W15, W
from pipeline.redline.opc import Package, add_override, add_relationship, parse_xml, related_part, serialise_xml
from pipeline.redline.surgery import Anchor
from pipeline.redline.threads import find_parents

Element = etree._Element

_TYPES = "application/vnd.openxmlformats-officedocument.wordprocessingml."
_COMMENTS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/comments"
_EXTENDED = "http://schemas.microsoft.com/office/2011/relationships/commentsExtended"
_NAMES = {"w": W[1:-1], "w14": W14[1:-1], "w15": W15[1:-1]}
#: paragraph identities must lie below this. See: MS-DOCX 2.6.2.3
_LAST_PARA_ID = 0x7FFFFFFF


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """A comment to be written."""

    story: str
    #: offsets of the text it stands at
    start: int
    end: int
    #: one paragraph for each line
    text: str
    author: str
    initials: str
    date: datetime | None
    #: the proposals it carries; empty for the secretariat's own
    keys: tuple[str, ...] = ()
    #: position in the list of remarks of the one it replies to
    parent: int | None = None
    #: whether somebody closed it
    resolved: bool = False


def find_remarks(
    merge: Merge, proposals: Mapping[str, Proposal], *, secretariat: str, date: datetime, said: frozenset[str]
) -> tuple[Remark, ...]:
    """The comments of all agencies in document order, then one of the secretariat for each conflict.

    `proposals` has everything that was proposed, by key: replies are found among it. `said` has the keys of other
    changes that stand there as comments.
    """
    own = [
        _own_remark(one)
        for one in merge.folded
        if one.change.kind is ChangeKind.COMMENT or not said.isdisjoint(one.keys)
    ]
    places = {key: place for place, one in enumerate(own) for key in one.keys}
    parents = find_parents(proposals)
    linked = [replace(one, parent=places.get(parents[one.keys[0]])) if one.keys[0] in parents else one for one in own]
    linked = [one if one.parent is None else _at_root(one, linked) for one in linked]
    return (*linked, *(_conflict_remark(one, proposals, secretariat, date) for one in merge.conflicts))


def _own_remark(folded: Folded) -> Remark:
    change = folded.change
    return Remark(
        story=change.story,
        start=change.start,
        end=change.end,
        text=change.remark if change.kind is ChangeKind.COMMENT else f"Formatting: {change.remark}",
        author=name_author(folded.owners, change),
        initials=folded.owners[0],
        date=change.date,
        keys=folded.keys,
        resolved=change.resolved,
    )


def _at_root(reply: Remark, remarks: Sequence[Remark]) -> Remark:
    """Word keeps one level of replies only."""
    assert reply.parent is not None
    above = remarks[reply.parent].parent
    return reply if above is None else replace(reply, parent=above)


def _conflict_remark(conflict: Conflict, proposals: Mapping[str, Proposal], secretariat: str, date: datetime) -> Remark:
    members = [proposals[key] for key in conflict.proposals]
    story = members[0].change.story
    inside = [one.change for one in members if one.change.story == story]
    lines = [f"{conflict.name}: {conflict.reason}", *(f"{one.owner}: {word_change(one.change)}" for one in members)]
    return Remark(
        story=story,
        start=min(change.start for change in inside),
        end=max(change.end for change in inside),
        text="\n".join(dict.fromkeys(lines)),
        author=secretariat,
        initials="".join(word[0] for word in secretariat.split())[:4],
        date=date,
    )


def word_change(change: Change) -> str:
    """What a change does, in words."""
    old, new = (" ".join(text.split()) for text in (change.old, change.new))
    if change.kind is ChangeKind.MOVE:
        return f'move "{old}"'
    if change.kind is ChangeKind.FORMATTING:
        return f'format "{old}": {change.remark}'
    if change.kind is ChangeKind.ROW_DELETION:
        return "delete the table row"
    if not old:
        return f'add "{new}"'
    return f'"{old}" becomes "{new}"' if new else f'delete "{old}"'


# --- Writing ------------------------------------------------------------------------------------------------------


def write_remarks(
    package: Package, main: str, remarks: Sequence[Remark], texts: dict[str, str]
) -> tuple[Package, dict[str, list[Anchor]]]:
    """The package with the comments in it, and by story the anchors that are still to be set."""
    if not remarks:
        return package, {}
    package, part, root = _open(package, main, "comments", W + "comments", _COMMENTS, _TYPES + "comments+xml")
    taken = [int(one.get(W + "id") or 0) for one in root if (one.get(W + "id") or "").isdecimal()]
    first = max(taken, default=-1) + 1
    para_ids = _free_para_ids(package, sum(one.text.count("\n") + 1 for one in remarks))
    last_paras = []
    names = {prefix: name for prefix, name in _NAMES.items() if name not in root.nsmap.values()}
    for number, remark in enumerate(remarks, first):
        _add_comment(root, number, remark, para_ids, names)
        last_paras.append(root[-1][-1].get(W14 + "paraId", ""))
    package = package.replaced({part: serialise_xml(root)})
    package = _write_threads(package, main, remarks, last_paras)
    anchors: dict[str, list[Anchor]] = {}
    for number, remark in enumerate(remarks, first):
        anchors.setdefault(remark.story, []).extend(_make_anchors(number, remark, texts[remark.story]))
    return package, anchors


def _open(
    package: Package, main: str, kind: str, tag: str, relation: str, content_type: str
) -> tuple[Package, str, Element]:
    """A part related to the document, made when there is none: package, name and root."""
    part = related_part(package, main, kind)
    if part is not None:
        return package, part, parse_xml(package.parts[part])
    folder = main.rpartition("/")[0]
    part = f"{folder}/{kind}.xml" if folder else f"{kind}.xml"
    package = add_override(package, part, content_type)
    package, _ = add_relationship(package, main, relation, part)
    return package, part, etree.Element(tag, nsmap=_NAMES)


def _free_para_ids(package: Package, count: int) -> list[str]:
    """Paragraph identities that no part of the package uses, last one first."""
    used = {
        value.upper()
        for name, content in package.parts.items()
        if name.endswith(".xml") and b"paraId" in content
        for element in parse_xml(content).iter()
        if (value := element.get(W14 + "paraId"))
    }
    found: list[str] = []
    number = _LAST_PARA_ID
    while len(found) < count:
        number -= 1
        name = f"{number:08X}"
        if name not in used:
            found.append(name)
    return found


def _add_comment(root: Element, number: int, remark: Remark, para_ids: list[str], names: dict[str, str]) -> None:
    values = {W + "id": str(number), W + "author": clean(remark.author)}
    if remark.date is not None:
        values[W + "date"] = write_date(remark.date)
    values[W + "initials"] = clean(remark.initials)
    comment = etree.SubElement(root, W + "comment", values, nsmap=names)
    for line in remark.text.split("\n"):
        paragraph = etree.SubElement(comment, W + "p", {W14 + "paraId": para_ids.pop()})
        paragraph.append(make_run(line, None))


def _write_threads(package: Package, main: str, remarks: Sequence[Remark], last_paras: Sequence[str]) -> Package:
    extended = related_part(package, main, "commentsExtended")
    if extended is None and all(remark.parent is None and not remark.resolved for remark in remarks):
        return package
    package, part, root = _open(
        package, main, "commentsExtended", W15 + "commentsEx", _EXTENDED, _TYPES + "commentsExtended+xml"
    )
    for remark, para in zip(remarks, last_paras, strict=True):
        entry = etree.SubElement(root, W15 + "commentEx")
        entry.set(W15 + "paraId", para)
        if remark.parent is not None:
            entry.set(W15 + "paraIdParent", last_paras[remark.parent])
        entry.set(W15 + "done", "1" if remark.resolved else "0")
    return package.replaced({part: serialise_xml(root)})


def _make_anchors(number: int, remark: Remark, text: str) -> Iterable[Anchor]:
    # an end behind a paragraph mark belongs to the paragraph before it
    last = max(len(text) - 1, 0)
    end = min(remark.end, last)
    if end > remark.start and text[end - 1] == "\n":
        end -= 1
    start = min(remark.start, end)
    comment = str(number)
    if start == end:
        yield Anchor(offset=end, closes=True, make=partial(_make_both, comment), comment=comment, whole=True)
    else:
        yield Anchor(offset=start, closes=False, make=partial(_make_start, comment), comment=comment)
        yield Anchor(offset=end, closes=True, make=partial(_make_end, comment), comment=comment)


def _make_both(comment: str) -> Iterator[Element]:
    yield from _make_start(comment)
    yield from _make_end(comment)


def _make_start(comment: str) -> Iterator[Element]:
    yield etree.Element(W + "commentRangeStart", {W + "id": comment})


def _make_end(comment: str) -> Iterator[Element]:
    yield etree.Element(W + "commentRangeEnd", {W + "id": comment})
    run = etree.Element(W + "r")
    etree.SubElement(run, W + "commentReference", {W + "id": comment})
    yield run
