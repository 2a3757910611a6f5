"""The instant in a Date field, in every form that mail programs write. See: RFC 5322 3.3 and 4.3."""

import re
from datetime import UTC, datetime, timedelta, timezone
from email.utils import parsedate_to_datetime

# names that stand for one offset only; the standard library reads every other name as UTC
_ZONES = {
    "WET": "+0000", "WEST": "+0100", "BST": "+0100", "CET": "+0100", "CEST": "+0200", "MET": "+0100", "MEST": "+0200",
    "MEZ": "+0100", "MESZ": "+0200", "EET": "+0200", "EEST": "+0300", "JST": "+0900", "KST": "+0900", "HKT": "+0800",
    "SGT": "+0800", "AEST": "+1000", "AEDT": "+1100", "NZST": "+1200", "NZDT": "+1300", "BRT": "-0300",
}  # fmt: skip
_ZONE = re.compile(r"\b(" + "|".join(_ZONES) + r")\b")
_COLON_IN_OFFSET = re.compile(r"(?<=\d)( ?)(?:GMT|UTC)?([+-]\d\d):?(\d\d)\b(?!:)")
_NAMED_OFFSET = re.compile(r"\b(?:GMT|UTC)([+-])(\d{1,2})(?::?(\d\d))?\b")
_HALF_DAY = re.compile(r"\b(\d{1,2})(:\d\d(?::\d\d)?) ?([AP])\.?M\.?\b", re.I)
_THREE_DIGIT_YEAR = re.compile(r"(?<=[A-Za-z] )1(\d\d)(?= \d{1,2}:)")
# "Thu Oct 25 09:30:00 CEST 2012", as the date command and ctime write it
_YEAR_LAST = re.compile(r"^(?:[A-Za-z]{3,9},? )?([A-Za-z]{3,9}) +(\d{1,2}) (\d\d:\d\d(?::\d\d)?)(?: (\S+))? (\d{4})$")
_ISO = re.compile(r"^\d{4}-\d\d-\d\d[T ]\d")
#: as RFC 5322 wants it and nearly every program writes it: nothing is to be mended
_IN_FORM = re.compile(
    r"(?:[A-Z][a-z]{2}, )?(\d{1,2}) ([A-Z][a-z]{2}) ([12]\d{3}) (\d\d):(\d\d)(?::(\d\d))? ([+-])(\d\d)(\d\d)", re.ASCII
)
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def read_date(written: str) -> datetime | None:
    """The instant with its own offset, UTC where none is named; None when `written` is no date of mail's time."""
    written = written.strip()
    in_form = _IN_FORM.fullmatch(written)
    found = _read_parts(*in_form.groups("0")) if in_form else _read_iso(written) or _read_field(_mend(written))
    if found is None or not 1980 <= found.year <= 2200:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _read_parts(
    day: str, month: str, year: str, hour: str, minute: str, second: str, sign: str, hours: str, minutes: str
) -> datetime | None:
    offset = timedelta(hours=int(hours), minutes=int(minutes))
    try:
        zone = timezone(-offset if sign == "-" else offset)
        number = _MONTHS.index(month) + 1
        return datetime(int(year), number, int(day), int(hour), int(minute), int(second), tzinfo=zone)
    except ValueError:
        return None


def _read_iso(written: str) -> datetime | None:
    try:
        return datetime.fromisoformat(written) if _ISO.match(written) else None
    except ValueError:
        return None


def _read_field(written: str) -> datetime | None:
    try:
        return parsedate_to_datetime(written)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def _mend(written: str) -> str:
    """`written` in the form of RFC 5322, as far as its deviations are known."""
    written = _YEAR_LAST.sub(r"\2 \1 \5 \3 \4", written).strip()
    written = _NAMED_OFFSET.sub(lambda found: f"{found[1]}{int(found[2]):02}{found[3] or '00'}", _swap_digits(written))
    written = _COLON_IN_OFFSET.sub(r"\1\2\3", written)
    written = _THREE_DIGIT_YEAR.sub(r"20\1", written)
    written = _HALF_DAY.sub(_to_full_day, written)
    return _ZONE.sub(lambda found: _ZONES[found[1]], written)


def _swap_digits(written: str) -> str:
    """`GMT+0200` as `GMT+02:00`, so that its hours and minutes are told apart."""
    return re.sub(r"\b(GMT|UTC)([+-]\d\d)(\d\d)\b", r"\1\2:\3", written)


def _to_full_day(found: re.Match[str]) -> str:
    hour = int(found[1]) % 12 + (12 if found[3] in "Pp" else 0)
    return f"{hour:02}{found[2]}"
