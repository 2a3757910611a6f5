"""One played round for all stories; a story that changes something gets a copy of its own."""

import shutil
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from pipeline.demo.play import PlayedClock
from tests.stories import stage as stages
from tests.stories.stage import Stage


@pytest.fixture(scope="session")
def played(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, int], datetime]:
    folder = tmp_path_factory.mktemp("stage")
    return folder, *stages.play(folder)


@pytest.fixture
def stage(played: tuple[Path, dict[str, int], datetime], tmp_path: Path) -> Iterator[Stage]:
    """The sample round after its last deadline."""
    folder, numbers, now = played
    shutil.copy(folder / "penholder.db", tmp_path)
    with stages.open_office(tmp_path, PlayedClock(now)) as office:
        yield Stage(office, numbers)
