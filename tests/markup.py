"""CriticMarkup, the notation of redlines in tests: {++new++} {--old--} {>>comment<<} {==passage==}{>>comment<<}."""

import re
from dataclasses import dataclass

_MARK = re.compile(
    r"\{\+\+(?P<new>.*?)\+\+\}|\{--(?P<old>.*?)--\}|\{==(?P<anchor>.*?)==\}|\{>>(?P<remark>.*?)<<\}"
    r"|\{<<(?P<away>.*?)<<\}|\{\^\^(?P<here>.*?)\^\^\}",
    re.DOTALL,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """A stretch of marked-up text."""

    #: "keep", "new", "old", "anchor" (a passage that a comment follows), "remark", "away" and "here" (ends of a move)
    kind: str
    text: str


def parse_markup(text: str) -> list[Stretch]:
    """The stretches of a marked-up text in order.

    {<<words<<} is where a move takes its words from, {^^words^^} where it puts them.
    """
    stretches = []
    at = 0
    for match in _MARK.finditer(text):
        if match.start() > at:
            stretches.append(Stretch(kind="keep", text=text[at : match.start()]))
        kind = str(match.lastgroup)
        stretches.append(Stretch(kind=kind, text=match[kind]))
        at = match.end()
    if at < len(text):
        stretches.append(Stretch(kind="keep", text=text[at:]))
    return stretches


def before(text: str) -> str:
    """The marked-up text with everything rejected."""
    return "".join(part.text for part in parse_markup(text) if part.kind in ("keep", "old", "anchor", "away"))


def after(text: str) -> str:
    """The marked-up text with everything accepted."""
    return "".join(part.text for part in parse_markup(text) if part.kind in ("keep", "new", "anchor", "here"))
