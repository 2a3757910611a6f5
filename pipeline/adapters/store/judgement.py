"""What is decided about a message: by the program when it recognises it, by a person when they put it right."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam, delete, exists, insert, select, update

from pipeline.adapters.store import audit, proposals
from pipeline.adapters.store.codec import encode
from pipeline.adapters.store.database import Db
from pipeline.adapters.store.inbox import get_message
from pipeline.adapters.tables import message, other_round, recognition, refiling
from pipeline.core.identify import list_served
from pipeline.core.model import Certainty, Clue, Identity, MailKind, Place, Recognition
from pipeline.errors import UsageError

# Built once: every message passes here, and building a statement costs more than running it.
_FIND_BEFORE = select(
    message.c.attention_closed_at,
    exists().where(recognition.c.message_id == message.c.id).label("recognised"),
    exists().where(refiling.c.message_id == message.c.id).label("refiled"),
    exists().where(other_round.c.message_id == message.c.id).label("elsewhere"),
).where(message.c.id == bindparam("of"))
_ADD = insert(recognition).values(message_id=bindparam("of"), content=bindparam("content"), words=bindparam("words"))
_REPLACE = update(recognition).where(recognition.c.message_id == bindparam("of"))
_UPDATE = update(message).where(message.c.id == bindparam("of"))


def save_recognition(db: Db, message_id: int, recognition: Recognition, duplicate_of: int | None = None) -> None:
    """Keep what was made of a message, instead of what was made of it before.

    What a person decided stays: where it was put, and that nobody needs to look at it any more.
    Raises: UsageError when there is no such message.
    """
    before = db.execute(_FIND_BEFORE, {"of": message_id}).first()
    if before is None:
        raise UsageError(f"There is no message {message_id}: look it up in the inbox.")
    if before.refiled:
        by_person = select(refiling).where(refiling.c.message_id == message_id).order_by(refiling.c.id.desc()).limit(1)
        recognition = _apply(db.execute(by_person).one(), recognition)
    content = {"content": encode(recognition), "words": _find_words(recognition), "of": message_id}
    db.execute(_REPLACE if before.recognised else _ADD, content)
    needs_attention = recognition.action.needs_attention and before.attention_closed_at is None
    values = {"attention_open": needs_attention, "duplicate_of": duplicate_of, "of": message_id, "attempts": 0}
    db.execute(_UPDATE, values | _list_columns(recognition))
    wanted = recognition.identity.other_rounds if recognition.identity else ()
    if wanted or before.elsewhere:
        _save_other_rounds(db, message_id, dict(wanted))


def _save_other_rounds(db: Db, message_id: int, wanted: Mapping[str, int]) -> None:
    """Keep the rounds by draft that a message concerns besides its own; what replaced it there stays."""
    here = other_round.c.message_id == message_id
    db.execute(delete(other_round).where(here, other_round.c.round_id.not_in(wanted.values())))
    known = set(db.execute(select(other_round.c.round_id).where(here)).scalars())
    rows = [
        {"message_id": message_id, "round_id": round_id, "draft": draft}
        for draft, round_id in wanted.items()
        if round_id not in known
    ]
    if rows:
        db.execute(insert(other_round), rows)


def close_attention(db: Db, message_id: int, by: str, at: datetime, remark: str) -> None:
    """Keep that a person has looked at the message. Raises: UsageError when there is none."""
    get_message(db, message_id)
    _close_attention(db, message_id, at)
    audit.write(
        db, at, by, f"looked at the message: {remark}" if remark else "looked at the message", _name(message_id)
    )


def reopen_attention(db: Db, message_id: int, by: str, at: datetime) -> None:
    """Keep that the message needs a person after all. Raises: UsageError when there is none."""
    get_message(db, message_id)
    values = {"attention_open": True, "attention_closed_at": None}
    db.execute(update(message).where(message.c.id == message_id).values(**values))
    audit.write(db, at, by, "has to be looked at again", _name(message_id))


def take_back_refiling(db: Db, message_id: int, by: str, at: datetime) -> None:
    """Forget where a person put the message last; it has to be recognised again then.

    Raises: UsageError when no person put it anywhere.
    """
    found = get_message(db, message_id)
    mine = select(refiling).where(refiling.c.message_id == message_id).order_by(refiling.c.id.desc()).limit(1)
    last = db.execute(mine).first()
    if last is None:
        raise UsageError(f"Nobody put message {message_id} anywhere: there is nothing to take back.")
    db.execute(delete(refiling).where(refiling.c.id == last.id))
    closed = select(message.c.attention_closed_at).where(message.c.id == message_id)
    if db.execute(closed).scalar() == last.at:
        db.execute(update(message).where(message.c.id == message_id).values(attention_closed_at=None))
    audit.write(db, at, by, f"took back what {last.by} said of it: {last.remark}", _name(found.id))


def refile(
    db: Db,
    message_id: int,
    *,
    agency: str | None,
    body: str | None,
    draft: str | None,
    round_id: int | None,
    place: Place,
    by: str,
    at: datetime,
    remark: str,
    kind: MailKind | None = None,
    alone: bool = False,
) -> None:
    """Put a message where a person says it belongs; `kind` None leaves its kind alone.

    Files of other drafts go on serving their rounds, unless the person says that it belongs here `alone`.

    It needs no more attention unless it is held. Filed under the same draft, its proposals go with it, decided ones
    too; otherwise its open proposals are superseded until it comes back. What it replaced under another name counts
    again. Raises: UsageError when there is none, or it has not been recognised yet.
    """
    found = get_message(db, message_id)
    if found.recognition is None:
        raise UsageError(f"Message {message_id} has not been read yet: wait for the next poll.")
    where = {"agency": agency, "body": body, "draft": draft, "round_id": round_id}
    values: dict[str, Any] = {**where, "place": place, "kind": kind, "by": by, "at": at, "remark": remark}
    values["alone"] = alone
    db.execute(insert(refiling).values(message_id=message_id, **values))
    if place is not Place.HELD:
        _close_attention(db, message_id, at)
    save_recognition(db, message_id, found.recognition, found.duplicate_of)
    rounds = {draft: round_id} if draft and round_id and place is Place.FILED and agency else {}
    proposals.move(db, message_id, rounds | _list_other_rounds(db, message_id), agency=agency or "", body=body, at=at)
    if place is not Place.FILED or _list_whereabouts(found.recognition.identity) != tuple(where.values()):
        _revive_replaced(db, message_id, at)
    target = " ".join(part for part in (place.value, agency, body, draft) if part)
    audit.write(db, at, by, f"put the message to {target}: {remark}", _name(message_id))


def _list_other_rounds(db: Db, message_id: int) -> dict[str, int]:
    """The rounds by draft that a filed message serves besides its own."""
    filed = select(message.c.id).where(message.c.id == message_id, message.c.place == Place.FILED)
    query = select(other_round.c.draft, other_round.c.round_id).where(other_round.c.message_id.in_(filed))
    return {row.draft: row.round_id for row in db.execute(query)}


def supersede_message(db: Db, older: int, newer: int, round_id: int | None = None) -> None:
    """Keep that `newer` replaces `older`, whose open proposals are superseded; decided ones stay decided.

    It does so in one round; None is the main round of `older`, and other rounds that `older` serves are left alone.
    Raises: UsageError when one of them is missing, or `older` would replace itself.
    """
    if older == newer:
        raise UsageError(f"Message {older} cannot replace itself: choose an older one.")
    at = get_message(db, newer).recorded_at
    get_message(db, older)
    main = _get_round(db, older)
    if round_id in (None, main):
        db.execute(update(message).where(message.c.id == older).values(superseded_by=newer))
    else:
        here = (other_round.c.message_id == older) & (other_round.c.round_id == round_id)
        db.execute(update(other_round).where(here).values(superseded_by=newer))
    proposals.supersede_open(db, older, round_id or main, at, f"replaced by message {newer}")


def revive_message(db: Db, older: int, by: str, at: datetime, remark: str, round_id: int | None = None) -> None:
    """Let a message that was replaced count again in a round, with its proposals; None is its main round.

    Raises: UsageError when there is none.
    """
    get_message(db, older)
    _revive(db, older, round_id, at)
    audit.write(db, at, by, f"let the message count again: {remark}", _name(older))


def _revive_replaced(db: Db, newer: int, at: datetime) -> None:
    for older in db.execute(select(message.c.id).where(message.c.superseded_by == newer)).scalars().all():
        _revive(db, older, None, at)
    replaced = select(other_round.c.message_id, other_round.c.round_id).where(other_round.c.superseded_by == newer)
    for row in db.execute(replaced).all():
        _revive(db, row.message_id, row.round_id, at)


def _revive(db: Db, older: int, round_id: int | None, at: datetime) -> None:
    main = _get_round(db, older)
    if round_id in (None, main):
        db.execute(update(message).where(message.c.id == older).values(superseded_by=None))
    else:
        here = (other_round.c.message_id == older) & (other_round.c.round_id == round_id)
        db.execute(update(other_round).where(here).values(superseded_by=None))
    proposals.reopen(db, older, round_id or main, at)


def _get_round(db: Db, message_id: int) -> int | None:
    """The main round of a message."""
    found: int | None = db.execute(select(message.c.round_id).where(message.c.id == message_id)).scalar()
    return found


def _list_whereabouts(identity: Identity | None) -> tuple[Any, ...]:
    return tuple(getattr(identity, name, None) for name in ("agency", "body", "draft", "round_id"))


def _list_columns(made: Recognition) -> dict[str, Any]:
    """What lists, filters and the tracking need of a recognition."""
    where = zip(("agency", "body", "draft", "round_id"), _list_whereabouts(made.identity), strict=True)
    flags = encode(made.verdict.flags)
    return {
        **dict(where),
        "place": made.action.place,
        "kind": made.verdict.kind,
        "flags": flags,
        "message_id": made.message_id,
    }


def _find_words(made: Recognition) -> str:
    """What the search looks through."""
    sender = f"{made.sender.name} {made.sender.address}" if made.sender else ""
    files = " ".join(file.filename for file in made.files)
    return "\n".join((made.subject, sender, files, made.text or made.new_text)).casefold()


def _apply(by_person: Row[Any], made: Recognition) -> Recognition:
    """`made` with what a person said about it."""
    clue = Clue(source="person", points_to=by_person.agency or "", words=f"{by_person.by}: {by_person.remark}")
    where = {name: getattr(by_person, name) for name in ("agency", "body", "draft", "round_id")}
    before = made.identity or Identity(
        **where, role=None, revision=None, who=Certainty.SURE, which=Certainty.SURE, clues=()
    )
    clues = (*(known for known in before.clues if known.source != "person"), clue)
    elsewhere = by_person.place in (Place.FILED, Place.HELD) and not by_person.alone
    identity = replace(
        before,
        **where,
        who=Certainty.SURE,
        which=Certainty.SURE,
        clues=clues,
        other_rounds=list_served(before, by_person.draft) if elsewhere else (),
    )
    held = by_person.place is Place.HELD
    action = replace(made.action, place=by_person.place, reason=clue.words, needs_attention=held)
    verdict = replace(made.verdict, kind=by_person.kind or made.verdict.kind)
    return replace(made, identity=identity, verdict=verdict, action=action)


def _close_attention(db: Db, message_id: int, at: datetime) -> None:
    values = {"attention_open": False, "attention_closed_at": at}
    db.execute(update(message).where(message.c.id == message_id).values(**values))


def _name(message_id: int) -> str:
    return f"message {message_id}"
