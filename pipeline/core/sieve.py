"""One quick look that tells whether any of many patterns can find something in a text.

A sieve is derived from the patterns it stands before: their look-arounds fall away, their counts and classes are
widened, and RE2 looks for all of them at once. So it never holds back what a pattern would find, and nobody has to keep
a list of words beside them. See: docs/analysis/speed.md.
"""

import re
from collections.abc import Callable, Iterable, Set
from functools import cached_property
from re import _constants as codes  # type: ignore[attr-defined]
from re import _parser as parser  # type: ignore[attr-defined]
from typing import Any

import re2

#: bytes one automaton may grow to before it begins anew
_MEMORY = 16 << 20
#: repeats beyond this many are not counted
_MOST_COUNTED = 3
_ASCII = range(0x80)
_SPACES = frozenset(sign for sign in _ASCII if chr(sign).isspace())
_CATEGORIES = {
    codes.CATEGORY_SPACE: _SPACES,
    codes.CATEGORY_DIGIT: frozenset(sign for sign in _ASCII if chr(sign).isdigit()),
    codes.CATEGORY_WORD: frozenset(sign for sign in _ASCII if chr(sign).isalnum() or chr(sign) == "_"),
}
_OPPOSITES = {
    codes.CATEGORY_NOT_SPACE: codes.CATEGORY_SPACE,
    codes.CATEGORY_NOT_DIGIT: codes.CATEGORY_DIGIT,
    codes.CATEGORY_NOT_WORD: codes.CATEGORY_WORD,
}
#: letters that are one letter to Python when case does not matter, some of them ASCII
_TWINS = tuple(frozenset(map(ord, twins)) for twins in ("iI\u0130\u0131", "kK\u212a", "sS\u017f"))
_TWINS_BEYOND_ASCII = frozenset[int]().union(*_TWINS) - frozenset(_ASCII)
_OTHER_SPACES = r"\p{Z}\x{85}"
_BEYOND_ASCII = r"\x{80}-\x{10ffff}"
_ANYTHING = r"(?s:.)*"
_SPACE = rf"\t-\r\x1c-\x20{_OTHER_SPACES}"
_GAP = f"[{_SPACE}]"
#: in what is written above, every letter beyond ASCII, and one that stands for them where there are none
_BEYOND, _NO_ASCII = re.compile(r"\\x\{(?:[89a-f][0-9a-f]|[0-9a-f]{3,})\}"), r"\\x{ff}"
#: what may have been stripped off the end of a line
_EDGE = rf"[\x00-/:-@\[-`{{-\x7f{_OTHER_SPACES}]*"


class Sieve:
    """Holds back texts in which none of its patterns finds anything. Derived when first asked, which takes a while."""

    def __init__(self, *patterns: re.Pattern[str]) -> None:
        """Stand before `patterns`."""
        self.patterns = patterns

    def may_find(self, text: str) -> bool:
        """False when no pattern finds anything in `text`, in a line of it, or in lines of it stripped and joined."""
        try:
            return (self._find_ascii if text.isascii() else self._find)(text.encode()) is not None
        except UnicodeEncodeError:
            return True

    @cached_property
    def _find(self) -> Callable[[bytes], object]:
        return _compile(self._wide, re2.Options.Encoding.UTF8)

    @cached_property
    def _find_ascii(self) -> Callable[[bytes], object]:
        """Without the letters of all scripts it is a fraction of the size, and stays in the processor's cache."""
        return _compile(_BEYOND.sub(_NO_ASCII, self._wide), re2.Options.Encoding.LATIN1)

    @cached_property
    def _wide(self) -> str:
        return "|".join(map(widen, self.patterns))


def _compile(pattern: str, encoding: re2.Options.Encoding) -> Callable[[bytes], object]:
    options = re2.Options()
    options.encoding = encoding
    options.never_capture = True
    options.log_errors = False
    options.max_mem = _MEMORY
    find: Callable[[bytes], object] = re2.compile(pattern.encode("ascii"), options).search
    return find


def widen(pattern: re.Pattern[str]) -> str:
    """An RE2 pattern that finds something, whatever the case, in every text in which `pattern` does."""
    return _write(parser.parse(pattern.pattern, pattern.flags))


def _write(steps: Iterable[tuple[Any, Any]]) -> str:
    return "".join(_WRITERS[code](value) for code, value in steps)


