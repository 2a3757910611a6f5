"""Laws for the year file: what it says comes out, and what is wrong in it is named."""

from datetime import date

import pytest

from pipeline.config import HOME
from pipeline.core.model import Mandate, Milestone, PlannedDraft
from pipeline.core.year_file import load_year
from pipeline.errors import UsageError

GOOD = """
[[draft]]
code = "JST"
title = "Joint statement"
lead = "UNODC"
circulate = 2012-10-22
inputs_by = "2012-11-12"
milestone = [{ day = 2013-01-10, title = "launch" }, { day = 2012-12-18, title = "Migrants Day" }]

[[decision]]
number = "2012-11/6"
decided_on = 2012-11-14
by = "GMG Principals"
owner = "working level"
due = 2013-03-31
text = "Report back."
"""


def test_a_text_and_a_decision_are_read_with_their_days() -> None:
    milestones = (
        Milestone(day=date(2012, 12, 18), title="Migrants Day"),
        Milestone(day=date(2013, 1, 10), title="launch"),
    )
    planned = PlannedDraft(
        code="JST",
        title="Joint statement",
        leads=("UNODC",),
        circulate=date(2012, 10, 22),
        inputs_by=date(2012, 11, 12),
        milestones=milestones,
    )
    mandate = Mandate(
        number="2012-11/6",
        decided_on=date(2012, 11, 14),
        by="GMG Principals",
        owner="working level",
        due=date(2013, 3, 31),
        text="Report back.",
    )
    assert load_year(GOOD) == ((planned,), (mandate,))
    assert planned.days == (date(2012, 10, 22), date(2012, 11, 12), date(2012, 12, 18), date(2013, 1, 10))


def test_an_empty_year_is_a_year() -> None:
    assert load_year("") == ((), ())


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("code =", "code", "cannot be read as TOML"),
        ('code = "JST"', 'codes = "JST"', r"\[\[draft\]\], entry 1: codes: this key is not known"),
        ('title = "Joint statement"', "", "JST: title: is missing"),
        ("2012-10-22", '"22 October"', "JST: circulate: '22 October' is not a day; write year-month-day"),
        ('"2012-11-12"', '"2012-10-01"', "JST: inputs are wanted by 2012-10-01, before the text goes out"),
        ("2013-01-10", '"soon"', "JST, milestone, launch: day: 'soon' is not a day"),
        ("decided_on = 2012-11-14", "", "2012-11/6: decided_on: None is not a day"),
        ('owner = "working level"', "", "2012-11/6: owner: is missing"),
        ("2013-03-31", "true", "2012-11/6: due: True is not a day"),
        ("[[decision]]", "[decision]", "write a list"),
        ("[[draft]]", '[[draft]]\ncode = "JST"\ntitle = "Twice"\n[[draft]]', "code: 'JST' is given 2 times"),
    ],
    ids=["TOML", "key", "title", "day", "order", "milestone", "decided", "owner", "due", "table", "twice"],
)
def test_what_is_wrong_is_named_with_what_to_write(old: str, new: str, words: str) -> None:
    with pytest.raises(UsageError, match=words):
        load_year(GOOD.replace(old, new, 1))


def test_the_sample_year_has_the_six_decisions_of_november() -> None:
    planned, mandates = load_year((HOME / "pipeline" / "demo" / "gmg" / "year.toml").read_text(encoding="utf-8"))
    assert [each.code for each in planned] == ["YTH", "JST", "HLD", "PCS"]
    assert [each.number for each in mandates] == [f"2012-11/{number}" for number in range(1, 7)]
    assert {each.due for each in mandates} == {date(2013, 3, 31)}
