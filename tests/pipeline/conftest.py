"""The office of the small round for every test of the use cases."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from pipeline.understand import Desk
from tests.pipeline.desk import open_desk


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    """A desk with the small round open."""
    with open_desk(tmp_path) as opened:
        yield opened
