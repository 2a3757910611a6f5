"""Somebody who gets our mail is away: what waits for the return, and who is named instead.

See: docs/analysis/reminders.md.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta

from pipeline.core.deadlines import describe_day
from pipeline.core.hours import find_working_day, open_on
from pipeline.core.model import Absence, Agency, Roster


def defer(at: datetime, absence: Absence, agency: Agency, last: datetime) -> tuple[datetime, str]:
    """When a mail of `at` goes out, and why then; `at` and "" when the absence changes nothing.

    It waits for the first morning after the last day away. It does not wait when that comes too late (not before
    `last`), nor when somebody the absent one named gets a copy anyway.
    """
    back = open_on(find_working_day(absence.until + timedelta(days=1), agency, 1), agency)
    if back <= at or back >= last or is_covered(absence, agency):
        return at, ""
    return back, f"{absence.address} is away until {describe_day(absence.until, 'en')}"


def is_covered(absence: Absence, agency: Agency) -> bool:
    """Whether a named deputy has an address on the roster that works."""
    working = {contact.address for contact in agency.contacts if contact.bounced_at is None}
    return any(deputy in working for deputy in absence.deputies)


def list_deputies(absence: Absence, roster: Roster) -> Iterator[str]:
    """The named addresses that could be added as alternates: those that are nobody's yet."""
    known = {contact.address for agency in roster.agencies for contact in agency.contacts}
    ours = {roster.mailbox, *roster.aliases}
    return (deputy for deputy in absence.deputies if deputy not in known | ours)


def is_stranger(deputy: str, agency: Agency) -> bool:
    """Whether an address belongs to no domain of the agency."""
    domain = deputy.rpartition("@")[2]
    return not any(domain == own or domain.endswith(f".{own}") for own in agency.domains)
