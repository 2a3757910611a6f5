"""Paragraphs find their partners; likeness tells a revision of the draft from another text."""

from pipeline.redline.align import align_lines, likeness
from pipeline.redline.read import read_text
from tests.make_docx import make_docx

FIRST = "Young migrants are entitled to the protection of all relevant instruments."
SECOND = "Governments should ensure that these guarantees are applied without discrimination."
THIRD = "Access to education should not depend on the migration status of the parents."


def pairs(olds: list[str], news: list[str]) -> list[tuple[int, int, int, int]]:
    return [(one.old_start, one.old_end, one.new_start, one.new_end) for one in align_lines(olds, news) if one.paired]


def test_edited_paragraphs_stay_partners() -> None:
    edited = SECOND.replace("ensure", "see to it")
    assert pairs([FIRST, SECOND, THIRD], [FIRST, edited, THIRD]) == [(0, 1, 0, 1), (1, 2, 1, 2), (2, 3, 2, 3)]


def test_new_paragraph_has_no_partner() -> None:
    assert pairs([FIRST, THIRD], [FIRST, SECOND, THIRD]) == [(0, 1, 0, 1), (1, 2, 2, 3)]


def test_split_paragraph_belongs_to_both_halves() -> None:
    assert pairs([f"{FIRST} {SECOND}", THIRD], [FIRST, SECOND, THIRD]) == [(0, 1, 0, 2), (1, 2, 2, 3)]


def test_typed_numbers_do_not_matter() -> None:
    assert pairs([f"1. {FIRST}", f"2. {SECOND}"], [f"2. {FIRST}", f"3. {SECOND}"]) == [(0, 1, 0, 1), (1, 2, 1, 2)]


def test_likeness_is_the_share_of_the_base_found() -> None:
    base = read_text(make_docx([FIRST, SECOND]))
    assert likeness(base, base) == 1.0
    assert 0.4 < likeness(read_text(make_docx([FIRST])), base) < 0.6
    assert likeness(read_text(make_docx(["Nothing of this kind"])), base) < 0.1
    assert likeness(base, read_text(make_docx([""]))) == 0.0


def test_long_rewritten_stretch_is_paired_near_the_diagonal() -> None:
    olds = [f"Paragraph {number} speaks of matter {number} at some length." for number in range(300)]
    news = [line.replace("some", "great") for line in olds]
    assert pairs(olds, [news[0], "An entirely different line.", *news[1:]])[-1] == (299, 300, 300, 301)
