"""Wording between quotation marks, taken out of a text and kept aside."""

import re
from dataclasses import dataclass

#: opening mark to the marks that may close it
_CLOSING = {
    "\u201c": "\u201d",
    "\u201e": "\u201c\u201d",
    "\u00ab": "\u00bb",
    "\u300c": "\u300d",
    "\u300e": "\u300f",
    '"': '"',
    "\uff02": "\uff02",
}
_SINGLE_CLOSING = {"\u2018": "\u2019", "'": "'"}
_MARK = re.compile(f"[{''.join((*_CLOSING, *_SINGLE_CLOSING))}]")
#: opening mark to what may end its quotation, or end the search for an end
_STOPS = {mark: re.compile(f"[{mark}{closing}]|\n\n") for mark, closing in _CLOSING.items()} | {
    mark: re.compile(f"[{closing}\n]") for mark, closing in _SINGLE_CLOSING.items()
}
#: longest wording believed to be one quotation, in characters
_LONGEST = 4000
#: marks that close nothing after which no more are looked for: a text full of them is no text
_MOST_UNCLOSED = 500
#: private-use signs around the number of a quotation: no mail writes them, and `set_aside` removes those that do
_OPEN, _CLOSE = "\ue000", "\ue001"
PLACEHOLDER = f"{_OPEN}(\\d+){_CLOSE}"
_PLACEHOLDER = re.compile(PLACEHOLDER)
_ALONE = re.compile(rf"\s*{PLACEHOLDER}\s*[.,;]?\s*")
_SIGNS = (*_CLOSING, *_SINGLE_CLOSING, _OPEN, _CLOSE)


@dataclass(frozen=True, slots=True, kw_only=True)
class SetAside:
    """A text in which each quotation is a numbered placeholder."""

    text: str
    #: wordings without their marks, white space collapsed, in order
    wordings: tuple[str, ...]

    def restore(self, part: str) -> str:
        """`part` of the text with its quotations back, in plain double marks."""
        if _OPEN not in part:
            return part
        return _PLACEHOLDER.sub(lambda found: f'"{self.wordings[int(found[1])]}"', part)

    def unquote(self, part: str) -> str:
        """`part` as the wording it stands for: without its marks when it is one quotation and nothing else."""
        alone = _ALONE.fullmatch(part)
        return self.wordings[int(alone[1])] if alone else " ".join(self.restore(part).split())


def has_marks(text: str) -> bool:
    """Whether a sign stands in `text` that may open a quotation; without one `set_aside` leaves it as it is."""
    return any(map(text.__contains__, _SIGNS))


def set_aside(text: str) -> SetAside:
    """`text` with every quotation replaced. A mark that nothing closes stays as it is."""
    if not has_marks(text):
        return SetAside(text=text, wordings=())
    clean = text.replace(_OPEN, "").replace(_CLOSE, "")
    out: list[str] = []
    wordings: list[str] = []
    at = unclosed = 0
    while unclosed < _MOST_UNCLOSED and (mark := _MARK.search(clean, at)):
        start = mark.start()
        end = _find_end(clean, start)
        if end is None:
            unclosed += 1
            out.append(clean[at : start + 1])
            at = start + 1
            continue
        out.append(f"{clean[at:start]}{_OPEN}{len(wordings)}{_CLOSE}")
        wordings.append(" ".join(clean[start + 1 : end].split()))
        at = end + 1
    return SetAside(text="".join((*out, clean[at:])), wordings=tuple(wordings))


def remove_placeholders(part: str) -> str:
    """`part` of a text whose quotations are set aside, without them."""
    return _PLACEHOLDER.sub(" ", part) if _OPEN in part else part


def _find_end(text: str, at: int) -> int | None:
    mark = text[at]
    if mark in _CLOSING:
        return _find_double_end(text, at)
    if mark in _SINGLE_CLOSING and not (at and text[at - 1].isalnum()):
        return _find_single_end(text, at)
    return None


def _find_double_end(text: str, at: int) -> int | None:
    closing = _CLOSING[text[at]]
    depth = 1
    for stop in _STOPS[text[at]].finditer(text, at + 1, at + _LONGEST):
        place = stop.start()
        if stop[0] in closing:
            depth -= 1
        elif stop[0] == text[at]:
            depth += 1
        else:
            return None
        if depth == 0:
            return place if text[at + 1 : place].strip() else None
    return None


def _find_single_end(text: str, at: int) -> int | None:
    """Apostrophes close nothing: no letter follows the closing mark, no space stands inside the marks."""
    if text[at + 1 : at + 2].isspace():
        return None
    for stop in _STOPS[text[at]].finditer(text, at + 2, at + _LONGEST):
        place = stop.start()
        if stop[0] == "\n":
            return None
        if not text[place + 1 : place + 2].isalnum() and not text[place - 1].isspace():
            return place
    return None
