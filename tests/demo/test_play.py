"""The clock of a played round, and a small round played from end to end."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.cli import main
from pipeline.demo.check import CATEGORIES
from pipeline.demo.play import PlayedClock
from tests.demo.tiny import write_scenario

START = datetime(2012, 10, 1, tzinfo=UTC)


@given(st.lists(st.integers(-1000, 1000)))
def test_a_played_clock_never_goes_back(jumps: list[int]) -> None:
    clock = PlayedClock(START)
    seen = [clock()]
    for hours in jumps:
        clock.jump(START + timedelta(hours=hours))
        seen.append(clock())
    assert seen == sorted(seen)
    assert seen[-1] == max(START, *(START + timedelta(hours=hours) for hours in jumps), START)


def test_a_played_clock_stands_still_until_it_is_started() -> None:
    clock = PlayedClock(START)
    assert clock() == clock() == START
    clock.start()
    assert clock() >= START


@pytest.fixture
def play(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> Callable[[dict[str, str]], tuple[int, str]]:
    """Plays the small round with some files written otherwise: exit code and what is printed."""

    def run(files: dict[str, str]) -> tuple[int, str]:
        folder = write_scenario(tmp_path / "round")
        for name, text in files.items():
            (folder / name).write_text(text, encoding="utf-8")
        with pytest.raises(SystemExit) as left:
            main(["demo", "--check", "--scenario", str(folder)])
        said = capfd.readouterr()
        return int(left.value.code or 0), said.out + said.err

    return run


def test_a_round_of_ones_own_plays_and_is_compared(play: Callable[[dict[str, str]], tuple[int, str]]) -> None:
    code, said = play({})
    table = {line.split("  ")[0]: line.split()[-3:] for line in said.splitlines() if line.split("  ")[0] in CATEGORIES}
    assert table.keys() == set(CATEGORIES)
    assert table["stored"] == ["3", "3", "3"]
    assert table["messages"] == ["3", "3", "3"], said
    assert table["proposals"] == ["1", "1", "1"], said
    assert table["states"] == ["3", "3", "3"], said
    assert code == 0, said


def test_a_round_that_expects_otherwise_is_told_what_was_missed(
    play: Callable[[dict[str, str]], tuple[int, str]],
) -> None:
    wrong = "WAT r0:\n  at: the end\n  states:\n    ILO: {state: declined, by: M01}\n"
    code, said = play({"expected_states.yaml": wrong})
    assert code == 1
    assert "contributed instead of declined" in said
    assert "low" in said


def test_a_recorded_floor_lets_a_miss_pass(play: Callable[[dict[str, str]], tuple[int, str]]) -> None:
    wrong = "WAT r0:\n  at: the end\n  states:\n    ILO: {state: declined, by: M01}\n"
    code, _ = play({"expected_states.yaml": wrong, "floor.toml": "states = 0\n"})
    assert code == 0


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ({"roster.toml": "nonsense ["}, "cannot be read as TOML"),
        ({"messages.yaml": "- id: [broken"}, "messages.yaml"),
        ({"messages.yaml": "[]"}, "no message"),
        ({"floor.toml": "states = 'many'"}, "whole number"),
        ({"floor.toml": "weather = 1"}, "weather"),
    ],
)
def test_a_round_that_cannot_be_read_is_explained(
    play: Callable[[dict[str, str]], tuple[int, str]], files: dict[str, str], words: str
) -> None:
    code, said = play(files)
    assert code == 65
    assert words in said
    assert "Traceback" not in said
