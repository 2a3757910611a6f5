"""Where in a draft an instruction speaks of: paragraph numbers as people write them, and places that have none."""

import re
import unicodedata
from collections.abc import Iterator

from pipeline.core.wording import fold

NUMBER = r"(?:[PO]P\s?)?\d{1,3}(?:\.\d{1,3})*(?:\s?\([a-z]{1,3}\))?(?:\s?(?:bis|ter|quater)\b)?"
PARAGRAPH_WORD = (
    r"(?:(?<!\w)(?:paragraphs?|paragraphes?|paragr|parag|pargraphs?|paras?|pars?|parrafos?|parr|pgs?|abs|item|clause"
    r"|пункт\w*|пп?|абзац\w*|(?:ال)?فقر(?:ة|ات|تين))\b\.?|[\u00b6\u00a7]+)"
)
_CHINESE_DIGITS = {sign: value for value, sign in enumerate("零一二三四五六七八九")}
_CHINESE_NUMBER = "[零一二三四五六七八九十]{1,3}"
#: a paragraph named anywhere; one group holds its number
PARAGRAPH = re.compile(
    rf"{PARAGRAPH_WORD}\s*(?:n[o.]*\s*)?#?\s*({NUMBER})|第\s*(\d{{1,3}}|{_CHINESE_NUMBER})\s*[段条]|\b([PO]P\s?\d{{1,3}})\b",
    re.IGNORECASE,
)
_AND = r"(?:,\s*and|and|&|et|y|и|و|和|及)"
#: the others of "5 and 6", "3, 5 and 8"
_MORE = re.compile(
    rf"((?:\s*,\s*\d{{1,3}})*)\s*{_AND}\s*(?:{PARAGRAPH_WORD}\s*)?(\d{{1,3}})\b(?!\s?(?:st|nd|rd|th|lines?|sentences?|more|new)\b)",
    re.IGNORECASE,
)
_RANGE = re.compile(r"\s*(?:-|to|a|à)\s*(\d{1,3})\b(?!\s?(?:st|nd|rd|th|lines?|sentences?)\b)", re.IGNORECASE)
#: longest range taken apart
_LONGEST_RANGE = 12
#: places that have no paragraph number
_ELSEWHERE = re.compile(
    fold(
        r"(?<!\w)(?:titles?|sub-?titles?|headings?|titre|titulo|encabezado|footnotes?|fn\.?\s*\d|foot\s?note|note\s+de\s+bas"
        r"|nota\s+(?:al|a)\s+pie|сноск\w*|заголов\w+|العنوان|الحاشية|标题|脚注|annex\w*|page\s*\d|pp?\.\s*\d|pag\.\s*\d|line\s*\d"
        r"|(?:box|table|figure|chart|part|partie|parte)\s*\d|第\s*[\d零一二三四五六七八九十]{1,3}\s*[节章]"
        r"|(?:sections?|sect?\.|chapters?|chapitres?|chap\.|seccion(?:es)?|capitulos?|раздел\w*|глав\w*|القسم|الفصل)\s*"
        r"(?:\d|[ivx]+\b(?!\s+[a-z])))"
    ),
    re.IGNORECASE,
)
#: a heading or a note that is only described by a paragraph: "heading before para 9"
_DESCRIBED = re.compile(
    rf"\b(titles?|headings?|footnotes?|titre|titulo)\s+(?:\d+\s+)?(?:before|above|of|to|over|for|du|del)\s+(?:the\s+)?(?:{PARAGRAPH.pattern})",
    re.IGNORECASE,
)
#: what makes the number of a paragraph count within something smaller than the draft
_WITHIN = re.compile(
    r"(?<!\w)(?:page|pp?\.|pag\.|annex\w*|section|chapter|part|box|chapitre|seccion)\s*[\divxIVX]", re.I
)
#: every occurrence is meant
_EVERYWHERE = re.compile(
    fold(
        r"(?<!\w)(?:throughout|everywhere|wherever|across\s+the\s+(?:text|draft|document|paper)|all\s+(?:occurrences|instances|mentions)"
        r"|(?:in\s+)?(?:every|each)\s+(?:occurrence|instance)|in\s+the\s+(?:whole|entire)\s+(?:text|draft|document)|passim|globally"
        r"|dans\s+(?:tout|l'ensemble\s+du)\s+(?:le\s+)?(?:texte|document|projet)|partout|toutes\s+les\s+occurrences"
        r"|en\s+todo\s+el\s+(?:texto|documento|borrador)|a\s+lo\s+largo\s+del?|todas\s+las\s+(?:menciones|veces)"
        r"|по\s+всему\s+(?:тексту|документу)|везде|во\s+всем\s+тексте|في\s+(?:كامل|جميع\s+أنحاء|سائر|كل)\s+(?:النص|الوثيقة))|全文|通篇"
    ),
    re.IGNORECASE,
)


def tidy_number(number: str) -> str:
    """A paragraph number in plain digits, as printed: "pp 3" as "PP 3", "٢" as "2", "十二" as "12"."""
    if number[0] in _CHINESE_DIGITS or number[0] == "十":
        return str(_read_chinese(number))
    plain = "".join(str(unicodedata.digit(sign)) if sign.isdigit() else sign for sign in number)
    return " ".join(plain.upper().split()) if plain[:1].isalpha() else " ".join(plain.split())


def _read_chinese(number: str) -> int:
    tens, ten, ones = number.rpartition("十")
    return (_CHINESE_DIGITS.get(tens, 1) * 10 if ten else 0) + _CHINESE_DIGITS.get(ones[-1:], 0)


def find_numbers(text: str, named: re.Match[str]) -> tuple[str, ...]:
    """The number in `named`, a match of `PARAGRAPH` in `text`, and those that follow it: "3, 5 and 8", "5-7"."""
    first = tidy_number(next(filter(None, named.groups())))
    return (first, *_find_more(text, named.end(), first))


def _find_more(text: str, at: int, first: str) -> Iterator[str]:
    if not first.isdigit():
        return
    if span := _RANGE.match(text, at):
        last = int(span[1])
        if int(first) < last <= int(first) + _LONGEST_RANGE:
            yield from map(str, range(int(first) + 1, last + 1))
    elif more := _MORE.match(text, at):
        yield from map(tidy_number, re.findall(r"\d+", more[1]))
        yield tidy_number(more[2])


def is_elsewhere(text: str) -> bool:
    """Whether `text` (folded) names a place without a paragraph number: the title, a footnote, a page."""
    return _ELSEWHERE.search(text) is not None


def leave_described(text: str) -> str:
    """`text` (folded) without a paragraph that only says which heading or note is meant."""
    return _DESCRIBED.sub(r"\1", text)


def counts_within(text: str) -> bool:
    """Whether a paragraph named after `text` (folded) may be counted within a page, a section or an annex."""
    return _WITHIN.search(text) is not None


def is_everywhere(text: str) -> bool:
    """Whether `text` (folded) speaks of every place in which some wording stands."""
    return _EVERYWHERE.search(text) is not None
