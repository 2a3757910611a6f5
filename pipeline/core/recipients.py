"""To whom a mail for an agency goes, and one for the chair."""

from dataclasses import dataclass
from datetime import datetime

from pipeline.core.model import Agency, FocalPoint, Role, Roster

#: who gets calls and reminders, first choice first; offices of heads and drafters of texts never do
_ORDER = (Role.FOCAL_POINT, Role.ALTERNATE, Role.GENERIC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Recipients:
    """The addresses of one mail."""

    #: one address, or none when no address works
    to: tuple[str, ...]
    #: alternates that work
    cc: tuple[str, ...] = ()


def find_recipients(agency: Agency, now: datetime) -> Recipients:
    """One address of the roster that works at `now`, with the alternates in copy.

    The focal point; where mail to it bounced, the alternate; then the generic box.
    """
    working = [contact for contact in agency.contacts if contact.role in _ORDER and not _has_bounced(contact, now)]
    working.sort(key=lambda contact: _ORDER.index(contact.role))
    if not working:
        return Recipients(to=())
    first = working[0].address
    alternates = dict.fromkeys(
        contact.address for contact in working if contact.role is Role.ALTERNATE and contact.address != first
    )
    return Recipients(to=(first,), cc=tuple(alternates))


def find_secretariat(roster: Roster, now: datetime) -> Recipients:
    """The chair's own mailboxes that work at `now`; none when the roster names none, so that nobody is written to.

    A focal point of the chair would answer as its agency.
    """
    addresses = [
        contact.address
        for agency in roster.agencies
        for contact in agency.contacts
        if agency.code in roster.chair and contact.role is Role.SECRETARIAT and not _has_bounced(contact, now)
    ]
    return Recipients(to=tuple(addresses[:1]), cc=tuple(addresses[1:]))


def _has_bounced(contact: FocalPoint, now: datetime) -> bool:
    """Whether a permanent failure had been reported by `now`."""
    return contact.bounced_at is not None and contact.bounced_at <= now
