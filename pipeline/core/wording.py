"""Text made comparable: folded and cut into sentences, no meaning read into it."""

import re
import unicodedata

#: marks with a plainer form, and white space inside a line
_PLAIN = (
    dict.fromkeys("\u2018\u2019\u201b\u2032\u00b4`", "'")
    | dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212", "-")
    | {sign: " " for sign in map(chr, range(0x3001)) if sign.isspace() and sign != "\n"}
)
_PLAIN_ASCII = {sign: plain for sign, plain in _PLAIN.items() if sign.isascii() and sign != plain}
_INVISIBLE = re.compile("[\u00ad\u034f\u061c\u0640\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_LETTERS = re.compile(r"[^\W\d_]+")
_LETTERS_ASCII = str.maketrans({sign: sign.lower() if sign.isalpha() else " " for sign in map(chr, range(0x80))})

#: a full stop after one of these does not end a sentence
_ABBREVIATIONS = re.compile(
    r"(?:\b(?:paras?|pars?|pp|op|rev|no|nos|art|arts|fig|sec|ch|p|vs|cf|e\.g|i\.e|etc|approx|dr|mr|mrs|ms|prof|al|núm)|\d)\.$",
    re.IGNORECASE,
)
_STOPS = ".!?\u2026\u061f\u06d4"
#: of scripts that set no space behind them
_WIDE_STOPS = "\u3002\uff01\uff1f"
_ALPHABETIC_END = re.compile(rf"[{_STOPS}]+(?=[\s)\]]|$)")
_SENTENCE_END = re.compile(rf"{_ALPHABETIC_END.pattern}|[{_WIDE_STOPS}]+")
_WORD_SIGN = re.compile(r"\w")
#: an item of a list, a row of a table: never the rest of the line above
_ITEM = re.compile(r"\s*+(?:[-*\u2022\u00b7\u2013\u2014o]\s|\(?(?:\d{1,2}|[a-z])[.)]\s|\|)")
#: nor a label, or a paragraph named alone
_LABEL = re.compile(r"\s*+(?:(?:\*\*)?[^\W\d_]++(?:[ /][^\W\d_]++){0,2}+\s?[:\uff1a](?:\s|$)|\([^)\n]{1,20}+\)\s*$)")
#: a line of a list whose lines begin with the paragraph they speak of
_LISTED = re.compile(r"\s*+(?:[^\W\d_]{1,12}+\.?+|[\u00a7\u00b6])\s*+\d{1,3}+\b")
#: a line shorter than this was ended by its writer, a longer one perhaps by the mail client
_WRAP_WIDTH = 45

#: most lines that a mail client broke end in one of these
_LOWER_ASCII = frozenset("abcdefghijklmnopqrstuvwxyz")
#: quotation marks and brackets that may stand behind the stop of a sentence
_CLOSING = "\"')]\u201d\u2019\u00bb\u300d"


def fold(text: str) -> str:
    """`text` without accents, Arabic vowel marks and invisible signs, marks and spaces made plain; case is kept."""
    plain = text if text.isascii() else _fold_accents(text)
    # a replacement of each sign that occurs, and few do, costs less than a look at every letter
    signs = _PLAIN_ASCII.keys() if plain.isascii() else _PLAIN.keys() & set(plain)
    for sign in signs:
        plain = plain.replace(sign, _PLAIN[sign])
    while "  " in plain:
        plain = plain.replace("  ", " ")
    return plain


def _fold_accents(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", _INVISIBLE.sub("", text))
    for accent in filter(unicodedata.combining, set(decomposed)):
        decomposed = decomposed.replace(accent, "")
    return unicodedata.normalize("NFC", decomposed)


def list_words(text: str) -> list[str]:
    """The words of `text` folded, in lower case and in order; a word is letters alone."""
    if text.isascii():
        return text.translate(_LETTERS_ASCII).split()
    return _LETTERS.findall(fold(text).lower())


def fold_evenly(text: str) -> str:
    """`text` folded sign by sign: offsets in it are offsets in `text`."""
    folded = {ord(sign): fold(sign) for sign in set(text)}
    return text.translate({sign: plain for sign, plain in folded.items() if len(plain) == 1})


def join_wrapped_lines(text: str) -> str:
    """`text` with lines joined that a mail client broke; blank lines, bullets and lines ended on purpose stay."""
    pieces: list[str] = []
    wrapped = in_list = False
    for line in _list_lines(text):
        typed = line.rstrip()
        if not wrapped or not typed or _begins_anew(line) or (in_list and _LISTED.match(line)):
            pieces.append("\n")
            pieces.append(typed)
            in_list = _LISTED.match(typed) is not None
        else:
            pieces.append(" ")
            pieces.append(typed.lstrip())
        wrapped = len(typed) > _WRAP_WIDTH and (typed[-1] in _LOWER_ASCII or _is_open(typed))
    return "".join(pieces[1:])


def _list_lines(text: str) -> list[str]:
    return (text.replace("\r\n", "\n").replace("\r", "\n") if "\r" in text else text).split("\n")


def _begins_anew(line: str) -> bool:
    """Whether a line is one by itself, whatever stands above it."""
    if not line[:2].isalpha() and _ITEM.match(line) is not None:
        return True
    return (":" in line or ")" in line or "\uff1a" in line) and _LABEL.match(line) is not None


def _is_open(line: str) -> bool:
    """Whether no stop ends the line."""
    end = line.rstrip(_CLOSING)[-1:] or line[-1:]
    return end not in ".!?:;\u3002\uff01\uff1f\u061f"


def split_sentences(text: str) -> tuple[str, ...]:
    """The sentences of `text` in order, stripped, without empty ones. "para. 7" and "rev.1" do not end one."""
    return tuple(
        sentence for line in join_wrapped_lines(text).split("\n") for sentence in _split_line(line.strip()) if sentence
    )


def _split_line(line: str) -> list[str]:
    if not any(stop in line for stop in (*_STOPS, *_WIDE_STOPS)):
        return [line] if _WORD_SIGN.search(line) else []
    sentences = []
    start = 0
    for end in (_ALPHABETIC_END if line.isascii() else _SENTENCE_END).finditer(line):
        rest = line[end.end() :].lstrip()
        number_follows = rest[:1].isdigit() or rest[:1].islower()
        if number_follows and _ABBREVIATIONS.search(line[max(0, end.end() - 12) : end.end()]):
            continue
        sentences.append(line[start : end.end()].strip())
        start = end.end()
    sentences.append(line[start:].strip())
    return [sentence for sentence in sentences if _WORD_SIGN.search(sentence)]
