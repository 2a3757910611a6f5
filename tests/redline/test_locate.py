"""Edits asked for in words find their place, or say that they have none."""

import pytest

from pipeline.redline.locate import comment_on, find_paragraph, locate_edit, locate_everywhere
from pipeline.redline.model import BaseText, Change, ChangeKind, Origin
from pipeline.redline.read import read_text
from tests.make_docx import make_docx

DRAFT = [
    "Purpose",
    "1. This report is a joint product. Every member (e.g. of the Group) has been invited to contribute.",
    "2. The term \u201cyouth\u201d is used in a broad sense \u2013 whatever their migration  status.",
    "(a) to consider the matter;",
    "(b) to act on it.",
    "3. Every member has been invited to the meeting. It takes place in Vienna.",
    "3.1 Every child counts.",
]


@pytest.fixture
def base() -> BaseText:
    return read_text(make_docx(DRAFT))


def ask(base: BaseText, paragraph: str, operation: str, old: str, new: str = "") -> Change | None:
    return locate_edit(
        base,
        paragraph=paragraph,
        operation=operation,
        old=old,
        new=new,
        remark="why",
        origin=Origin.TYPED,
        person="Focal Point",
        date=None,
        type="te",
    )


@pytest.mark.parametrize(
    ("number", "start"),
    [
        ("1", "1. This"),
        ("para. 2", "2. The"),
        ("Paragraph 3", "3. Every"),
        ("\u00a7 3", "3. Every"),
        ("3.1", "3.1 Every"),
        ("3.", "3. Every"),
        ("2 (b)", "(b) to act"),
        ("2(a)", "(a) to con"),
        ("2b", "(b) to act"),
    ],
)
def test_paragraph_is_found_by_its_number(base: BaseText, number: str, start: str) -> None:
    found = find_paragraph(base, number)
    assert found is not None
    story, paragraph = found
    assert story.text[paragraph.start :].startswith(start)


@pytest.mark.parametrize(
    "number", ["", "4", "2 (c)", "1 (a) x", "general", "page 3", "p. 3", "footnote 2", "Table 1", "línea 3", "сноска 2"]
)
def test_unknown_number_is_none(base: BaseText, number: str) -> None:
    assert find_paragraph(base, number) is None


@pytest.mark.parametrize(
    ("paragraph", "operation", "old", "new", "kind", "found"),
    [
        ("2", "replace", 'the term "youth"', 'the word "youth"', "replacement", "The term \u201cyouth\u201d"),
        ("2", "replace", "broad sense - whatever their migration status", "x", "replacement",
         "broad sense \u2013 whatever their migration  status"),
        ("1", "replace", "whatever their migration", "x", "replacement", "whatever their migration"),
        ("2", "replace", "'broad sense ... status'", "x", "replacement",
         "broad sense \u2013 whatever their migration  status"),
        ("", "replace", "takes place in VIENNA", "x", "replacement", "takes place in Vienna"),
        ("2", "replace", "", "New wording.", "replacement",
         "The term \u201cyouth\u201d is used in a broad sense \u2013 whatever their migration  status."),
        ("1", "delete", "joint", "", "deletion", "joint "),
        ("3.1", "delete", "", "", "deletion", "3.1 Every child counts.\n"),
        ("2 (b)", "delete", "to act on it.", "", "deletion", "(b) to act on it.\n"),
        ("1", "insert_after", "", "A new paragraph.", "insertion", ""),
        ("1", "replace_sentence", "2", "x", "replacement",
         "Every member (e.g. of the Group) has been invited to contribute."),
        ("3", "replace_sentence", "last", "x", "replacement", "It takes place in Vienna."),
        ("3", "comment", "Vienna", "", "comment", "Vienna"),
        ("3.1", "comment", "", "", "comment", "3.1 Every child counts."),
    ],
)  # fmt: skip
def test_edit_is_located(
    base: BaseText, paragraph: str, operation: str, old: str, new: str, kind: str, found: str
) -> None:
    change = ask(base, paragraph, operation, old, new)
    assert change is not None
    assert (change.kind.value, change.old) == (kind, found)
    assert base.get_story(change.story).text[change.start : change.end] == found
    assert (change.origin, change.person, change.remark, change.type) == (Origin.TYPED, "Focal Point", "why", "te")


