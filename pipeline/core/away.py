"""What an out-of-office reply says of its writer: away until when, and whom to ask instead.

See: docs/analysis/machine-mail.md.
"""

import re
from datetime import date, timedelta

from pipeline.core.bounce import ADDRESS
from pipeline.core.model import ParsedMail
from pipeline.core.named_days import Place, find_dates, find_weekdays

_UNTIL = re.compile(
    r"\b(?:until|till|til|through|thru|up to|up till|to and including|jusqu['’](?:au|à|en)|au plus tard|hasta|até|"
    r"bis(?: zum| einschließlich| inklusive| inkl\.?| einschl\.?)*|"
    r"fino (?:al?|all['’])|sino al?|tot(?: en met)?|t/m|till och med|t\.?o\.?m\.?|til og med|indtil|do(?: dnia)?|"
    r"až do|asti|saakka|a[ž] do|"
    r"до|по|включно до|p[âa]n[ăa] (?:la|pe|în)|kuni|iki|līdz|sampai|hingga|đến|עד|μέχρι|έως|kadar)(?!\w)|حتى|"
    r"إلى غاية|لغاية|إلى|直到|截至|至|到|まで|까지",
    re.I,
)
_BACK = re.compile(
    r"\b(?:back (?:in (?:the |my )?office |at (?:my desk|work) |to (?:the )?office |to work )?(?:on|from|by|"
    r"as of)?|return(?:ing|s)?(?: to (?:the |my )?(?:office|work|desk))?(?: on| from| by)?|"
    r"be in the office (?:again )?(?:on|from)|available (?:again )?(?:from|on|as of)|resume (?:work|office|duty|"
    r"my duties) on|"
    r"de retour (?:au bureau )?(?:le|demain|à partir du|dès le)?|retour (?:prévu )?(?:au bureau )?le|"
    r"reprend\w* (?:le travail |mes fonctions )?le|rentr\w+ le|"
    r"(?:estaré )?de (?:vuelta|regreso)(?: (?:en la oficina|a la oficina))?(?: el| a partir del)?|"
    r"(?:me )?(?:reincorpor\w+|regres\w+|volver\w*|vuelvo|retorn\w+)(?: a la oficina| ao (?:trabalho|"
    r"escritório))?(?: el| em| no dia| a partir de)?|"
    r"(?:bin )?(?:wieder )?ab(?: dem)?|zurück(?: am| ab)?|wieder (?:im büro|"
    r"erreichbar|da) (?:ab|am)(?: dem)?|rientr\w+ (?:in ufficio )?(?:il|l['’])?|"
    r"torn\w+ (?:in ufficio )?il|sarò di ritorno il|terug op|weer aanwezig (?:op|vanaf)|tillbaka(?: den)?|"
    r"tilbake(?: den)?|tilbage(?: den)?|wracam|powrót|będę (?:znowu )?od|"
    r"верн\w+|выйду на работу|буду (?:в офисе|на работе|на рабочем месте|на связи|на месте|доступ\w+) (?:с)?|"
    r"palaan?\w*(?: töihin| toimistolle)?|повернуся)(?!\w)|(?:سأعود|العودة|أعود|أرجع)(?: إلى \w+)?(?: في| يوم)?|返回|"
    r"回来|回到办公室|恢复办公|戻り|出社",
    re.I,
)
# "will not return until 5 November" names the day of the return
_NOT_BEFORE = re.compile(
    r"\b(?:not (?:be )?(?:return\w*|back|available|in|reachable)[^.!?\d]{0,30}(?:until|till|before)|"
    r"(?:pas|ni)[^.!?\d]{0,40}avant|(?:erst|nicht)[^.!?\d]{0,20}(?:ab|am|vor)(?: dem)?|"
    r"no[^.!?\d]{0,30}(?:antes del?|hasta))(?!\w)",
    re.I,
)
_BACK_BEHIND = re.compile(
    r"\s{0,4}(?:\([^)]{1,8}\)\s{0,4})?(?:返回|回来|回到|恢复|上班|に?(?:戻り|出社|復帰)|"
    r"から(?:出社|復帰|勤務)|부터|에? ?(?:복귀|돌아)|"
    r"tarihinde (?:döneceğim|ofiste)|['’]?\w{0,4} (?:döneceğim|dönüyorum))"
)
_UNTIL_BEHIND = re.compile(
    r"\s{0,4}(?:\([^)]{1,8}\)?\s{0,4})?(?:まで|까지|之前|前|asti|saakka|(?:['’]\w{1,4}\s|tarihine\s|gününe\s)?(?:kadar|dek)|-?ig\b)"
)
_RANGE = re.compile(
    r"^\s*(?:-|–|—|to|until|till|through|au|al?|ao|bis|by|по|到|至|إلى|and|et|y|und)\s*(?:the |le |el |dem |"
    r"zum |(?:and )?including )?(?:\w{2,12},?\s+)?",
    re.I,
)
# "from 1 to 12 November": the first day has no month of its own
_DAY_RANGE = re.compile(
    r"(?<![\d/.-])\d{1,2}(?:st|nd|rd|th|er|º|\.)?\s*(?:-|–|—|to|until|till|through|au|al?|ao|bis|tot(?: en met)?|"
    r"t/m|till|til|"
    r"by|do|по|إلى|and|et|y|und)\s*(?:the |el |den |zum )?$",
    re.I,
)
_REACH = 45


