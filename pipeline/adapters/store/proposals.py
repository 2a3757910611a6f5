"""Every change that was proposed, whose it is, and what a person decided about it."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam, delete, false, func, insert, or_, select, update

from pipeline.adapters.store.codec import decode, encode
from pipeline.adapters.store.database import Db
from pipeline.adapters.tables import disposition as dispositions
from pipeline.adapters.tables import message, other_round
from pipeline.adapters.tables import proposal as table
from pipeline.errors import UsageError
from pipeline.redline.model import Change, Disposition, Proposal

#: who supersedes, when no person did
_PROGRAM = "penholder"

#: why a proposal is superseded that a person had opened again and the message no longer makes
GONE = "no longer read from the message"

# Built once: every message passes here, and building a statement costs more than running it.
_HAS_ANY = select(table.c.id).where(table.c.message_id == bindparam("of")).limit(1)


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredProposal:
    """A proposal, where it came from and what was decided about it."""

    id: int
    #: its key is the id in six digits; its owner the body that wrote, or the agency
    proposal: Proposal
    agency: str
    body: str | None
    #: None for one that came with no message
    message_id: int | None
    draft: str
    #: the revision its coordinates refer to
    revision: str
    round_id: int | None
    #: why it was decided so; "" while open
    remark: str
    decided_by: str
    decided_at: datetime | None
    #: counts the decisions: name it when deciding, and one on a stale page is refused
    version: int


def add_proposals(
    db: Db,
    *,
    message_id: int | None,
    round_id: int | None,
    draft: str,
    revision: str,
    agency: str,
    body: str | None,
    changes: Sequence[Change],
) -> tuple[int, ...]:
    """The ids of the new proposals in the order of `changes`; superseded from the start when their message is."""
    if not changes:
        return ()
    where = {"message_id": message_id, "round_id": round_id, "draft": draft, "revision": revision}
    start = {
        "disposition": _get_first_disposition(db, message_id, round_id),
        "amended": "",
        "remark": "",
        "decided_by": "",
    }
    values = {**where, "agency": agency, "body": body, **start, "version": 0}
    rows = [{**values, "change": encode(change)} for change in changes]
    query = insert(table).returning(table.c.id, sort_by_parameter_order=True)
    return tuple(db.execute(query, rows).scalars())


def replace_proposals(
    db: Db,
    *,
    message_id: int,
    round_id: int | None,
    draft: str,
    revision: str,
    agency: str,
    body: str | None,
    changes: Sequence[Change],
) -> tuple[int, ...]:
    """The ids of the message's proposals on this revision in the order of `changes`; other revisions stay as they are.

    One that is there already stays, with its id and its decision, and goes to the agency and round given. One that is
    gone from `changes` is deleted if nobody ever touched it, superseded if it is open again, and else stays as decided.
    """
    here = (table.c.message_id == message_id) & (table.c.draft == draft) & (table.c.revision == revision)
    db.execute(update(table).where(here).values(round_id=round_id, agency=agency, body=body))
    known = _find_known(db, here)
    kept = [known[change].pop(0) if known[change] else None for change in changes]
    kept_ids = [id for id in kept if id is not None]
    _drop(db, message_id, here & table.c.id.not_in(kept_ids))
    if _get_first_disposition(db, message_id, round_id) is Disposition.OPEN:
        _reopen(db, table.c.id.in_(kept_ids), _get_instant(db, message_id))
    missing = [change for change, id in zip(changes, kept, strict=True) if id is None]
    added = iter(
        add_proposals(
            db,
            message_id=message_id,
            round_id=round_id,
            draft=draft,
            revision=revision,
            agency=agency,
            body=body,
            changes=missing,
        )
    )
    return tuple(next(added) if id is None else id for id in kept)


def keep_revisions(db: Db, message_id: int, kept: Collection[tuple[str, str]]) -> None:
    """Take away the message's open proposals on other (draft, revision) than these: it is read otherwise now."""
    if db.execute(_HAS_ANY, {"of": message_id}).first() is None:
        return
    here = or_(false(), *((table.c.draft == draft) & (table.c.revision == revision) for draft, revision in kept))
    _drop(db, message_id, (table.c.message_id == message_id) & ~here)


