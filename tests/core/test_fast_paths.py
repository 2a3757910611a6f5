"""What was made fast gives what its plain definition gives, for every text."""

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipeline.core import authentication, wording
from pipeline.core.parse import parse_mail
from pipeline.core.quotations import set_aside
from pipeline.core.quote import read_reply
from pipeline.core.sieve import Sieve
from pipeline.core.typed_edits import read_typed
from tests.core.judging import make_reply
from tests.core.test_quote import ATTRIBUTIONS, HEADER_BLOCKS
from tests.make_mail import make_mail

#: texts that are dense in what the code looks at
_SIGNS = (
    "ab1 .,;:-\n\t`'\"\u2018\u2019\u201c\u201d\u201e\u00ab\u00bb\u300c\u300d"
    "\u00e9\u0301\u064b\u200b\u2013\u00a0\u00b2\ue000\ue001"
)
TEXTS = st.text(alphabet=_SIGNS, max_size=60) | st.text(max_size=60)
PIECES = st.sampled_from(
    [
        "para 4", "PP 3", "§ 2", "第3段", "abc\u00b2", "delete", "Suprimir", "删除", "the last sentence", "replace",
        "with", "by", '"x y"', "“z”", "12", "not", "5 and 6", "should be deleted", "too long", "add", "after", ".", ":",
        "!", "\n", "\n\n", "- ", "женщин", "исключить",
    ]
)  # fmt: skip
LETTERS = st.lists(PIECES, max_size=14).map(" ".join)

BODY = st.lists(
    st.sampled_from(
        [
            "We have no comments.", "", "", "> quoted", "| barred", "-- ", "--", "Best regards,", "Ann Example", "-Ann",
            "Tel: +41 22 000 0000", "ann@ilo.example", "-----Original Message-----", "\n\n\n", "[EXTERNAL]", "To",
            "Sent from my phone", "Begin forwarded message:", "CAUTION:", "01/10/2012 10:00", "Ann Example/ILO",
            "This message is confidential and intended for the addressee.", "Subject",
            "This e-mail came from outside the organisation. Do not click links.",
            "typed--- On Mon, 1 Oct 2012, Ann Example wrote:", "2012/10/1 Ann Example <ann@ilo.example>",
            *ATTRIBUTIONS, *HEADER_BLOCKS,
        ]
    ),
    max_size=10,
).map("\n".join)  # fmt: skip

_PAIRS = {"“": "”", "„": "“”", "«": "»", "「": "」", "『": "』", '"': '"', "＂": "＂"}


def fold_plainly(text: str) -> str:
    visible = wording._INVISIBLE.sub("", text)
    bare = "".join(sign for sign in unicodedata.normalize("NFKD", visible) if not unicodedata.combining(sign))
    plain = re.sub("[\u2018\u2019\u201b\u2032\u00b4`]", "'", unicodedata.normalize("NFC", bare))
    return re.sub(r"[^\S\n]+", " ", re.sub("[\u2010-\u2015\u2212]", "-", plain))


#: what is never joined to the line above it, with nothing spared
_OWN_LINES = (
    re.compile(r"\s*(?:[-*\u2022\u00b7\u2013\u2014o]\s|\(?\d{1,2}[.)]\s|\(?[a-z][.)]\s)"),
    re.compile(r"\s*(?:\||(?:\*\*)?[^\W\d_]+(?:[ /][^\W\d_]+){0,2}\s?[:\uff1a](?:\s|$)|\([^)\n]{1,20}\)\s*$)"),
)
_LISTED_PLAINLY = re.compile(r"\s*(?:[^\W\d_]{1,12}\.?|[\u00a7\u00b6])\s*\d{1,3}\b")


