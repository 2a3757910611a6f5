"""The text of a file is the same when it was kept, and is read once only."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.errors import UnreadableFileError
from pipeline.redline.base_texts import read_base_text, write_base_text
from pipeline.redline.model import BaseText, Paragraph, Story
from pipeline.redline.read import read_text
from tests.make_docx import make_docx

DOCX = make_docx(["Members often meet.", [["a", "b"]], "The end."])

some_text = st.text(st.characters(exclude_categories=("Cs",)), max_size=8)
paragraphs = st.builds(Paragraph, number=some_text, start=st.integers(0, 99), end=st.integers(0, 99), style=some_text)
stories = st.builds(Story, name=some_text, text=some_text, paragraphs=st.lists(paragraphs, max_size=3).map(tuple))
texts = st.builds(BaseText, sha256=some_text, stories=st.lists(stories, max_size=3).map(tuple))


@given(texts)
def test_text_comes_back_as_it_was(base):
    assert read_base_text(write_base_text(base)) == base


@pytest.mark.parametrize(
    "text", ["", "{}", "[]", "[1, 2]", '["a", [["b"]]]', '["a", [["b", "c", [[1]]]]]', "[" * 100_000]
)
def test_other_text_is_refused(text):
    with pytest.raises(ValueError, match="not the text of a file"):
        read_base_text(text)


def test_known_text_is_not_read_again():
    known: dict[str, BaseText] = {}
    base = read_text(DOCX, known)
    assert read_text(DOCX, known) is base
    assert read_text(DOCX) == base


def test_file_that_cannot_be_read_is_not_kept():
    known: dict[str, BaseText] = {}
    with pytest.raises(UnreadableFileError):
        read_text(b"no Word file", known)
    assert known == {}
