"""From what a message brings to changes on the base text: files, tables and typed sentences all end as `Change`s."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from pipeline.adapters.store.proposals import StoredProposal
from pipeline.core.authors import is_nameless
from pipeline.core.evidence import find_codes_in_name
from pipeline.core.model import TypedEdit, Unreadable
from pipeline.reading import FileFindings, KnownRevision, count_changes
from pipeline.redline.locate import comment_on, locate_edit, locate_everywhere
from pipeline.redline.matrix_read import MatrixRow, split_proposal
from pipeline.redline.model import WORDLESS_KINDS, BaseText, Change, Origin


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposed:
    """Changes of one sender on one revision."""

    #: the revision the changes refer to
    revision: str
    changes: tuple[Change, ...]


#: code of the member an author's name belongs to; None when it is nobody's
FindMaker = Callable[[str], str | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Carried:
    """What a file still carries of other agencies."""

    changes: tuple[Change, ...] = ()
    #: of a table that says whose each remark is
    rows: tuple[MatrixRow, ...] = ()
    #: codes of the members whose changes they are
    owners: tuple[str, ...] = ()
    #: they cannot be told from the sender's: the file was converted
    mixed: bool = False


def find_carried(
    finding: FileFindings, own: Collection[str], known: Sequence[StoredProposal], find_maker: FindMaker
) -> Carried:
    """The changes in a file that are not its sender's, by the name of their author or as proposed before by another.

    `own` holds the codes the sender goes by, `known` is what other messages propose. The same wording alone proves
    nothing, two agencies may propose the same: where the author's name says nothing, the person who made it has to be
    the same, and where Word removed the person the instant has to be.
    """
    others = _find_others(finding, own, known)
    changes = []
    makers = {row: find_maker(row.agency) for row in finding.rows}
    rows = {row: maker for row, maker in makers.items() if maker is not None and maker not in own}
    owners: dict[str, None] = dict.fromkeys(rows.values())
    for change in _list_changes(finding):
        if not _is_traceable(change):
            continue
        owner = find_maker(change.person) or others.get(_fingerprint(change))
        if owner is not None and owner not in own:
            changes.append(change)
            owners[owner] = None
    lost = {maker for person in finding.people if (maker := find_maker(person)) is not None and maker not in own}
    owners |= dict.fromkeys(sorted(lost))
    return Carried(changes=tuple(changes), rows=tuple(rows), owners=tuple(owners), mixed=bool(lost))


def _find_others(
    finding: FileFindings, own: Collection[str], known: Sequence[StoredProposal]
) -> dict[tuple[object, ...], str]:
    """Whose the changes are that others proposed before.

    Of two files with the same changes by nobody the one with more of them carries the other's, whichever came first.
    """
    here = {_fingerprint(change) for change in _list_changes(finding) if is_anonymous(change)}
    theirs = [stored for stored in known if stored.agency not in own]
    there: dict[str, set[tuple[object, ...]]] = {}
    for stored in theirs:
        if is_anonymous(stored.proposal.change):
            there.setdefault(stored.agency, set()).add(_fingerprint(stored.proposal.change))
    carriers = {agency for agency, marks in there.items() if here < marks}
    makers = ((_fingerprint(stored.proposal.change), stored.agency) for stored in theirs)
    return {mark: agency for mark, agency in makers if not (agency in carriers and mark in here)}


def find_carriers(made: Sequence[StoredProposal], known: Sequence[StoredProposal]) -> tuple[int, ...]:
    """Ids of the messages of others that propose the very changes by nobody that are in `made`: they carry them."""
    marks = {_fingerprint(each.proposal.change) for each in made}
    agencies = {each.agency for each in made}
    found = {
        each.message_id or 0
        for each in known
        if each.agency not in agencies and _fingerprint(each.proposal.change) in marks
    }
    return tuple(sorted(found - {0}))


def mark_carried(finding: FileFindings, carried: Carried) -> FileFindings:
    """The file without the changes that are another's; what it carries of whom is noted."""
    if not carried.owners:
        return finding
    if carried.mixed:
        reason = (
            f"Changes of {' and '.join(carried.owners)} are in it and cannot be told from others: ask for it as .docx."
        )
        reading = replace(finding.reading, unreadable=Unreadable.OTHER, reason=reason, carries=carried.owners)
        return FileFindings(reading=reading)
    left = tuple(change for change in _list_changes(finding) if change not in carried.changes)
    rows = tuple(row for row in finding.rows if row not in carried.rows)
    number = len(carried.changes) + len(carried.rows)
    reading = count_changes(replace(finding.reading, carries=carried.owners, carried=number), left, len(rows))
    changes = replace(finding.changes, changes=left) if finding.changes is not None else None
    return replace(finding, reading=reading, changes=changes, rows=rows)


