"""Differences are told in words, in pieces a person would mark."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.redline.diff import diff_spans, diff_words
from pipeline.redline.fold import fold_line, fold_token
from tests.markup import after, before

TEXTS = st.text(alphabet="ab \n.,\u00e9'-", max_size=60)


def mark(old: str, new: str) -> str:
    """Both wordings in CriticMarkup."""
    shown, at = "", 0
    for start, end, words in diff_words(old, new):
        shown += old[at:start]
        shown += f"{{--{old[start:end]}--}}" if end > start else ""
        shown += f"{{++{words}++}}" if words else ""
        at = end
    return shown + old[at:]


@pytest.mark.parametrize(
    "markup",
    [
        "A {++clear ++}distinction should be kept",
        "The {--clear --}distinction should be kept",
        "whatever {--their--}{++the++} status",
        "exploitation, abuse and violence{++, including gender-based violence++}.",
        "may {--end it as--}{++become++} a victim",
        "the {--colour--}{++color++}",
        "the members{--'--} view",
        "First.\n{++Second.\n++}Third.\n",
        "First.\n{--Second.\n--}Third.\n",
        "no change",
    ],
)
def test_difference_is_marked_as_people_mark_it(markup: str) -> None:
    assert mark(before(markup), after(markup)) == markup


def test_one_small_word_between_large_changes_is_joined() -> None:
    assert len(diff_words("all rights of young migrants shall apply", "these four may of course be used too")) == 1


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("4 per cent", "4\u00a0per  cent"),
        ('the "youth"', "the \u201cyouth\u201d"),
        ("member's", "member\u2019s"),
        ("co\u00adoperation", "cooperation"),
        ("caf\u00e9", "cafe\u0301"),
        ("see\ufffc there", "see there"),
    ],
)
def test_what_programs_change_is_no_difference(old: str, new: str) -> None:
    assert diff_spans(old, new, key=fold_token) == ()


@pytest.mark.parametrize(
    ("old", "new", "struck"),
    [
        ("the principled society youth society, and", "the principled  society, and", "society youth"),
        ("local, resolution women resolution equality", "local,  resolution equality", "resolution women"),
        ("a state and state the", "a state  the", "and state"),
        ("a state and state the", "a state the", "and state"),
    ],
)
def test_of_two_equal_words_the_one_beside_the_changed_space_went(old: str, new: str, struck: str) -> None:
    (found,) = diff_spans(old, new, key=fold_token)
    assert old[found[0] : found[1]].strip() == struck


@given(old=TEXTS, new=TEXTS)
def test_a_text_with_every_difference_taken_over_reads_as_the_new_one(old: str, new: str) -> None:
    result, at = "", 0
    for start, end, new_start, new_end in diff_spans(old, new, key=fold_token):
        assert at <= start <= end <= len(old)
        result, at = result + old[at:start] + new[new_start:new_end], end
    assert fold_line(result + old[at:]) == fold_line(new)


@given(old=TEXTS, new=TEXTS)
def test_differences_applied_to_the_old_text_give_the_new_one(old: str, new: str) -> None:
    result, at = "", 0
    for start, end, words in diff_words(old, new):
        assert at <= start <= end <= len(old)
        result, at = result + old[at:start] + words, end
    assert result + old[at:] == new
