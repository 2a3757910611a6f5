"""Texts made comparable: what typists and programs change without meaning it is taken out. Offsets stay known."""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from pipeline.redline.ooxml import ATOM

_QUOTES = dict.fromkeys("\u201c\u201d\u201e\u201f\u00ab\u00bb\u2033\u301d\u301e\u301f\uff02", '"')
_APOSTROPHES = dict.fromkeys("\u2018\u2019\u201a\u201b\u2032\u00b4\u02bc\uff07`", "'")
_DASHES = dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe58\ufe63\uff0d", "-")
_NOTHING = dict.fromkeys("\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff" + ATOM, "")
_UNSEEN = str.maketrans(_NOTHING)
#: in comparing: a dash for a hyphen is an edit, a hyphen that does not break is not
_ALIKE = str.maketrans({**_QUOTES, **_APOSTROPHES, **_NOTHING, "\u2011": "-"})
#: in searching for what somebody quotes
_QUOTED = str.maketrans({**_QUOTES, **_APOSTROPHES, **_DASHES, **_NOTHING, "\u2026": "..."})

#: accents typed as characters of their own, and Arabic vowel signs, belong to the word
_LETTER = r"(?:[^\W_]|[\u0300-\u036f\u064b-\u065f\u0670])"
#: a note, a picture or a bookmark within a word does not end it
_WORDS = rf"{_LETTER}+(?:['\u2019\u00ad\ufffc-]{_LETTER}+)*"
_WORD = re.compile(_WORDS)
#: a word, a paragraph mark, a run of white space, or one other character
TOKEN = re.compile(rf"{_WORDS}|\n|[^\S\n]+|[\W_]")
_NAMED = r"(?i:para(?:graph)?|paragraphe|p\u00e1rrafo|\u00a7)\.?\s*"
_DIGITS = r"\d{1,3}(?:\.\d{1,3}){0,4}"
#: "4.2" without a dot is a number only before a capital: "4.2 per cent" begins a sentence
_TYPED_NUMBER = re.compile(
    rf"\s*(?:{_NAMED}({_DIGITS})\b[.):]?|({_DIGITS})(?:[.):]+|\s+bis\b[.)]?)(?=\s)"
    r"|(\d{1,3}(?:\.\d{1,3}){1,4})(?=\s+[^\W\d_a-z])|\(([a-zA-Z]|[ivxl]{1,6})\)(?=\s))\s*"
)


#: lines remembered: the versions of a draft have most of theirs in common
LINES = 8192


@lru_cache(maxsize=50_000)
def fold_token(token: str) -> str:
    """What a token is compared as; "" for one that does not count, as a picture or a soft hyphen."""
    folded = unicodedata.normalize("NFC", token).translate(_ALIKE)
    return " " if folded.isspace() and folded != "\n" else folded


def bare_token(token: str) -> str:
    """The token without what nobody sees or reads: "" for a picture or a soft hyphen."""
    return unicodedata.normalize("NFC", token).translate(_UNSEEN)


def fold_line(line: str) -> str:
    """What a paragraph is compared as."""
    if line.isascii():
        return " ".join(line.split())
    return " ".join(unicodedata.normalize("NFC", line).translate(_ALIKE).split())


def split_tokens(text: str) -> list[str]:
    """The words, spaces and other characters of a text; joined they are the text."""
    return TOKEN.findall(text)


def split_words(text: str) -> list[str]:
    """The folded words of a text."""
    return [fold_token(word) for word in _WORD.findall(text)]


@lru_cache(maxsize=LINES)
def count_words(text: str) -> int:
    """The number of words in a text."""
    return len(_WORD.findall(text))


@lru_cache(maxsize=LINES)
def find_typed_number(line: str) -> tuple[str, int]:
    """The number typed at the start of a paragraph, without the dot, and the offset where its text begins."""
    match = _TYPED_NUMBER.match(line)
    if match is None:
        return "", 0
    return next(group for group in match.groups() if group), match.end()


@dataclass(frozen=True, slots=True, kw_only=True)
class Folded:
    """A text folded for searching, case and all, with the way back."""

    text: str
    #: for each character of the text its offset in the original; one more for the end
    offsets: tuple[int, ...]


def fold_for_search(text: str) -> Folded:
    """The text in lower case, with plain quotation marks and dashes and single spaces."""
    folded: list[str] = []
    offsets: list[int] = []
    for offset, char in enumerate(text):
        for one in unicodedata.normalize("NFKC", char.translate(_QUOTED)).casefold():
            alike = " " if one.isspace() else one
            if alike == " " and folded[-1:] == [" "]:
                continue
            folded.append(alike)
            offsets.append(offset)
    return Folded(text="".join(folded), offsets=(*offsets, len(text)))
