"""The deadline as a calendar entry that any client can add. See: RFC 5545, RFC 5546 3.2.1."""

from datetime import UTC, datetime, timedelta

from icalendar import Alarm, Calendar, Event

from pipeline.core.model import Attachment, Deadline

#: how long before the deadline the calendar speaks up
_WARNING = timedelta(days=-1)


def make_entry(*, uid: str, summary: str, description: str, deadline: Deadline, now: datetime, name: str) -> Attachment:
    """A file with one entry at the deadline's instant; the same `uid` replaces an earlier entry."""
    event = Event()
    event.add("uid", uid)
    # an entry with a later stamp replaces an earlier one in calendars that ignore the sequence number
    event.add("dtstamp", now.astimezone(UTC))
    event.add("sequence", int(now.timestamp()) // 60)
    event.add("dtstart", deadline.at.astimezone(UTC))
    event.add("summary", summary)
    event.add("description", description)
    event.add("transp", "TRANSPARENT")
    event.add_component(_make_alarm(summary))
    calendar = Calendar()
    calendar.add("prodid", "-//Penholder//Deadlines//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add_component(event)
    return Attachment(filename=name, content_type="text/calendar", content=calendar.to_ical())


def _make_alarm(summary: str) -> Alarm:
    """A reminder on the reader's own screen, a day ahead."""
    alarm = Alarm()
    alarm.add("action", "DISPLAY")
    alarm.add("description", summary)
    alarm.add("trigger", _WARNING)
    return alarm
