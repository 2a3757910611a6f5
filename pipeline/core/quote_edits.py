"""Edits made by striking out and colouring the quoted HTML. See: docs/analysis/quoting.md."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import islice

from lxml.html import HtmlElement

from pipeline.core.announcement import find_mark
from pipeline.core.html_text import is_quote, parse_html, walk
from pipeline.core.ink import Ink, find_ink, read_styles

_BLOCKS = {"p", "div", "li", "tr", "td", "blockquote", "h1", "h2", "h3", "h4", "body", "br"}


@dataclass(frozen=True, slots=True)
class _Run:
    ink: Ink
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
    if not quoted and not any(run.ink is Ink.STRUCK for run in runs):
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
    inks, styles = [Ink.PLAIN], _find_styles(root)
    block = 0
    quoted = False
    for event, element in walk(root):
        if event == "start":
            block += element.tag in _BLOCKS
            quoted = quoted or element is begin or is_quote(element)
            colour = element.get("color") if element.tag == "font" else None
            inks.append(find_ink(element.tag, _style_of(element, styles), colour, inks[-1]))
            yield _Run(_shown(inks), element.text or "", block, quoted)
        else:
            if event == "end":
                inks.pop()
            block += element.tag in _BLOCKS
            yield _Run(_shown(inks), element.tail or "", block, quoted)


def _shown(inks: list[Ink]) -> Ink:
    return inks[-1] if inks and inks[-1] is not Ink.LINK else Ink.PLAIN


def _find_styles(root: HtmlElement) -> dict[str, str]:
    return read_styles("".join(element.text or "" for element in root.iter("style")))


def _style_of(element: HtmlElement, styles: dict[str, str]) -> str:
    """The declarations for an element, its own first."""
    own = element.get("style") or ""
    names = (element.get("class") or "").lower().split() if styles else ()
    return ";".join([own, *(styles[name] for name in names if name in styles)])


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
        if run.ink is Ink.PLAIN:
            index += 1
        elif after is None or after.ink is Ink.PLAIN or (after.ink is Ink.STRUCK) == (run.ink is Ink.STRUCK):
            yield (_words(run), "") if run.ink is Ink.STRUCK else ("", _words(run))
            index += 1
        elif run.ink is not Ink.STRUCK and index + 2 < len(runs) and _is_insertion(runs[index + 2], run.block):
            yield "", _words(run)
            index += 1
        else:
            yield (_words(run), _words(after)) if run.ink is Ink.STRUCK else (_words(after), _words(run))
            index += 2


def _is_insertion(run: _Run, block: int) -> bool:
    return run.block == block and run.ink not in (Ink.PLAIN, Ink.STRUCK)


def _settle(runs: list[_Run], *, any_colour: bool) -> list[_Run]:
    """`runs` with the ink that says nothing taken off.

    A colour other than red says "new" only when the sender named one, beside a deletion, or inside a paragraph of
    another colour; underlining says so only beside a deletion.
    """
    settled = []
    for index, run in enumerate(runs):
        near = [runs[other] for other in (index - 1, index + 1) if 0 <= other < len(runs)]
        inks = {other.ink for other in near if other.block == run.block}
        coloured = run.ink is Ink.COLOURED and not any_colour and inks.isdisjoint({Ink.STRUCK, Ink.PLAIN})
        underlined = run.ink is Ink.UNDERLINED and Ink.STRUCK not in inks
        settled.append(replace(run, ink=Ink.PLAIN) if coloured or underlined else run)
    return settled


def _words(run: _Run) -> str:
    return " ".join(run.text.split())
