"""The change of chair: the roster, the accounts and the audit in one transaction; rounds and mail stay as they are.

See: docs/analysis/hand-over.md.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from pipeline.adapters import store
from pipeline.core import chairing
from pipeline.core.chairing import Standing, Term
from pipeline.core.model import Roster
from pipeline.errors import UsageError

#: accounts that may change something while their member chairs
OFFICER = "officer"


@dataclass(frozen=True, slots=True, kw_only=True)
class HandOver:
    """What a change of chair does, or would do."""

    former: tuple[str, ...]
    chair: tuple[str, ...]
    term: Term
    #: names of accounts that have to sign in again, with new rights; their calendar addresses end too
    ended: tuple[str, ...]
    #: names of accounts that are closed, because their member leaves the troika
    closed: tuple[str, ...]


def hand_over(
    database: store.Database, to: Iterable[str], term: Term, *, by: str, now: datetime, dry_run: bool = False
) -> HandOver:
    """What was done; with `dry_run`, what would be.

    Raises: UsageError when `to` cannot take over, also because none of its people could sign in and decide.
    """
    with database.read() if dry_run else database.begin() as db:
        before = store.rosters.get_roster(db)
        after = chairing.hand_over(before, to, term)
        users = store.users.list_users(db)
        _require_officer(after, users)
        done = _compare(before, after, term, users)
        if not dry_run:
            _keep(db, before, after, done, users, by, now)
        return done


def plan_hand_over(
    database: store.Database, to: Iterable[str], term: Term, *, by: str, now: datetime, dry_run: bool = False
) -> Roster:
    """The roster with its next chair; the clock hands over when the term begins. Raises: UsageError."""
    with database.read() if dry_run else database.begin() as db:
        planned = chairing.plan(store.rosters.get_roster(db), to, term)
        if not dry_run:
            store.rosters.save_roster(db, planned)
            words = f"planned the hand-over to {', '.join(planned.incoming_chair)} for {term[0]}"
            store.audit.write(db, now, by, words, "roster")
        return planned


def hand_over_when_due(database: store.Database, now: datetime) -> HandOver | None:
    """What was done; None before the day, without a plan, or while nobody of the next chair could decide."""
    with database.read() as db:
        roster = store.rosters.find_roster(db)
        due = roster is not None and chairing.is_due(roster, now)
    if not due or roster is None or roster.incoming_term is None:
        return None
    try:
        return hand_over(database, roster.incoming_chair, roster.incoming_term, by="penholder", now=now)
    except UsageError:
        return None


def _require_officer(after: Roster, users: Iterable[store.User]) -> None:
    """Pass when somebody could decide afterwards. Raises: UsageError."""
    able = [user for user in users if user.role == OFFICER and not user.disabled and user.member]
    if not any(chairing.find_standing(after, user.member) is Standing.CHAIR for user in able):
        code = after.chair[0]
        raise UsageError(
            f"Nobody of {', '.join(after.chair)} could decide anything: add an account first, with "
            f"penholder user add NAME --role officer --member {code}"
        )


def _compare(before: Roster, after: Roster, term: Term, users: Iterable[store.User]) -> HandOver:
    ended: list[str] = []
    closed: list[str] = []
    for user in users:
        was = chairing.find_standing(before, _find_member(before, user))
        becomes = chairing.find_standing(after, _find_member(before, user))
        if user.disabled or was is becomes:
            continue
        leaves = was is Standing.PREVIOUS and becomes is Standing.OTHER
        (closed if leaves else ended).append(user.name)
    return HandOver(former=before.chair, chair=after.chair, term=term, ended=tuple(ended), closed=tuple(closed))


def _find_member(before: Roster, user: store.User) -> str:
    """The member an account belongs to: that of the chair under which it was made when it names none."""
    return user.member or (before.chair[0] if user.role == OFFICER else "")


def _keep(
    db: store.Db,
    before: Roster,
    after: Roster,
    done: HandOver,
    users: Iterable[store.User],
    by: str,
    now: datetime,
) -> None:
    store.rosters.save_roster(db, after)
    for user in users:
        if user.name in done.ended:
            store.users.set_member(db, user.name, _find_member(before, user))
            store.users.end_sessions(db, user.name)
    for name in done.closed:
        store.users.set_disabled(db, name, True)
        store.users.end_sessions(db, name)
    words = f"handed the chair over from {', '.join(done.former)} to {', '.join(done.chair)}"
    store.audit.write(db, now, by, words, "roster")
