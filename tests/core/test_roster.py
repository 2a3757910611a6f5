"""Laws of the roster file."""

from datetime import UTC, date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.core.model import Agency, FocalPoint, Role, Roster, Rule
from pipeline.core.roster import dump_roster, load_roster
from pipeline.errors import UsageError

SAMPLE = (Path(__file__).parents[2] / "pipeline" / "demo" / "gmg" / "roster.toml").read_text(encoding="utf-8")

SMALL = """
[group]
code = "ABC"
name = "A Group"
mailbox = "Drafts@abc.example"
from_name = "Chair"
chair = "ONE"
chair_timezone = "Europe/Vienna"

[[member]]
code = "ONE"
name = "First"
timezone = "Europe/Vienna"
domains = ["ONE.example"]
focal_point = ["A@one.example", "b@one.example"]

[[member]]
code = "TWO"
name = "Second"
timezone = "Asia/Bangkok"
focal_point = "a@two.example"

[[draft]]
code = "TXT"
title = "A text"
circulated = 2012-10-01T10:00:00+02:00
deadline = 2012-10-31T18:00:00
"""


def test_sample_roster_is_the_group_of_sixteen() -> None:
    roster, plans = load_roster(SAMPLE)
    assert len(roster.members) == 16
    assert [agency.code for agency in roster.members if not agency.un_entity] == ["IOM"]
    assert [body.code for body in roster.bodies_of("RC")] == ["ECA", "ECE", "ECLAC", "ESCAP", "ESCWA"]
    assert roster.get_agency("RC").coordinator == "ESCAP"
    assert roster.get_agency("ESCWA").member == "RC"
    assert [plan.code for plan in plans] == ["YTH", "JST", "HLD"]
    assert roster.chair == ("UNODC",)
    assert roster.chair_term == (date(2012, 7, 1), date(2012, 12, 31))


def test_addresses_keep_their_capacity() -> None:
    unodc = load_roster(SAMPLE)[0].get_agency("UNODC")
    roles = {contact.address: contact.role for contact in unodc.contacts}
    assert roles["gmg-chair@unodc.example"] is Role.SECRETARIAT
    assert roles["statement-drafting@unodc.example"] is Role.LEAD_DRAFTER
    assert roles["htms-alt@unodc.example"] is Role.ALTERNATE


def test_deadline_is_the_wall_clock_of_its_zone() -> None:
    yth, jst, hld = load_roster(SAMPLE)[1]
    assert yth.deadline.at == datetime(2012, 10, 31, 17, 0, tzinfo=UTC)
    assert hld.deadline.at == datetime(2012, 12, 7, 22, 0, tzinfo=UTC)
    assert jst.rule is Rule.ENDORSEMENT
    assert jst.silence is not None
    assert jst.silence.closes.at == datetime(2012, 12, 12, 11, 0, tzinfo=UTC)
    assert hld.leads == ("IOM", "UNFPA")


@pytest.mark.parametrize("text", [SAMPLE, SMALL])
def test_what_is_written_is_read_again(text: str) -> None:
    roster, plans = load_roster(text)
    assert load_roster(dump_roster(roster, plans)) == (roster, plans)


def test_addresses_and_domains_are_lower_case() -> None:
    roster, _ = load_roster(SMALL)
    one = roster.get_agency("ONE")
    assert roster.mailbox == "drafts@abc.example"
    assert [contact.address for contact in one.contacts] == ["a@one.example", "b@one.example"]
    assert one.domains == ("one.example",)