def test_new_paragraph_comes_behind_the_named_one(base: BaseText) -> None:
    change = ask(base, "1", "insert_after", "", "A new paragraph.")
    assert change is not None
    text = base.get_story("body").text
    assert change.new == "A new paragraph.\n"
    assert text[change.start :].startswith("2. The term")


@pytest.mark.parametrize(
    ("paragraph", "operation", "old"),
    [
        ("", "replace", "Every member"),
        ("2", "replace", "not in the draft at all"),
        ("9", "replace", "every member"),
        ("9", "delete", ""),
        ("9", "insert_after", ""),
        ("1", "replace_sentence", "7"),
        ("", "comment", ""),
        ("", "replace", "ember"),
    ],
)
def test_uncertain_place_is_none(base: BaseText, paragraph: str, operation: str, old: str) -> None:
    assert ask(base, paragraph, operation, old, "x") is None


def test_remark_always_finds_a_place(base: BaseText) -> None:
    on_paragraph = comment_on(base, "3.1", "Which children?", origin=Origin.MATRIX)
    on_draft = comment_on(base, "99", "Well done.", origin=Origin.MATRIX)
    assert (on_paragraph.kind, on_paragraph.old) == (ChangeKind.COMMENT, "3.1 Every child counts.")
    assert (on_draft.story, on_draft.start, on_draft.end, on_draft.remark) == ("body", 0, 0, "Well done.")


@pytest.mark.parametrize(
    ("paragraph", "operation", "old", "new", "kind", "place", "words"),
    [
        ("3", "append", "", "in spring", "insertion", "Vienna^.", " in spring"),
        ("3", "append", "", "All are welcome.", "insertion", "Vienna.^\n", " All are welcome."),
        ("3", "prepend", "", "In spring,", "insertion", "3. ^Every", "In spring, "),
        ("3", "insert_before", "", "2bis. New.", "insertion", "^3. Every", "2bis. New.\n"),
    ],
)
def test_words_are_added_to_a_paragraph(
    base: BaseText, paragraph: str, operation: str, old: str, new: str, kind: str, place: str, words: str
) -> None:
    change = ask(base, paragraph, operation, old, new)
    assert change is not None
    text = base.get_story("body").text
    before, after = place.split("^")
    assert (change.kind.value, change.new) == (kind, words)
    assert text[: change.start].endswith(before)
    assert text[change.start :].startswith(after)


@pytest.mark.parametrize(
    ("operation", "beside", "lands_before"), [("move_after", "1", "2. The"), ("move_before", "1", "1. This")]
)
def test_a_paragraph_moves_with_its_mark(base: BaseText, operation: str, beside: str, lands_before: str) -> None:
    change = ask(base, "3", operation, beside)
    assert change is not None
    assert change.target is not None
    assert (change.kind, change.old.endswith("Vienna.\n")) == (ChangeKind.MOVE, True)
    assert base.get_story("body").text[change.target :].startswith(lands_before)


@pytest.mark.parametrize(("operation", "beside"), [("move_after", "3"), ("move_after", "99"), ("move_before", "3.1")])
def test_a_move_to_where_it_stands_or_to_nowhere_has_no_place(base: BaseText, operation: str, beside: str) -> None:
    assert ask(base, "3", operation, beside) is None


def test_wording_that_holds_only_there_is_not_looked_for_elsewhere(base: BaseText) -> None:
    for paragraph, found in (("3", True), ("2", False), ("99", False)):
        change = locate_edit(
            base, paragraph=paragraph, operation="replace", old="takes place", new="happens", remark="",
            origin=Origin.TYPED, person="", date=None, type="", only_there=True,
        )  # fmt: skip
        assert (change is not None) is found


def test_every_occurrence_is_a_change_of_its_own_and_keeps_its_capital(base: BaseText) -> None:
    def find(paragraph: str, new: str) -> list[tuple[str, str]]:
        changes = locate_everywhere(
            base, paragraph=paragraph, old="every", new=new, remark="", origin=Origin.TYPED, date=None
        )
        return [(change.old, change.new) for change in changes]

    assert find("", "each") == [("Every", "Each")] * 3
    assert find("3", "each") == [("Every", "Each")]
    assert find("99", "each") == []
    assert find("3.1", "") == [("Every ", "")]
