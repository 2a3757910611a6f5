"""When reminders go out: rows for the calendar, laws for everything else."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.core import schedule, tracking
from pipeline.core.model import LADDER, Agency, Deadline, PlannedReminder, Response, Round, RoundPurpose
from tests.core import gmg

ZONES = (
    "Europe/Vienna",
    "America/New_York",
    "Asia/Bangkok",
    "America/Santiago",
    "Asia/Beirut",
    "Africa/Addis_Ababa",
    "Africa/Cairo",
    "Asia/Kathmandu",
    "Australia/Lord_Howe",
    "Pacific/Apia",
    "Pacific/Kiritimati",
    "Pacific/Pago_Pago",
    "Asia/Tehran",
    "America/St_Johns",
    "UTC",
)


def timetable(
    name: str, now: str, *, answers: Sequence[Response] = (), sent: Sequence[str] = (), **changes: Any
) -> tuple[PlannedReminder, ...]:
    """The timetable of one round of the scenario."""
    round = replace(gmg.get_rounds()[name], **changes)
    draft = gmg.get_drafts()[round.draft]
    return schedule.plan(round, draft, gmg.get_roster(), answers, frozenset(sent), now=datetime.fromisoformat(now))


def answers_at(name: str, now: str) -> tuple[Response, ...]:
    """The board of one round of the scenario."""
    round = gmg.get_rounds()[name]
    draft, when = gmg.get_drafts()[round.draft], datetime.fromisoformat(now)
    return tracking.responses(round, draft, gmg.get_roster(), gmg.get_filings(), gmg.get_decisions(), when)


def find(planned: Sequence[PlannedReminder], agency: str, step: str) -> PlannedReminder:
    """One line of a timetable."""
    return next(reminder for reminder in planned if (reminder.agency, reminder.step) == (agency, step))


@pytest.mark.parametrize(
    ("name", "agency", "step", "at"),
    [
        ("YTH r0", "ILO", "T-7", "2012-10-24T09:00+02:00"),
        ("YTH r0", "DESA", "T-7", "2012-10-24T09:00-04:00"),
        # -- Europe left summer time on 28 October, New York did not --------------------------------------------
        ("YTH r0", "ILO", "T-2", "2012-10-29T09:00+01:00"),
        ("YTH r0", "DESA", "T-2", "2012-10-29T09:00-04:00"),
        ("YTH r0", "DESA", "T+1", "2012-11-01T09:00-04:00"),
        # -- two working days before a Monday are a Thursday ----------------------------------------------------
        ("JST r0", "ILO", "T-2", "2012-11-08T09:00+01:00"),
        ("JST r0", "ILO", "T-7", "2012-11-05T09:00+01:00"),
        # -- 17:00 New York on Friday is Saturday in Bangkok ----------------------------------------------------
        ("HLD r0", "RC", "T-2", "2012-12-06T09:00+07:00"),
        ("HLD r0", "RC", "T-7", "2012-11-30T09:00+07:00"),
        ("HLD r0", "DESA", "T-2", "2012-12-05T09:00-05:00"),
        ("HLD r0", "DESA", "T+1", "2012-12-10T09:00-05:00"),
    ],
)
def test_steps_fall_on_the_addressees_own_days(name: str, agency: str, step: str, at: str) -> None:
    assert find(timetable(name, "2012-10-01T10:00+02:00"), agency, step).at == datetime.fromisoformat(at)


def plan_for(agency: Agency, deadline: datetime, now: datetime, ladder: tuple[str, ...] = LADDER) -> Any:
    """The timetable of a round that asks only one agency."""
    round = gmg.get_rounds()["YTH r0"]
    addressee = replace(round.addressees[0], agency=agency.code)
    asked = replace(
        round,
        addressees=(addressee,),
        deadline=Deadline(at=deadline, zone="UTC"),
        opened_at=datetime(1999, 1, 1, tzinfo=UTC),
        ladder=ladder,
    )
    roster = replace(gmg.get_roster(), agencies=(agency,))
    return schedule.plan(asked, gmg.get_drafts()["YTH"], roster, now=now)


def test_holidays_and_the_working_week_are_the_addressees() -> None:
    agency = replace(
        gmg.get_roster().get_agency("ILO"),
        timezone="Asia/Beirut",
        workdays=("sun", "mon", "tue", "wed", "thu"),
        holidays=(date(2012, 11, 1),),
    )
    planned = plan_for(agency, datetime(2012, 11, 5, 12, tzinfo=UTC), datetime(2012, 10, 1, tzinfo=UTC))
    # the 5th is a Monday: Sunday counts, Friday, Saturday and the holiday on Thursday do not
    assert find(planned, "ILO", "T-2").at.date() == date(2012, 10, 31)


def test_member_with_bodies_the_coordinator_and_each_body_not_yet_heard_are_reminded() -> None:
    now = "2012-10-24T09:00+02:00"
    planned = [row for row in timetable("YTH r0", now, answers=answers_at("YTH r0", now)) if row.step == "T-2"]
    regional = {row.agency: row.skipped for row in planned if row.agency in {"RC", "ECA", "ECE", "ECLAC", "ESCWA"}}
    heard = {"ECE": "has answered: no comment", "ESCWA": "has answered: contribution"}
    assert regional == {"RC": "", "ECA": "", "ECLAC": "", **heard}


@pytest.mark.parametrize(
    "moment",
    [moment for moment in gmg.read_yaml("expected_reminders.yaml") if "remind" in moment],
    ids=lambda moment: f"{moment['draft']} {moment['revision']} {moment['moment']}",
)
def test_timetable_reminds_exactly_the_members_the_scenario_names(moment: dict[str, Any]) -> None:
    name = f"{moment['draft']} {moment['revision']}"
    planned = timetable(name, moment["at"], answers=answers_at(name, moment["at"]))
    roster = gmg.get_roster()
    members = {roster.get_agency(row.agency).member or row.agency for row in planned if not row.skipped}
    assert members == set(moment["remind"])
    chased = {row.agency: row.skipped for row in planned if row.agency in {t["agency"] for t in moment["do_not_chase"]}}
    assert all(words.startswith(("needs attention", "extension pending")) for words in chased.values())


def test_silence_asks_nobody_after_it_closed() -> None:
    assert {row.step for row in timetable("JST r1", "2012-12-03T10:00+01:00")} == {"T-7", "T-2"}


@pytest.mark.parametrize(
    ("changes", "step", "words"),
    [
        ({"opened_at": datetime(2012, 10, 25, tzinfo=UTC)}, "T-7", "lies before the call for inputs"),
        ({"opened_at": datetime(2012, 10, 22, tzinfo=UTC)}, "T-7", "too soon after the call for inputs"),
        ({"closed_at": datetime(2012, 10, 20, tzinfo=UTC)}, "T-2", "the round is closed"),
    ],
)
def test_skipped_steps_say_why(changes: dict[str, Any], step: str, words: str) -> None:
    assert find(timetable("YTH r0", "2012-10-02T10:00+02:00", **changes), "ILO", step).skipped == words


@pytest.mark.parametrize(
    ("opened", "skipped"), [("2012-10-27T09:00+02:00", ""), ("2012-10-29T08:00+01:00", "too soon")]
)
def test_a_short_round_keeps_its_last_step_unless_the_call_is_still_fresh(opened: str, skipped: str) -> None:
    planned = timetable("YTH r0", opened, opened_at=datetime.fromisoformat(opened))
    assert find(planned, "ILO", "T-2").skipped.startswith(skipped)
    assert bool(find(planned, "ILO", "T-2").skipped) == bool(skipped)


def test_leads_are_skipped() -> None:
    assert find(timetable("YTH r0", "2012-10-02T10:00+02:00"), "UNICEF", "T-7").skipped == "leads this draft"


def test_extension_moves_the_timetable_of_one_agency() -> None:
    answers = answers_at("YTH r0", "2012-11-02T20:00+01:00")
    planned = timetable("YTH r0", "2012-11-02T20:00+01:00", answers=answers)
    assert find(planned, "WB", "T-2").at == datetime.fromisoformat("2012-11-05T09:00-05:00")


# --- due ------------------------------------------------------------------------------------------------------------

OPENING = datetime.fromisoformat("2012-10-29T09:00+01:00")


def due_at(now: datetime, last_poll: datetime | None, sent: Sequence[str] = ()) -> dict[str, str]:
    """Step by agency of what is due in the youth round when nobody has answered."""
    planned = timetable("YTH r0", now.isoformat(), sent=sent)
    return {row.agency: row.step for row in schedule.due(planned, now, last_poll)}


def test_due_at_the_opening_in_the_addressees_zone_and_not_before() -> None:
    assert "ILO" not in due_at(OPENING - timedelta(seconds=1), OPENING)
    found = due_at(OPENING, OPENING)
    assert found["ILO"] == "T-2"
    assert "DESA" not in found


@pytest.mark.parametrize("last_poll", [None, OPENING - timedelta(seconds=1), OPENING + timedelta(minutes=1)])
def test_held_while_the_mailbox_was_not_read(last_poll: datetime | None) -> None:
    assert "ILO" not in due_at(OPENING + timedelta(hours=2), last_poll)


def test_after_an_outage_only_the_latest_step_goes_out() -> None:
    now = OPENING + timedelta(hours=1)
    assert due_at(now, now)["ILO"] == "T-2"
    assert "ILO" not in due_at(now, now, sent=("reminder:1:T-2:ILO",))


def test_a_missed_step_goes_out_at_the_next_opening_before_the_deadline() -> None:
    next_day = OPENING + timedelta(days=1)
    assert due_at(next_day, next_day)["ILO"] == "T-2"
    evening = OPENING + timedelta(hours=10)
    assert "ILO" not in due_at(evening, evening)
    after = datetime.fromisoformat("2012-10-31T18:00+01:00")
    assert "ILO" not in due_at(after, after)


# --- laws -----------------------------------------------------------------------------------------------------------

# hypothesis wants bounds without a zone
START, END = (datetime(year, 1, 1, tzinfo=UTC).replace(tzinfo=None) for year in (2011, 2013))
INSTANTS = st.datetimes(START, END, timezones=st.just(UTC))
WEEKS = st.sampled_from((("mon", "tue", "wed", "thu", "fri"), ("sun", "mon", "tue", "wed", "thu"), ("sat", "wed")))


@given(st.sampled_from(ZONES), INSTANTS, WEEKS, st.sampled_from(("T-14", "T-7", "T-3", "T-2", "T-1", "T+1", "T+3")))
def test_every_step_falls_on_a_working_morning_on_its_side_of_the_deadline(
    zone: str, deadline: datetime, week: tuple[str, ...], step: str
) -> None:
    agency = replace(gmg.get_roster().get_agency("ILO"), timezone=zone, workdays=week)
    (reminder,) = plan_for(agency, deadline, datetime(2010, 1, 1, tzinfo=UTC), (step,))
    local = reminder.at.astimezone(UTC).astimezone(ZoneInfo(zone))
    assert local.strftime("%a").lower() in week
    assert 9 <= local.hour < 11
    assert (reminder.at.astimezone(UTC) < deadline) == step.startswith("T-")


@given(st.sampled_from(ZONES), INSTANTS, st.integers(0, 60 * 24 * 30))
def test_running_at_any_times_sends_each_step_once_and_never_an_older_one_later(
    zone: str, deadline: datetime, offset: int
) -> None:
    agency = replace(gmg.get_roster().get_agency("ILO"), timezone=zone)
    round, roster = gmg.get_rounds()["YTH r0"], replace(gmg.get_roster(), agencies=(agency,))
    asked: Round = replace(
        round,
        addressees=(replace(round.addressees[0], agency="ILO"),),
        deadline=Deadline(at=deadline, zone=zone),
        opened_at=deadline - timedelta(days=30),
    )
    sent: list[str] = []
    for hours in range(0, 24 * 20, 3):
        now = deadline - timedelta(days=9) + timedelta(hours=hours, minutes=offset % 180)
        planned = schedule.plan(asked, gmg.get_drafts()["YTH"], roster, (), sent, now=now)
        found = schedule.due(planned, now, now)
        assert all(9 <= now.astimezone(ZoneInfo(zone)).hour < 17 for _ in found)
        sent += [schedule.reminder_key(reminder) for reminder in found]
    assert sent == [f"reminder:1:{step}:ILO" for step in LADDER]


@given(st.lists(INSTANTS, min_size=1, max_size=4), st.sampled_from(ZONES))
def test_keys_do_not_depend_on_now_or_on_the_deadline(moments: list[datetime], zone: str) -> None:
    agency = replace(gmg.get_roster().get_agency("ILO"), timezone=zone)
    keys = {frozenset(schedule.reminder_key(row) for row in plan_for(agency, moment, moments[0])) for moment in moments}
    assert keys == {frozenset(f"reminder:1:{step}:ILO" for step in LADDER)}


def test_silence_purpose_is_what_stops_the_last_step() -> None:
    planned = timetable("JST r1", "2012-12-03T10:00+01:00", purpose=RoundPurpose.ENDORSEMENT)
    assert "T+1" in {row.step for row in planned}


def test_more_time_for_one_body_moves_its_steps_alone() -> None:
    round = gmg.get_rounds()["YTH r0"]
    until = Deadline(at=round.deadline.at + timedelta(days=7), zone="Europe/Vienna")
    addressees = tuple(replace(a, extension=until if a.agency == "ECA" else None) for a in round.addressees)
    planned = timetable("YTH r0", "2012-10-02T10:00+02:00", addressees=addressees)
    assert find(planned, "ECA", "T-7").at - find(planned, "ECE", "T-7").at > timedelta(days=6)
    assert find(planned, "RC", "T-7").at.date() == date(2012, 10, 25)
