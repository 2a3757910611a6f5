"""What an out-of-office reply says of its writer: away until when, and whom to ask instead.

See: docs/analysis/machine-mail.md.
"""

import re
from collections.abc import Iterator
from datetime import date, timedelta

from pipeline.core.bounce import ADDRESS
from pipeline.core.model import ParsedMail

_MONTH_NAMES = (
    (
        "january jan janvier janv enero ene janeiro januar jän jänner gennaio gen januari янв января январь 一月 "
        "يناير كانون الثاني styczeń stycznia sty ledna tammikuuta"
    ),
    (
        "february feb février févr fevrier febrero fevereiro fev februar febbraio februari фев февраля февраль "
        "二月 فبراير شباط luty lutego lut února helmikuuta"
    ),
    "march mar mars marzo março marco märz maart мар марта март 三月 مارس آذار marzec marca března maaliskuuta",
    (
        "april apr avril avr abril abr aprile апр апреля апрель 四月 أبريل ابريل نيسان kwiecień kwietnia kwi "
        "dubna huhtikuuta"
    ),
    "may mai mayo maio maggio mag mei май мая 五月 مايو أيار maj maja května toukokuuta",
    "june jun juin junio junho juni giugno giu июн июня июнь 六月 يونيو حزيران czerwiec czerwca cze června kesäkuuta",
    (
        "july jul juillet juil julio julho juli luglio lug июл июля июль 七月 يوليو تموز lipiec lipca lip "
        "července heinäkuuta"
    ),
    (
        "august aug août aout agosto ago augustus augusti авг августа август 八月 أغسطس اغسطس آب sierpień "
        "sierpnia sie srpna elokuuta"
    ),
    (
        "september sep sept septembre septiembre setiembre setembro set settembre сен сент сентября сентябрь "
        "九月 سبتمبر أيلول wrzesień września wrz září syyskuuta"
    ),
    (
        "october oct octobre octubre outubro out oktober okt ottobre ott окт октября октябрь 十月 أكتوبر اكتوبر "
        "تشرين الأول październik października paź října lokakuuta"
    ),
    (
        "november nov novembre noviembre novembro ноя ноября ноябрь 十一月 نوفمبر تشرين الثاني listopad "
        "listopada lis listopadu marraskuuta"
    ),
    (
        "december dec décembre déc decembre diciembre dic dezembro dez dezember dicembre дек декабря декабрь "
        "十二月 ديسمبر كانون الأول grudzień grudnia gru prosince joulukuuta"
    ),
)
_MONTHS = {
    name: number
    for number, names in enumerate(_MONTH_NAMES, 1)
    for name in names.split()
    if name not in ("كانون", "تشرين", "الأول", "الثاني")
}
_MONTHS |= {"كانون الثاني": 1, "تشرين الأول": 10, "تشرين الثاني": 11, "كانون الأول": 12}
_NAME = "|".join(sorted(map(re.escape, _MONTHS), key=len, reverse=True))
_DAY = r"(?P<{0}>\d{{1,2}})\s*(?:st|nd|rd|th|er|º|°|ª|\.|-?го)?"
_DATE = re.compile(
    r"(?P<iso_y>\d{4})[-/.年]\s?(?P<iso_m>\d{1,2})[-/.月]\s?(?P<iso_d>\d{1,2})日?|"
    r"(?P<cjk_m>\d{1,2})\s?[月월]\s?(?P<cjk_d>\d{1,2})\s?[日일号號]|"
    rf"(?<!\d){_DAY.format('day')}\s*(?:of |de |d'|del )?(?P<month>{_NAME})(?!\w)\.?,?(?:\s*(?:de |"
    rf"del )?(?P<year>\d{{4}}))?|"
    rf"(?<!\w)(?P<us_month>{_NAME})\.?\s+{_DAY.format('us_day')}(?!\d)(?:\s*,?\s*(?P<us_year>\d{{4}}))?|"
    r"(?<!\d)(?P<a>\d{1,2})[/.-](?P<b>\d{1,2})(?:[/.-](?P<c>\d{4}|\d{2})|\.)?(?!\d)",
    re.I,
)
_UNTIL = re.compile(
    r"\b(?:until|till|til|through|thru|up to|up till|to and including|jusqu['’](?:au|à|en)|au plus tard|hasta|até|"
    r"bis(?: zum| einschließlich| inklusive| inkl\.?| einschl\.?)*|"
    r"fino (?:al?|all['’])|sino al?|tot(?: en met)?|t/m|till och med|t\.?o\.?m\.?|til og med|indtil|do(?: dnia)?|"
    r"až do|asti|saakka|a[ž] do|"
    r"до|по|включно до|μέχρι|έως|kadar)(?!\w)|حتى|إلى غاية|لغاية|إلى|直到|截至|至|到|まで|까지",
    re.I,
)
_BACK = re.compile(
    r"\b(?:back (?:in (?:the |my )?office |at (?:my desk|work) |to (?:the )?office |to work )?(?:on|from|by|"
    r"as of)?|return(?:ing|s)?(?: to (?:the |my )?(?:office|work|desk))?(?: on| from| by)?|"
    r"be in the office (?:again )?(?:on|from)|available (?:again )?(?:from|on|as of)|resume (?:work|office|duty|"
    r"my duties) on|"
    r"de retour (?:au bureau )?(?:le|à partir du|dès le)?|retour (?:prévu )?(?:au bureau )?le|"
    r"reprend\w* (?:le travail |mes fonctions )?le|rentr\w+ le|"
    r"(?:estaré )?de (?:vuelta|regreso)(?: (?:en la oficina|a la oficina))?(?: el| a partir del)?|"
    r"(?:me )?(?:reincorpor\w+|regres\w+|volver\w*|vuelvo|retorn\w+)(?: a la oficina| ao (?:trabalho|"
    r"escritório))?(?: el| em| no dia| a partir de)?|"
    r"(?:bin )?(?:wieder )?ab(?: dem)?|zurück(?: am| ab)?|wieder (?:im büro|"
    r"erreichbar|da) (?:ab|am)(?: dem)?|rientr\w+ (?:in ufficio )?(?:il|l['’])?|"
    r"torn\w+ (?:in ufficio )?il|sarò di ritorno il|terug op|weer aanwezig (?:op|vanaf)|tillbaka(?: den)?|"
    r"tilbake(?: den)?|tilbage(?: den)?|wracam|powrót|będę (?:znowu )?od|"
    r"верн\w+|выйду на работу|буду (?:в офисе|на работе|доступ\w+) (?:с)?|повернуся)(?!\w)|سأعود|العودة|أعود|返回|"
    r"回来|回到办公室|恢复办公|戻り|出社",
    re.I,
)
_RANGE = re.compile(
    (
        r"^\s*(?:-|–|—|to|until|till|through|au|al?|ao|bis|by|по|到|至|إلى|and|et|y|und)\s*(?:the |le |el |dem |"
        r"zum |(?:and )?including )?(?:\w{2,12},?\s+)?"
    ),
    re.I,
)
_REACH = 45