def _write_literal(sign: int) -> str:
    if sign in _SPACES:
        return f"{_GAP}+"
    return f"[{twins}]" if (twins := _write_twins({sign})) else rf"(?i:\x{{{sign:x}}})"


def _write_class(items: list[tuple[Any, Any]]) -> str:
    inside = frozenset[int]().union(*(_list_ascii(code, value) for code, value in items))
    negated = items[0][0] is codes.NEGATE
    signs = frozenset(_ASCII) - inside if negated else inside
    others = _BEYOND_ASCII if negated else "".join(_write_others(code, value) for code, value in items)
    # a space may stand for the end of a line and the spaces around it
    spaced = not signs.isdisjoint(_SPACES)
    written = "".join(rf"\x{{{sign:x}}}" for sign in sorted(signs)) + others + (_SPACE if spaced else "")
    written += _write_twins(signs)
    # among all other letters are some that RE2 takes for forms of "s" and "k"
    cased = f"[{written}{_swap_case(signs)}]" if _BEYOND_ASCII in others else f"(?i:[{written}])"
    return cased + ("+" if spaced else "")


def _write_twins(signs: Set[int]) -> str:
    """The letters that Python takes for one of `signs`, whatever the case, where RE2 does not or writes differently."""
    return "".join(rf"\x{{{twin:x}}}" for twins in _TWINS if not twins.isdisjoint(signs) for twin in sorted(twins))


def _swap_case(signs: frozenset[int]) -> str:
    return "".join(chr(sign).swapcase() for sign in sorted(signs) if chr(sign).isalpha())


def _list_ascii(code: Any, value: Any) -> frozenset[int]:
    if code is codes.LITERAL:
        return frozenset({value} & set(_ASCII))
    if code is codes.RANGE:
        return frozenset(range(value[0], min(value[1], _ASCII[-1]) + 1))
    if code is codes.CATEGORY:
        return _CATEGORIES[value] if value in _CATEGORIES else frozenset(_ASCII) - _CATEGORIES[_OPPOSITES[value]]
    return frozenset()


def _write_others(code: Any, value: Any) -> str:
    """What an item of a class takes beyond ASCII; of a category all of it."""
    if code in (codes.LITERAL, codes.RANGE):
        first, last = value if code is codes.RANGE else (value, value)
        if last in _ASCII:
            return ""
        twins = _write_twins({twin for twin in _TWINS_BEYOND_ASCII if first <= twin <= last})
        return rf"\x{{{max(first, 0x80):x}}}-\x{{{last:x}}}{twins}"
    return _OTHER_SPACES if value is codes.CATEGORY_SPACE else _BEYOND_ASCII


def _write_repeat(value: tuple[int, int, Iterable[tuple[Any, Any]]]) -> str:
    least, most, steps = value
    if most == 0:
        return ""
    if most == 1:
        return f"(?:{_write(steps)}){'' if least else '?'}"
    return f"(?:{_write(steps)}){{{min(least, _MOST_COUNTED)},}}"


def _write_branch(value: tuple[None, list[Iterable[tuple[Any, Any]]]]) -> str:
    return f"(?:{'|'.join(map(_write, value[1]))})"


def _write_place(place: Any) -> str:
    if place in (codes.AT_BEGINNING, codes.AT_BEGINNING_STRING):
        return f"(?m:^){_EDGE}"
    return f"{_EDGE}(?m:$)" if place in (codes.AT_END, codes.AT_END_STRING) else ""


_WRITERS: dict[Any, Callable[[Any], str]] = {
    codes.LITERAL: _write_literal,
    codes.NOT_LITERAL: lambda sign: _write_class([(codes.NEGATE, None), (codes.LITERAL, sign)]),
    codes.ANY: lambda _: _write_class([(codes.NEGATE, None)]),
    codes.IN: _write_class,
    codes.BRANCH: _write_branch,
    codes.SUBPATTERN: lambda value: f"(?:{_write(value[3])})",
    codes.ATOMIC_GROUP: lambda steps: f"(?:{_write(steps)})",
    codes.MAX_REPEAT: _write_repeat,
    codes.MIN_REPEAT: _write_repeat,
    codes.POSSESSIVE_REPEAT: _write_repeat,
    codes.AT: _write_place,
    codes.ASSERT: lambda _: "",
    codes.ASSERT_NOT: lambda _: "",
    codes.GROUPREF: lambda _: _ANYTHING,
    codes.GROUPREF_EXISTS: lambda _: _ANYTHING,
}
