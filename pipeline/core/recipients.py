"""To whom a mail for an agency goes."""

from dataclasses import dataclass
from datetime import datetime

from pipeline.core.model import Agency, FocalPoint, Role

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


def _has_bounced(contact: FocalPoint, now: datetime) -> bool:
    """Whether a permanent failure had been reported by `now`."""
    return contact.bounced_at is not None and contact.bounced_at <= now
