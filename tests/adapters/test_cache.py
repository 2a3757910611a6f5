"""A folder of what was learnt answers like dicts, and a damaged one only costs time."""

from pathlib import Path

import pytest

from pipeline.adapters.cache import Cache
from pipeline.errors import UsageError
from pipeline.redline.base_texts import write_base_text
from pipeline.redline.change_sets import write_change_set
from pipeline.redline.model import ChangeSet
from pipeline.redline.read import read_text
from tests.make_docx import make_docx

KEY = ("base", "file")
FOUND = ChangeSet(source="file", base="base", changes=(), coverage=1.0, warnings=("a warning",))
BASE = read_text(make_docx(["Members meet.", [["a", "b"]], "The end."]))


def keep_all(folder: Path) -> Cache:
    cache = Cache(folder)
    cache.changes[KEY] = FOUND
    cache.texts[BASE.sha256] = BASE
    stretches = cache.open_stretches("base")
    stretches["stretch"] = "<p/>"
    stretches.save()
    return cache


def test_what_was_kept_is_found_again_by_another_one(tmp_path):
    keep_all(tmp_path / "new" / "folder")
    cache = Cache(tmp_path / "new" / "folder")
    assert cache.changes.get(KEY) == FOUND
    assert cache.texts.get(BASE.sha256) == BASE
    assert cache.open_stretches("base").get("stretch") == "<p/>"


def test_what_was_not_kept_is_none(tmp_path):
    cache = keep_all(tmp_path)
    assert cache.changes.get(("base", "other")) is None
    assert cache.texts.get("other") is None
    assert cache.open_stretches("base").get("other") is None
    assert cache.open_stretches("other").get("stretch") is None


@pytest.mark.parametrize(
    "text",
    [
        *("", "no JSON", "{}", "[1]", "7"),
        write_change_set(FOUND).replace('"file"', '"other"'),
        write_base_text(BASE).replace(BASE.sha256, "other"),
    ],
    ids=["empty", "no JSON", "no values", "a list", "a number", "another file", "another base"],
)
def test_damaged_file_counts_as_missing(tmp_path, text):
    cache = keep_all(tmp_path)
    for kept in tmp_path.iterdir():
        kept.write_text(text, encoding="utf-8")
    assert cache.changes.get(KEY) is None
    assert cache.texts.get(BASE.sha256) is None
    assert cache.open_stretches("base").get("stretch") is None


def test_stretches_that_nobody_asks_for_are_dropped(tmp_path):
    keep_all(tmp_path)
    asked = Cache(tmp_path).open_stretches("base")
    asked["late"] = "<p/>"
    asked.save()
    later = Cache(tmp_path).open_stretches("base")
    assert (later.get("stretch"), later.get("late")) == (None, "<p/>")


def test_folder_that_cannot_be_made_is_named(tmp_path):
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(UsageError, match="file"):
        Cache(tmp_path / "file" / "folder")


def test_folder_that_cannot_be_written_is_named(tmp_path):
    cache = Cache(tmp_path / "kept")
    (tmp_path / "kept").rmdir()
    with pytest.raises(UsageError, match="kept"):
        cache.changes[KEY] = FOUND
