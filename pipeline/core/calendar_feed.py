"""A calendar that any client can subscribe to: one file with every entry. See: RFC 5545; RFC 7986 for its name."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from icalendar import Calendar, Event


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarEntry:
    """One day or instant of the calendar."""

    #: the same for the same thing whenever the calendar is made; with a domain of ours
    uid: str
    #: an aware instant, or a whole day
    at: datetime | date
    summary: str
    description: str = ""


def make_calendar(name: str, entries: Iterable[CalendarEntry], now: datetime) -> bytes:
    """The calendar as UTF-8, its entries in the order given. `now` is when it was made."""
    calendar = Calendar()
    calendar.add("prodid", "-//Penholder//Year//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("name", name)
    calendar.add("x-wr-calname", name)
    for entry in entries:
        calendar.add_component(_make_event(entry, now))
    return bytes(calendar.to_ical())


def _make_event(entry: CalendarEntry, now: datetime) -> Event:
    """One entry that blocks nobody's time."""
    event = Event()
    event.add("uid", entry.uid)
    event.add("dtstamp", now.astimezone(UTC))
    if isinstance(entry.at, datetime):
        event.add("dtstart", entry.at.astimezone(UTC))
    else:
        event.add("dtstart", entry.at)
        event.add("dtend", entry.at + timedelta(days=1))
    event.add("summary", entry.summary)
    if entry.description:
        event.add("description", entry.description)
    event.add("transp", "TRANSPARENT")
    return event
