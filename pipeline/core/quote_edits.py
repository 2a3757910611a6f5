"""Edits made by striking out and colouring the quoted HTML. See: docs/analysis/quoting.md."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import Enum, auto
from itertools import islice

from lxml.html import HtmlElement

from pipeline.core.announcement import find_mark
from pipeline.core.html_text import is_quote, parse_html, walk

_STRUCK = {"s", "strike", "del"}
_LINE_THROUGH = re.compile(r"text-decoration(?:-line)?\s*:[^;]*line-through", re.I)
_UNDERLINE = re.compile(r"text-decoration(?:-line)?\s*:[^;]*underline", re.I)
_COLOUR = re.compile(r"(?<![-\w])color\s*:\s*([^;!]+)", re.I)
_RGB = re.compile(r"rgba?\(\s*(\d{1,3})\s*,\s*(\d{1,3})\s*,\s*(\d{1,3})")
_NAMED = {
    "red": (255, 0, 0), "crimson": (220, 20, 60), "darkred": (139, 0, 0), "maroon": (128, 0, 0), "green": (0, 128, 0),
    "blue": (0, 0, 255), "purple": (128, 0, 128), "orange": (255, 165, 0), "magenta": (255, 0, 255),
    "lime": (0, 255, 0), "teal": (0, 128, 128),
    "fuchsia": (255, 0, 255), "darkgreen": (0, 100, 0), "orangered": (255, 69, 0),
    "firebrick": (178, 34, 34),
}  # fmt: skip
#: colours that clients give to whole answers and to links
_DEFAULT_COLOURS = {(31, 73, 125), (68, 84, 106), (0, 0, 238), (5, 99, 193), (47, 84, 150), (17, 85, 204)}
_BLOCKS = {"p", "div", "li", "tr", "td", "blockquote", "h1", "h2", "h3", "h4", "body", "br"}


class _Ink(Enum):
    PLAIN = auto()
    STRUCK = auto()
    RED = auto()
    COLOURED = auto()
    UNDERLINED = auto()
    INSERTED = auto()


@dataclass(frozen=True, slots=True)
class _Run:
    ink: _Ink
    text: str
    #: number of the block it stands in
    block: int
    quoted: bool


def find_quote_edits(html: str, *, any_colour: bool = False) -> tuple[tuple[str, str], ...]:
    """(old, new) wordings in order: struck-out runs and the coloured or inserted ones beside them.

    `any_colour` says that the sender named a colour: then it need not be red.
    """
    lower = html.lower()
    if not ("color" in lower or "<ins" in lower or "line-through" in lower or "<s" in lower or "<del" in lower):
        return ()
    root = parse_html(html)
    if root is None:
        return ()
    runs = list(_merge(_runs(root, _quote_begins_at(root))))
    quoted = [run for run in runs if run.quoted]
    if not quoted and not any(run.ink is _Ink.STRUCK for run in runs):
        return ()
    return tuple(_pair(_settle(quoted or runs, any_colour=any_colour)))


def _quote_begins_at(root: HtmlElement) -> HtmlElement | None:
    """The element with which history begins where no client marked it: the first with a localised header block."""
    if any(is_quote(element) for element in root.iter() if isinstance(element.tag, str)):
        return None

    for element in root.iter("p", "div", "span", "td", "font", "b", "strong"):
        lines = [line for line in _lines_of(element) if line.strip()] if _is_short(element) else []
        if lines and any(colon in lines[0] for colon in ":：-") and find_mark(lines, 0):
            return element
    return None


def _is_short(element: HtmlElement) -> bool:
    """Whether an element could be a header block; looks at no more than that takes."""
    nodes = list(islice(element.iter(), 120))
    return len(nodes) < 120 and sum(len(node.text or "") + len(node.tail or "") for node in nodes) < 2_000


def _lines_of(element: HtmlElement) -> list[str]:
    """The lines of one small element, cut at its line breaks and blocks."""
    lines = [""]
    for event, node in walk(element):
        if event == "start" and node.tag in _BLOCKS:
            lines.append("")
        text = node.text if event == "start" else node.tail if node is not element else None
        lines[-1] += " ".join((text or "").split()) + (" " if text else "")
    return lines


def _runs(root: HtmlElement, begin: HtmlElement | None) -> Iterator[_Run]:
    """Text in document order with its ink. After the mark of the history everything is quoted."""
    inks = [_Ink.PLAIN]
    block = 0
    quoted = False
    for event, element in walk(root):
        if event == "start":
            block += element.tag in _BLOCKS
            quoted = quoted or element is begin or is_quote(element)
            inks.append(_ink(element, inks[-1]))
            yield _Run(inks[-1], element.text or "", block, quoted)
        else:
            if event == "end":
                inks.pop()
            block += element.tag in _BLOCKS
            yield _Run(inks[-1] if inks else _Ink.PLAIN, element.tail or "", block, quoted)


def _ink(element: HtmlElement, inherited: _Ink) -> _Ink:
    style = element.get("style") or ""
    if element.tag in _STRUCK or _LINE_THROUGH.search(style):
        return _Ink.STRUCK
    if inherited is _Ink.STRUCK:
        return inherited
    if element.tag == "a":
        return _Ink.PLAIN
    if element.tag == "ins":
        return _Ink.INSERTED
    if inherited is _Ink.PLAIN and (element.tag == "u" or _UNDERLINE.search(style)):
        inherited = _Ink.UNDERLINED
    found = _COLOUR.search(style)
    colour = found[1] if found else element.get("color") if element.tag == "font" else None
    return inherited if colour is None or inherited is _Ink.INSERTED else _colour_ink(colour)


def _colour_ink(colour: str) -> _Ink:
    red, green, blue = rgb = _to_rgb(colour.strip().lower())
    if rgb in _DEFAULT_COLOURS or max(rgb) - min(rgb) < 60:
        return _Ink.PLAIN
    if red >= 120 and red - max(green, blue) >= 90:
        return _Ink.RED
    return _Ink.COLOURED


def _to_rgb(colour: str) -> tuple[int, int, int]:
    if found := _RGB.match(colour):
        return int(found[1]), int(found[2]), int(found[3])
    digits = colour.removeprefix("#")
    if re.fullmatch(r"[0-9a-f]{3}", digits):
        digits = "".join(digit * 2 for digit in digits)
    if re.fullmatch(r"[0-9a-f]{6}", digits):
        return int(digits[:2], 16), int(digits[2:4], 16), int(digits[4:], 16)
    return _NAMED.get(colour, (0, 0, 0))


def _merge(runs: Iterator[_Run]) -> Iterator[_Run]:
    """Neighbouring runs of one ink in one block as one; white space takes the ink of what it follows."""
    last: _Run | None = None
    pieces: list[str] = []
    for run in runs:
        blank = not run.text.strip()
        same = last is not None and last.block == run.block and last.quoted == run.quoted
        if last is not None and same and (blank or last.ink is run.ink):
            pieces.append(run.text)
        elif not blank:
            if last is not None:
                yield replace(last, text="".join(pieces))
            last, pieces = run, [run.text]
    if last is not None:
        yield replace(last, text="".join(pieces))


def _pair(runs: list[_Run]) -> Iterator[tuple[str, str]]:
    """A deletion beside an insertion is a replacement, whichever stands first."""
    index = 0
    while index < len(runs):
        run = runs[index]
        after = runs[index + 1] if index + 1 < len(runs) and runs[index + 1].block == run.block else None
        if run.ink is _Ink.PLAIN:
            index += 1
        elif after is None or after.ink is _Ink.PLAIN or (after.ink is _Ink.STRUCK) == (run.ink is _Ink.STRUCK):
            yield (_words(run), "") if run.ink is _Ink.STRUCK else ("", _words(run))
            index += 1
        elif run.ink is not _Ink.STRUCK and index + 2 < len(runs) and _is_insertion(runs[index + 2], run.block):
            yield "", _words(run)
            index += 1
        else:
            yield (_words(run), _words(after)) if run.ink is _Ink.STRUCK else (_words(after), _words(run))
            index += 2


def _is_insertion(run: _Run, block: int) -> bool:
    return run.block == block and run.ink not in (_Ink.PLAIN, _Ink.STRUCK)


def _settle(runs: list[_Run], *, any_colour: bool) -> list[_Run]:
    """`runs` with the ink that says nothing taken off.

    A colour other than red says "new" only when the sender named one, beside a deletion, or inside a paragraph of
    another colour; underlining says so only beside a deletion.
    """
    settled = []
    for index, run in enumerate(runs):
        near = [runs[other] for other in (index - 1, index + 1) if 0 <= other < len(runs)]
        inks = {other.ink for other in near if other.block == run.block}
        coloured = run.ink is _Ink.COLOURED and not any_colour and inks.isdisjoint({_Ink.STRUCK, _Ink.PLAIN})
        underlined = run.ink is _Ink.UNDERLINED and _Ink.STRUCK not in inks
        settled.append(replace(run, ink=_Ink.PLAIN) if coloured or underlined else run)
    return settled


def _words(run: _Run) -> str:
    return " ".join(run.text.split())