def test_deadline_without_zone_is_in_the_zone_of_the_chair() -> None:
    plan = load_roster(SMALL)[1][0]
    assert plan.deadline.zone == "Europe/Vienna"
    assert plan.deadline.at == datetime(2012, 10, 31, 18, 0, tzinfo=ZoneInfo("Europe/Vienna"))


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("[group]", "[grup]", ("grup", "group")),
        ('name = "A Group"', "", ("[group]".strip("[]"), "name", "is missing")),
        ('chair = "ONE"', 'chair = "SIX"', ("chair", "'SIX'", "ONE, TWO")),
        ('chair_timezone = "Europe/Vienna"', 'chair_timezone = "Vienna"', ("chair_timezone", "Europe/Vienna")),
        ('focal_point = "a@two.example"', 'focalpoint = "a@two.example"', ("TWO", "focalpoint", "focal_point")),
        ('focal_point = "a@two.example"', "", ("TWO", "focal_point", "is missing")),
        ('focal_point = "a@two.example"', 'focal_point = "nobody"', ("TWO", "'nobody'", "focal@agency.example")),
        ('focal_point = "a@two.example"', "focal_point = 7", ("TWO", "focal_point", "quotes")),
        ('code = "TWO"', 'code = "ONE"', ("code", "'ONE'", "2 times")),
        ('code = "TWO"', 'code = "two"', ("'two'", "capital letters")),
        ('timezone = "Asia/Bangkok"', 'timezone = "Asia/Bangkok"\nworkdays = ["sunday"]', ("TWO", "'sunday'", "sun")),
        ('timezone = "Asia/Bangkok"', 'timezone = "Asia/Bangkok"\nholidays = ["26.12."]', ("TWO", "2012-12-25")),
        ('timezone = "Asia/Bangkok"', 'timezone = "Asia/Bangkok"\nun_entity = "no"', ("TWO", "true or false")),
        ('timezone = "Asia/Bangkok"', 'timezone = "Asia/Bangkok"\ndomains = ["one.example"]', ("domains", "2 times")),
        ('timezone = "Asia/Bangkok"', 'timezone = "Asia/Bangkok"\ncoordinator = "X"', ("TWO", "coordinator", "'X'")),
        ('"a@two.example"', '"b@one.example"', ("TWO", "'b@one.example'", "ONE")),
        ('title = "A text"', 'title = "A text"\nlead = ["SIX"]', ("TXT", "lead", "'SIX'")),
        ("2012-10-01T10:00:00+02:00", "2012-10-01T10:00:00", ("TXT", "circulated", "offset")),
        ("2012-10-31T18:00:00", '"end of October"', ("TXT", "deadline", "2012-10-31T18:00:00")),
        ("2012-10-31T18:00:00", "2012-09-30T18:00:00", ("TXT", "deadline", "circulated")),
        ("[[draft]]", "[[draft]", ("roster.toml", "TOML", "correct")),
    ],
)
def test_complaint_names_the_key_and_the_remedy(old: str, new: str, words: tuple[str, ...]) -> None:
    assert old in SMALL
    with pytest.raises(UsageError) as caught:
        load_roster(SMALL.replace(old, new, 1))
    assert all(word in str(caught.value) for word in words), str(caught.value)


TROIKA = """chair = ["ONE", "TWO"]
incoming_chair = "TWO"
incoming_term = { start = "2013-01-01", end = "2013-06-30" }
troika_previous = ["ONE"]
"""


def test_chairs_before_and_after_are_one_or_several() -> None:
    roster, _ = load_roster(SMALL.replace('chair = "ONE"\n', TROIKA, 1))
    assert (roster.chair, roster.incoming_chair, roster.troika_previous) == (("ONE", "TWO"), ("TWO",), ("ONE",))
    assert roster.incoming_term == (date(2013, 1, 1), date(2013, 6, 30))
    assert load_roster(dump_roster(roster)) == (roster, ())


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('incoming_chair = "TWO"\n', "", ("incoming_chair", "is missing beside incoming_term")),
        ('incoming_chair = "TWO"', 'incoming_chair = "SIX"', ("incoming_chair", "'SIX'", "ONE, TWO")),
        ('troika_previous = ["ONE"]', 'troika_previous = ["SIX"]', ("troika_previous", "'SIX'")),
        ("2013-06-30", "2012-06-30", ("incoming_term", "end", "before start")),
    ],
)
def test_a_troika_that_makes_no_sense_is_named(old: str, new: str, words: tuple[str, ...]) -> None:
    with pytest.raises(UsageError) as caught:
        load_roster(SMALL.replace('chair = "ONE"\n', TROIKA.replace(old, new), 1))
    assert all(word in str(caught.value) for word in words), str(caught.value)


def test_empty_roster_asks_for_members() -> None:
    with pytest.raises(UsageError, match="member"):
        load_roster(SMALL[: SMALL.index("[[member]]")])


TEXTS = st.text(alphabet=st.characters(codec="utf-8"), max_size=20)


@given(name=TEXTS, station=TEXTS, aliases=st.lists(TEXTS, max_size=3))
def test_any_name_survives_the_file(name: str, station: str, aliases: list[str]) -> None:
    contact = FocalPoint(address="a@one.example", role=Role.FOCAL_POINT)
    agency = Agency(code="ONE", name=name, timezone="UTC", station=station, aliases=tuple(aliases), contacts=(contact,))
    roster = Roster(
        code="ABC",
        name=name,
        mailbox="d@abc.example",
        from_name=station,
        aliases=(),
        chair=("ONE",),
        timezone="UTC",
        workdays=("sun", "mon"),
        holidays=(date(2012, 12, 25),),
        agencies=(agency,),
    )
    assert load_roster(dump_roster(roster)) == (roster, ())
