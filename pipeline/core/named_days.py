"""Days named in a text, with the year found from the day it was written.

See: docs/analysis/machine-mail.md.
"""

import re
from collections.abc import Iterator
from datetime import date, timedelta

from pipeline.core.day_words import MONTHS, WEEKDAYS, one_of

#: characters of a text that are searched
MAX_TEXT = 8_000

_MONTH = one_of(MONTHS)
_DAY = r"(?P<{0}>\d{{1,2}})\s*(?:st|nd|rd|th|er|º|°|ª|\.|-?го)?"
_DATE = re.compile(
    r"(?P<iso_y>\d{4})[-/.年]\s?(?P<iso_m>\d{1,2})[-/.月]\s?(?P<iso_d>\d{1,2})日?|"
    r"(?:(?P<cjk_y>\d{4})\s?년\s?)?(?P<cjk_m>\d{1,2})\s?[月월]\s?(?P<cjk_d>\d{1,2})\s?[日일号號]|"
    rf"(?<!\d){_DAY.format('day')}\s*(?:of |de |d'|del )?(?P<month>{_MONTH})(?!\w)\.?,?(?:\s*(?:de |"
    rf"del )?(?P<year>\d{{4}}))?|"
    rf"(?:(?P<year_first>\d{{4}})[.,]?\s+)?(?<!\w)(?P<us_month>{_MONTH})\.?\s+{_DAY.format('us_day')}(?!\d)"
    r"(?:\s*,?\s*(?P<us_year>\d{4}))?|"
    # "1-12 November" is a range of days, not the first of December
    r"(?<!\d)(?P<a>\d{1,2})[/.-](?P<b>\d{1,2})(?:[/.-](?P<c>\d{4}|\d{2})|\.)?(?!\d)"
    rf"(?!\s*(?:of |de )?(?:{_MONTH})(?!\w))",
    re.I,
)
_WEEKDAY = re.compile(
    rf"(?P<next>\bnext\s+|kommend\w* |nächst\w* |下)?(?<!\w)(?P<weekday>{one_of(WEEKDAYS)})"
    rf"(?:\s+(?:prochain|próximo|que viene|prossimo))?(?![\w'])",
    re.I,
)
_TOMORROW = re.compile(
    r"\b(?:tomorrow|demain|mañana|amanhã|domani|morgen|i morgon|i morgen|jutro|yarın|завтра)\b|明天|明日|غدا", re.I
)

#: (start, end) in the text, and the day that stands there
Place = tuple[int, int, date]


def find_dates(text: str, today: date) -> Iterator[Place]:
    """Every date in `text`, in order; an impossible one is left out.

    Two numbers are day and month, unless there is no such day: then month and day.
    """
    for found in _DATE.finditer(text[:MAX_TEXT]):
        if (day := _to_date(found, today)) is not None:
            yield found.start(), found.end(), day


def find_weekdays(text: str, today: date) -> Iterator[Place]:
    """Every bare weekday and "tomorrow": the first after `today`; "next Friday" on a Tuesday is a week later."""
    for found in _WEEKDAY.finditer(text[:MAX_TEXT]):
        ahead = (WEEKDAYS[found["weekday"].lower()] - today.weekday()) % 7 or 7
        later = 7 if found["next"] and today.weekday() + ahead < 7 else 0
        yield found.start(), found.end(), today + timedelta(days=ahead + later)
    for found in _TOMORROW.finditer(text[:MAX_TEXT]):
        yield found.start(), found.end(), today + timedelta(days=1)


def _to_date(found: re.Match[str], today: date) -> date | None:
    if found["iso_y"]:
        return _make(int(found["iso_y"]), int(found["iso_m"]), int(found["iso_d"]), today)
    if found["cjk_m"]:
        return _make(_number(found["cjk_y"]), int(found["cjk_m"]), int(found["cjk_d"]), today)
    if found["day"]:
        return _make(_number(found["year"]), MONTHS[found["month"].lower()], int(found["day"]), today)
    if found["us_day"]:
        year = _number(found["us_year"] or found["year_first"])
        return _make(year, MONTHS[found["us_month"].lower()], int(found["us_day"]), today)
    first, second, year = int(found["a"]), int(found["b"]), _number(found["c"])
    year = year + 2000 if year is not None and year < 100 else year
    return _make(year, second, first, today) or _make(year, first, second, today)


def _number(digits: str | None) -> int | None:
    return int(digits) if digits else None


def _make(year: int | None, month: int, day: int, today: date) -> date | None:
    """The day; without a year the first such day that is not long past."""
    try:
        if year is not None:
            made = date(year, month, day)
            return made if abs((made - today).days) < 800 else None
        made = date(today.year, month, day)
        return made if made >= today - timedelta(days=60) else date(today.year + 1, month, day)
    except ValueError:
        return None