def list_proposals(
    db: Db,
    *,
    draft: str | None = None,
    revision: str | None = None,
    round_id: int | None = None,
    message_id: int | None = None,
    include_superseded: bool = True,
) -> tuple[StoredProposal, ...]:
    """The proposals that meet every condition given, in the order of filing."""
    equal = {"draft": draft, "revision": revision, "round_id": round_id, "message_id": message_id}
    query = select(table).order_by(table.c.id)
    query = query.where(*(table.c[name] == value for name, value in equal.items() if value is not None))
    if not include_superseded:
        query = query.where(table.c.disposition != Disposition.SUPERSEDED)
    return tuple(_read(row) for row in db.execute(query))


def get_proposal(db: Db, id: int) -> StoredProposal:
    """The proposal of this id. Raises: UsageError when there is none."""
    row = db.execute(select(table).where(table.c.id == id)).first()
    if row is None:
        raise UsageError(f"There is no proposal {id}: reload the page.")
    return _read(row)


def counts(
    db: Db, draft: str | None = None, revision: str | None = None, round_id: int | None = None
) -> dict[Disposition, int]:
    """How many proposals have each disposition; every disposition is named."""
    equal = {"draft": draft, "revision": revision, "round_id": round_id}
    query = select(table.c.disposition, func.count()).group_by(table.c.disposition)
    query = query.where(*(table.c[name] == value for name, value in equal.items() if value is not None))
    found = {disposition: number for disposition, number in db.execute(query)}
    return {disposition: found.get(disposition, 0) for disposition in Disposition}


def count_by_revision(db: Db) -> dict[tuple[str, str], dict[Disposition, int]]:
    """How many proposals of each draft and revision have each disposition; only what occurs is named."""
    keys = (table.c.draft, table.c.revision, table.c.disposition)
    query = select(*keys, func.count()).group_by(*keys)
    found: dict[tuple[str, str], dict[Disposition, int]] = defaultdict(dict)
    for draft, revision, disposition, number in db.execute(query):
        found[draft, revision][disposition] = number
    return dict(found)


def dispose(
    db: Db,
    proposal_id: int,
    disposition: Disposition,
    *,
    remark: str,
    amended: str,
    by: str,
    at: datetime,
    version: int,
) -> None:
    """Keep what a person decided about a proposal they saw in `version`.

    Raises: UsageError when somebody decided in between, or there is no such proposal.
    """
    seen = (table.c.id == proposal_id) & (table.c.version == version)
    if not _decide(db, seen, disposition, remark=remark, amended=amended, by=by, at=at):
        found = get_proposal(db, proposal_id)
        raise UsageError(
            f"Proposal {proposal_id} was decided by {found.decided_by or 'somebody'} in the meantime "
            f"({found.proposal.disposition.value}): reload the page and decide again."
        )


def supersede_open(db: Db, message_id: int, round_id: int | None, at: datetime, remark: str) -> int:
    """How many open proposals of the message in a round were superseded."""
    here = (table.c.message_id == message_id) & table.c.round_id.is_not_distinct_from(round_id)
    is_open = here & (table.c.disposition == Disposition.OPEN)
    return _decide(db, is_open, Disposition.SUPERSEDED, remark=remark, amended="", by=_PROGRAM, at=at)


def reopen(db: Db, message_id: int, round_id: int | None, at: datetime) -> int:
    """How many proposals of the message in a round are open again: those that went with it, not those of a person."""
    here = (table.c.message_id == message_id) & table.c.round_id.is_not_distinct_from(round_id)
    return _reopen(db, here & (table.c.remark != GONE), at)


