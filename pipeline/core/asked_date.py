"""The day an extension is asked for, read from a sentence. The year is settled by the day of receipt."""

import re
from datetime import date, timedelta

from pipeline.core.wording import fold

#: starts of month names, folded, in the order of the year: English, French, Spanish, Russian, Arabic
_MONTHS = (
    ("jan", "ene", "январ", "يناير", "كانون الثاني"),
    ("feb", "fev", "феврал", "فبراير", "شباط"),
    ("mar", "март", "مارس", "اذار"),
    ("apr", "avr", "abr", "апрел", "ابريل", "نيسان"),
    ("may", "mai", "мая", "май", "مايو", "ايار"),
    ("jun", "juin", "июн", "يونيو", "حزيران"),
    ("jul", "juil", "июл", "يوليو", "تموز"),
    ("aug", "aou", "ago", "август", "اغسطس", "اب "),
    ("sep", "сентябр", "سبتمبر", "ايلول"),
    ("oct", "октябр", "اكتوبر", "تشرين الاول"),
    ("nov", "ноябр", "نوفمبر", "تشرين الثاني"),
    ("dec", "dic", "декабр", "ديسمبر", "كانون الاول"),
)
_MONTH_BY_START = {fold(start): number for number, starts in enumerate(_MONTHS, 1) for start in starts}
_MONTH = "(" + "|".join(sorted(map(re.escape, _MONTH_BY_START), key=len, reverse=True)) + r")[^\W\d_]*\.?"
_DAY = r"(?<!\d)(\d{1,2})(?:st|nd|rd|th|er|o)?"
_DAY_FIRST = re.compile(rf"{_DAY}\s*(?:of\s+|de\s+)?{_MONTH}(?:\s*,?\s*(?:de\s+)?(\d{{4}}))?", re.IGNORECASE)
_MONTH_FIRST = re.compile(
    rf"(?<![^\W\d_]){_MONTH}\s+(\d{{1,2}})(?:st|nd|rd|th)?(?!\d)(?:\s*,?\s*(\d{{4}}))?", re.IGNORECASE
)
_ISO = re.compile(r"(?<!\d)(\d{4})-(\d{1,2})-(\d{1,2})(?!\d)")
_NUMERIC = re.compile(r"(?<![\d.])(\d{1,2})[./](\d{1,2})(?:[./](\d{4}|\d{2}))?(?![\d.]*\d)")
_CHINESE = re.compile(r"(?:(\d{4})年)?(\d{1,2})月(\d{1,2})[日号]")

_WEEKDAYS = (
    ("monday", "lundi", "lunes", "понедельник"),
    ("tuesday", "mardi", "martes", "вторник"),
    ("wednesday", "mercredi", "miercoles", "сред"),
    ("thursday", "jeudi", "jueves", "четверг"),
    ("friday", "vendredi", "viernes", "пятниц"),
    ("saturday", "samedi", "sabado", "суббот"),
    ("sunday", "dimanche", "domingo", "воскресень"),
)
_WEEKDAY_BY_NAME = {fold(name): number for number, names in enumerate(_WEEKDAYS) for name in names}
_WEEKDAY = re.compile(r"(?:\b(next)\s+)?\b(" + "|".join(_WEEKDAY_BY_NAME) + ")", re.IGNORECASE)
_TOMORROW = re.compile(r"\b(?:tomorrow|demain|manana)\b|завтра|明天", re.IGNORECASE)


def find_asked_date(sentence: str, received: date) -> date | None:
    """The last day named in `sentence`, on or after `received`; None when it names none."""
    folded = fold(sentence)
    named = [day for day in _find_days(folded, received) if day is not None and day >= received]
    if named:
        return max(named)
    if found := _WEEKDAY.search(folded):
        ahead = (_WEEKDAY_BY_NAME[found[2].lower()] - received.weekday()) % 7 or 7
        return received + timedelta(days=ahead + (7 if found[1] and ahead + received.weekday() < 7 else 0))
    if _TOMORROW.search(folded):
        return received + timedelta(days=1)
    return None


def _find_days(text: str, received: date) -> list[date | None]:
    days = [_make(found[3], _month(found[2]), found[1], received) for found in _DAY_FIRST.finditer(text)]
    days += [_make(found[3], _month(found[1]), found[2], received) for found in _MONTH_FIRST.finditer(text)]
    days += [_make(found[1], int(found[2]), found[3], received) for found in _ISO.finditer(text)]
    days += [_make(found[1], int(found[2]), found[3], received) for found in _CHINESE.finditer(text)]
    for found in _NUMERIC.finditer(text):
        day_first = _make(found[3], int(found[2]), found[1], received)
        days.append(day_first or _make(found[3], int(found[1]), found[2], received))
    return days


def _month(name: str) -> int:
    return _MONTH_BY_START[name.lower()]


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
