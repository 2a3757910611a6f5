"""The table of a played round: right, total and floor."""

from pathlib import Path

import pytest

from pipeline.demo.check import CATEGORIES, Finding, load_floor, score
from pipeline.errors import UsageError

FINDINGS = (
    Finding(category="messages", subject="M01"),
    Finding(category="messages", subject="M02", miss="kind: other instead of contribution"),
    Finding(category="stored", subject="M01"),
)


def rows(floor: dict[str, int]) -> dict[str, tuple[int, int, int]]:
    """The table as plain values."""
    return {row.category: (row.right, row.total, row.floor) for row in score(FINDINGS, floor)}


def test_every_category_has_its_line_in_order() -> None:
    assert tuple(rows({})) == CATEGORIES


def test_without_a_floor_everything_has_to_be_right() -> None:
    table = rows({})
    assert table["messages"] == (1, 2, 2)
    assert table["stored"] == (1, 1, 1)
    assert table["reminders"] == (0, 0, 0)


def test_a_recorded_floor_counts_for_its_category_alone() -> None:
    table = rows({"messages": 1})
    assert table["messages"] == (1, 2, 1)
    assert table["stored"] == (1, 1, 1)


def test_a_folder_without_a_floor_has_none(tmp_path: Path) -> None:
    assert load_floor(tmp_path) == {}


def test_a_floor_is_read_as_written(tmp_path: Path) -> None:
    (tmp_path / "floor.toml").write_text('stored = 3\n"worst failures" = 4\n')
    assert load_floor(tmp_path) == {"stored": 3, "worst failures": 4}


@pytest.mark.parametrize("text", ["stored = ", "weather = 1", 'stored = "three"', "stored = 1.5", "stored = true"])
def test_a_floor_that_makes_no_sense_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "floor.toml").write_text(text)
    with pytest.raises(UsageError, match=r"floor\.toml"):
        load_floor(tmp_path)
