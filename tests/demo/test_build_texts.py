"""Properties of edits on a text, whatever the text."""

from collections.abc import Sequence
from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipeline.demo.documents import AuthoredEdit, build_base_docx, build_reply_docx
from pipeline.demo.scenario import ScenarioEdit
from pipeline.demo.texts import WORDED, Block, BlockKind, apply_edits, parse_markdown, trim_edit
from pipeline.demo.wordml import Origin
from pipeline.errors import UsageError
from tests.demo.round import paragraphs

NOON = datetime(2012, 10, 9, 12, 0, tzinfo=UTC)
ORIGIN = Origin(title="Text", author='A <b> & "c"', saved=NOON, stamp=("ABC", "TXT", "r0"))
LETTERS = st.text(alphabet="aé&<>\"'字 .,", max_size=12)


def make_blocks(count: int) -> tuple[Block, ...]:
    """A title and paragraphs whose words occur once."""
    numbered = (
        Block(kind=BlockKind.NUMBERED, text=" ".join(f"w{number}x{word}" for word in range(8)) + ".", number=number)
        for number in range(1, count + 1)
    )
    return (Block(kind=BlockKind.TITLE, text="A & B <title>"), *numbered)


def make_edit(number: int, op: str, para: int, word: int = 0, new: str = "", after: int | None = None) -> ScenarioEdit:
    """An edit on one word of one paragraph."""
    return ScenarioEdit(
        id=f"E{number}",
        agency="ONE",
        draft="TXT",
        base="r0",
        para=para,
        op=op,
        old=f"w{para}x{word}" if op in (*WORDED, "comment") else "",
        new=new,
        type="te",
        text="a remark & <more>" if op == "comment" else "",
        after=after,
    )


@st.composite
def edits_on(draw: st.DrawFn, count: int) -> list[ScenarioEdit]:
    """Edits that do not touch the same words."""
    made: list[ScenarioEdit] = []
    for para in range(1, count + 1):
        op = draw(st.sampled_from(["none", "words", "delete_para", "move_para", "new_para_after", "comment"]))
        if op == "words":
            for word in draw(st.sets(st.integers(0, 7))):
                made.append(make_edit(len(made), "replace", para, word, draw(LETTERS)))
        elif op == "move_para":
            others = [other for other in range(1, count + 1) if other != para]
            made.append(make_edit(len(made), op, para, after=draw(st.sampled_from(others))))
        elif op != "none":
            made.append(make_edit(len(made), op, para, draw(st.integers(0, 7)), f"new paragraph {para}"))
    return made


def reply(blocks: tuple[Block, ...], edits: Sequence[ScenarioEdit]) -> bytes:
    """The Word file with the edits tracked."""
    return build_reply_docx(
        blocks, [AuthoredEdit(edit=edit, author="O'Neil & Co", date=NOON) for edit in edits], ORIGIN
    )


@settings(max_examples=60, deadline=None)
@given(edits=edits_on(5))
def test_reply_rejected_is_the_base_and_accepted_is_the_edited_text(edits: list[ScenarioEdit]) -> None:
    blocks = make_blocks(5)
    content = reply(blocks, edits)
    assert paragraphs(content, accept=False) == [block.text for block in blocks]
    assert paragraphs(content, accept=True) == [block.text for block in apply_edits(blocks, edits)]


@given(old=LETTERS, new=LETTERS)
def test_trimmed_edit_makes_the_same_text(old: str, new: str) -> None:
    kept, removed, added = trim_edit(old, new)
    assert old[kept : kept + len(removed)] == removed
    assert old[:kept] + added + old[kept + len(removed) :] == new


def test_markup_in_words_stays_words() -> None:
    blocks = make_blocks(1)
    assert paragraphs(build_base_docx(blocks, ORIGIN), accept=True)[0] == "A & B <title>"


@pytest.mark.parametrize(
    ("edits", "words"),
    [
        ([make_edit(1, "replace", 1, 0, "a"), make_edit(2, "replace", 1, 0, "b")], "E1 and E2"),
        ([make_edit(1, "replace", 1, 0, "a"), make_edit(2, "delete_para", 1)], "E2"),
        ([make_edit(1, "delete_para", 1), make_edit(2, "move_para", 1, after=2)], "E1"),
        ([make_edit(1, "replace", 9, 0, "a")], "no paragraph 9"),
        ([make_edit(1, "move_para", 1, after=9)], "no paragraph 9"),
    ],
)
def test_edits_that_cannot_stand_in_one_file_are_refused(edits: list[ScenarioEdit], words: str) -> None:
    with pytest.raises(UsageError, match=words):
        reply(make_blocks(2), edits)


def test_blocks_are_told_apart_and_remarks_of_the_author_left_out() -> None:
    blocks = parse_markdown("# T\n\n<!-- not\nshown -->\n\n## A. Part\n\n1. one\ntwo\n\nplain\n\n2. three\n")
    assert [(block.kind.value, block.text, block.number) for block in blocks] == [
        ("title", "T", 0),
        ("heading", "A. Part", 0),
        ("numbered", "one two", 1),
        ("plain", "plain", 0),
        ("numbered", "three", 2),
    ]


@pytest.mark.parametrize(("markdown", "words"), [("# T\n\nplain", "no numbered"), ("# T\n\n2. x", "out of order")])
def test_draft_without_numbers_in_order_is_refused(markdown: str, words: str) -> None:
    with pytest.raises(UsageError, match=words):
        parse_markdown(markdown)