def move(db: Db, message_id: int, rounds: Mapping[str, int], *, agency: str, body: str | None, at: datetime) -> None:
    """Give the message's proposals to `agency` and to the round of their draft, decided or not.

    Open ones on drafts without a round in `rounds` are superseded.
    """
    for draft, round_id in rounds.items():
        same = (table.c.message_id == message_id) & (table.c.draft == draft)
        db.execute(update(table).where(same).values(agency=agency, body=body, round_id=round_id))
        if _get_first_disposition(db, message_id, round_id) is Disposition.OPEN:
            _reopen(db, same & (table.c.remark != GONE), at)
    others = (table.c.message_id == message_id) & table.c.draft.not_in(rounds)
    is_open = table.c.disposition == Disposition.OPEN
    values: dict[str, Any] = {"remark": "the message was put elsewhere", "amended": "", "by": _PROGRAM, "at": at}
    _decide(db, others & is_open, Disposition.SUPERSEDED, **values)


def history(db: Db, proposal_id: int) -> tuple[tuple[datetime, str, Disposition, str], ...]:
    """Instant, person, disposition and remark of every decision about a proposal, oldest first."""
    query = select(dispositions).where(dispositions.c.proposal_id == proposal_id).order_by(dispositions.c.id)
    return tuple((row.at, row.by, row.disposition, row.remark) for row in db.execute(query))


def _decide(db: Db, where: Any, disposition: Disposition, *, remark: str, amended: str, by: str, at: datetime) -> int:
    """How many proposals were decided; each decision also goes into the history."""
    outcome = {"disposition": disposition, "amended": amended, "remark": remark}
    values: dict[str, Any] = {**outcome, "decided_by": by, "decided_at": at, "version": table.c.version + 1}
    decided = db.execute(update(table).where(where).values(**values).returning(table.c.id)).scalars().all()
    if decided:
        db.execute(insert(dispositions), [{"proposal_id": id, "by": by, "at": at, **outcome} for id in sorted(decided)])
    return len(decided)


def _reopen(db: Db, where: Any, at: datetime) -> int:
    superseded = (table.c.disposition == Disposition.SUPERSEDED) & table.c.decided_by.in_(("", _PROGRAM))
    return _decide(db, where & superseded, Disposition.OPEN, remark="", amended="", by=_PROGRAM, at=at)


def _get_first_disposition(db: Db, message_id: int | None, round_id: int | None) -> Disposition:
    """Superseded where the message is: as a whole, or in a round it serves besides its own."""
    elsewhere = select(other_round.c.superseded_by).where(
        other_round.c.message_id == message_id, other_round.c.round_id == round_id
    )
    main = select(message.c.superseded_by).where(message.c.id == message_id)
    found = db.execute(elsewhere).first() or db.execute(main).first()
    return Disposition.OPEN if found is None or found.superseded_by is None else Disposition.SUPERSEDED


def _find_known(db: Db, where: Any) -> dict[Change, list[int]]:
    """The ids of proposals by their change, oldest first."""
    known: dict[Change, list[int]] = defaultdict(list)
    for row in db.execute(select(table.c.id, table.c.change).where(where).order_by(table.c.id)):
        known[decode(Change, row.change)].append(row.id)
    return known


def _drop(db: Db, message_id: int, where: Any) -> None:
    """Delete the open proposals nobody ever touched; supersede those that are open again."""
    gone = where & (table.c.disposition == Disposition.OPEN)
    db.execute(delete(table).where(gone & (table.c.version == 0)))
    at = _get_instant(db, message_id)
    _decide(db, gone, Disposition.SUPERSEDED, remark=GONE, amended="", by=_PROGRAM, at=at)


def _get_instant(db: Db, message_id: int) -> datetime:
    """The instant for what follows from a message by itself: the same however often it is worked out."""
    at: datetime = db.execute(select(message.c.recorded_at).where(message.c.id == message_id)).scalar_one()
    return at


def _read(row: Row[Any]) -> StoredProposal:
    proposal = Proposal(
        key=f"{row.id:06d}",
        owner=row.body or row.agency,
        change=decode(Change, row.change),
        disposition=row.disposition,
        amended=row.amended,
    )
    names = (
        "id",
        "agency",
        "body",
        "message_id",
        "draft",
        "revision",
        "round_id",
        "remark",
        "decided_by",
        "decided_at",
    )
    return StoredProposal(proposal=proposal, version=row.version, **{name: getattr(row, name) for name in names})
