"""The rehearsal is the clock played forward: what it says is what leaves, when nothing comes in."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.core import schedule, tracking
from pipeline.core.briefing import find_digest, find_nudge
from pipeline.core.model import (
    Absence,
    Deadline,
    FocalPoint,
    MailState,
    Occasion,
    OutgoingMail,
    Role,
    Round,
    SentMail,
)
from pipeline.core.rehearsal import Departure, RoundState, rehearse
from tests.core import gmg

HOUR = timedelta(hours=1)
OPENED = datetime.fromisoformat("2012-10-01T10:00+02:00")
T7 = datetime.fromisoformat("2012-10-24T09:00+02:00")


def make_state(name: str = "YTH r0", now: datetime = OPENED, *, answered: bool = False, **changes: Any) -> RoundState:
    """One round of the scenario, nobody having written or everybody as the scenario tells."""
    round = replace(gmg.get_rounds()[name], **changes)
    draft, roster = gmg.get_drafts()[round.draft], gmg.get_roster()
    filings = gmg.get_filings() if answered else ()
    answers = tracking.responses(round, draft, roster, filings, gmg.get_decisions() if answered else (), now)
    return RoundState(round=round, draft=draft, roster=roster, responses=answers, sent=frozenset(), absences=())


def leaving(found: Sequence[Departure], occasion: Occasion = Occasion.REMINDER) -> dict[str, datetime]:
    """Instants by key of what leaves."""
    return {each.key: each.at for each in found if not each.skipped and each.occasion is occasion}


def play(state: RoundState, now: datetime, until: datetime) -> dict[str, datetime]:
    """What the clock sends when it ticks each hour, and when."""
    left: dict[str, datetime] = {}
    while now <= until:
        sent = state.sent | left.keys()
        found = schedule.find_due(
            state.round, state.draft, state.roster, state.responses, sent, state.absences, now=now, last_poll=now
        )
        left |= {schedule.reminder_key(each): now for each in found}
        now += HOUR
    return left


@settings(max_examples=25)
@given(
    st.integers(0, 24 * 32),
    st.sampled_from([("T-7", "T-2", "T+1"), ("T-14", "T-3", "T-1"), ("T-4", "T-3", "T+2"), ("T+1",), ()]),
    st.booleans(),
    st.sets(st.sampled_from(["T-7:ILO", "T-2:ILO", "T-7:DESA", "T-5:DESA", "T-3:RC"])),
    st.integers(0, 45),
)
def test_what_the_rehearsal_says_is_what_leaves(
    hours: int, ladder: tuple[str, ...], answered: bool, sent: set[str], away: int
) -> None:
    now = OPENED.astimezone(UTC) + hours * HOUR
    focal = gmg.get_roster().get_agency("DESA").contacts[0].address
    until = (OPENED + timedelta(days=away)).date()
    absence = Absence(message_id=1, agency="DESA", address=focal, received_at=OPENED, until=until)
    state = replace(
        make_state(now=now, answered=answered, ladder=ladder),
        sent=frozenset(f"reminder:1:{each}" for each in sent),
        absences=(absence,),
    )
    said, left = leaving(rehearse(state, now)), play(state, now, now + timedelta(days=45))
    assert said.keys() == left.keys()
    assert all(timedelta() <= left[key] - said[key] < HOUR for key in said)


@pytest.mark.parametrize("hours", range(0, 24 * 35, 37))
def test_every_step_of_every_addressee_is_in_it_once(hours: int) -> None:
    state = make_state(now=OPENED + hours * HOUR)
    lines = [each for each in rehearse(state, OPENED + hours * HOUR) if each.occasion is Occasion.REMINDER]
    keys = {f"reminder:1:{step}:{asked.agency}" for step in state.round.ladder for asked in state.round.addressees}
    assert {each.key for each in lines} == keys
    assert len(lines) == len(keys)


def test_each_line_is_on_the_clock_of_its_recipient_in_the_morning() -> None:
    for each in rehearse(make_state(), OPENED):
        zone = gmg.get_roster().get_agency(each.agency).timezone if each.agency else gmg.get_roster().timezone
        assert each.at.tzinfo == ZoneInfo(zone)
        assert each.at.hour == 9


def test_it_names_the_addresses_as_the_mail_will() -> None:
    found = {each.key: each for each in rehearse(make_state(), OPENED)}
    assert found["reminder:1:T-7:ILO"].to == ("migrant-fp@ilo.example",)
    assert found["reminder:1:T-7:ILO"].cc == ("migrant-alt@ilo.example",)


def test_who_answered_is_skipped_for_that_reason() -> None:
    found = {each.key: each.skipped for each in rehearse(make_state(now=T7, answered=True), T7)}
    assert found["reminder:1:T-2:WHO"].startswith("has answered")
    assert found["reminder:1:T-2:WB"].startswith("extension pending")
    assert found["reminder:1:T-2:ILO"] == ""


def test_a_round_that_asks_first_says_that_each_waits_for_a_release() -> None:
    lines = [each for each in rehearse(make_state(ask_first=True), OPENED) if each.occasion is Occasion.REMINDER]
    assert all(each.held == (not each.skipped) for each in lines)


def make_waiting(key: str, state: MailState, occasion: Occasion = Occasion.REMINDER) -> SentMail:
    """A mail to ILO that has not left."""
    mail = OutgoingMail(
        message_id=f"<{key}@gmg.example>",
        occasion=occasion,
        key=key,
        to=("migrant-fp@ilo.example",),
        cc=(),
        subject="",
        text="",
        raw=b"",
        not_before=T7,
        agency="ILO",
        round_id=1,
    )
    return SentMail(id=1, mail=mail, state=state, queued_at=T7)


@pytest.mark.parametrize(
    ("now", "at", "skipped"),
    [
        (T7 + HOUR, T7 + HOUR, ""),
        # -- office hours are over: the next morning, in its zone
        (T7 + 10 * HOUR, T7 + 24 * HOUR, ""),
        (T7 + 217 * HOUR, T7 + 217 * HOUR, "the deadline has passed"),
    ],
)
def test_what_waits_in_the_outbox_leaves_in_office_hours_or_is_taken_out(
    now: datetime, at: datetime, skipped: str
) -> None:
    waiting = make_waiting("reminder:1:T-7:ILO", MailState.QUEUED)
    state = replace(make_state(now=now), waiting=(waiting,), sent=frozenset({waiting.mail.key}))
    (line,) = (each for each in rehearse(state, now) if each.key == waiting.mail.key)
    assert (line.at, line.skipped, line.held) == (at, skipped, False)


def test_other_mail_that_waits_is_in_it_too() -> None:
    waiting = make_waiting("extension:1:1:ILO", MailState.HELD, Occasion.EXTENSION)
    (line,) = (
        each
        for each in rehearse(replace(make_state(), waiting=(waiting,)), OPENED)
        if each.occasion is Occasion.EXTENSION
    )
    assert (line.at, line.held, line.skipped) == (T7, True, "")


# --- Mail to the chair ----------------------------------------------------------------------------------------------


def test_the_chair_is_told_each_working_morning_and_once_after_the_deadline() -> None:
    found = rehearse(make_state(), OPENED)
    digests = [at.date() for at in leaving(found, Occasion.DIGEST).values()]
    # opened on a Monday; the 26th is a holiday of the secretariat
    assert digests[0] == date(2012, 10, 2)
    assert date(2012, 10, 26) not in digests
    assert all(day.weekday() < 5 for day in digests)
    assert leaving(found, Occasion.NUDGE) == {"nudge:1": datetime.fromisoformat("2012-11-01T09:00+01:00")}


@pytest.mark.parametrize("changes", [{"digests": False}, {"roster": None}])
def test_a_digest_is_not_written_when_it_is_off_or_nobody_gets_it(changes: dict[str, Any]) -> None:
    state = make_state()
    if "roster" in changes:
        nobody = tuple(
            replace(each, contacts=tuple(c for c in each.contacts if c.role is not Role.SECRETARIAT))
            for each in state.roster.agencies
        )
        changes = {"roster": replace(state.roster, agencies=nobody)}
    assert leaving(rehearse(replace(state, **changes), OPENED), Occasion.DIGEST) == {}


@given(st.integers(0, 24 * 40), st.integers(1, 600))
def test_digests_leave_once_a_working_day_in_office_hours_whenever_the_clock_runs(start: int, pause: int) -> None:
    round, roster, sent = gmg.get_rounds()["YTH r0"], gmg.get_roster(), list[str]()
    now = OPENED.astimezone(UTC) + start * HOUR
    for beat in range(60):
        at = now + beat * timedelta(minutes=pause)
        key = find_digest((round,), roster, sent, at)
        if key is not None:
            local = at.astimezone(ZoneInfo(roster.timezone))
            assert key == f"digest:{local.date()}"
            assert 9 <= local.hour < 17
            sent.append(key)
    assert len(sent) == len(set(sent))


def test_a_round_is_not_told_of_on_its_first_day_nor_once_it_is_closed() -> None:
    round, roster = gmg.get_rounds()["YTH r0"], gmg.get_roster()
    assert find_digest((round,), roster, (), OPENED + HOUR) is None
    assert find_digest((round,), roster, (), OPENED + 24 * HOUR) == "digest:2012-10-02"
    assert find_digest((replace(round, closed_at=OPENED),), roster, (), OPENED + 24 * HOUR) is None


@pytest.mark.parametrize(
    ("changes", "sent", "at"),
    [
        ({}, (), "2012-11-01T09:00+01:00"),
        ({"closed_at": OPENED}, (), None),
        ({}, ("nudge:1",), None),
        # -- a Friday evening: nobody is there before Monday
        (
            {"deadline": Deadline(at=datetime.fromisoformat("2012-11-02T18:00+01:00"), zone="Europe/Vienna")},
            (),
            "2012-11-05T09:00+01:00",
        ),
    ],
)
def test_a_nudge_leaves_in_the_first_office_hours_after_the_deadline(
    changes: dict[str, Any], sent: tuple[str, ...], at: str | None
) -> None:
    round: Round = replace(gmg.get_rounds()["YTH r0"], **changes)
    expected = datetime.fromisoformat(at) if at else None
    assert find_nudge(round, gmg.get_roster(), sent, OPENED) == expected


def test_a_deputy_on_the_roster_is_written_to_without_waiting() -> None:
    agency = gmg.get_roster().get_agency("DESA")
    focal = agency.contacts[0].address
    absence = Absence(
        message_id=1,
        agency="DESA",
        address=focal,
        received_at=OPENED,
        until=date(2012, 10, 25),
        deputies=("deputy@desa.un.example",),
    )
    state = replace(make_state(), absences=(absence,))
    waits = leaving(rehearse(state, OPENED))["reminder:1:T-7:DESA"]
    assert waits == datetime.fromisoformat("2012-10-26T09:00-04:00")
    deputy = FocalPoint(address="deputy@desa.un.example", role=Role.ALTERNATE)
    agencies = tuple(
        replace(each, contacts=(*each.contacts, deputy)) if each.code == "DESA" else each
        for each in state.roster.agencies
    )
    state = replace(state, roster=replace(state.roster, agencies=agencies))
    assert leaving(rehearse(state, OPENED))["reminder:1:T-7:DESA"] == datetime.fromisoformat("2012-10-24T09:00-04:00")
