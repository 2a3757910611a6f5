"""Laws of the last day of an absence, read from what was written on Thursday, 25 October 2012."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.core.away import find_away_until
from pipeline.core.model import ParsedMail
from pipeline.core.named_days import find_dates, find_weekdays
from pipeline.core.parse import parse_mail
from tests.make_mail import make_mail

THURSDAY = date(2012, 10, 25)
MAIL: ParsedMail = parse_mail(make_mail(date="Thu, 25 Oct 2012 09:30:00 +0200"))


def november(day: int) -> date:
    return date(2012, 11, day)


def october(day: int) -> date:
    return date(2012, 10, day)


@pytest.mark.parametrize(
    ("text", "until"),
    [
        ("I will be back on Monday.", october(28)),
        ("I am away until Wednesday.", october(31)),
        ("I will be back tomorrow.", october(25)),
        ("I return next Friday.", november(1)),
        ("I am back early next week.", None),
        ("Je serai de retour lundi.", october(28)),
        ("Je serai absent jusqu'à mon retour.", None),
        ("Ich bin ab Montag wieder erreichbar.", october(28)),
        ("Estaré de vuelta el lunes.", october(28)),
        ("I am on leave from 1 to 12 November inclusive.", november(12)),
        ("I am on leave 5-9 November.", november(9)),
        ("Jeg er på ferie 5.-9. november.", november(9)),
        ("Ich bin vom 29.10.-04.11.2012 im Urlaub.", november(4)),
        ("Fuera de la oficina del 29/10 al 9/11.", november(9)),
        ("I will not return until 05/11/2012.", november(4)),
        ("Je ne serai pas de retour avant le 5 novembre.", november(4)),
        ("Ich bin erst ab dem 5. November wieder da.", november(4)),
        ("I am out until my return on 5 November.", november(4)),
        ("I am away until 5 November and back on 5 November.", november(4)),
        ("11月5日返回办公室。", november(4)),
        ("11月5日まで不在です。", november(5)),
        ("11월 5일까지 부재중입니다.", november(5)),
        ("5 Kasım 2012 tarihinde döneceğim.", november(4)),
        ("5 Kasım'a kadar izindeyim.", november(5)),
        ("Palaan töihin 5.11.2012.", november(4)),
        ("Wracam 5 listopada.", november(4)),
        ("Я у відпустці до 5 листопада.", november(5)),
        ("Sunt în concediu până la 5 noiembrie.", november(5)),
        ("Szabadságon vagyok november 5-ig.", november(5)),
        ("I am away until 5/11.", november(5)),
        ("I am away until 11/15.", november(15)),
        ("I am away until 5.11.12.", november(5)),
        ("I am away. The deadline is on 5 November.", None),
        ("I am available 24/7 from 9-17.", None),
    ],
)
def test_last_day_of_absence(text: str, until: date | None) -> None:
    assert find_away_until(MAIL, text) == until


@given(st.dates(min_value=date(2012, 9, 1), max_value=date(2013, 8, 1)))
def test_a_day_written_out_is_that_day(day: date) -> None:
    written = f"until {day.day} {day:%B} {day.year}"
    assert [found for _, _, found in find_dates(written, THURSDAY)] == [day]


@given(st.sampled_from(["monday", "mardi", "Mittwoch", "jueves", "пятница", "土曜"]))
def test_a_weekday_is_within_the_next_seven_days(name: str) -> None:
    days = [found for _, _, found in find_weekdays(name, THURSDAY)]
    assert len(days) == 1
    assert 1 <= (days[0] - THURSDAY).days <= 7


@given(st.text(max_size=300))
def test_any_text_is_read(text: str) -> None:
    find_away_until(MAIL, text)


def test_a_desert_of_spaces_behind_a_day_is_no_word() -> None:
    assert find_away_until(MAIL, "12 November" + " " * 200_000 + "まで") is None
