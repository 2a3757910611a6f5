"""A desk of its own for each test, copied from one that is built once."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

import admin
from pipeline.bootstrap import Office
from tests.admin import desk
from tests.admin.browser import Browser


@pytest.fixture(scope="session")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("desk")
    desk.build(directory)
    return directory


@pytest.fixture
def office(built: Path, tmp_path: Path) -> Iterator[Office]:
    shutil.copy(built / "penholder.db", tmp_path)
    with desk.open_office(tmp_path) as office:
        yield office


@pytest.fixture
def stranger(office: Office) -> Browser:
    return Browser(admin.create_app(office).test_client())


@pytest.fixture
def officer(stranger: Browser) -> Browser:
    stranger.sign_in("chair")
    return stranger


@pytest.fixture
def reader(stranger: Browser) -> Browser:
    stranger.sign_in("troika")
    return stranger
