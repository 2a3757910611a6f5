"""Changes marked inside a sentence with plain signs: CriticMarkup, ~~struck~~ **new**, [delete: x] [add: y].

See: https://criticmarkup.com (its five marks), GitHub Flavored Markdown 6.5 (strikethrough).
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from pipeline.core.edit_forms import put_beside

_DELETED = r"\[\s*(?:deletion|deleted?|del|suppr\w*|supprimer|suprimir|удалить|исключить|删除|حذف)\s*[:\uff1a]\s*"
_ADDED = (
    r"\[\s*(?:add(?:ed|ition)?|new|insert(?:ed|ion)?|ins|ajout\w*|anadir|añadir|agregar|добавить|增加"
    r"|إضافة)\s*[:\uff1a]\s*"
)
_MARK = re.compile(
    r"\{~~(?P<was>.{1,600}?)~>(?P<now>.{0,600}?)~~\}|\{--(?P<a>.{1,600}?)--\}|\{\+\+(?P<b>.{1,600}?)\+\+\}"
    r"|\[-(?P<c>[^]]{1,600}?)-\]|\{\+(?P<d>[^}]{1,600}?)\+\}|\[\+(?P<e>[^]]{1,600}?)\+\]|~~(?P<f>[^~]{1,600}?)~~"
    rf"|{_DELETED}(?P<g>[^]]{{1,600}}?)\s*\]|{_ADDED}(?P<h>[^]]{{1,600}}?)\s*\]"
    r"|<del>(?P<i>.{1,600}?)</del>|<ins>(?P<j>.{1,600}?)</ins>|\*\*(?P<k>[^*]{1,600}?)\*\*|__(?P<m>[^_]{1,600}?)__",
    re.IGNORECASE,
)
_OLD = ("was", "a", "c", "f", "g", "i")
_NEW = ("now", "b", "d", "e", "h", "j", "k", "m")
_WORDS_OF_ANCHOR = 6
#: the opening of any mark
OPENING = re.compile(r"\{[-+~]|~~|\[[-+]|\[\s*\w+\s*[:\uff1a]|</?(?:del|ins)>")


@dataclass(frozen=True, slots=True)
class _Piece:
    """Words that stay, go or come."""

    #: " " stays, "-" goes, "+" comes
    sign: str
    words: str


def read_marks(sentence: str) -> tuple[tuple[str, str], ...]:
    """(old, new) of each marked change, in order; `new` is "" for a deletion.

    An addition beside nothing deleted comes with up to six words it stands beside, so that it has a place.
    """
    if OPENING.search(sentence) is None:
        return ()
    return tuple(_pair(list(_cut(sentence))))


def _cut(sentence: str) -> Iterator[_Piece]:
    at = 0
    for found in _MARK.finditer(sentence):
        yield _Piece(" ", sentence[at : found.start()])
        groups = found.groupdict()
        yield from (_Piece("-", groups[name].strip()) for name in _OLD if groups[name])
        yield from (_Piece("+", groups[name].strip()) for name in _NEW if groups[name])
        at = found.end()
    yield _Piece(" ", sentence[at:])


def _pair(pieces: list[_Piece]) -> Iterator[tuple[str, str]]:
    marks = [piece for piece in pieces if piece.sign != " " or piece.words.strip()]
    index = 0
    while index < len(marks):
        signs = {piece.sign for piece in marks[index : index + 2]}
        if signs == {"-", "+"}:
            words = {piece.sign: piece.words for piece in marks[index : index + 2]}
            yield words["-"], words["+"]
            index += 2
            continue
        if marks[index].sign == "-":
            yield marks[index].words, ""
        elif marks[index].sign == "+":
            yield from _find_anchor(marks, index)
        index += 1


def _find_anchor(marks: list[_Piece], index: int) -> Iterator[tuple[str, str]]:
    before = marks[index - 1].words.split() if index and marks[index - 1].sign == " " else []
    after = marks[index + 1].words.split() if index + 1 < len(marks) and marks[index + 1].sign == " " else []
    if before:
        anchor = " ".join(before[-_WORDS_OF_ANCHOR:])
        yield anchor, put_beside(anchor, marks[index].words, before=False)
    elif after:
        anchor = " ".join(after[:_WORDS_OF_ANCHOR])
        yield anchor, put_beside(anchor, marks[index].words, before=True)
