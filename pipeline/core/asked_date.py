"""The day an extension is asked for, read from a sentence. The year is settled by the day of receipt."""

import re
from calendar import monthrange
from datetime import date, timedelta

from pipeline.core.day_words import MONTHS, WEEKDAYS, one_of
from pipeline.core.wording import fold

#: words of the six languages too: "three out of five", "les 5 des 8"
_OTHER_WORDS = {"des", "out", "set", "ara", "sie", "lis", "mei", "tem", "haz"}
_MONTHS = {fold(name): number for name, number in MONTHS.items() if name not in _OTHER_WORDS}
_MONTH = rf"(?<![^\W\d_])({one_of(_MONTHS)})(?![^\W\d_])\.?"
_DAY = r"(?<!\d)(\d{1,2})(?:st|nd|rd|th|er|o|-?го)?"
_DAY_FIRST = re.compile(rf"{_DAY}\s*(?:of\s+|de\s+)?{_MONTH}(?:\s*,?\s*(?:de\s+)?(\d{{4}}))?", re.IGNORECASE)
_MONTH_FIRST = re.compile(rf"{_MONTH}\s+(\d{{1,2}})(?:st|nd|rd|th)?(?!\d)(?:\s*,?\s*(\d{{4}}))?", re.IGNORECASE)
_ISO = re.compile(r"(?<!\d)(\d{4})-(\d{1,2})-(\d{1,2})(?!\d)")
_NUMERIC = re.compile(r"(?<![\d.])(\d{1,2})[./](\d{1,2})(?:[./](\d{4}|\d{2}))?(?![\d.]*\d)")
_CHINESE = re.compile(r"(?:(\d{4})\s*年\s*)?(\d{1,2})\s*月\s*(\d{1,2})\s*[日号]")

#: a day without its month, behind words that make it an end: "until the 5th", "le 5 au soir", "hasta el 5"
_BARE_DAY = re.compile(
    r"(?:\b(?:until|till|by|on|before)\s+the\s+|jusqu'au\s+|\bd'ici\s+(?:le|au)\s+|\b(?:avant|pour)\s+le\s+"
    r"|\bhasta\s+el\s+(?:dia\s+)?"
    r"|\bpara\s+el\s+(?:dia\s+)?|(?<!\w)(?:до|к)\s+|(?:حتى|يوم)\s+)(\d{1,2})(?:st|nd|rd|th|er|-?го|-?му)?"
    r"(?!\d|[./:]\d|\s*(?:h\b|heures|hours|pm|am|days|jours|dias|час|дн|ساعة|أيام))|(?<![\d月])(\d{1,2})[日号](?!\d)"
    r"|\bthe\s+(\d{1,2})(?:st|nd|rd|th)\b(?!\s+(?:para|sentence|line|bullet|draft|version|session|meeting|committee|floor))",
    re.IGNORECASE,
)

_SHORT_WEEKDAYS = {"tue": 1, "tues": 1, "wed": 2, "thu": 3, "thur": 3, "thurs": 3, "fri": 4}
_WEEKDAYS = {fold(name): number for name, number in WEEKDAYS.items()} | _SHORT_WEEKDAYS
#: written without spaces between the words
_UNSPACED = {name: number for name, number in _WEEKDAYS.items() if name >= "\u2e80"}
_SPACED = {name: number for name, number in _WEEKDAYS.items() if name not in _UNSPACED}
_WEEKDAY = re.compile(
    r"(?:\b(?P<next>next)\s+|(?<!\w)(?P<next_ru>следующ\S+)\s+|(?P<next_zh>下个?))?"
    # an Arabic word carries its preposition in front
    rf"(?:(?<![^\W\d_])[ولب]?(?P<spaced>{one_of(_SPACED)})(?![^\W\d_])|(?P<unspaced>{one_of(_UNSPACED)}))"
    r"(?:\s+(?:of\s+)?(?P<week>next\s+week|de\s+la\s+semaine\s+prochaine|de\s+la\s+proxima\s+semana))?",
    re.IGNORECASE,
)
_TOMORROW = re.compile(r"\b(?:tomorrow|demain|manana)\b|завтра|明天|明日|(?<!\w)غدا(?!\w)", re.IGNORECASE)
_END_OF_WEEK = re.compile(
    r"\b(?:end\s+of|end)\s+(?:the\s+|this\s+|of\s+)?(?P<en>next\s+|coming\s+|following\s+)?week\b"
    r"|\bfin\s+de\s+(?:la\s+)?semaine(?P<fr>\s+prochaine)?"
    r"|\b(?:fin|finales)\s+de\s+(?:la\s+|esta\s+)?(?P<es>proxima\s+)?semana|(?:до"
    r"|к)\s+конц[ау]\s+(?P<ru>следующей\s+)?недели"
    r"|نهاية\s+(?:هذا\s+)?الاسبوع(?P<ar>\s+(?:القادم|المقبل))?|(?P<zh>下)?(?:本|这)?周(?:末|底)",
    re.IGNORECASE,
)
_END_OF_MONTH = re.compile(
    r"\bend\s+of\s+(?:the|this)\s+month\b|\bfin\s+(?:du|de)\s+mois\b|\bfin(?:ales)?\s+de(?:l|\s+este)?\s+mes\b"
    r"|конц[ау]\s+месяца|月底",
    re.IGNORECASE,
)
_FRIDAY = 4


