"""The record of messages as it is read: one by one, in lists, and as the tracking sees them."""

from collections.abc import Collection, Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, bindparam, exists, false, func, literal, null, select, union_all

from pipeline.adapters.store.codec import decode
from pipeline.adapters.store.database import Db
from pipeline.adapters.store.proposals import GONE
from pipeline.adapters.tables import message, other_round, proposal, recognition, sighting
from pipeline.core.model import Filing, InboundMessage, MailKind, Place, Recognition
from pipeline.errors import UsageError

#: digits of a sha256 that name a message
SHORTEST_DIGEST = 8
#: where a message lies that tells something about an agency's answer
_TOLD = (Place.FILED, Place.HELD, Place.QUARANTINED, Place.FAILED)


def get_message(db: Db, message_id: int) -> InboundMessage:
    """The message of this number. Raises: UsageError when there is none."""
    row = db.execute(_GET, {"of": message_id}).first()
    if row is None:
        raise UsageError(f"There is no message {message_id}: look it up in the inbox.")
    return _read_message(row)


def find_message(db: Db, message_id: str) -> InboundMessage | None:
    """The oldest message with this Message-ID field; None when there is none. Only recognised ones are found."""
    row = db.execute(_FIND, {"named": message_id}).first()
    return _read_message(row) if row else None


def find_by_sha256(db: Db, start: str) -> InboundMessage | None:
    """The message whose sha256 begins with `start`; None when there is none.

    Raises: UsageError when `start` is too short to tell messages apart, or several begin so.
    """
    if len(start) < SHORTEST_DIGEST or not set(start) <= set("0123456789abcdef"):
        raise UsageError(f"{start!r} is neither a file, a number, nor {SHORTEST_DIGEST} digits or more of a sha256.")
    rows = db.execute(_select_messages().where(message.c.sha256.startswith(start)).limit(2)).all()
    if len(rows) > 1:
        raise UsageError(f"Several messages begin with {start}: write more digits.")
    return _read_message(rows[0]) if rows else None


def find_same(db: Db, message_id_header: str, canonical_sha256: str, other_than: int) -> int | None:
    """The oldest message before `other_than` that differs from it in the traces of delivery at most; None without one.

    An equal Message-ID is not enough: two different mails may carry it, and neither may be lost. A known and different
    Message-ID rules a message out. Only older messages are found, so that two never point at each other.
    """
    query = _FIND_SAME_NAMED if message_id_header else _FIND_SAME
    named = {"named": message_id_header} if message_id_header else {}
    return db.execute(query, {"digest": canonical_sha256, "before": other_than, **named}).scalar()


def find_messages(db: Db, ids: Collection[int]) -> dict[int, InboundMessage]:
    """The messages of these numbers; unknown ones are passed over."""
    if not ids:
        return {}
    return {row.id: _read_message(row) for row in db.execute(_select_messages().where(message.c.id.in_(ids)))}


def list_astray(db: Db, round_id: int, since: datetime, until: datetime) -> tuple[int, ...]:
    """Numbers of messages of nobody known, or not read yet, that may be of a round; received `since` to `until`."""
    waits = message.c.attention_open.is_(True) | (message.c.place == Place.HELD)
    of_nobody = message.c.agency.is_(None) & message.c.place.in_(_TOLD) & waits
    query = select(message.c.id).where(
        message.c.received_at.between(since, until),
        (message.c.round_id == round_id) | message.c.round_id.is_(None),
        of_nobody | (message.c.place == Place.RECEIVED),
    )
    return tuple(db.execute(query.order_by(message.c.id)).scalars())


def find_digests(db: Db, ids: Collection[int]) -> dict[int, str]:
    """The sha256 of the raw bytes of these messages; unknown ones are passed over."""
    query = select(message.c.id, message.c.sha256).where(message.c.id.in_(ids))
    return {row.id: row.sha256 for row in db.execute(query)}


def list_recognised(db: Db) -> tuple[int, ...]:
    """The numbers of all messages that were recognised, oldest first."""
    query = select(message.c.id).where(message.c.place != Place.RECEIVED).order_by(message.c.id)
    return tuple(db.execute(query).scalars())


