"""What the group has in view: enter, replace and close entries of the work plan and of the register of decisions."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime

from pipeline.adapters import store
from pipeline.core.chairing import find_day
from pipeline.core.model import Mandate, PlannedDraft
from pipeline.errors import UsageError


def save_year(
    database: store.Database,
    planned: Iterable[PlannedDraft],
    mandates: Iterable[Mandate],
    *,
    by: str,
    now: datetime,
    dry_run: bool = False,
) -> None:
    """Enter texts and decisions, or replace those with the same code or number; all of them or none.

    Raises: UsageError for a lead that is no member.
    """
    with database.read() if dry_run else database.begin() as db:
        roster = store.rosters.get_roster(db)
        members = {agency.code for agency in roster.members}
        for text in planned:
            if strangers := [code for code in text.leads if code not in members]:
                raise UsageError(f"{text.code}: lead: {strangers[0]!r} is no member of {roster.name}.")
        if dry_run:
            return
        for text in planned:
            store.year.save_planned(db, text)
            store.audit.write(db, now, by, "put the text on the work plan", f"plan {text.code}")
        for each in mandates:
            store.year.save_mandate(db, each)
            store.audit.write(db, now, by, "entered the decision", f"decision {each.number}")


def remove_planned(database: store.Database, code: str, *, by: str, now: datetime, dry_run: bool = False) -> None:
    """Take a text off the work plan; its draft and rounds stay. Raises: UsageError when it is not on it."""
    with database.read() if dry_run else database.begin() as db:
        if code not in {each.code for each in store.year.list_planned(db)}:
            raise UsageError(f"The work plan has no {code}: see penholder year list.")
        if dry_run:
            return
        store.year.remove_planned(db, code)
        store.audit.write(db, now, by, "took the text off the work plan", f"plan {code}")


def close_mandate(
    database: store.Database,
    number: str,
    day: date | None,
    outcome: str,
    *,
    by: str,
    now: datetime,
    dry_run: bool = False,
) -> Mandate:
    """The decision as carried out on `day`, or today. Raises: UsageError when it is unknown or done already."""
    with database.read() if dry_run else database.begin() as db:
        found = store.year.get_mandate(db, number)
        if found.done_on is not None:
            raise UsageError(f"Decision {number} was done on {found.done_on} already.")
        done_on = day or find_day(store.rosters.get_roster(db), now)
        if done_on < found.decided_on:
            raise UsageError(f"Decision {number} was made on {found.decided_on}: it cannot be done before.")
        done = replace(found, done_on=done_on, outcome=outcome)
        if not dry_run:
            store.year.save_mandate(db, done)
            store.audit.write(db, now, by, "closed the decision", f"decision {number}")
        return done
