"""A sieve never holds back what one of its patterns would find."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.core import notices, signature
from pipeline.core.announcement import ANNOUNCEMENTS
from pipeline.core.edit_forms import FORMS, NEEDS_NO_QUOTATION
from pipeline.core.edit_places import PARAGRAPH
from pipeline.core.quote import QUOTED
from pipeline.core.sieve import Sieve
from pipeline.core.typed_pairs import LABEL
from pipeline.core.written_marks import OPENING
from tests.core.test_quote import ATTRIBUTIONS, HEADER_BLOCKS

SIEVES = tuple(
    (pattern, Sieve(pattern))
    for pattern in (
        *ANNOUNCEMENTS, QUOTED, NEEDS_NO_QUOTATION, PARAGRAPH, OPENING, LABEL,
        *(form.pattern for form in FORMS),
        notices._SENT_FROM, notices._OFFERED, notices._NOTICE_TITLE, notices._NOTICE, notices._BANNER_SENSE,
        notices._LINK, signature._CLOSING, signature._CONTACT,
    )
)  # fmt: skip
#: texts dense in the signs that matter to the patterns above
TEXTS = st.text(
    alphabet=" \n\t.:;-_*>@<19ikIKsS\u0130\u0131\u017f\u212a\u00df\u1e9e\u03c2\u00a0\u2003\udc80", max_size=40
)

WORDS = st.lists(
    st.sampled_from(
        [
            *ATTRIBUTIONS, *HEADER_BLOCKS, "SENT\u00a0FROM MY ", "phone", "This", "e-mail", "is confidential", "delete",
            "by", "para 4", "\ue0001\ue001", "PP\u2003 3", "K\u0131nd regards", "wrot\u00e9", "TEL: +41 22", "-- ", "a",
            ":", "\t", "  ", "1 Oct", "10:00", "Old text:", "[delete: ",
            "{++", "удалить", "第3段",
        ]
    ),
    max_size=6,
).map(" ".join)  # fmt: skip


@pytest.mark.parametrize(
    "pattern",
    [
        r"i", r"[i]", r"k", r"[k]", r"s", r"[^s]", r"[^\s<>]", r"\W", r"\d", r"\Bk", r"^-- $", r"a{2,3}", r"a{0}k",
        r"(?<!s)k(?!s)", r"(s)\1", r"(?>s+)", r"s++", r"(?:i|\u03c3)$", r"[^i]", r".", r"\s\S", r"[\u00a0-\u2003]",
        "\u0131", "[\u0131]", "\u212a", "\u017f", "[\u017f\u00e9]", "\u0130",
    ],
)  # fmt: skip
@given(text=TEXTS, flags=st.sampled_from([re.IGNORECASE, re.NOFLAG, re.MULTILINE | re.IGNORECASE, re.DOTALL]))
def test_every_step_of_a_pattern_is_widened(pattern: str, text: str, flags: re.RegexFlag) -> None:
    compiled = re.compile(pattern, flags)
    assert Sieve(compiled).may_find(text) or not compiled.search(text)


@given(st.lists(TEXTS | WORDS, min_size=1, max_size=4))
def test_what_is_found_in_a_text_its_lines_or_its_lines_joined_passes(pieces: list[str]) -> None:
    text = "\n".join(pieces)
    lines = text.split("\n")
    for pattern, sieve in SIEVES:
        if not sieve.may_find(text):
            assert not pattern.search(text)
            assert not any(pattern.search(line.strip(" -=_\t")) for line in lines)
            assert not pattern.search(" ".join(line.strip() for line in lines))


@pytest.mark.parametrize("text", ["", "plain words alone", "Первая строка\nи вторая"])
def test_what_no_pattern_finds_is_held_back(text: str) -> None:
    assert not Sieve(*ANNOUNCEMENTS, notices._NOTICE).may_find(text)