def find_away_until(mail: ParsedMail, text: str) -> date | None:
    """The last day its writer is away; None when no day is named. Years are told from the mail's own date."""
    if mail.date is None:
        return None
    today = mail.date.date()
    days = list(_find_days(text, today))
    ends = [day for start, end, day in days if _is_near(_UNTIL, text, start) or _is_near_after(text, end)]
    if ends:
        return max(ends)
    backs = [day - timedelta(days=1) for start, _, day in days if _is_near(_BACK, text, start)]
    if backs:
        return max(backs)
    ranges = [
        day
        for index, (start, _, day) in enumerate(days)
        if index and _RANGE.match(text[days[index - 1][1] : start] or " ")
    ]
    return max(ranges, default=None)


def _is_near(pattern: re.Pattern[str], text: str, start: int) -> bool:
    """Whether a word of `pattern` stands before `start` in the same sentence, with no other date between."""
    before = text[max(0, start - _REACH) : start]
    found = list(pattern.finditer(before))
    if not found:
        return False
    between = before[found[-1].end() :]
    return not re.search(r"[.!?;]\s|\n\s*\n|\d", between) and len(between) < 30


def _is_near_after(text: str, end: int) -> bool:
    """Japanese, Korean, Finnish and Turkish put "until" behind the day."""
    return bool(
        re.match(
            r"\s*\([^)]{1,8}\)?\s*(?:まで|까지)|\s*(?:まで|까지|之前|前|asti|saakka|tarihine kadar)",
            text[end : end + 20],
        )
    )


def _find_days(text: str, today: date) -> Iterator[tuple[int, int, date]]:
    """(start, end, day) of every date in `text`; an impossible one is left out."""
    for found in _DATE.finditer(text[:8_000]):
        if (day := _to_date(found, today)) is not None:
            yield found.start(), found.end(), day


def _to_date(found: re.Match[str], today: date) -> date | None:
    if found["iso_y"]:
        return _make(int(found["iso_y"]), int(found["iso_m"]), int(found["iso_d"]), today)
    if found["cjk_m"]:
        return _make(None, int(found["cjk_m"]), int(found["cjk_d"]), today)
    if found["day"]:
        return _make(_number(found["year"]), _MONTHS[found["month"].lower()], int(found["day"]), today)
    if found["us_day"]:
        return _make(_number(found["us_year"]), _MONTHS[found["us_month"].lower()], int(found["us_day"]), today)
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


def find_alternates(mail: ParsedMail, text: str, ours: frozenset[str]) -> tuple[str, ...]:
    """Addresses the reply names, in order, once each, without the writer's own and ours."""
    own = {mail.sender.address if mail.sender else "", *ours, *(mailbox.address for mailbox in mail.reply_to + mail.to)}
    found = (address.lower().strip(".'`*=/-") for address in ADDRESS.findall(text[:8_000]))
    return tuple(dict.fromkeys(address for address in found if address not in own and "." in address.partition("@")[2]))
