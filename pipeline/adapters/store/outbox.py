"""Mail that goes out: intent first, and what became of it. At most once for each recipient and occasion."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Row, func, literal, select, update

from pipeline.adapters.store import audit, sending
from pipeline.adapters.store.codec import decode, encode
from pipeline.adapters.store.database import Db, insert_new
from pipeline.adapters.tables import outgoing
from pipeline.core.model import MailState, Occasion, OutgoingMail, SentMail
from pipeline.errors import UsageError

#: the fields of a mail that are columns as they are
_PLAIN = ("message_id", "occasion", "key", "subject", "text", "raw", "not_before", "agency", "round_id")
_ALL = tuple(outgoing.c)
#: for lists: the bytes of a mail carry its files
_WITHOUT_RAW = (*(column for column in outgoing.c if column.name != "raw"), literal(b"").label("raw"))


def queue(db: Db, mail: OutgoingMail, now: datetime, *, held: bool = False) -> bool:
    """True when the mail will go out, once a person releases it if it is `held`.

    False when one for this occasion and first recipient is there already.
    """
    values = {name: getattr(mail, name) for name in _PLAIN}
    values |= {"to": encode(mail.to), "cc": encode(mail.cc), "recipient": mail.to[0].lower()}
    values |= {"state": MailState.HELD if held else MailState.QUEUED, "queued_at": now, "note": ""}
    query = insert_new(outgoing, db, "recipient", "key").values(**values).returning(outgoing.c.id)
    return db.execute(query).scalar() is not None


def rewrite(db: Db, id: int, mail: OutgoingMail) -> bool:
    """True when a mail that has not left says from now on what `mail` of the same occasion says, at its own time.

    False when it is on its way, gone or cancelled.
    """
    waiting = outgoing.c.state.in_((MailState.QUEUED, MailState.HELD))
    where = (outgoing.c.id == id) & (outgoing.c.key == mail.key) & waiting
    values = {name: getattr(mail, name) for name in ("message_id", "subject", "text", "raw")}
    return db.execute(update(outgoing).where(where).values(cc=encode(mail.cc), **values)).rowcount > 0


def list_due(db: Db, now: datetime) -> tuple[SentMail, ...]:
    """The queued mails whose time has come, oldest first; none while sending is stopped."""
    if sending.get_stop(db) is not None:
        return ()
    due = (outgoing.c.state == MailState.QUEUED) & (outgoing.c.not_before <= now)
    query = select(outgoing).where(due).order_by(outgoing.c.not_before, outgoing.c.id)
    return tuple(_read(row) for row in db.execute(query))


def claim(db: Db, id: int) -> None:
    """Commit to sending a queued mail. Raises: UsageError when it is not queued any more, or sending is stopped."""
    if (found := sending.get_stop(db)) is not None:
        raise UsageError(f"No mail leaves: {found.why} Let it leave again with: penholder sending on")
    _move(db, id, (MailState.QUEUED,), MailState.SENDING, "sent")


def settle(db: Db, id: int, state: MailState, at: datetime, note: str = "", not_before: datetime | None = None) -> None:
    """Keep what became of a mail that was being sent, or of an uncertain one.

    Back to QUEUED it goes out again, not before `not_before`. Raises: UsageError when it was not being sent.
    """
    values: dict[str, Any] = {"note": note}
    if state is MailState.SENT:
        values["sent_at"] = at
    if not_before is not None:
        values["not_before"] = not_before
    _move(db, id, (MailState.SENDING, MailState.UNCERTAIN), state, "settled", **values)


def postpone(db: Db, id: int, not_before: datetime) -> None:
    """Keep a waiting mail back until `not_before`; one whose pause is longer keeps that."""
    where = (outgoing.c.id == id) & (outgoing.c.not_before < not_before)
    db.execute(update(outgoing).where(where).values(not_before=not_before))


def recover(db: Db, now: datetime) -> int:
    """How many mails were found in the middle of being sent; they are uncertain now. For the one sender, at start."""
    note = f"The program stopped while this mail was being sent; found on {now:%Y-%m-%d %H:%M} UTC."
    values = {"state": MailState.UNCERTAIN, "note": note}
    return db.execute(update(outgoing).where(outgoing.c.state == MailState.SENDING).values(**values)).rowcount


def list_outgoing(
    db: Db,
    *,
    states: tuple[MailState, ...] = (),
    agency: str | None = None,
    agencies: tuple[str, ...] = (),
    round_id: int | None = None,
    occasion: Occasion | None = None,
    before_id: int | None = None,
    with_raw: bool = True,
    limit: int = 200,
) -> tuple[SentMail, ...]:
    """The mails that meet every condition given, newest first; without `with_raw` their bytes stay in the database."""
    query = select(*(_ALL if with_raw else _WITHOUT_RAW)).order_by(outgoing.c.id.desc()).limit(limit)
    if agencies:
        query = query.where(outgoing.c.agency.in_(agencies))
    if before_id is not None:
        query = query.where(outgoing.c.id < before_id)
    if states:
        query = query.where(outgoing.c.state.in_(states))
    if agency is not None:
        query = query.where(outgoing.c.agency == agency)
    if round_id is not None:
        query = query.where(outgoing.c.round_id == round_id)
    if occasion is not None:
        query = query.where(outgoing.c.occasion == occasion)
    return tuple(_read(row) for row in db.execute(query))


def list_keys(db: Db, round_id: int | None, *occasions: Occasion) -> tuple[str, ...]:
    """The occasion keys of some kinds of mail of a round, or of all, in whatever state; without loading the mails."""
    query = select(outgoing.c.key).where(outgoing.c.occasion.in_(occasions)).order_by(outgoing.c.id)
    if round_id is not None:
        query = query.where(outgoing.c.round_id == round_id)
    return tuple(db.execute(query).scalars())


def find_outgoing(db: Db, message_ids: Sequence[str]) -> tuple[SentMail, ...]:
    """Our mails with these Message-IDs, oldest first; unknown ones are passed over."""
    if not message_ids:
        return ()
    query = select(outgoing).where(outgoing.c.message_id.in_(message_ids)).order_by(outgoing.c.id)
    return tuple(_read(row) for row in db.execute(query))


def find_latest(db: Db, occasion: Occasion, recipient: str, agency: str, round_id: int) -> SentMail | None:
    """The newest mail of this kind to an address in one agency's thread of a round, cancelled ones left out."""
    query = select(*_WITHOUT_RAW).where(outgoing.c.occasion == occasion, outgoing.c.recipient == recipient.lower())
    query = query.where(outgoing.c.agency == agency, outgoing.c.round_id == round_id)
    query = query.where(outgoing.c.state != MailState.CANCELLED)
    row = db.execute(query.order_by(outgoing.c.id.desc()).limit(1)).first()
    return None if row is None else _read(row)


