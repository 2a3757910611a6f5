"""A folder of change sets answers like a dict, and a damaged one only costs time."""

import pytest

from pipeline.adapters.change_cache import ChangeCache
from pipeline.errors import UsageError
from pipeline.redline.change_sets import write_change_set
from pipeline.redline.model import ChangeSet

KEY = ("base", "file")
FOUND = ChangeSet(source="file", base="base", changes=(), coverage=1.0, warnings=("a warning",))


def test_what_was_kept_is_found_again_by_another_one(tmp_path):
    ChangeCache(tmp_path / "new" / "folder")[KEY] = FOUND
    assert ChangeCache(tmp_path / "new" / "folder").get(KEY) == FOUND


def test_what_was_not_kept_is_none(tmp_path):
    cache = ChangeCache(tmp_path)
    cache[KEY] = FOUND
    assert cache.get(("base", "other")) is None


@pytest.mark.parametrize("text", ["", "no JSON", "{}", write_change_set(FOUND).replace('"file"', '"other"')])
def test_damaged_file_counts_as_missing(tmp_path, text):
    cache = ChangeCache(tmp_path)
    cache[KEY] = FOUND
    (kept,) = tmp_path.iterdir()
    kept.write_text(text, encoding="utf-8")
    assert cache.get(KEY) is None


def test_folder_that_cannot_be_made_is_named(tmp_path):
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(UsageError, match="file"):
        ChangeCache(tmp_path / "file" / "folder")