def join_plainly(text: str) -> str:
    joined: list[str] = []
    above = ""
    wrapped = False
    for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n"):
        listed = _LISTED_PLAINLY.match(line) and _LISTED_PLAINLY.match(above)
        if wrapped and line.strip() and not (listed or any(form.match(line) for form in _OWN_LINES)):
            joined[-1] += f" {line.strip()}"
        else:
            joined.append(line.rstrip())
            above = line.rstrip()
        last = line.rstrip().rstrip(wording._CLOSING)[-1:] or line.rstrip()[-1:]
        wrapped = len(line.rstrip()) > wording._WRAP_WIDTH and last not in ".!?:;\u3002\uff01\uff1f\u061f"
    return "\n".join(joined)


def set_aside_plainly(text: str) -> tuple[str, tuple[str, ...]]:
    """Sign by sign, as the rules say it; for texts below the limits on length and on unclosed marks."""
    clean = text.replace("\ue000", "").replace("\ue001", "")
    out, wordings, at = "", [], 0
    while at < len(clean):
        end = find_end_plainly(clean, at)
        if end is None:
            out, at = out + clean[at], at + 1
            continue
        out += f"\ue000{len(wordings)}\ue001"
        wordings.append(" ".join(clean[at + 1 : end].split()))
        at = end + 1
    return out, tuple(wordings)


def find_end_plainly(text: str, at: int) -> int | None:
    if text[at] in _PAIRS:
        return find_double_end_plainly(text, at)
    if text[at] in "'\u2018" and not (at and text[at - 1].isalnum()) and not text[at + 1 : at + 2].isspace():
        closing = "\u2019" if text[at] == "\u2018" else "'"
        for place in range(at + 2, len(text)):
            if text[place] == "\n":
                return None
            if text[place] == closing and not text[place + 1 : place + 2].isalnum() and not text[place - 1].isspace():
                return place
    return None


def find_double_end_plainly(text: str, at: int) -> int | None:
    depth = 1
    for place in range(at + 1, len(text)):
        if text[place] in _PAIRS[text[at]]:
            depth -= 1
        elif text[place] == text[at]:
            depth += 1
        elif text.startswith("\n\n", place):
            return None
        if depth == 0:
            return place if text[at + 1 : place].strip() else None
    return None


@given(TEXTS)
def test_folding_is_what_it_is_sign_by_sign(text: str) -> None:
    assert wording.fold(text) == fold_plainly(text)


@given(TEXTS)
def test_words_are_runs_of_letters(text: str) -> None:
    assert wording.list_words(text) == re.findall(r"[^\W\d_]+", fold_plainly(text).lower())


@given(
    st.lists(
        TEXTS
        | st.sampled_from([
            "word " * 12, "- item", "a) item", "| a |", "Old text: x", "Para 4 x", "(par. 7)", "-", "- ", "12) x",
            "paragraph12 y", "a b c d: x", "\u00a7 4", "** a/b :",
        ]),
        max_size=6,
    ).map("\n".join)
)  # fmt: skip
def test_wrapped_lines_are_joined_line_by_line(text: str) -> None:
    assert wording.join_wrapped_lines(text) == join_plainly(text)


@given(TEXTS | LETTERS)
def test_setting_aside_is_what_it_is_sign_by_sign(text: str) -> None:
    found = set_aside(text)
    assert (found.text, found.wordings) == set_aside_plainly(text)


@given(LETTERS | TEXTS)
def test_lines_passed_over_hold_neither_instruction_nor_remark(text: str) -> None:
    passing_over = read_typed(make_reply(text)).edits
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Sieve, "may_find", lambda self, text: True)
        assert read_typed(make_reply(text)).edits == passing_over


@given(BODY)
def test_a_reply_is_told_from_its_history_as_if_no_sieve_stood_before_the_forms(text: str) -> None:
    mail = parse_mail(make_mail(text=text))
    told = read_reply(mail)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Sieve, "may_find", lambda self, text: True)
        assert read_reply(mail) == told


@given(st.text(alphabet="() ab\\;", max_size=40))
def test_comments_are_taken_out_as_they_are_from_the_innermost_on(value: str) -> None:
    left = value
    while (shorter := re.sub(r"\([^()]*\)", " ", left)) != left:
        left = shorter
    assert authentication._remove_comments(value) == " ".join(left.split())
