"""Deadlines in words."""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.core import deadlines
from pipeline.core.model import Deadline
from pipeline.errors import UsageError


def make(local: str, zone: str) -> Deadline:
    """A deadline on the wall clock of its zone."""
    return Deadline(at=datetime.fromisoformat(local).replace(tzinfo=ZoneInfo(zone)), zone=zone)


YOUTH = make("2012-10-31T18:00", "Europe/Vienna")
# hypothesis wants bounds without a zone
START, END = (datetime(year, 1, 1, tzinfo=UTC).replace(tzinfo=None) for year in (2000, 2037))
DIALOGUE = make("2012-12-07T17:00", "America/New_York")


@pytest.mark.parametrize(
    ("deadline", "zone", "language", "station", "words"),
    [
        # -- Europe has left summer time, New York has not: five hours instead of six ---------------------------
        (YOUTH, "America/New_York", "en", "", "Wednesday 31 October 2012, 18:00 Vienna (17:00 UTC), 13:00 New York"),
        (YOUTH, "Europe/Vienna", "en", "", "Wednesday 31 October 2012, 18:00 Vienna (17:00 UTC)"),
        (YOUTH, "Europe/Zurich", "en", "Geneva", "Wednesday 31 October 2012, 18:00 Vienna (17:00 UTC), 18:00 Geneva"),
        (
            DIALOGUE,
            "Asia/Bangkok",
            "en",
            "",
            "Friday 7 December 2012, 17:00 New York (22:00 UTC), 05:00 Bangkok on Saturday 8 December",
        ),
        (
            make("2012-12-31T23:30", "America/New_York"),
            "Pacific/Pago_Pago",
            "en",
            "",
            "Monday 31 December 2012, 23:30 New York (04:30 UTC on Tuesday 1 January), 17:30 Pago Pago",
        ),
        (YOUTH, "Asia/Kathmandu", "en", "", "Wednesday 31 October 2012, 18:00 Vienna (17:00 UTC), 22:45 Kathmandu"),
        (make("2012-10-31T18:00", "UTC"), "UTC", "en", "", "Wednesday 31 October 2012, 18:00 UTC"),
        # -- French --------------------------------------------------------------------------------------------
        (
            YOUTH,
            "Europe/Paris",
            "fr",
            "",
            "mercredi 31 octobre 2012, 18 h 00 à Vienne (17 h 00 UTC), 18 h 00 à Paris",
        ),
        (
            make("2012-12-01T17:00", "America/New_York"),
            "Africa/Cairo",
            "fr-CH",
            "",
            "samedi 1er décembre 2012, 17 h 00 à New York (22 h 00 UTC), 00 h 00 au Caire le dimanche 2 décembre",
        ),
        (YOUTH, "Asia/Beirut", "ar", "", "Wednesday 31 October 2012, 18:00 Vienna (17:00 UTC), 19:00 Beirut"),
    ],
)
def test_deadline_names_day_zone_and_the_readers_clock(
    deadline: Deadline, zone: str, language: str, station: str, words: str
) -> None:
    assert deadlines.describe(deadline, zone, language, station=station).replace("\u00a0", " ") == words


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", "31 October 2012, 18:00 Vienna"), ("fr", "31 octobre 2012, 18 h 00 à Vienne")],
)
def test_subject_form_leaves_out_the_weekday(language: str, words: str) -> None:
    assert deadlines.describe_short(YOUTH, language).replace("\u00a0", " ") == words


def test_french_hours_do_not_break_over_two_lines() -> None:
    assert "18\u00a0h\u00a000" in deadlines.describe(YOUTH, "Europe/Paris", "fr")


@given(
    st.datetimes(START, END, timezones=st.just(UTC)),
    st.sampled_from(sorted(available_timezones())),
    st.sampled_from(sorted(available_timezones())),
)
def test_every_hour_written_is_the_same_instant(at: datetime, zone: str, reader: str) -> None:
    words = deadlines.describe(Deadline(at=at, zone=zone), reader, "en")
    local = at.astimezone(ZoneInfo(zone))
    assert words.startswith(f"{local.strftime('%A')} {local.day} {local.strftime('%B %Y, %H:%M')} ")
    assert f"{at.strftime('%H:%M')} UTC" in words
    elsewhere = at.astimezone(ZoneInfo(reader))
    if deadlines.find_city(zone) != deadlines.find_city(reader):
        assert f", {elsewhere.strftime('%H:%M')} {deadlines.find_city(reader)}" in words
        assert words.endswith(elsewhere.strftime("%B")) == (elsewhere.date() != local.date())


@pytest.mark.parametrize(
    ("zone", "language", "words"),
    [
        ("Europe/Vienna", "en", "31 October 2012, 18:00"),
        ("Asia/Bangkok", "en", "1 November 2012, 00:00"),
        ("Europe/Paris", "fr", "31 octobre 2012, 18 h 00"),
        ("Asia/Bangkok", "fr", "1er novembre 2012, 00 h 00"),
    ],
)
def test_a_moment_is_told_on_the_readers_clock(zone: str, language: str, words: str) -> None:
    assert deadlines.describe_moment(YOUTH.at, zone, language).replace("\u00a0", " ") == words


@pytest.mark.parametrize("written", ["2012-10-31T18:00", "2012-10-31 18:00", "2012-10-31T17:00+00:00"])
def test_a_deadline_is_read_on_the_clock_of_its_zone(written: str) -> None:
    assert deadlines.parse_deadline(written, "Europe/Vienna") == YOUTH


@pytest.mark.parametrize(
    ("written", "zone", "words"),
    [("soon", "Europe/Vienna", "no date and time"), ("2012-10-31T18:00", "Mars/Olympus", "no time zone")],
)
def test_a_deadline_nobody_understands_is_refused(written: str, zone: str, words: str) -> None:
    with pytest.raises(UsageError, match=words):
        deadlines.parse_deadline(written, zone)
