"""Untracked changes are found by comparing with the base; what programs change by saving is none."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.redline.model import ChangeKind, Origin
from pipeline.redline.read import FRESH_TEXT, read_changes, read_text
from tests.make_docx import NAMESPACES, make_docx, pack
from tests.redline.test_read_changes import accept_all

DRAFT = [
    "Purpose and scope",
    "This report looks at young people who cross borders and at those who return.",
    "Young migrants are entitled to the protection of all relevant instruments.",
    "Governments should ensure that these guarantees apply without discrimination.",
    "Access to education should not depend on the status of the parents.",
    "Employers should offer fair wages and safe conditions at work.",
]


def silent(paragraphs: list[str], draft: list[str] = DRAFT) -> list[tuple[str, str, str]]:
    base = read_text(make_docx(draft))
    found = read_changes(make_docx(paragraphs), base)
    assert all(one.origin is Origin.SILENT for one in found.changes)
    assert accept_all(base, found.changes).split() == " ".join(paragraphs).split()
    return [(one.kind.value, one.old, one.new) for one in found.changes]


def changed(**lines: str) -> list[str]:
    """The draft with other lines: l2="..."."""
    return [lines.get(f"l{number}", line) for number, line in enumerate(DRAFT)]


def test_untouched_file_proposes_nothing() -> None:
    assert silent(DRAFT) == []


def test_changed_words_are_found() -> None:
    assert silent(changed(l3=DRAFT[3].replace("should", "must"))) == [("replacement", "should", "must")]


def test_new_paragraph_is_an_insertion() -> None:
    assert silent([*DRAFT[:3], "Health matters too.", *DRAFT[3:]]) == [("insertion", "", "Health matters too.\n")]


def test_paragraph_left_out_is_a_deletion() -> None:
    assert silent(DRAFT[:3] + DRAFT[4:]) == [("deletion", DRAFT[3] + "\n", "")]


def test_paragraph_elsewhere_is_a_move() -> None:
    moved = [DRAFT[0], *DRAFT[2:4], DRAFT[1], *DRAFT[4:]]
    assert [kind for kind, _, _ in silent(moved)] == ["move"]


def test_split_paragraph_is_an_inserted_mark() -> None:
    draft = ["Young migrants need care. Schools can help new arrivals to learn the language.", *DRAFT]
    parts = ["Young migrants need care.", "Schools can help new arrivals to learn the language.", *DRAFT]
    assert len(silent(parts, draft)) == 1


def test_last_paragraph_can_go() -> None:
    assert silent(DRAFT[:-1]) == [("deletion", DRAFT[-1] + "\n", "")]


@pytest.mark.parametrize(
    ("line", "saved"),
    [
        ('the term "youth" is used', "the term \u201cyouth\u201d is used"),
        ("4 per cent of them", "4\u00a0per cent  of them"),
        ("a caf\u00e9 in town", "a cafe\u0301 in town"),
        ("inter\u00adnational law", "international law"),
        ("text with a tab\tin it", "text with a tab in it"),
        ("written without a number", "7. written without a number"),
        ("3. written by hand", "4. written by hand"),
    ],
)
def test_what_saving_again_changes_is_no_proposal(line: str, saved: str) -> None:
    base = read_text(make_docx([line, *DRAFT]))
    assert read_changes(make_docx([saved, "", *DRAFT]), base).changes == ()


def test_number_inside_a_sentence_is_no_paragraph_number() -> None:
    assert silent(["4.3 per cent of them", *DRAFT], ["4.2 per cent of them", *DRAFT]) == [("replacement", "2", "3")]


def test_mixed_file_gives_both() -> None:
    base = read_text(make_docx(DRAFT))
    lines = changed(l2="Young {++women ++}migrants are entitled to protection by all relevant instruments.")
    found = read_changes(make_docx(lines), base).changes
    tracked = [one for one in found if one.origin is Origin.TRACKED]
    assert [(one.new, base.get_story("body").text[one.start :][:8]) for one in tracked] == [("women ", "migrants")]
    assert {one.origin for one in found} == {Origin.TRACKED, Origin.SILENT}


def test_tracked_deletion_is_carried_over_silent_insertions() -> None:
    base = read_text(make_docx(DRAFT))
    lines = ["An untracked new line.", *changed(l4="Access to {--education--}{++schooling++} should not depend on it.")]
    found = read_changes(make_docx(lines), base).changes
    tracked = next(one for one in found if one.origin is Origin.TRACKED)
    assert (tracked.old, tracked.new) == ("education", "schooling")


def test_freshly_written_text_is_not_merged() -> None:
    found = read_changes(make_docx("Dear colleagues, here are {++our++} thoughts."), read_text(make_docx(DRAFT)))
    assert (found.changes, found.warnings) == ((), (FRESH_TEXT,))
    assert found.coverage < 0.5


def test_silent_change_in_a_cell_belongs_to_the_cell() -> None:
    base = read_text(make_docx([*DRAFT, [["Country", "Number"], ["Austria", "12"]], "End"]))
    content = make_docx([*DRAFT, [["Country", "Number"], ["Austria", "14"]], "End"])
    found = read_changes(content, base).changes
    assert [(one.story, one.old, one.new) for one in found] == [("body/t0/r1/c1", "12", "14")]


HEAD, AUSTRIA, CHILE, DENMARK = ["Country", "Number"], ["Austria", "12"], ["Chile", "3"], ["Denmark", "41"]


@pytest.mark.parametrize(
    ("old", "new", "changes"),
    [
        ([HEAD, AUSTRIA], [HEAD, CHILE, AUSTRIA], [("row_insertion", "body/t0/r0/c0", 8, "", "Chile\t3")]),
        ([HEAD, AUSTRIA], [CHILE, HEAD, AUSTRIA], [("row_insertion", "body/t0/r0/c0", 0, "", "Chile\t3")]),
        ([HEAD, AUSTRIA], [HEAD], [("row_deletion", "body/t0/r1/c0", 0, "Austria\n", "")]),
        (
            [HEAD, AUSTRIA, CHILE],
            [HEAD, CHILE, DENMARK],
            [
                ("row_deletion", "body/t0/r1/c0", 0, "Austria\n", ""),
                ("row_insertion", "body/t0/r2/c0", 6, "", "Denmark\t41"),
            ],
        ),
        ([HEAD, AUSTRIA], [HEAD, ["Austria", "13"]], [("replacement", "body/t0/r1/c1", 0, "12", "13")]),
    ],
)
def test_row_that_came_or_went_silently_is_found(
    old: list[list[str]], new: list[list[str]], changes: list[tuple[str, str, int, str, str]]
) -> None:
    base = read_text(make_docx([*DRAFT, old, "End"]))
    found = read_changes(make_docx([*DRAFT, new, "End"]), base).changes
    assert [(one.kind.value, one.story, one.start, one.old, one.new) for one in found] == changes


def test_space_left_over_by_a_deletion_stays() -> None:
    draft = changed(l1="A report that looks at many young people who cross the borders of a State.")
    base = read_text(make_docx(draft))
    line = draft[1].replace("many ", " ")
    (change,) = read_changes(make_docx([draft[0], line, *draft[2:]]), base).changes
    assert (change.kind, change.old) == (ChangeKind.DELETION, "many")


@pytest.mark.parametrize(
    ("line", "saved"),
    [
        ("3. Partners of approach should help.", "3.  of approach should help."),
        ("They help a state and state what they do.", "They help a state  what they do."),
    ],
)
def test_text_left_by_a_deletion_keeps_its_spaces(line: str, saved: str) -> None:
    base = read_text(make_docx([*DRAFT, line]))
    found = read_changes(make_docx([*DRAFT, saved]), base)
    assert accept_all(base, found.changes).splitlines()[-1] == saved


@pytest.mark.parametrize(
    ("line", "saved", "changes"),
    [
        ("3. Schools should help all children to learn.", "Lessons help all children to learn.", True),
        ("Lessons help all children to learn.", "3. Schools should help all children to learn.", True),
        ("3. Schools should help all children to learn.", "4. Lessons help all children to learn.", False),
        ("3. Schools should help all children to learn.", "Schools should help all pupils to learn.", False),
    ],
)
def test_number_that_goes_with_the_words_behind_it_is_a_change(line: str, saved: str, changes: bool) -> None:
    base = read_text(make_docx([*DRAFT, line]))
    found = read_changes(make_docx([*DRAFT, saved]), base).changes
    numbers = [one for one in found if "3." in one.old + one.new]
    assert bool(numbers) is changes


LINES = [f"Line {word} speaks of {word} and of nothing but {word} in {place}." for word, place in zip(
    ("peace", "youth", "work", "health", "law", "water"),
    ("Vienna", "Geneva", "Nairobi", "Bangkok", "Santiago", "Beirut"), strict=True)]  # fmt: skip
EDITS = st.lists(st.tuples(st.sampled_from(["drop", "add", "word", "cut"]), st.integers(0, 5)), max_size=4)


@given(edits=EDITS)
def test_applying_what_was_found_gives_the_silently_edited_text(edits: list[tuple[str, int]]) -> None:
    lines = list(LINES)
    for edit, place in edits:
        index = place % len(lines)
        if edit == "drop" and len(lines) > 4:
            del lines[index]
        elif edit == "add":
            lines.insert(index, f"Entirely new words number {place} stand here.")
        elif edit == "word":
            lines[index] = lines[index].replace("nothing", "little")
        elif edit == "cut":
            lines[index] = re.sub(r" in \w+\.", ".", lines[index])
    base = read_text(make_docx(LINES))
    found = read_changes(make_docx(lines), base)
    assert accept_all(base, found.changes).splitlines() == lines


def noted(body: str, *texts: str) -> bytes:
    """A file whose paragraphs refer to notes by "[1]"."""
    words = re.sub(r"\[(\d)\]", r'</w:t></w:r><w:r><w:footnoteReference w:id="\1"/></w:r><w:r><w:t>', body)
    found = "".join(
        f'<w:footnote w:id="{number}"><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:footnote>'
        for number, text in enumerate(texts, 1)
    )
    lines = "".join(f"<w:p><w:r><w:t>{line}</w:t></w:r></w:p>" for line in words.split("\n"))
    return pack(lines, {"word/footnotes.xml": f"<w:footnotes {NAMESPACES}>{found}</w:footnotes>"} if texts else {})


NOTED = "Young migrants need care in every country.\nSchools help[1] them to learn."


def test_note_added_without_a_mark_is_an_insertion_with_its_words() -> None:
    base = read_text(noted(NOTED, "Some do."))
    file = noted(NOTED.replace("[1]", "[2]").replace("care", "care[1]"), "A new note.", "Some do.")
    (change,) = read_changes(file, base).changes
    start = NOTED.index("care") + len("care")
    assert (change.kind, change.origin, change.start, change.new) == (
        *(ChangeKind.INSERTION, Origin.SILENT, start),
        "\ufffc",
    )
    assert "A new note." in change.content


def test_note_of_a_new_paragraph_is_told_in_a_comment() -> None:
    base = read_text(noted(NOTED, "Some do."))
    file = noted(f"{NOTED}\nNew words about health[2].", "Some do.", "A new note.")
    told = [change for change in read_changes(file, base).changes if change.kind is ChangeKind.COMMENT]
    assert [change.remark for change in told] == ["Added without a mark: A new note."]


def told(base: bytes, version: bytes) -> list[tuple[str, str, str]]:
    return [(one.kind.value, one.story, one.old) for one in read_changes(version, read_text(base)).changes]


TWICE = "Young migrants need care[1] in every country.\nSchools help[2] them to learn."
FIRST_GONE = [("deletion", "body", "\ufffc"), ("deletion", "footnote/1", "All of them.")]


def test_note_taken_out_without_a_mark_goes_as_word_records_it() -> None:
    left = noted(TWICE.replace("[1]", "").replace("[2]", "[1]"), "Some do.")
    assert told(noted(TWICE, "All of them.", "Some do."), left) == FIRST_GONE


def test_note_that_went_with_its_paragraph_goes_once() -> None:
    left = noted("Schools help[1] them to learn.", "Some do.")
    words = "Young migrants need care\ufffc in every country.\n"
    assert told(noted(TWICE, "All of them.", "Some do."), left) == [("deletion", "body", words), FIRST_GONE[1]]


def test_all_of_several_notes_gone_is_told_in_comments() -> None:
    left = noted(TWICE.replace("[1]", "").replace("[2]", ""))
    assert {kind for kind, _, _ in told(noted(TWICE, "All of them.", "Some do."), left)} == {"comment"}


def test_text_boxes_in_another_order_are_the_same_boxes() -> None:
    def boxes(*texts: str) -> bytes:
        inner = "".join(
            f"<w:r><w:pict><w:txbxContent><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:txbxContent></w:pict></w:r>"
            for text in texts
        )
        return pack(f"<w:p><w:r><w:t>{NOTED.partition('[1]')[0]}</w:t></w:r>{inner}</w:p>")

    assert read_changes(boxes("second box", "first box"), read_text(boxes("first box", "second box"))).changes == ()
