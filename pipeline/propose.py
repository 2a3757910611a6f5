"""From what a message brings to changes on the base text: files, tables and typed sentences all end as `Change`s."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from pipeline.adapters.store.proposals import StoredProposal
from pipeline.core.model import TypedEdit
from pipeline.reading import FileFindings, KnownRevision
from pipeline.redline.locate import comment_on, locate_edit
from pipeline.redline.matrix_read import MatrixRow, split_proposal
from pipeline.redline.model import WORDLESS_KINDS, BaseText, Change, Origin

#: names Word writes instead of a person when personal data is removed on saving
NAMELESS = frozenset({"", "author", "auteur", "autor", "user", "unknown"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposed:
    """Changes of one sender on one revision."""

    #: the revision the changes refer to
    revision: str
    changes: tuple[Change, ...]


def find_inherited(
    findings: Sequence[FileFindings], agency: str, known: Sequence[StoredProposal]
) -> tuple[tuple[Change, ...], tuple[str, ...]]:
    """The changes in these files that another agency has proposed already, and the codes of those agencies.

    The same wording alone proves nothing, two agencies may propose the same: the person who made it has to be the same
    too, and where Word removed the person the instant has to be.
    """
    others = {_fingerprint(stored.proposal.change): stored.agency for stored in known if stored.agency != agency}
    inherited = []
    owners: dict[str, None] = {}
    for change in _file_changes(findings):
        owner = others.get(_fingerprint(change)) if _is_traceable(change) else None
        if owner is not None:
            inherited.append(change)
            owners[owner] = None
    return tuple(inherited), tuple(owners)


def _fingerprint(change: Change) -> tuple[object, ...]:
    nameless = change.person.strip().lower() in NAMELESS
    maker = change.date if nameless else change.person
    remark = change.remark if change.kind in WORDLESS_KINDS else ""
    return (change.kind, change.story, change.start, change.end, change.new, change.target, remark, maker)


def _is_traceable(change: Change) -> bool:
    nameless = change.person.strip().lower() in NAMELESS
    return change.origin is Origin.TRACKED and not (nameless and change.date is None)


def _file_changes(findings: Sequence[FileFindings]) -> Iterator[Change]:
    for finding in findings:
        if finding.changes is not None:
            yield from finding.changes.changes


def collect_changes(
    findings: Sequence[FileFindings],
    typed: Sequence[TypedEdit],
    *,
    draft: str,
    current: KnownRevision,
    known: Sequence[KnownRevision],
    inherited: Sequence[Change],
    written_at: datetime | None,
) -> tuple[Proposed, ...]:
    """Everything a message proposes on `draft`, by the revision each change refers to.

    A file speaks of the revision it is most like; a table and a typed sentence speak of the `current` one.
    """
    by_revision: dict[str, list[Change]] = {}
    skip = {_fingerprint(change) for change in inherited}
    for finding in findings:
        if finding.changes is not None and finding.reading.likeness[0][0] == draft:
            own = [change for change in finding.changes.changes if _fingerprint(change) not in skip]
            by_revision.setdefault(finding.reading.likeness[0][1], []).extend(own)
        by_revision.setdefault(current.name, []).extend(_place_row(row, current.text) for row in finding.rows)
    by_revision.setdefault(current.name, []).extend(_place_typed(edit, current.text, written_at) for edit in typed)
    return tuple(
        Proposed(revision=revision.name, changes=tuple(by_revision[revision.name]))
        for revision in known
        if revision.draft == draft and by_revision.get(revision.name)
    )


def _place_row(row: MatrixRow, base: BaseText) -> Change:
    wording = split_proposal(row.proposal)
    if wording is not None:
        edit = TypedEdit(
            paragraph=row.paragraph,
            old=wording[0],
            new=wording[1],
            operation="replace" if wording[1] else "delete",
            remark=row.comment,
            type=row.type,
        )
        return _place(edit, base, Origin.MATRIX, None)
    remark = "\n".join(part for part in (row.comment, row.proposal) if part)
    return comment_on(base, row.paragraph, remark, origin=Origin.MATRIX, person="", date=None, type=row.type)


def _place_typed(edit: TypedEdit, base: BaseText, written_at: datetime | None) -> Change:
    return _place(edit, base, Origin.TYPED, written_at)


def _place(edit: TypedEdit, base: BaseText, origin: Origin, date: datetime | None) -> Change:
    located = locate_edit(
        base,
        paragraph=edit.paragraph,
        operation=edit.operation,
        old=edit.old,
        new=edit.new,
        remark=edit.remark,
        origin=origin,
        person="",
        date=date,
        type=edit.type,
    )
    if located is not None:
        return located
    remark = edit.remark or f"{edit.operation.replace('_', ' ')}: “{edit.old}” → “{edit.new}”"
    return comment_on(base, edit.paragraph, remark, origin=origin, person="", date=date, type=edit.type)