def find_away_until(mail: ParsedMail, text: str) -> date | None:
    """The last day its writer is away; None when no day is named. Years are told from the mail's own date."""
    if mail.date is None:
        return None
    today = mail.date.date()
    dates = list(find_dates(text, today))
    return (
        _find_last_day(text, dates)
        or _find_range_end(text, dates)
        or _find_last_day(text, [*find_weekdays(text, today)])
    )


def _find_last_day(text: str, days: list[Place]) -> date | None:
    """The day that an "until" names, else the day before the return."""
    backs = {place for place in days if _is_return(text, *place[:2])}
    returns = {day for _, _, day in backs}
    ends = [place[2] for place in days if place not in backs and place[2] not in returns and _is_end(text, *place[:2])]
    return max(ends, default=None) or max((day - timedelta(days=1) for day in returns), default=None)


def _is_end(text: str, start: int, end: int) -> bool:
    return _find_near(_UNTIL, text, start) > 0 or bool(_UNTIL_BEHIND.match(text, end))


def _is_return(text: str, start: int, end: int) -> bool:
    """Chinese, Japanese, Korean and Turkish speak of the return behind the day."""
    if _find_near(_NOT_BEFORE, text, start) or _BACK_BEHIND.match(text, end):
        return True
    return _find_near(_BACK, text, start) > _find_near(_UNTIL, text, start)


def _find_near(pattern: re.Pattern[str], text: str, start: int) -> int:
    """Where the last word of `pattern` ends before `start`; 0 when a sentence or another date lies between."""
    first = max(0, start - _REACH)
    found = [place.end() for place in pattern.finditer(text[first:start])]
    between = text[first + found[-1] : start] if found else "."
    apart = not found or len(between) >= 30 or re.search(r"[.!?;]\s|\n\s*\n|\d", between)
    return 0 if apart else first + found[-1]


def _find_range_end(text: str, days: list[Place]) -> date | None:
    """The later end of "22 October - 2 November" or "1 to 12 November"."""
    ends = [
        day
        for index, (start, _, day) in enumerate(days)
        if (index and _RANGE.match(text[days[index - 1][1] : start] or " "))
        or _DAY_RANGE.search(text, max(0, start - 20), start)
    ]
    return max(ends, default=None)


def find_alternates(mail: ParsedMail, text: str, ours: frozenset[str]) -> tuple[str, ...]:
    """Addresses the reply names, in order, once each, without the writer's own and ours."""
    own = {mail.sender.address if mail.sender else "", *ours, *(mailbox.address for mailbox in mail.reply_to + mail.to)}
    found = (address.lower().strip(".'`*=/-") for address in ADDRESS.findall(text[:8_000]))
    return tuple(dict.fromkeys(address for address in found if address not in own and "." in address.partition("@")[2]))
