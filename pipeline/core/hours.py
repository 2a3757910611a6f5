"""When a duty station works: its own week, its holidays, and the clock on its wall."""

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import NamedTuple, Protocol
from zoneinfo import ZoneInfo

#: wall clock of the place
OPENING = time(9)
#: how long after the opening a mail may still go out that day
OFFICE_HOURS = timedelta(hours=8)

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


class Station(Protocol):
    """An agency or the secretariat, as far as its hours go."""

    @property
    def timezone(self) -> str:
        """IANA name."""

    @property
    def workdays(self) -> tuple[str, ...]:
        """Lower-case English three-letter weekday names."""

    @property
    def holidays(self) -> tuple[date, ...]:
        """Days on which nobody is there."""


class Hours(NamedTuple):
    """The hours a station keeps, without the station: many keep the same."""

    timezone: str
    workdays: tuple[str, ...]
    holidays: tuple[date, ...]


def get_hours(station: Station) -> Hours:
    """The hours of a station."""
    return Hours(station.timezone, station.workdays, station.holidays)


def find_working_day(day: date, station: Station, direction: int) -> date:
    """`day` or the nearest working day in this direction; `day` itself when there is none for a year."""
    for distance in range(366):
        candidate = day + timedelta(days=distance * direction)
        if _DAYS[candidate.weekday()] in station.workdays and candidate not in station.holidays:
            return candidate
    return day


def count_back(day: date, count: int, station: Station) -> date:
    """The working day `count` working days before `day`."""
    for _ in range(count):
        day = find_working_day(day - timedelta(days=1), station, -1)
    return day


def open_on(day: date, station: Station) -> datetime:
    """09:00 of a day on the wall clock there."""
    return _open(day, station.timezone)


def find_last_opening(now: datetime, station: Station) -> datetime:
    """The last opening that is not after `now`, on the wall clock there."""
    today = find_day(now, station)
    latest = open_on(find_working_day(today, station, -1), station)
    if latest <= now.astimezone(UTC):
        return latest
    return open_on(find_working_day(today - timedelta(days=1), station, -1), station)


def find_next_opening(now: datetime, station: Station) -> datetime:
    """The first opening that is not before `now`, on the wall clock there."""
    today = find_day(now, station)
    first = open_on(find_working_day(today, station, 1), station)
    if first >= now.astimezone(UTC):
        return first
    return open_on(find_working_day(today + timedelta(days=1), station, 1), station)


def is_open(now: datetime, station: Station) -> bool:
    """Whether it is office hours there."""
    return now.astimezone(UTC) < find_last_opening(now, station) + OFFICE_HOURS


def find_office_time(now: datetime, station: Station) -> datetime:
    """`now` in office hours, else the next opening (UTC)."""
    return now.astimezone(UTC) if is_open(now, station) else find_next_opening(now, station).astimezone(UTC)


def find_day(now: datetime, station: Station) -> date:
    """The day it is there."""
    return now.astimezone(ZoneInfo(station.timezone)).date()


# Every addressee of a round asks for it, and there are few places.
@lru_cache(maxsize=4096)
def _open(day: date, timezone: str) -> datetime:
    """Through UTC, because a zone may have left that hour out."""
    zone = ZoneInfo(timezone)
    return datetime.combine(day, OPENING, zone).astimezone(UTC).astimezone(zone)
