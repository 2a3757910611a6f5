"""The benchmark of rounds measures what it says."""

from pathlib import Path

from bench import rounds
from bench.redline import Limit


def test_planning_is_timed_with_nothing_due() -> None:
    names = [each.name for each in rounds.time_planning(80)]
    assert names[1:] == [
        "the whole timetable",
        "nothing due, nobody has answered",
        "nothing due, half have answered",
    ]


def test_every_way_of_sending_hands_over_every_mail_there_and_back(tmp_path: Path) -> None:
    found = {each.name: each for each in rounds.time_sending(tmp_path, 5)}
    assert found.keys() >= {"bare smtplib loop", "ours, durable"}
    assert all(len(each.seconds) == 2 for each in found.values())


def test_a_limit_is_told_whether_it_is_kept_or_missed() -> None:
    timing = rounds.Timing(name="ours, durable", seconds=(20.0,))
    (limit,) = rounds.list_limits({timing.name: timing}, 1_000)
    assert limit == Limit(name="mails a second over one line, durable", measured=50, wanted=100, least=True)
    assert limit.describe().endswith("MISSED")
