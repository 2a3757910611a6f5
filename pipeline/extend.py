"""Give one agency more time, or not; it is told by mail either way."""

from datetime import datetime

from pipeline.adapters import store
from pipeline.circulate import read_letterhead
from pipeline.core import letters
from pipeline.core.model import Deadline, Decision, OutgoingMail
from pipeline.errors import UsageError

_KINDS = ("grant_extension", "refuse_extension")


def decide_extension(
    database: store.Database,
    round_id: int,
    agency: str,
    until: Deadline | None,
    *,
    by: str,
    now: datetime,
    secret: str,
    reason: str = "",
) -> OutgoingMail | None:
    """The confirmation in the outbox; `until` is None for a refusal. None when no address of the agency works.

    The decision and its mail are kept in one transaction.

    Raises: UsageError for a round that is unknown or closed, an agency it did not ask, a day that has passed.
    """
    with database.begin() as db:
        round = store.rounds.get_round(db, round_id)
        if round.closed_at is not None:
            raise UsageError(f"Round {round_id} is closed: late mail is filed without an extension.")
        if until is not None and until.at <= now:
            raise UsageError(f"{until.local:%Y-%m-%d %H:%M} {until.zone} has passed: name a later day.")
        addressee = next((asked for asked in round.addressees if asked.agency == agency), None)
        if addressee is None:
            raise UsageError(f"Round {round_id} did not ask {agency}: choose one of its addressees.")
        earlier = [made for made in store.rounds.list_decisions(db, round_id) if made.agency == agency]
        kind = _KINDS[until is None]
        store.rounds.decide(
            db, Decision(agency=agency, round_id=round_id, kind=kind, at=now, by=by, until=until, reason=reason)
        )
        number = sum(made.kind in _KINDS for made in earlier) + 1
        words = f"granted {agency} more time" if until else f"refused {agency} more time"
        store.audit.write(db, now, by, words, f"round {round_id}")
        try:
            mail = letters.extension(read_letterhead(db, round, secret), addressee, until, number, reason, now)
        except letters.UnreachableError:
            return None
        store.outbox.queue(db, mail, now)
        return mail
