"""Calls for inputs: who was asked, until when, and what a person decided about an answer."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Row, Select, bindparam, delete, insert, select, update

from pipeline.adapters.store.codec import decode, encode
from pipeline.adapters.store.database import Db
from pipeline.adapters.store.drafts import get_revision
from pipeline.adapters.tables import addressee as addressees
from pipeline.adapters.tables import call_round as rounds
from pipeline.adapters.tables import decision as decisions
from pipeline.adapters.tables import reminding
from pipeline.core.model import LADDER, Addressee, Deadline, Decision, Round, RoundEnd
from pipeline.errors import UsageError

#: the fields of a round that are columns as they are
_PLAIN = ("draft", "revision", "current_revision", "purpose", "opened_at", "subject", "closed_at", "end")

# Built once: every message asks for them, and building a statement costs more than running it.
_SELECT_ROUNDS = select(rounds, reminding.c.ladder, reminding.c.ask_first).outerjoin(reminding)
_LIST_ROUNDS = _SELECT_ROUNDS.order_by(rounds.c.id)
_LIST_ADDRESSEES = (
    select(addressees).where(addressees.c.round_id.in_(bindparam("rounds", expanding=True))).order_by(addressees.c.id)
)


def open_round(db: Db, round: Round) -> Round:
    """The stored round with its id; the one given is ignored. Raises: UsageError when the revision is unknown."""
    for name in (round.revision, round.current_revision):
        get_revision(db, round.draft, name)
    values = {name: getattr(round, name) for name in _PLAIN}
    deadline = {"deadline_at": round.deadline.at, "deadline_zone": round.deadline.zone}
    id = db.execute(insert(rounds).values(**values, **deadline).returning(rounds.c.id)).scalar_one()
    if round.addressees:
        db.execute(insert(addressees), [_write_addressee(id, asked) for asked in round.addressees])
    set_reminding(db, id, round.ladder, round.ask_first)
    return get_round(db, id)


def get_round(db: Db, id: int) -> Round:
    """The round of this id. Raises: UsageError when there is none."""
    found = _read_rounds(db, _SELECT_ROUNDS.where(rounds.c.id == id))
    if not found:
        raise UsageError(f"There is no round {id}: see penholder status.")
    return found[0]


def list_rounds(db: Db, draft: str | None = None, open_only: bool = False) -> tuple[Round, ...]:
    """The rounds in the order in which they were opened; of one draft, or only those not closed, when asked for."""
    query = _LIST_ROUNDS
    if draft is not None:
        query = query.where(rounds.c.draft == draft)
    if open_only:
        query = query.where(rounds.c.closed_at.is_(None))
    return _read_rounds(db, query)


def set_current_revision(db: Db, round_id: int, revision: str) -> None:
    """Make `revision` the base of what comes in now. Raises: UsageError when round or revision is unknown."""
    get_revision(db, get_round(db, round_id).draft, revision)
    db.execute(update(rounds).where(rounds.c.id == round_id).values(current_revision=revision))


def close_round(db: Db, round_id: int, at: datetime, end: RoundEnd) -> None:
    """Close a round; the first time counts. Raises: UsageError when it is unknown."""
    if get_round(db, round_id).closed_at is None:
        db.execute(update(rounds).where(rounds.c.id == round_id).values(closed_at=at, end=end))


def set_reminding(db: Db, round_id: int, ladder: tuple[str, ...], ask_first: bool) -> None:
    """Keep when a round reminds, and whether a person is asked first."""
    db.execute(delete(reminding).where(reminding.c.round_id == round_id))
    if (ladder, ask_first) != (LADDER, False):
        values = {"round_id": round_id, "ladder": encode(ladder), "ask_first": ask_first}
        db.execute(insert(reminding).values(**values))


def set_call(db: Db, round_id: int, agency: str, message_id: str) -> None:
    """Keep the Message-ID of the call for inputs that went to `agency`. Raises: UsageError when it was not asked."""
    _change_addressee(db, round_id, agency, message_id=message_id)


def decide(db: Db, decision: Decision) -> None:
    """Keep a decision; a granted extension also gives the addressee its own deadline.

    Raises: UsageError when the round is unknown, or an extension names no deadline or an agency that was not asked.
    """
    get_round(db, decision.round_id)
    if decision.kind == "grant_extension":
        _extend(db, decision)
    values = {"round_id": decision.round_id, "agency": decision.agency, "at": decision.at}
    db.execute(insert(decisions).values(content=encode(decision), **values))


def list_decisions(db: Db, round_id: int | None) -> tuple[Decision, ...]:
    """All decisions of a round, or of all rounds, in the order in which they were made."""
    query = select(decisions.c.content).order_by(decisions.c.id)
    if round_id is not None:
        query = query.where(decisions.c.round_id == round_id)
    return tuple(decode(Decision, content) for content in db.execute(query).scalars())


def _extend(db: Db, decision: Decision) -> None:
    if decision.until is None:
        raise UsageError("An extension needs a new deadline: name the day and the hour.")
    until = {"extension_at": decision.until.at, "extension_zone": decision.until.zone}
    _change_addressee(db, decision.round_id, decision.agency, **until)


def _change_addressee(db: Db, round_id: int, agency: str, **values: object) -> None:
    where = (addressees.c.round_id == round_id) & (addressees.c.agency == agency)
    if db.execute(update(addressees).where(where).values(**values)).rowcount == 0:
        raise UsageError(f"Round {round_id} did not ask {agency}: choose one of its addressees.")


def _write_addressee(round_id: int, asked: Addressee) -> dict[str, object]:
    extension = asked.extension
    return {
        "round_id": round_id,
        "agency": asked.agency,
        "message_id": asked.message_id,
        "extension_at": extension.at if extension else None,
        "extension_zone": extension.zone if extension else None,
    }


def _read_rounds(db: Db, query: Select[tuple[object, ...]]) -> tuple[Round, ...]:
    rows = db.execute(query).all()
    asked = _read_addressees(db, [row.id for row in rows])
    return tuple(_read_round(row, asked[row.id]) for row in rows)


def _read_addressees(db: Db, round_ids: Iterable[int]) -> dict[int, list[Addressee]]:
    found: dict[int, list[Addressee]] = defaultdict(list)
    for row in db.execute(_LIST_ADDRESSEES, {"rounds": list(round_ids)}):
        extension = Deadline(at=row.extension_at, zone=row.extension_zone) if row.extension_at else None
        found[row.round_id].append(Addressee(agency=row.agency, message_id=row.message_id, extension=extension))
    return found


def _read_round(row: Row[tuple[object, ...]], asked: list[Addressee]) -> Round:
    values = {name: getattr(row, name) for name in _PLAIN}
    deadline = Deadline(at=row.deadline_at, zone=row.deadline_zone)
    ladder = decode(tuple[str, ...], row.ladder) if row.ladder is not None else LADDER
    return Round(
        id=row.id,
        deadline=deadline,
        addressees=tuple(asked),
        ladder=ladder,
        ask_first=bool(row.ask_first),
        **values,
    )
