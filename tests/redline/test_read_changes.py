"""Tracked changes are read in offsets of the base."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.redline.model import BaseText, Change, ChangeKind, Origin
from pipeline.redline.read import read_changes, read_text
from tests.make_docx import DATE, make_docx, pack
from tests.markup import after, before

REVISION = 'w:id="1" w:author="WHO" w:date="2012-11-02T09:30:00Z"'


def accept_all(base: BaseText, changes: tuple[Change, ...], story: str = "body") -> str:
    """The text of a story with all changes made."""
    edits = []
    for change in changes:
        if change.story == story and change.kind is not ChangeKind.COMMENT:
            edits.append((change.start, change.end, "" if change.kind is ChangeKind.MOVE else change.new))
            if change.target is not None:
                edits.append((change.target, change.target, change.old))
    text, result, at = base.get_story(story).text, "", 0
    for start, end, new in sorted(edits, key=lambda edit: edit[0]):
        assert start >= at
        result, at = result + text[at:start] + new, end
    return result + text[at:]


def shown(content: bytes) -> list[tuple[str, int, str, str]]:
    base = read_text(content)
    return [(one.kind.value, one.start, one.old, one.new) for one in read_changes(content, base).changes]


@pytest.mark.parametrize(
    ("paragraphs", "changes"),
    [
        (["A {++clear ++}view"], [("insertion", 2, "", "clear ")]),
        (["A {--clear --}view"], [("deletion", 2, "clear ", "")]),
        (["The {--old--}{++new++} text"], [("replacement", 4, "old", "new")]),
        (["The {++new++}{--old--} text"], [("replacement", 4, "old", "new")]),
        (["One{++\nTwo++}", "Three"], [("insertion", 4, "", "Two\n")]),
        (["One{++\n++}", "Three"], [("insertion", 4, "", "\n")]),
        (["One", "{++Two\n++}Three"], [("insertion", 4, "", "Two\n")]),
        (["One", "{--Two\n--}Three"], [("deletion", 4, "Two\n", "")]),
        (["One{--\nTwo--}", "Three"], [("deletion", 4, "Two\n", "")]),
        (["One", "{--Two\n--}{--Three\n--}Four"], [("deletion", 4, "Two\n", ""), ("deletion", 8, "Three\n", "")]),
        (["One{--\n--}Two"], [("deletion", 3, "\n", "")]),
        (["One", "{<<Two\n<<}Three", "{^^Two\n^^}Four"], [("move", 4, "Two\n", "")]),
        (["One", "{<<Two\n<<}Three", "{^^Two too\n^^}Four"],
         [("deletion", 4, "Two\n", ""), ("insertion", 14, "", "Two too\n")]),
        (["Same {--word--}{++word++}"], []),
        (["No change"], []),
    ],
)  # fmt: skip
def test_tracked_change_is_read(paragraphs: list[str], changes: list[tuple[str, int, str, str]]) -> None:
    assert shown(make_docx(paragraphs)) == changes


def test_person_and_date_come_from_the_file() -> None:
    content = make_docx("A {++clear ++}view", author="Focal Point of WHO")
    change = read_changes(content, read_text(content)).changes[0]
    assert (change.person, change.date, change.origin) == ("Focal Point of WHO", DATE, Origin.TRACKED)
    undated = make_docx("A {++clear ++}view", date=None)
    assert read_changes(undated, read_text(undated)).changes[0].date is None


def test_changes_of_two_people_side_by_side_stay_two() -> None:
    run = "<w:r><w:t>{}</w:t></w:r>"
    other = REVISION.replace("WHO", "ILO")
    content = pack(f"<w:p><w:ins {REVISION}>{run.format('a')}</w:ins><w:ins {other}>{run.format('b')}</w:ins></w:p>")
    changes = read_changes(content, read_text(content)).changes
    assert [(one.person, one.new) for one in changes] == [("WHO", "a"), ("ILO", "b")]


def test_what_was_inserted_and_deleted_again_is_nobodys() -> None:
    run = "<w:r><w:delText>gone</w:delText></w:r>"
    content = pack(f"<w:p><w:ins {REVISION}><w:del {REVISION}>{run}</w:del></w:ins><w:r><w:t>stays</w:t></w:r></w:p>")
    assert shown(content) == []
    assert read_text(content).get_story("body").text == "stays\n"


@pytest.mark.parametrize(
    "wrap",
    [
        "<w:hyperlink>{}</w:hyperlink>",
        "<w:sdt><w:sdtContent>{}</w:sdtContent></w:sdt>",
        "<w:smartTag>{}</w:smartTag>",
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>HYPERLINK x</w:instrText></w:r>'
        '<w:r><w:fldChar w:fldCharType="separate"/></w:r>{}<w:r><w:fldChar w:fldCharType="end"/></w:r>',
    ],
)
def test_change_inside_a_container_is_read(wrap: str) -> None:
    inner = f"<w:ins {REVISION}><w:r><w:t>new</w:t></w:r></w:ins>"
    assert shown(pack(f"<w:p>{wrap.format(inner)}</w:p>")) == [("insertion", 0, "", "new")]


def test_block_level_wrapper_inserts_whole_paragraphs() -> None:
    content = pack(
        f"<w:p><w:r><w:t>One</w:t></w:r></w:p><w:ins {REVISION}><w:p><w:r><w:t>Two</w:t></w:r></w:p></w:ins>"
        "<w:p><w:r><w:t>Three</w:t></w:r></w:p>"
    )
    assert shown(content) == [("insertion", 4, "", "Two\n")]


def test_change_in_a_cell_belongs_to_the_cell() -> None:
    content = make_docx([[["a", "b {++c++}"]], "After"])
    change = read_changes(content, read_text(content)).changes[0]
    assert (change.story, change.start, change.new) == ("body/t0/r0/c1", 2, "c")


ROW = "<w:tr>{}<w:tc><w:p><w:r><w:t>{}</w:t></w:r></w:p></w:tc></w:tr>"


def test_inserted_row_stands_beside_a_row_of_the_base() -> None:
    properties = f"<w:trPr><w:ins {REVISION}/></w:trPr>"
    content = pack(f"<w:tbl>{ROW.format('', 'old')}{ROW.format(properties, 'new row')}</w:tbl><w:p/>")
    change = read_changes(content, read_text(content)).changes[0]
    assert (change.kind, change.story, change.start, change.new) == (
        ChangeKind.ROW_INSERTION,
        "body/t0/r0/c0",
        len("old\n"),
        "new row",
    )


def test_deleted_row_is_named_by_its_first_cell_whatever_that_says() -> None:
    properties = f"<w:trPr><w:del {REVISION}/></w:trPr>"
    content = pack(f"<w:tbl>{ROW.format('', 'head')}{ROW.format(properties, '1. gone for good')}</w:tbl><w:p/>")
    base = read_text(make_docx([[["head"], ["2. gone for good now"]], ""]))
    change = next(one for one in read_changes(content, base).changes if one.kind is ChangeKind.ROW_DELETION)
    assert (change.story, change.start, change.old) == ("body/t0/r1/c0", 0, "2. gone for good now\n")


def test_deleted_table_is_one_deletion() -> None:
    deleted = f"<w:del {REVISION}><w:r><w:delText>gone</w:delText></w:r></w:del>"
    content = pack(
        f"<w:tbl><w:tr><w:trPr><w:del {REVISION}/></w:trPr><w:tc><w:p>{deleted}</w:p></w:tc></w:tr></w:tbl><w:p/>"
    )
    assert shown(content) == [("deletion", 0, "\ufffc", "")]


def test_comment_keeps_its_passage_and_reply() -> None:
    content = make_docx(["First", "The {==term==}{>>Please define.<<} is {++quite ++}new{>>Agreed.<<}"], replies={1: 0})
    changes = read_changes(content, read_text(content)).changes
    assert [(one.kind.value, one.old, one.remark) for one in changes] == [
        ("comment", "term", "Please define."),
        ("insertion", "", ""),
        ("comment", "", "Agreed."),
    ]
    assert [one.reply_to for one in changes] == [None, None, 0]


def test_comment_may_begin_between_paragraphs() -> None:
    comments = '<w:comments xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main">'
    comments += '<w:comment w:id="3" w:author="WHO"><w:p><w:r><w:t>Why?</w:t></w:r></w:p></w:comment></w:comments>'
    content = pack(
        '<w:commentRangeStart w:id="3"/><w:p><w:r><w:t>One</w:t></w:r></w:p><w:commentRangeEnd w:id="3"/><w:p/>',
        {"word/comments.xml": comments},
    )
    change = read_changes(content, read_text(content)).changes[0]
    assert (change.start, change.old, change.remark) == (0, "One\n", "Why?")


WORDS = st.sampled_from(["peace", "youth", "of", "the", "work,", "law.", "caf\u00e9", "(b)"])
PLAIN = st.lists(WORDS, min_size=1, max_size=4).map(lambda words: " ".join(words) + " ")
STRETCH = st.one_of(
    PLAIN,
    PLAIN.map("{{++{}++}}".format),
    PLAIN.map("{{--{}--}}".format),
    st.just("{++\n++}"),
    PLAIN.map("{{++\n{}++}}".format),
    PLAIN.map("{{--{}--}}\n".format),
)
PARAGRAPHS = st.lists(st.lists(STRETCH, min_size=1, max_size=5).map("".join), min_size=1, max_size=5)


@given(paragraphs=PARAGRAPHS)
def test_rejecting_gives_the_base_and_accepting_the_new_text(paragraphs: list[str]) -> None:
    content = make_docx(paragraphs)
    base = read_text(content)
    marked = "\n".join(paragraphs) + "\n"
    assert base.get_story("body").text == before(marked)
    changes = read_changes(content, read_text(make_docx([before("\n".join(paragraphs))])))
    assert changes.coverage == 1.0
    assert accept_all(base, changes.changes) == after(marked)


FIELD_RESULT = (
    '<w:p><w:r><w:t xml:space="preserve">See </w:t></w:r><w:r><w:fldChar w:fldCharType="begin"/></w:r>'
    '<w:r><w:instrText>REF a</w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r>'
    '{}<w:r><w:fldChar w:fldCharType="end"/></w:r><w:r><w:t>.</w:t></w:r></w:p>'
)


def test_change_in_a_computed_result_is_a_remark_on_the_field() -> None:
    by = 'w:id="1" w:author="Ana" w:date="2012-11-02T09:30:00Z"'
    base = pack(FIELD_RESULT.format("<w:r><w:t>3</w:t></w:r>"))
    edited = f"<w:del {by}><w:r><w:delText>3</w:delText></w:r></w:del><w:ins {by}><w:r><w:t>4</w:t></w:r></w:ins>"
    (change,) = read_changes(pack(FIELD_RESULT.format(edited)), read_text(base)).changes
    assert (change.kind, change.start, change.end, change.person) == (ChangeKind.COMMENT, 4, 5, "Ana")
    assert change.remark == 'In a field, which Word computes: "3" becomes "4".'