def list_messages(
    db: Db,
    *,
    places: tuple[Place, ...] = (),
    agency: str | None = None,
    draft: str | None = None,
    round_id: int | None = None,
    attention_only: bool = False,
    search: str = "",
    before_id: int | None = None,
    limit: int = 50,
) -> tuple[InboundMessage, ...]:
    """The messages that meet every condition given, newest first; the next page begins before the last one's id.

    A message is of every draft and round that it concerns.

    Every word of `search` must occur in subject, sender or text, whatever its case.
    """
    query = _select_messages().order_by(message.c.id.desc()).limit(limit)
    query = query.where(*_concern(agency=agency, draft=draft, round_id=round_id))
    if places:
        query = query.where(message.c.place.in_(places))
    if attention_only:
        query = query.where(message.c.attention_open.is_(True))
    if before_id is not None:
        query = query.where(message.c.id < before_id)
    for word in search.casefold().split():
        query = query.where(recognition.c.words.contains(word, autoescape=True))
    return tuple(_read_message(row) for row in db.execute(query))


def list_superseded(db: Db, agency: str, round_id: int, newer: int) -> frozenset[int]:
    """Ids of the member's messages in a round that `newer` takes the place of."""
    found = db.execute(_LIST_SUPERSEDED, {"agency": agency, "round": round_id, "newer": newer})
    return frozenset(found.scalars())


def count_messages(db: Db) -> dict[Place, int]:
    """How many messages lie in each place; every place is named."""
    return count_by_place(db)


def count_inbox(db: Db) -> tuple[dict[Place, int], int]:
    """How many messages lie in each place, and how many wait for a person: every page says so, in one statement."""
    counted = select(message.c.place, message.c.attention_open, func.count().label("number"))
    rows = db.execute(counted.group_by(message.c.place, message.c.attention_open)).all()
    places = {place: sum(row.number for row in rows if row.place == place) for place in Place}
    return places, sum(row.number for row in rows if row.attention_open)


def count_by_place(db: Db, *, draft: str | None = None, round_id: int | None = None) -> dict[Place, int]:
    """How many messages of a draft or round, or of all, lie in each place; every place is named."""
    query = select(message.c.place, func.count()).group_by(message.c.place)
    query = query.where(*_concern(draft=draft, round_id=round_id))
    found = {place: number for place, number in db.execute(query)}
    return {place: found.get(place, 0) for place in Place}


def count_attention(db: Db) -> int:
    """How many messages wait for a person."""
    return db.execute(select(func.count()).where(message.c.attention_open.is_(True))).scalar_one()


def list_filings(db: Db, round_id: int | None, until: datetime | None = None) -> tuple[Filing, ...]:
    """What the tracking needs of a round's messages, or of all rounds', received up to `until`, oldest first.

    Filed, held, failed and quarantined ones of which the agency is known; with those of no known round among them, and
    those of unknown writers that a person still has to look at, under the member they may be of.
    """
    main = _select_filings(message.c.round_id, null(), _CONTRIBUTES_ELSEWHERE).add_columns(recognition.c.content)
    main = main.select_from(message.outerjoin(recognition, _TAKEN_FOR_A_MEMBER)).where(message.c.place.in_(_TOLD))
    main = main.where(message.c.agency.is_not(None) | recognition.c.content.is_not(None))
    served = _select_filings(other_round.c.round_id, other_round.c.superseded_by, false()).add_columns(null())
    served = served.where(other_round.c.message_id == message.c.id, message.c.place == Place.FILED)
    served = served.where(message.c.agency.is_not(None))
    if round_id is not None:
        main = main.where((message.c.round_id == round_id) | message.c.round_id.is_(None))
        served = served.where(other_round.c.round_id == round_id)
    if until is not None:
        main, served = (query.where(message.c.received_at <= until) for query in (main, served))
    found = [_read_filing(row) for row in db.execute(union_all(main, served))]
    return tuple(sorted(found, key=lambda filing: (filing.received_at, filing.message_id)))


def list_answers(db: Db, agency: str, round_id: int) -> tuple[InboundMessage, ...]:
    """Every message of a member that concerns a round, oldest first; `superseded_by` is what replaced it there."""
    main = _select_messages().where(message.c.agency == agency, message.c.round_id == round_id)
    others = _select_messages().join(other_round, other_round.c.message_id == message.c.id)
    others = others.where(message.c.agency == agency, other_round.c.round_id == round_id)
    found = [_read_message(row) for row in db.execute(main)]
    for row in db.execute(others.add_columns(other_round.c.superseded_by.label("by"))):
        found.append(replace(_read_message(row), superseded_by=row.by))
    return tuple(sorted(found, key=lambda each: each.id))


