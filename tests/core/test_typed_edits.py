"""Changes typed in a mail: the notations people use, sentences that are none, and a round trip of generated ones."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.core.model import TypedEdit
from pipeline.core.typed_edits import read_typed
from tests.core.judging import make_reply


def read(text: str) -> list[tuple[str, str, str, str]]:
    return [
        (edit.operation, edit.paragraph, edit.old, edit.new)
        for edit in read_typed(make_reply(text)).edits
        if edit.operation != "comment"
    ]


def read_remarks(text: str) -> list[tuple[str, str]]:
    return [(edit.paragraph, edit.remark) for edit in read_typed(make_reply(text)).edits if edit.operation == "comment"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('Para 4: replace "x y" with "z".', [("replace", "4", "x y", "z")]),
        ("Para 4: replace “x y” with “z”.", [("replace", "4", "x y", "z")]),
        ("Para 4: replace 'the child's best' with 'z'.", [("replace", "4", "the child's best", "z")]),
        ('Paragraph 14 - change "a" to "b"', [("replace", "14", "a", "b")]),
        ('Paragraph 14, first sentence - replace with "New."', [("replace_sentence", "14", "1", "New.")]),
        ('Para 3: the last sentence should read "New."', [("replace_sentence", "3", "-1", "New.")]),
        ('- para. 7: "x" => "y"', [("replace", "7", "x", "y")]),
        ('§ 7: "x" -> "y"', [("replace", "7", "x", "y")]),
        ("¶7: “x” → “y”", [("replace", "7", "x", "y")]),
        ('- add after para. 7: "A new one."', [("insert_after", "7", "", "A new one.")]),
        ('Please insert a new paragraph after paragraph 7: "A new one."', [("insert_after", "7", "", "A new one.")]),
        ('After para 7, add "A new one."', [("insert_after", "7", "", "A new one.")]),
        ('Delete "x" in para 3.', [("delete", "3", "x", "")]),
        ('In para 3, "x" should be deleted.', [("delete", "3", "x", "")]),
        ("Delete paragraph 9.", [("delete", "9", "", "")]),
        ("Para 9: delete.", [("delete", "9", "", "")]),
        ("Para 9: delete the second sentence.", [("replace_sentence", "9", "2", "")]),
        ('Our main point is on paragraph 9: replace "x" with "y".', [("replace", "9", "x", "y")]),
        ('para 5, replace "x" with "y"', [("replace", "5", "x", "y")]),
        ('Cleared, subject to one change in para 10: replace "x" with "y".', [("replace", "10", "x", "y")]),
        ('We cannot join on paragraph 13. We propose to replace "x" with "y".', [("replace", "13", "x", "y")]),
        ('Insert "and girls" after "women" in paragraph 8.', [("replace", "8", "women", "women and girls")]),
        ('Insert ", too" after "women" (para 8).', [("replace", "8", "women", "women, too")]),
        ('Add "all" before "women" in para 8.', [("replace", "8", "women", "all women")]),
        ('Substitute "new" for "old" in para 2.', [("replace", "2", "old", "new")]),
        ('In para 2, "old" should read "new".', [("replace", "2", "old", "new")]),
        ('Para 2: "new" instead of "old".', [("replace", "2", "old", "new")]),
        ('Amend para 3 to read: "All of it."', [("replace", "3", "", "All of it.")]),
        ('In OP5, replace "decides" with "invites".', [("replace", "OP5", "decides", "invites")]),
        ('Para 12.1: replace "a" by "b".', [("replace", "12.1", "a", "b")]),
        ("Au paragraphe 3, remplacer « x » par « y ».", [("replace", "3", "x", "y")]),
        ("Au paragraphe 3, supprimer « z ».", [("delete", "3", "z", "")]),
        ('En el párrafo 4, sustituir "a" por "b".', [("replace", "4", "a", "b")]),
        ("Párrafo 4: reemplazar «a» por «b».", [("replace", "4", "a", "b")]),
        ("В пункте 4 заменить «a» на «b».", [("replace", "4", "a", "b")]),
        ("第3段:将“甲”改为“乙”。", [("replace", "3", "甲", "乙")]),
        ('Para 2:\n- replace "a" with "b"\n- delete "c"\n', [("replace", "2", "a", "b"), ("delete", "2", "c", "")]),
        ('Paragraph 2\n\nReplace "a" with "b".', [("replace", "2", "a", "b")]),
        ('Para 2: delete "a".\n\nReplace "c" with "d".', [("delete", "2", "a", ""), ("replace", "", "c", "d")]),
        ('Para 2: replace "two\nlines of\ntext" with "one".', [("replace", "2", "two lines of text", "one")]),
        ('Para 3, second sentence: replace "x" with "y".', [("replace", "3", "x", "y")]),
        ('Replace the second sentence of para 3 with "New."', [("replace_sentence", "3", "2", "New.")]),
        ('Para 1: change "x" to "y" and "a" to "b".', [("replace", "1", "x", "y"), ("replace", "1", "a", "b")]),
        ('Para 4: «x» → «y»; «z» → «w».', [("replace", "4", "x", "y"), ("replace", "4", "z", "w")]),
        ('Para 3: delete "x" and "y".', [("delete", "3", "x", ""), ("delete", "3", "y", "")]),
        ('The words "x" in para 3 should be replaced with "y".', [("replace", "3", "x", "y")]),
        ('Para 7 to read: "New."', [("replace", "7", "", "New.")]),
        ("Paragraphe 4 : au lieu de « a », lire « b ».", [("replace", "4", "a", "b")]),
        ("Ajouter après le paragraphe 7 : « Nouveau. »", [("insert_after", "7", "", "Nouveau.")]),
        ('Párrafo 3: donde dice "a" debe decir "b".', [("replace", "3", "a", "b")]),
        ('Title: replace "A" with "B".', [("replace", "", "A", "B")]),
        ('Para 2: delete "a".\nSection 4: delete "c".', [("delete", "2", "a", ""), ("delete", "", "c", "")]),
        ('Para 2: delete "a".\nChapter II: delete "c".', [("delete", "2", "a", ""), ("delete", "", "c", "")]),
        ("第2段：删除“甲”。\n第三章：删除“乙”。", [("delete", "2", "甲", ""), ("delete", "", "乙", "")]),
        ('Section 4, para 5: replace "c" with "d".', [("replace", "5", "c", "d")]),
        ('Para 2: replace "delete para 9" with "keep para 9".', [("replace", "2", "delete para 9", "keep para 9")]),
    ],
)  # fmt: skip
def test_notation_is_read(text: str, expected: list[tuple[str, str, str, str]]) -> None:
    assert read(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "We have no comments on para 5.",
        "Thank you for the draft.",
        'Please do not delete "x" in para 3.',
        'We would not replace "x" with "y" in para 3.',
        'Para 4 was changed from "x" to "y".',
        "Our contact is at extension 4.",
        'The title is "Clean water".',
        "",
    ],
)
def test_sentence_without_instruction_changes_nothing(text: str) -> None:
    assert read(text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Para 6 should mention children.", [("6", "Para 6 should mention children.")]),
        ("Para 4: too long.", [("4", "Para 4: too long.")]),
        ('Please do not delete "x" in para 3.', [("3", 'Please do not delete "x" in para 3.')]),
        (
            "Move the end of paragraph 11 after paragraph 8.",
            [("11", "Move the end of paragraph 11 after paragraph 8.")],
        ),
        ('Para 8: add "Women matter."', [("8", 'Para 8: add "Women matter."')]),
        ("Para 4:\n- too long\n- no mention of children", [("4", "too long"), ("4", "no mention of children")]),
        ("Para 4: too long.\nPara 9: delete.", [("4", "Para 4: too long.")]),
        ("Para 8: replace the figures with newer ones", [("8", "Para 8: replace the figures with newer ones")]),
        ("The map in para 7 should be deleted.", [("7", "The map in para 7 should be deleted.")]),
        ("On page 4, para 2: delete.", [("2", "On page 4, para 2: delete.")]),
        ("Swap paras 12 and 13.", [("12", "Swap paras 12 and 13.")]),
        ('Para 2\nOld: "x"', [("2", 'Old: "x"')]),
        ("Is para 5 still needed?", [("5", "Is para 5 still needed?")]),
        ("We have no comments on para 5.", []),
        ("Well received.", []),
    ],
)
def test_sentence_about_a_paragraph_is_a_remark(text: str, expected: list[tuple[str, str]]) -> None:
    assert read_remarks(text) == expected


def test_change_to_several_paragraphs_is_one_for_each_that_holds_only_there() -> None:
    edits = read_typed(make_reply('Paras 5, 6 and 9: replace "x" with "y".')).edits
    assert [(edit.paragraph, edit.only_there) for edit in edits] == [("5", True), ("6", True), ("9", True)]
    assert {edit.remark for edit in edits} == {'Paras 5, 6 and 9: replace "x" with "y".'}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Para 5: change wells to springs", ("replace", "5", "wells", "springs")),
        ("para 5, second line, springs instead of wells", ("replace", "5", "wells", "springs")),
        ("Change wells to springs in para 5.", ("replace", "5", "wells", "springs")),
        ("Au par. 5, supprimer le mot très", ("delete", "5", "très", "")),
        ("Para 5: wells -> springs", ("replace", "5", "wells", "springs")),
        ("Para 5\nadd deep before wells", ("replace", "5", "wells", "deep wells")),
        ("Para 5: {~~wells~>springs~~}", ("replace", "5", "wells", "springs")),
        ("Para 5: the wells {++of the city++} run dry", ("replace", "5", "the wells", "the wells of the city")),
        ("Para 5: the <del>deep</del> wells", ("delete", "5", "deep", "")),
    ],
)
def test_wording_without_quotation_marks_holds_only_in_its_paragraph(text: str, expected: tuple[str, ...]) -> None:
    (edit,) = read_typed(make_reply(text)).edits
    assert (edit.operation, edit.paragraph, edit.old, edit.new) == expected
    assert edit.only_there
    assert edit.remark


@pytest.mark.parametrize(
    "clause",
    [
        "change access to wells to access to springs",
        "delete the last line",
        "remove the reference to wells",
        "change wells to springs, as agreed last week",
        "depth is given in feet instead of metres above the sea",
        "do not change wells to springs",
        "springs replaced wells",
    ],
)
def test_clause_that_can_be_read_in_two_ways_changes_nothing(clause: str) -> None:
    assert read(f"Para 5: {clause}") == []


def test_a_remark_goes_with_the_change_it_leads_to() -> None:
    (edit,) = read_typed(make_reply('Para 3 is too narrow. Replace "well" with "source".')).edits
    assert (edit.operation, edit.remark) == ("replace", "Para 3 is too narrow.")


def test_words_in_which_nothing_was_read_are_left_over() -> None:
    typed = read_typed(make_reply('We propose:\nPara 3: delete "well".\nThe tone should be milder.'))
    assert (len(typed.edits), typed.rest) == (1, "The tone should be milder.")


def test_edits_made_in_the_quote_are_read() -> None:
    edits = read_typed(make_reply("See below.", edits=(("x", "y"), ("z", ""), ("", "w")))).edits
    assert edits == (
        TypedEdit(paragraph="", old="x", new="y", operation="replace"),
        TypedEdit(paragraph="", old="z", new="", operation="delete"),
        TypedEdit(paragraph="", old="", new="", operation="comment", remark="w"),
    )


_wordings = st.text(
    st.characters(whitelist_categories=("Lu", "Ll", "Nd"), whitelist_characters=" ,;:.-()é"), min_size=1, max_size=60
).map(lambda text: " ".join(text.split()))
_wordings = _wordings.filter(bool)
_paragraphs = st.integers(1, 99).map(str)
_marks = st.sampled_from([('"', '"'), ("“", "”"), ("«", "»"), ("„", "“")])
_templates = st.sampled_from(
    [
        "Para {n}: replace {old} with {new}.",
        "Paragraph {n} - change {old} to {new}",
        "- para. {n}: {old} => {new}",
        "In paragraph {n}, please replace the words {old} by the words {new}.",
        "Au paragraphe {n}, remplacer {old} par {new}.",
        "En el párrafo {n}, sustituir {old} por {new}.",
        "Replace {old} with {new} in para {n}.",
    ]
)


@given(_templates, _paragraphs, _wordings, _wordings, _marks)
def test_generated_sentence_reads_back(template: str, number: str, old: str, new: str, marks: tuple[str, str]) -> None:
    text = template.format(n=number, old=f"{marks[0]}{old}{marks[1]}", new=f"{marks[0]}{new}{marks[1]}")
    assert read(text) == [("replace", number, old, new)]


@given(st.lists(st.tuples(_paragraphs, _wordings, _wordings), min_size=1, max_size=8))
def test_every_line_of_a_list_is_read_in_order(rows: list[tuple[str, str, str]]) -> None:
    text = "Our comments:\n\n" + "\n".join(f'Para {n}: replace "{old}" with "{new}".' for n, old, new in rows)
    unique = list(dict.fromkeys(("replace", n, old, new) for n, old, new in rows))
    assert read(text) == unique


@given(st.text(max_size=400))
def test_any_text_can_be_read(text: str) -> None:
    assert all(edit.operation for edit in read_typed(make_reply(text)).edits)


def test_a_long_line_that_ends_in_a_quoted_sentence_was_not_wrapped() -> None:
    first = 'Paragraph 14, first sentence - replace with "Data on young migrants are limited and seldom comparable."'
    assert [edit[:2] for edit in read(f'{first}\nParagraph 15 - change "by age" to "by sex"')] == [
        ("replace_sentence", "14"),
        ("replace", "15"),
    ]
