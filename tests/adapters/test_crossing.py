"""What crosses to a child in a file arrives as it was, and leaves nothing behind."""

import os
from pathlib import Path

import pytest

from pipeline.adapters.allocation import LARGE
from pipeline.adapters.crossing import Lent, lend_large, take_lent
from pipeline.adapters.sandbox import Sandbox

linux = pytest.mark.skipif(not Path("/proc/self/fd").is_dir(), reason="only Linux shows the open files of a process")


def count_open() -> int:
    return len(os.listdir("/proc/self/fd"))


@pytest.mark.parametrize("size", [0, LARGE - 1, LARGE, LARGE + 1])
def test_a_child_gets_the_bytes_whatever_their_size(size: int) -> None:
    content = bytes(range(256)) * (size // 256) + bytes(size % 256)
    with Sandbox() as sandbox:
        assert sandbox.call(bytes.__add__, content, b"!") == content + b"!"


@linux
def test_only_large_bytes_are_lent() -> None:
    values = (b"\0" * LARGE, b"\0" * (LARGE - 1), "x" * LARGE, None)
    with lend_large(values) as given:
        assert [isinstance(value, Lent) for value in given] == [True, False, False, False]
        assert take_lent(given) == values


@linux
def test_nothing_is_left_of_what_was_lent_whatever_happens() -> None:
    before = count_open()

    def fail() -> None:
        with lend_large((b"\0" * LARGE,)) as given:
            [lent] = given
            assert isinstance(lent, Lent)
            assert "deleted" in os.readlink(lent.path)
            raise KeyError

    with pytest.raises(KeyError):
        fail()
    assert count_open() == before
