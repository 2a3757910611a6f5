"""Laws for who chairs, and what others are to the chair."""

from dataclasses import replace
from datetime import date, datetime

import pytest

from pipeline.core.chairing import Standing, find_day, find_standing, hand_over, is_due, is_term_over, plan
from pipeline.core.model import Roster
from pipeline.errors import UsageError
from tests.core import gmg

TERM = (date(2013, 1, 1), date(2013, 6, 30))


@pytest.fixture
def roster() -> Roster:
    """UNODC in the chair, the Regional Commissions next."""
    return replace(gmg.get_roster(), chair_term=(date(2012, 7, 1), date(2012, 12, 31)))


def test_the_standing_of_a_member_follows_the_chair(roster: Roster) -> None:
    before = replace(roster, incoming_chair=("RC",), troika_previous=("WHO",))
    told = {code: find_standing(before, code) for code in ("UNODC", "RC", "WHO", "ILO", "GMG")}
    assert list(told.values()) == ["chair", "incoming", "previous", "other", "chair"]
    after = hand_over(before, ["RC"], TERM)
    told = {code: find_standing(after, code) for code in ("UNODC", "RC", "WHO", "ILO", "GMG")}
    assert list(told.values()) == ["previous", "chair", "other", "other", "chair"]


def test_nothing_but_the_chair_changes_on_the_roster(roster: Roster) -> None:
    after = hand_over(roster, ["RC"], TERM)
    names = ("chair", "chair_term", "incoming_chair", "incoming_term", "troika_previous")
    assert replace(after, **{name: getattr(roster, name) for name in names}) == roster


def test_there_may_be_several_chairs_and_one_of_them_may_go_on(roster: Roster) -> None:
    both = hand_over(roster, ["UNODC", "ILO", "ILO"], TERM)
    assert (both.chair, both.troika_previous) == (("UNODC", "ILO"), ())
    after = hand_over(both, ["ILO", "WHO"], TERM)
    assert (after.chair, after.troika_previous) == (("ILO", "WHO"), ("UNODC",))
    assert find_standing(after, "ILO") is find_standing(after, "WHO") is Standing.CHAIR


def test_s38_a_group_without_predecessor_and_without_a_next_chair_is_whole(roster: Roster) -> None:
    alone = replace(roster, troika_previous=(), incoming_chair=(), incoming_term=None, chair_term=None)
    assert not is_due(alone, datetime.fromisoformat("2030-01-01T00:00+00:00"))
    assert not is_term_over(alone, datetime.fromisoformat("2030-01-01T00:00+00:00"))
    assert find_standing(alone, "ILO") is Standing.OTHER


@pytest.mark.parametrize(
    ("now", "due"),
    [
        ("2012-12-31T22:59:59+00:00", False),
        ("2012-12-31T23:00:00+00:00", True),
        ("2013-01-01T00:00:00-05:00", True),
        ("2013-08-01T00:00:00+00:00", True),
    ],
)
def test_a_planned_term_begins_with_the_day_on_the_calendar_of_the_chair(roster: Roster, now: str, due: bool) -> None:
    assert is_due(plan(roster, ["RC"], TERM), datetime.fromisoformat(now)) is due


@pytest.mark.parametrize(("now", "over"), [("2012-12-31T22:30:00+00:00", False), ("2012-12-31T23:30:00+00:00", True)])
def test_a_term_is_over_when_its_last_day_is(roster: Roster, now: str, over: bool) -> None:
    assert is_term_over(roster, datetime.fromisoformat(now)) is over
    assert find_day(roster, datetime.fromisoformat(now)).year == (2013 if over else 2012)


@pytest.mark.parametrize(
    ("to", "term", "words"),
    [
        ([], TERM, "Nobody is named"),
        (["OECD"], TERM, "OECD is no member"),
        (["ECA"], TERM, "ECA is no member"),
        (["UNODC"], TERM, "chairs the group already"),
        (["RC"], TERM[::-1], "name a later last day"),
    ],
    ids=["nobody", "a stranger", "a body", "the same", "turned round"],
)
def test_a_hand_over_that_makes_no_sense_is_refused(
    roster: Roster, to: list[str], term: tuple[date, date], words: str
) -> None:
    for step in (plan, hand_over):
        with pytest.raises(UsageError, match=words):
            step(roster, to, term)
