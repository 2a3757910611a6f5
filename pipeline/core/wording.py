"""Text made comparable: folded and cut into sentences, no meaning read into it."""

import re
import unicodedata

_PLAIN_MARKS = str.maketrans(
    dict.fromkeys("\u2018\u2019\u201b\u2032\u00b4`", "'")
    | dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212", "-")
)
_INVISIBLE = re.compile("[\u00ad\u034f\u061c\u0640\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]")
_SPACES = re.compile(r"[^\S\n]+")

#: a full stop after one of these does not end a sentence
_ABBREVIATIONS = re.compile(
    r"(?:\b(?:paras?|pars?|pp|op|rev|no|nos|art|arts|fig|sec|ch|p|vs|cf|e\.g|i\.e|etc|approx|dr|mr|mrs|ms|prof|al|núm)|\d)\.$",
    re.IGNORECASE,
)
_SENTENCE_END = re.compile(r"[.!?\u2026\u061f\u06d4]+(?=[\s)\]]|$)|[\u3002\uff01\uff1f]+")
_BULLET = re.compile(r"\s*(?:[-*\u2022\u00b7\u2013\u2014o]\s|\(?\d{1,2}[.)]\s|\(?[a-z][.)]\s)")
#: a row of a table, a label, a paragraph named alone: never the rest of the line above
_OWN_LINE = re.compile(r"\s*(?:\||(?:\*\*)?[^\W\d_]+(?:[ /][^\W\d_]+){0,2}\s?[:\uff1a](?:\s|$)|\([^)\n]{1,20}\)\s*$)")
#: a line of a list whose lines begin with the paragraph they speak of
_LISTED = re.compile(r"\s*(?:[^\W\d_]{1,12}\.?|[\u00a7\u00b6])\s*\d{1,3}\b")
#: a line shorter than this was ended by its writer, a longer one perhaps by the mail client
_WRAP_WIDTH = 45

#: quotation marks and brackets that may stand behind the stop of a sentence
_CLOSING = "\"')]\u201d\u2019\u00bb\u300d"


def fold(text: str) -> str:
    """`text` without accents, Arabic vowel marks and invisible signs, marks and spaces made plain; case is kept."""
    plain = text.replace("`", "'") if text.isascii() else _fold_signs(text)
    return _SPACES.sub(" ", plain)


def _fold_signs(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", _INVISIBLE.sub("", text))
    accents = dict.fromkeys(ord(sign) for sign in set(decomposed) if unicodedata.combining(sign))
    return unicodedata.normalize("NFC", decomposed.translate(accents)).translate(_PLAIN_MARKS)


def fold_evenly(text: str) -> str:
    """`text` folded sign by sign: offsets in it are offsets in `text`."""
    return "".join(plain if len(plain := fold(sign)) == 1 else sign for sign in text)


def join_wrapped_lines(text: str) -> str:
    """`text` with lines joined that a mail client broke; blank lines, bullets and lines ended on purpose stay."""
    joined: list[list[str]] = []
    wrapped = False
    for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n"):
        if wrapped and line.strip() and not _begins_anew(line, joined[-1][0]):
            joined[-1].append(line.strip())
        else:
            joined.append([line.rstrip()])
        wrapped = _was_wrapped(line.rstrip())
    return "\n".join(" ".join(parts) for parts in joined)


def _begins_anew(line: str, above: str) -> bool:
    listed = _LISTED.match(line) is not None and _LISTED.match(above) is not None
    return listed or _BULLET.match(line) is not None or _OWN_LINE.match(line) is not None


def _was_wrapped(line: str) -> bool:
    end = line.rstrip(_CLOSING)[-1:] or line[-1:]
    return len(line) > _WRAP_WIDTH and end not in ".!?:;\u3002\uff01\uff1f\u061f"


def split_sentences(text: str) -> tuple[str, ...]:
    """The sentences of `text` in order, stripped, without empty ones. "para. 7" and "rev.1" do not end one."""
    return tuple(
        sentence for line in join_wrapped_lines(text).split("\n") for sentence in _split_line(line.strip()) if sentence
    )


def _split_line(line: str) -> list[str]:
    sentences = []
    start = 0
    for end in _SENTENCE_END.finditer(line):
        rest = line[end.end() :].lstrip()
        number_follows = rest[:1].isdigit() or rest[:1].islower()
        if number_follows and _ABBREVIATIONS.search(line[max(0, end.end() - 12) : end.end()]):
            continue
        sentences.append(line[start : end.end()].strip())
        start = end.end()
    sentences.append(line[start:].strip())
    return [sentence for sentence in sentences if re.search(r"\w", sentence)]
