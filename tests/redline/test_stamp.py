"""Our mark in a file can be found again and changes nothing else."""

import pytest

from pipeline.errors import UnreadableFileError
from pipeline.redline.opc import open_package
from pipeline.redline.stamp import find_stamp, stamp
from tests.make_docx import make_docx


def test_stamp_is_found_again() -> None:
    assert find_stamp(stamp(make_docx("text"), draft="YTH", revision="r0", note="please return")) == ("YTH", "r0")


def test_file_without_stamp_has_none() -> None:
    assert find_stamp(make_docx("text")) is None


def test_new_stamp_replaces_the_former_one() -> None:
    first = stamp(make_docx("text"), draft="YTH", revision="r0", note="")
    assert find_stamp(stamp(first, draft="YTH", revision="r1", note="")) == ("YTH", "r1")


def test_other_parts_keep_their_bytes_and_other_properties_stay() -> None:
    content = make_docx("text {++new++}")
    once = stamp(content, draft="YTH", revision="r0", note="<&>")
    before, after = open_package(content), open_package(once)
    same = [name for name in before.names if not name.startswith(("_rels", "[Content"))]
    assert all(before.part(name) == after.part(name) for name in same)
    other = once_with_property(once)
    assert b"Department" in (
        open_package(stamp(other, draft="A", revision="r2", note="")).part("docProps/custom.xml") or b""
    )


def once_with_property(content: bytes) -> bytes:
    package = open_package(content)
    part = package.parts["docProps/custom.xml"].replace(b"PenholderNote", b"Department")
    return package.with_parts({"docProps/custom.xml": part})


def test_same_input_gives_the_same_bytes() -> None:
    assert len({stamp(make_docx("text"), draft="YTH", revision="r0", note="") for _ in range(2)}) == 1


def test_unreadable_file_is_refused() -> None:
    with pytest.raises(UnreadableFileError):
        stamp(b"PK\x03\x04", draft="YTH", revision="r0", note="")