def get_outgoing(db: Db, id: int) -> SentMail:
    """The mail of this id. Raises: UsageError when there is none."""
    row = db.execute(select(outgoing).where(outgoing.c.id == id)).first()
    if row is None:
        raise UsageError(f"There is no outgoing mail {id}: look it up on the page of outgoing mail.")
    return _read(row)


def counts(db: Db, round_id: int | None = None) -> dict[MailState, int]:
    """How many mails are in each state; every state is named."""
    query = select(outgoing.c.state, func.count()).group_by(outgoing.c.state)
    if round_id is not None:
        query = query.where(outgoing.c.round_id == round_id)
    found = {state: number for state, number in db.execute(query)}
    return {state: found.get(state, 0) for state in MailState}


def cancel(db: Db, id: int, by: str, at: datetime) -> None:
    """Never send it. Raises: UsageError when it was sent or is being sent."""
    waiting = (MailState.QUEUED, MailState.HELD, MailState.UNCERTAIN, MailState.REFUSED)
    _decide(db, id, waiting, MailState.CANCELLED, "cancelled", by, at)


def hold(db: Db, id: int, by: str, at: datetime) -> None:
    """Do not send it until it is released. Raises: UsageError when it is not queued."""
    _decide(db, id, (MailState.QUEUED,), MailState.HELD, "held", by, at)


def release(db: Db, id: int, by: str, at: datetime) -> None:
    """Send it after all: a held one, or once more one that is uncertain or was refused. Raises: UsageError."""
    _decide(db, id, (MailState.HELD, MailState.UNCERTAIN, MailState.REFUSED), MailState.QUEUED, "released", by, at)


def _decide(db: Db, id: int, before: tuple[MailState, ...], after: MailState, verb: str, by: str, at: datetime) -> None:
    _move(db, id, before, after, verb)
    audit.write(db, at, by, f"{verb} the mail", f"outgoing {id}")


def _move(db: Db, id: int, before: tuple[MailState, ...], after: MailState, verb: str, **values: Any) -> None:
    """One step in the life of a mail, taken by one program only."""
    where = (outgoing.c.id == id) & outgoing.c.state.in_(before)
    if db.execute(update(outgoing).where(where).values(state=after, **values)).rowcount == 0:
        state = get_outgoing(db, id).state.value
        raise UsageError(f"Outgoing mail {id} is {state} and cannot be {verb}: reload the page.")


def _read(row: Row[Any]) -> SentMail:
    to, cc = (decode(tuple[str, ...], text) for text in (row.to, row.cc))
    mail = OutgoingMail(to=to, cc=cc, **{name: getattr(row, name) for name in _PLAIN})
    return SentMail(id=row.id, mail=mail, state=row.state, queued_at=row.queued_at, sent_at=row.sent_at, note=row.note)
