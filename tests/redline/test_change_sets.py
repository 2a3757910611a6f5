"""What a file proposes is the same when it was kept as text, and is read once only."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import UnreadableFileError
from pipeline.redline.change_sets import read_change_set, write_change_set
from pipeline.redline.model import Change, ChangeKind, ChangeSet, Origin
from pipeline.redline.read import read_changes, read_text
from tests.make_docx import make_docx

BASE_DOCX = make_docx(["Members often meet in Vienna.", "States protect all migrants."])
BASE = read_text(BASE_DOCX)
WHO = make_docx(["Members {--often--}{++always++} meet {==in==}{>>or at?<<} Vienna.", "States protect all migrants."])

some_text = st.text(st.characters(exclude_categories=("Cs",)), max_size=8)
changes = st.builds(
    Change,
    kind=st.sampled_from(ChangeKind),
    origin=st.sampled_from(Origin),
    story=some_text,
    start=st.integers(0, 99),
    end=st.integers(0, 99),
    old=some_text,
    new=some_text,
    target=st.none() | st.integers(0, 99),
    remark=some_text,
    person=some_text,
    date=st.none() | st.datetimes(timezones=st.just(UTC)),
    reply_to=st.none() | st.integers(0, 9),
    content=some_text,
)
sets = st.builds(
    ChangeSet,
    source=some_text,
    base=some_text,
    changes=st.lists(changes, max_size=3).map(tuple),
    coverage=st.floats(0, 1),
    warnings=st.lists(some_text, max_size=2).map(tuple),
    fresh=st.lists(some_text, max_size=2).map(tuple),
)


@given(sets)
def test_change_set_comes_back_as_it_was(found):
    assert read_change_set(write_change_set(found)) == found


def test_what_a_real_file_proposes_comes_back_as_it_was():
    found = read_changes(WHO, BASE)
    assert read_change_set(write_change_set(found)) == found
    assert any(change.date == datetime(2012, 11, 2, 9, 30, tzinfo=UTC) for change in found.changes)


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"changes": [{}]}', '{"changes": 1}', "[" * 100_000])
def test_other_text_is_refused(text):
    with pytest.raises(ValueError, match=r"."):
        read_change_set(text)


def test_what_is_known_is_not_read_again():
    known = {}
    first = read_changes(WHO, BASE, known)
    assert list(known.values()) == [first]
    assert read_changes(WHO, BASE, known) is first


def test_the_same_file_on_another_base_is_another_key():
    known = {}
    read_changes(WHO, BASE, known)
    read_changes(WHO, read_text(make_docx(["Members meet in Vienna.", "States protect all migrants."])), known)
    assert len(known) == 2


def test_a_file_that_cannot_be_read_is_not_known():
    known = {}
    with pytest.raises(UnreadableFileError):
        read_changes(b"no Word file", BASE, known)
    assert not known