def _list_changes(finding: FileFindings) -> tuple[Change, ...]:
    return finding.changes.changes if finding.changes is not None else ()


def _fingerprint(change: Change) -> tuple[object, ...]:
    nameless = is_nameless(change.person)
    maker = change.date if nameless else change.person
    remark = change.remark if change.kind in WORDLESS_KINDS else ""
    return (change.kind, change.story, change.start, change.end, change.new, change.target, remark, maker)


def _is_traceable(change: Change) -> bool:
    return change.origin is Origin.TRACKED and not (is_nameless(change.person) and change.date is None)


def is_anonymous(change: Change) -> bool:
    """Whether Word removed the person and left the instant."""
    return _is_traceable(change) and is_nameless(change.person)


def list_people(findings: Sequence[FileFindings]) -> frozenset[str]:
    """The names of all authors in these files, as written."""
    authors = (change.person for finding in findings for change in _list_changes(finding))
    lost = (person for finding in findings for person in finding.people)
    return frozenset((*authors, *lost, *(row.agency for finding in findings for row in finding.rows)))


def select_files(
    findings: Sequence[FileFindings], draft: str, *, main: str, served: Collection[str]
) -> tuple[FileFindings, ...]:
    """The files that may speak of `draft`: a table has no text of ours, so its name says of which `served` one it is.

    A table that names none of them, or several, belongs to the `main` one.
    """
    chosen = []
    for finding in findings:
        named = find_codes_in_name(finding.reading.filename, served) if finding.rows else (draft,)
        if draft == (named[0] if len(named) == 1 else main):
            chosen.append(finding)
    return tuple(chosen)


def collect_changes(
    findings: Sequence[FileFindings],
    typed: Sequence[TypedEdit],
    *,
    draft: str,
    current: KnownRevision,
    known: Sequence[KnownRevision],
    written_at: datetime | None,
) -> tuple[Proposed, ...]:
    """Everything a message proposes on `draft`, by the revision each change refers to.

    A file speaks of the revision it is most like; a table and a typed sentence speak of the `current` one.
    """
    by_revision: dict[str, list[Change]] = {}
    for finding in findings:
        if finding.changes is not None and finding.reading.likeness[0][0] == draft:
            by_revision.setdefault(finding.reading.likeness[0][1], []).extend(finding.changes.changes)
        by_revision.setdefault(current.name, []).extend(_place_row(row, current.text) for row in finding.rows)
    by_revision.setdefault(current.name, []).extend(
        change for edit in typed for change in _place_typed(edit, current.text, written_at)
    )
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


def _place_typed(edit: TypedEdit, base: BaseText, written_at: datetime | None) -> tuple[Change, ...]:
    """The change, or one for each occurrence where every one is meant."""
    if not edit.operation.endswith("_all"):
        return (_place(edit, base, Origin.TYPED, written_at),)
    everywhere = locate_everywhere(
        base,
        paragraph=edit.paragraph,
        old=edit.old,
        new=edit.new,
        remark=edit.remark,
        origin=Origin.TYPED,
        date=written_at,
    )
    return everywhere or (_place(edit, base, Origin.TYPED, written_at),)


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
        only_there=edit.only_there,
    )
    if located is not None:
        return located
    return comment_on(base, edit.paragraph, _say(edit), origin=origin, person="", date=date, type=edit.type)


def _say(edit: TypedEdit) -> str:
    """An edit that has no certain place, as a remark that keeps every word of it."""
    if edit.remark and (edit.operation == "comment" or edit.only_there):
        return edit.remark
    words = " → ".join(f"“{part}”" for part in (edit.old, edit.new) if part)
    return "\n".join(part for part in (f"{edit.operation.replace('_', ' ')}: {words}", edit.remark) if part)
