"""Text for every reader: wrapped, joined again, and as HTML."""

from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.core import flowed
from pipeline.core.parts import unwrap_flowed

WORDS = st.lists(st.text(st.characters(exclude_categories=("Z", "C")), min_size=1, max_size=30), max_size=40)
LINES = st.lists(WORDS.map(" ".join), min_size=1, max_size=6).map("\n".join)


@given(LINES)
def test_wrapped_text_is_narrow_and_can_be_joined_again(text: str) -> None:
    wrapped = flowed.flow(text)
    assert all(len(line) <= 78 for line in wrapped.split("\n"))
    assert unwrap_flowed(wrapped).replace(flowed.NO_QUOTE, "") == f"{text}\n"


@pytest.mark.parametrize(
    ("text", "wrapped"),
    [
        ("> no quotation", " > no quotation\n"),
        ("From here on", " From here on\n"),
        ("-- ", "-- \n"),
        ("", "\n"),
        ("one\n\ntwo", "one\n\ntwo\n"),
        ("x" * 90, "x" * 90 + "\n"),
        ("x" * 60 + " " + "y" * 20, "x" * 60 + " \n" + "y" * 20 + "\n"),
    ],
)
def test_lines_that_need_care(text: str, wrapped: str) -> None:
    assert flowed.flow(text) == wrapped


class Reader(HTMLParser):
    """Collects the words and the tags of a page."""

    def __init__(self) -> None:
        """Start empty."""
        super().__init__()
        self.words: list[str] = []
        self.tags: set[str] = set()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a tag."""
        self.tags.add(tag)

    def handle_data(self, data: str) -> None:
        """Note words."""
        self.words += data.split()


@given(LINES)
def test_html_says_the_same_words_and_fetches_nothing(text: str) -> None:
    reader = Reader()
    reader.feed(flowed.to_html(text, "en"))
    marks = {"-"} | {f"{number}." for number in range(100)}
    told = [word for word in text.split() if word not in marks]
    assert [word for word in reader.words if word not in marks] == told
    assert reader.tags <= {"html", "head", "meta", "body", "p", "br", "ol", "ul", "li"}


def test_numbered_lines_become_a_list() -> None:
    page = flowed.to_html("Three steps:\n1. Open <it>\n2. Change it\n\nThanks", "fr")
    assert "<p>Three steps:</p>\n<ol><li>Open &lt;it&gt;</li><li>Change it</li></ol>\n<p>Thanks</p>" in page
    assert '<html lang="fr" dir="ltr">' in page
