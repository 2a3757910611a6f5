"""A person puts a wrongly read message right; what follows from it is worked out again."""

from datetime import datetime

from pipeline.adapters import store
from pipeline.core.model import Agency, MailKind, Place, Roster
from pipeline.errors import UsageError
from pipeline.receive import recognise
from pipeline.understand import Desk


def refile(
    desk: Desk,
    message_id: int,
    *,
    agency: str | None,
    round_id: int | None,
    kind: MailKind | None,
    place: Place,
    by: str,
    now: datetime,
    remark: str,
    alone: bool = False,
) -> None:
    """Put a message where a person says it belongs; its proposals and the responses on both sides follow.

    `alone`: files of other drafts in it serve no other round.

    `agency` may be a member or a body. Raises: UsageError.
    """
    if place is Place.FILED and (agency is None or round_id is None):
        raise UsageError("To file a message say whose answer it is, and to which round.")
    with desk.database.begin() as db:
        chosen = _find_agency(store.rosters.get_roster(db), agency) if agency else None
        round_ = store.rounds.get_round(db, round_id) if round_id is not None else None
        store.messages.refile(
            db,
            message_id,
            agency=(chosen.member or chosen.code) if chosen else None,
            body=chosen.code if chosen and chosen.member else None,
            draft=round_.draft if round_ else None,
            round_id=round_.id if round_ else None,
            place=place,
            by=by,
            at=now,
            remark=remark,
            kind=kind,
            alone=alone,
        )
    recognise(message_id, desk, now)


def take_back(desk: Desk, message_id: int, *, by: str, now: datetime) -> None:
    """Undo what a person said last about where the message belongs; it is read again. Raises: UsageError."""
    with desk.database.begin() as db:
        store.messages.take_back_refiling(db, message_id, by, now)
    recognise(message_id, desk, now)


def reopen_attention(desk: Desk, message_id: int, *, by: str, now: datetime) -> None:
    """The message needs a person after all: nobody is chased meanwhile. Raises: UsageError."""
    with desk.database.begin() as db:
        store.messages.reopen_attention(db, message_id, by, now)


def _find_agency(roster: Roster, code: str) -> Agency:
    try:
        return roster.get_agency(code)
    except KeyError:
        raise UsageError(f"There is no agency {code} on the roster: choose one that is there.") from None


def close_attention(desk: Desk, message_id: int, *, by: str, now: datetime, remark: str) -> None:
    """A person has looked at the message: nothing in it holds anything up any more. Raises: UsageError."""
    with desk.database.begin() as db:
        store.messages.close_attention(db, message_id, by, now, remark)
