"""Carrying changes to a newer base; see docs/analysis/merge.md, A newer base."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.redline.model import ChangeKind
from pipeline.redline.rebase import rebase
from tests.redline.sample import draft_base, find_change, load, make_base, make_change, sample_change

OLD = make_base("Members meet in Vienna.", "States protect migrants at all borders.", "Data are limited.")
EDITS = {edit["id"]: edit for edit in load("edits.yaml")}


@pytest.mark.parametrize("row", load("expected_rebase_HLD_r1.yaml"), ids=lambda row: row["edit"])
def test_s21_sample_round_is_carried_to_the_coordinators_revision(row):
    old, new = draft_base("HLD_r0"), draft_base("HLD_r1")
    rebased = rebase(sample_change(old, EDITS[row["edit"]]), old, new)
    assert rebased.result == row["result"]
    if rebased.change is not None:
        edit = EDITS[row["edit"]] | {"para": row["para_r1"]}
        assert rebased.change == sample_change(new, edit)


NEW = make_base(
    "A new first paragraph.",
    "Members meet in Vienna.",
    "All States protect migrants at all borders.",
    "There are no figures.",
)


@pytest.mark.parametrize(
    ("old", "new", "result"),
    [
        ("Vienna", "Geneva", "kept"),
        ("all borders", "every border", "kept_paragraph_changed"),
        ("Members meet in Vienna.\n", "", "kept"),
        ("Data are limited", "Data are scarce", "needs_reanchoring"),
        ("States protect migrants at all borders.\n", "", "kept_paragraph_changed"),
    ],
)
def test_words_that_stay_carry_their_change(old, new, result):
    change = find_change(OLD, old, new)
    rebased = rebase(change, OLD, NEW)
    assert rebased.result == result
    if rebased.change is not None:
        assert NEW.get_story("body").text[rebased.change.start : rebased.change.end] == old


def test_paragraph_that_only_moved_takes_its_change_along():
    new = make_base("Data are limited.", "Members meet in Vienna.", "States protect migrants at all borders.")
    rebased = rebase(find_change(OLD, "limited", "scarce"), OLD, new)
    assert rebased.result == "kept"
    assert rebased.change == find_change(new, "limited", "scarce")


def test_gap_that_was_filled_meanwhile_needs_a_person():
    new = make_base("Members meet twice in Vienna.", "States protect migrants at all borders.", "Data are limited.")
    gap = OLD.get_story("body").text.index("in Vienna")
    assert rebase(make_change(OLD, gap, gap, "often "), OLD, new).result == "needs_reanchoring"


def test_remark_on_the_whole_draft_stays():
    whole = make_change(OLD, 0, 0, kind=ChangeKind.COMMENT, remark="Too long.")
    rebased = rebase(whole, OLD, NEW)
    assert rebased.change == whole


def test_story_that_is_gone_needs_a_person():
    cell = make_base("x")
    change = find_change(OLD, "Vienna", "Geneva")
    assert rebase(change, OLD, cell.__class__(sha256="", stories=())).result == "needs_reanchoring"


WORDS = st.lists(
    st.sampled_from(("members", "states", "data", "Vienna", "protect", "all", "the", "in", "of")),
    min_size=1,
    max_size=9,
)
TEXTS = st.lists(WORDS.map(" ".join), min_size=1, max_size=5)


@given(TEXTS, TEXTS, st.data())
def test_carried_change_always_stands_at_its_own_words(olds, news, data):
    old, new = make_base(*olds), make_base(*news)
    text = old.get_story("body").text
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    rebased = rebase(make_change(old, start, end, "x"), old, new)
    if rebased.change is not None:
        assert new.get_story("body").text[rebased.change.start : rebased.change.end] == text[start:end]


@given(TEXTS, st.data())
def test_same_base_keeps_everything(texts, data):
    base = make_base(*texts)
    length = len(base.get_story("body").text)
    start = data.draw(st.integers(0, length - 1))
    end = data.draw(st.integers(start, length))
    change = make_change(base, start, end, "x")
    rebased = rebase(change, base, base)
    assert (rebased.change, rebased.result) == (change, "kept")