def find_asked_date(sentence: str, received: date) -> date | None:
    """The last day named in `sentence`, on or after `received`; None when it names none."""
    folded = fold(sentence)
    named = [day for day in _find_days(folded, received) if day is not None and day >= received]
    if named:
        return max(named)
    if found := _WEEKDAY.search(folded):
        return _next_weekday(found, received)
    if found := _END_OF_WEEK.search(folded):
        ahead = (_FRIDAY - received.weekday()) % 7
        return received + timedelta(days=ahead + (7 if any(found.groups()) else 0))
    if _END_OF_MONTH.search(folded):
        return received.replace(day=monthrange(received.year, received.month)[1])
    if _TOMORROW.search(folded):
        return received + timedelta(days=1)
    return _find_bare_day(folded, received)


def _next_weekday(found: re.Match[str], received: date) -> date:
    """The next day of that name, or the one of the week after where the words say "next"."""
    number = _WEEKDAYS[(found["spaced"] or found["unspaced"]).lower()]
    ahead = (number - received.weekday()) % 7 or 7
    later = any(found[name] for name in ("next", "next_ru", "next_zh", "week"))
    return received + timedelta(days=ahead + (7 if later and ahead + received.weekday() < 7 else 0))


def _find_bare_day(text: str, received: date) -> date | None:
    """The next day with this number: "until the 5th"."""
    for found in _BARE_DAY.finditer(text):
        number = int(found[1] or found[2] or found[3])
        days = (received + timedelta(days=ahead) for ahead in range(31))
        if day := next((day for day in days if day.day == number), None):
            return day
    return None


def _find_days(text: str, received: date) -> list[date | None]:
    day_first = list(_DAY_FIRST.finditer(text))
    # "mar. 6 nov.": the number belongs to the month behind it
    taken = {found.start(1) for found in day_first}
    month_first = [found for found in _MONTH_FIRST.finditer(text) if found.start(2) not in taken]
    days = [_make(found[3], _MONTHS[found[2].lower()], found[1], received) for found in day_first]
    days += [_make(found[3], _MONTHS[found[1].lower()], found[2], received) for found in month_first]
    days += [_make(found[1], int(found[2]), found[3], received) for found in _ISO.finditer(text)]
    days += [_make(found[1], int(found[2]), found[3], received) for found in _CHINESE.finditer(text)]
    for found in _NUMERIC.finditer(text):
        european = _make(found[3], int(found[2]), found[1], received)
        days.append(european or _make(found[3], int(found[1]), found[2], received))
    return days


def _make(year: str | None, month: int, day: str, received: date) -> date | None:
    """The date; without a year the first one not before `received`."""
    written = int(year) + (2000 if len(year) == 2 else 0) if year else None
    for candidate in (written,) if written else (received.year, received.year + 1):
        try:
            made = date(candidate, month, int(day))
        except ValueError:
            continue
        if written or made >= received:
            return made
        # A day just past is a slip or the old deadline, not next year's.
        if (received - made).days <= 180:
            return None
    return None