def _select_filings(round_column: Any, replaced_there: Any, elsewhere: Any) -> Select[Any]:
    """The rows of filings in the rounds of one column, each with what could be read of it there.

    `replaced_there` is what replaced a message in a round besides its own, `elsewhere` whether it contributes to one.
    """
    read = select(func.count()).where(
        proposal.c.message_id == message.c.id, proposal.c.round_id == round_column, proposal.c.remark != GONE
    )
    counted = read.correlate(message, other_round).scalar_subquery().label("proposals")
    served = literal(round_column is other_round.c.round_id).label("served")
    asides = (replaced_there.label("replaced_there"), elsewhere.label("elsewhere"), served)
    return select(message, round_column.label("in_round"), counted, *asides)


def _concern(agency: str | None = None, draft: str | None = None, round_id: int | None = None) -> Iterator[Any]:
    """The conditions that a message is of an agency and concerns a draft and a round."""
    if agency is not None:
        yield message.c.agency == agency
    served = select(other_round.c.message_id)
    for own, other, wanted in (
        (message.c.draft, other_round.c.draft, draft),
        (message.c.round_id, other_round.c.round_id, round_id),
    ):
        if wanted is not None:
            yield (own == wanted) | message.c.id.in_(served.where(other == wanted))


def _select_messages() -> Select[Any]:
    sightings = select(func.count()).where(sighting.c.message_id == message.c.id).scalar_subquery()
    joined = message.outerjoin(recognition, recognition.c.message_id == message.c.id)
    return select(message, recognition.c.content, sightings.label("sightings")).select_from(joined)


#: of a message: whether something was read of it in a round besides its own
_CONTRIBUTES_ELSEWHERE = exists().where(
    other_round.c.message_id == message.c.id,
    proposal.c.message_id == message.c.id,
    proposal.c.round_id == other_round.c.round_id,
    proposal.c.remark != GONE,
)
#: held mail of an unknown writer that a person has to look at, and that may be a member's
_TAKEN_FOR_A_MEMBER = (
    (recognition.c.message_id == message.c.id)
    & message.c.agency.is_(None)
    & message.c.attention_open.is_(True)
    & (message.c.place == Place.HELD)
    & recognition.c.content.contains('"suggested_agency":"')
)
# Built once: every message passes here, and building a statement costs more than running it.
_GET = _select_messages().where(message.c.id == bindparam("of"))
_FIND = _select_messages().where(message.c.message_id == bindparam("named")).order_by(message.c.id)
_IN_ROUND = (message.c.agency == bindparam("agency")) & (message.c.round_id == bindparam("round"))
_LIST_SUPERSEDED = select(message.c.id).where(_IN_ROUND, message.c.superseded_by == bindparam("newer"))
_FIND_SAME = (
    select(message.c.id)
    .where(message.c.canonical_sha256 == bindparam("digest"), message.c.id < bindparam("before"))
    .order_by(message.c.id)
    .limit(1)
)
_FIND_SAME_NAMED = _FIND_SAME.where(message.c.message_id.is_(None) | (message.c.message_id == bindparam("named")))


def _read_message(row: Row[Any]) -> InboundMessage:
    names = ("id", "sha256", "size", "received_at", "recorded_at", "place", "attention_open", "duplicate_of")
    return InboundMessage(
        **{name: getattr(row, name) for name in names},
        superseded_by=row.superseded_by,
        recognition=None if row.content is None else decode(Recognition, row.content),
        sightings=max(1, row.sightings),
    )


def _read_filing(row: Row[Any]) -> Filing:
    """A message in one of its rounds; its words speak of the main one alone.

    In another round it contributes if something was read there, and else only shows that somebody wrote. The same holds
    of the main round where it contributes to another one.
    """
    names = ("body", "place", "received_at", "attention_open", "proposals")
    kind = row.kind
    if row.served:
        kind = MailKind.CONTRIBUTION if row.proposals else MailKind.ACKNOWLEDGEMENT
    elif row.elsewhere and kind is MailKind.CONTRIBUTION and not row.proposals:
        kind = MailKind.ACKNOWLEDGEMENT
    return Filing(
        message_id=row.id,
        agency=row.agency or _find_suggested(row.content),
        round_id=row.in_round,
        kind=kind,
        flags=decode(tuple[str, ...], row.flags),
        superseded_by=row.replaced_there if row.served else row.superseded_by,
        **{name: getattr(row, name) for name in names},
    )


def _find_suggested(content: str) -> str:
    """The member an unknown writer may be of."""
    identity = decode(Recognition, content).identity
    return (identity.suggested_agency or "") if identity else ""
