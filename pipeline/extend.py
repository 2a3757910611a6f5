"""Give one agency more time, or not; it is told by mail either way."""

from datetime import datetime

from pipeline.adapters import store
from pipeline.circulate import read_letterhead
from pipeline.core import letters
from pipeline.core.model import Addressee, Deadline, Decision, OutgoingMail, Round
from pipeline.errors import UsageError

_GRANT, _REFUSE = "grant_extension", "refuse_extension"


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
        addressee = _find_addressee(round, agency)
        _check(round, until, now)
        earlier = [made for made in store.rounds.list_decisions(db, round_id) if made.agency == agency]
        number = sum(made.kind in {_GRANT, _REFUSE} for made in earlier) + 1
        kind = _GRANT if until else _REFUSE
        decision = Decision(agency=agency, round_id=round_id, kind=kind, at=now, by=by, until=until, reason=reason)
        store.rounds.decide(db, decision)
        words = f"granted {agency} more time" if until else f"refused {agency} more time"
        store.audit.write(db, now, by, words, f"round {round_id}")
        try:
            mail = letters.extension(read_letterhead(db, round, secret), addressee, until, number, reason, now)
        except letters.UnreachableError:
            return None
        store.outbox.queue(db, mail, now)
        return mail


def _find_addressee(round: Round, agency: str) -> Addressee:
    """The addressee of this code. Raises: UsageError."""
    for asked in round.addressees:
        if asked.agency == agency:
            return asked
    raise UsageError(f"Round {round.id} did not ask {agency}: choose one of its addressees.")


def _check(round: Round, until: Deadline | None, now: datetime) -> None:
    """Nothing when the decision can be made. Raises: UsageError."""
    if round.closed_at is not None:
        raise UsageError(f"Round {round.id} is closed: late mail is filed without an extension.")
    if until is not None and until.at <= now:
        raise UsageError(f"{until.local:%Y-%m-%d %H:%M} {until.zone} has passed: name a later day.")
