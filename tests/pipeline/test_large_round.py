"""A round in forty time zones, its program killed again and again: no reminder is missing, none comes twice."""

from pathlib import Path

from pipeline.core import schedule
from tests.pipeline.large_round import ZONES, Ordeal, list_moments, make_draft, make_roster, make_round


def test_a_program_killed_at_random_sends_every_reminder_once(tmp_path: Path) -> None:
    outcome = Ordeal(folder=tmp_path, count=40).run(kills=30, seed=1)
    assert (outcome.expected, outcome.missing, outcome.double) == (120, 0, 0)
    assert outcome.kills == 30
    assert outcome.uncertain > 0


def test_what_is_due_is_found_without_the_rest_of_the_timetable() -> None:
    """The quick way and the whole timetable agree at every moment, whatever was sent before."""
    roster = make_roster(len(ZONES))
    round, draft, sent = make_round(roster), make_draft(), set[str]()
    for number, moment in enumerate(list_moments(round, roster)):
        quick = schedule.find_due(round, draft, roster, (), sent, now=moment, last_poll=moment)
        planned = schedule.plan(round, draft, roster, (), sent, now=moment)
        whole = schedule.due(planned, moment, moment)
        assert sorted(map(schedule.reminder_key, quick)) == sorted(map(schedule.reminder_key, whole))
        # every third moment nothing is sent, so that steps are missed and made up for
        sent |= {schedule.reminder_key(each) for each in whole} if number % 3 else set()
    assert len(sent) > 2 * len(ZONES)
