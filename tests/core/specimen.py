"""Reader of the written specimens: a mail in which a margin says whose each line is.

`+` new words; `~` the sender's own signature; `?` a greeting or name that may stay or go; `|` history; `-` a banner,
disclaimer or footer of somebody else's. Under `---` an HTML mail lists what its text must hold (`+`, `?`) and must not
hold (`|`). What follows ` @ ` in the title is what `find_forward` says. `\\uXXXX` stands for an invisible character.
"""

import re
from dataclasses import dataclass
from pathlib import Path

FOLDER = Path(__file__).parent / "specimens"


@dataclass(frozen=True, slots=True, kw_only=True)
class Specimen:
    """One mail and whose its lines are."""

    title: str
    #: "", or the type and the sender that the forwarded block must show
    forward: str
    #: "" for a plain text mail
    html: str
    #: (margin, line)
    lines: tuple[tuple[str, str], ...]

    @property
    def text(self) -> str:
        """The body of a plain text mail."""
        return "\n".join(line for _, line in self.lines)


def read_specimens(name: str) -> tuple[Specimen, ...]:
    """The specimens of one file, in its order."""
    blocks = re.split(r"^=== ", (FOLDER / name).read_text(encoding="utf-8"), flags=re.MULTILINE)
    return tuple(_read(block) for block in blocks[1:])


def find_faults(specimen: Specimen, answer: str, *, signature: bool) -> list[str]:
    """What is lost from this answer ("lost: ...") and what it holds too much ("left: ...")."""
    wanted = {"+", "~"} if signature else {"+"}
    free = {"?", "-"} if signature else {"?"}
    rest = _fold(answer, specimen.html)
    faults, position = [], 0
    for margin, line in specimen.lines:
        words = _fold(line, specimen.html)
        if margin not in wanted | free or not words:
            continue
        at = rest.find(words, position)
        if at >= 0 and not rest[position:at].strip():
            position = at + len(words)
        elif margin in wanted:
            faults.append(f"lost: {line}")
    if rest[position:].strip() and not faults:
        faults.append(f"left: {rest[position:].strip()[:200]}")
    return faults


def _read(block: str) -> Specimen:
    head, _, body = block.partition("\n")
    title, _, forward = head.partition(" @ ")
    html, cut, margins = body.partition("\n---\n")
    rows = (margins if cut else body).rstrip("\n").split("\n")
    lines = tuple((row[:1] or "+", _unescape(row[1:])) for row in rows)
    return Specimen(title=title, forward=forward, html=html if cut else "", lines=lines)


def _unescape(line: str) -> str:
    return re.sub(r"\\u([0-9a-f]{4})", lambda match: chr(int(match[1], 16)), line)


def _fold(text: str, html: str) -> str:
    return re.sub(r"\s+", "" if html else " ", text.replace("\u200b", ""))
