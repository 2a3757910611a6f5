"""The steps of a round: what may be written, and in which order they stand."""

import pytest

from pipeline.core.ladder import count_days, read_ladder
from pipeline.core.model import LADDER
from pipeline.errors import UsageError


@pytest.mark.parametrize(
    ("words", "ladder"),
    [
        ("T-7 T-2 T+1", LADDER),
        ("T+1, T-2, T-7", LADDER),
        ("T-21;T-7\nT-2  T+3", ("T-21", "T-7", "T-2", "T+3")),
        ("T-5 T-5", ("T-5",)),
        ("T+2", ("T+2",)),
        ("", ()),
    ],
)
def test_steps_are_read_in_any_order_and_stand_in_that_of_the_calendar(words: str, ladder: tuple[str, ...]) -> None:
    assert read_ladder(words) == ladder


@pytest.mark.parametrize("words", ["T-9 T-7 T-5 T-2", "T+1 T+3", "T-7 T-2 T+1 T+2"])
def test_three_reminders_and_a_last_one_are_the_most(words: str) -> None:
    with pytest.raises(UsageError, match="at most three times"):
        read_ladder(words)


@pytest.mark.parametrize("step", ["T", "7", "T-", "T-7d", "t-7", "", "T-0", "T+00", "T-100", "T-٣"])
def test_a_step_that_cannot_be_read_is_refused(step: str) -> None:
    with pytest.raises(UsageError, match="written T-7"):
        count_days(step)
