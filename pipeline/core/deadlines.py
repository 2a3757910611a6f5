"""Deadlines in words: day, hour and place, on the announcing clock, in UTC and on the reader's clock.

>>> from datetime import datetime, UTC
>>> describe(Deadline(at=datetime(2012, 10, 31, 17, tzinfo=UTC), zone="Europe/Vienna"), "America/New_York", "en")
'Wednesday 31 October 2012, 18:00 Vienna (17:00 UTC), 13:00 New York'
"""

from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pipeline.core.model import Deadline
from pipeline.errors import UsageError

# Tables of our own: the locale of the machine must never change a mail, and `locale` is global to the program.
_WEEKDAYS = {
    "en": ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    "fr": ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"),
}
_MONTHS = {
    "en": tuple(
        [
            "January",
            "February",
            "March",
            "April",
            "May",
            "June",
            "July",
            "August",
            "September",
            "October",
            "November",
            "December",
        ]
    ),
    "fr": tuple(
        [
            "janvier",
            "février",
            "mars",
            "avril",
            "mai",
            "juin",
            "juillet",
            "août",
            "septembre",
            "octobre",
            "novembre",
            "décembre",
        ]
    ),
}
_ON = {"en": " on ", "fr": " le "}
#: French names of cities and stations that differ, after "à"; other names stay as they are
_FRENCH = {
    "Addis Ababa": "à Addis-Abeba",
    "Athens": "à Athènes",
    "Beirut": "à Beyrouth",
    "Brussels": "à Bruxelles",
    "Cairo": "au Caire",
    "Copenhagen": "à Copenhague",
    "Geneva": "à Genève",
    "Havana": "à La Havane",
    "Lisbon": "à Lisbonne",
    "London": "à Londres",
    "Mexico City": "à Mexico",
    "Moscow": "à Moscou",
    "Rome": "à Rome",
    "Seoul": "à Séoul",
    "Singapore": "à Singapour",
    "The Hague": "à La Haye",
    "Vienna": "à Vienne",
    "Warsaw": "à Varsovie",
    "Washington, D.C.": "à Washington",
}


def describe(deadline: Deadline, reader_zone: str, language: str, *, station: str = "") -> str:
    """The deadline with weekday, zone and UTC, then the reader's own clock where it is another place.

    A day that differs from the announced one is always named. `station` is the name the reader's place goes by
    ("Geneva", where the zone says Zurich). Languages other than French are written in English.
    """
    tongue = pick_language(language)
    local = deadline.local
    universal = _time_and_day(deadline.at.astimezone(UTC), local.date(), tongue)
    words = f"{_long_date(local.date(), tongue)}, {_at_place(local, local.date(), find_city(deadline.zone), tongue)}"
    if find_city(deadline.zone) != "UTC":
        words += f" ({universal[0]} UTC{universal[1]})"
    place = station or find_city(reader_zone)
    if place == find_city(deadline.zone):
        return words
    return f"{words}, {_at_place(deadline.at.astimezone(ZoneInfo(reader_zone)), local.date(), place, tongue)}"


def describe_short(deadline: Deadline, language: str) -> str:
    """The deadline for a subject: "31 October 2012, 18:00 Vienna"."""
    tongue, local = pick_language(language), deadline.local
    return f"{describe_day(local.date(), tongue)}, {_at_place(local, local.date(), find_city(deadline.zone), tongue)}"


def describe_day(day: date, language: str) -> str:
    """A day without its weekday: "1 October 2012"."""
    return _long_date(day, pick_language(language)).partition(" ")[2]


def describe_moment(at: datetime, zone: str, language: str) -> str:
    """An instant on the clock of an IANA zone, without its name: "1 October 2012, 14:02"."""
    tongue, local = pick_language(language), at.astimezone(ZoneInfo(zone))
    return f"{describe_day(local.date(), tongue)}, {_time_and_day(local, local.date(), tongue)[0]}"


def pick_language(language: str) -> str:
    """ "fr" for French in any country, else "en": the languages the mails are written in."""
    return "fr" if language.lower().split("-")[0].split("_")[0] == "fr" else "en"


def parse_deadline(text: str, zone: str) -> Deadline:
    """A deadline from "2012-10-31 18:00" on the clock of an IANA zone. Raises: UsageError."""
    try:
        local = datetime.fromisoformat(text)
    except ValueError:
        raise UsageError(f"{text!r} is no date and time: write 2012-10-31T18:00.") from None
    try:
        at = local if local.tzinfo else local.replace(tzinfo=ZoneInfo(zone))
    except (ZoneInfoNotFoundError, ValueError):
        raise UsageError(f"{zone!r} is no time zone: write a name such as Europe/Vienna.") from None
    return Deadline(at=at, zone=zone)


def find_city(zone: str) -> str:
    """The city an IANA zone is named after: "America/New_York" -> "New York"."""
    return zone.rpartition("/")[2].replace("_", " ")


def _long_date(day: date, tongue: str) -> str:
    """ "Wednesday 31 October 2012"; the French first of the month is "1er"."""
    number = "1er" if tongue == "fr" and day.day == 1 else str(day.day)
    return f"{_WEEKDAYS[tongue][day.weekday()]} {number} {_MONTHS[tongue][day.month - 1]} {day.year}"


def _time_and_day(at: datetime, announced: date, tongue: str) -> tuple[str, str]:
    """The hour, and " on Saturday 8 December" where the day is not the announced one."""
    hour = at.strftime("%H:%M") if tongue == "en" else at.strftime("%H\u00a0h\u00a0%M")
    if at.date() == announced:
        return hour, ""
    return hour, _ON[tongue] + _long_date(at.date(), tongue).rpartition(" ")[0]


def _at_place(at: datetime, announced: date, place: str, tongue: str) -> str:
    """ "13:00 New York", "05:00 Bangkok on Saturday 8 December", "18 h 00 à Vienne"."""
    hour, day = _time_and_day(at, announced, tongue)
    where = place if tongue == "en" or place == "UTC" else _FRENCH.get(place, f"à {place}")
    return f"{hour} {where}{day}"
