"""Invented messages as text, with what should be made of each.

A specimen begins with `=== name | kind | fact | fact`. Kind is `human`, a machine kind, or several with a bar between
where more than one answer is right. The facts are

    address status permanent    one that was not reached, several divided by a semicolon; `?` leaves a value open
    until 2012-11-05            the last day of an absence, `until ?` for none
    alt one@a.example           the addresses named instead

The message follows. Date, To, Message-ID and Content-Type are added where it has none, and six lines stand for what
reports repeat: `@report TYPE`, `@text`, `@status`, `@head`, `@original`, `@part TYPE`, and `@end`.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pipeline.core.model import MachineMail

_PARTS = {
    "@text": "text/plain; charset=utf-8",
    "@status": "message/delivery-status",
    "@original": "message/rfc822",
    "@head": "text/rfc822-headers",
}
_FIELDS = {
    "Date": "Thu, 25 Oct 2012 09:30:00 +0200",
    "To": "gmg-drafts@gmg.example",
    "Message-ID": "<x1@agency.example>",
}
_PLAIN = "MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n"


@dataclass(frozen=True, slots=True)
class Specimen:
    """One invented message and its expected reading."""

    name: str
    kinds: tuple[str, ...]
    facts: tuple[str, ...]
    raw: bytes


def read_specimens(name: str) -> list[Specimen]:
    """The specimens of one file beside this one, in order."""
    text = (Path(__file__).parent / f"{name}.txt").read_text(encoding="utf-8")
    return [_read_specimen(block) for block in re.split(r"(?m)^=== ", text)[1:]]


def _read_specimen(block: str) -> Specimen:
    first, _, message = block.partition("\n")
    name, kinds, *facts = (piece.strip() for piece in re.split(r"\s\|(?:\s|$)", first))
    return Specimen(name, tuple(kinds.split("|")), tuple(filter(None, facts)), _build(message))


def _build(message: str) -> bytes:
    body = "\n".join(map(_expand, message.split("\n")))
    head = body.partition("\n\n")[0]
    added = "".join(f"{name}: {value}\n" for name, value in _FIELDS.items() if not _has(head, name))
    return (added + ("" if _has(head, "Content-Type") else _PLAIN) + body).replace("\n", "\r\n").encode()


def _has(head: str, name: str) -> bool:
    return re.search(rf"(?mi)^{name}:", head) is not None


def _expand(line: str) -> str:
    mark, _, value = line.partition(" ")
    if mark == "@report":
        return f"MIME-Version: 1.0\nContent-Type: multipart/report; report-type={value}; boundary=B\n"
    if mark == "@end":
        return "--B--"
    if mark == "@part" or line in _PARTS:
        return f"--B\nContent-Type: {_PARTS.get(line, value)}\n"
    return line


def find_differences(specimen: Specimen, found: MachineMail | None) -> list[str]:
    """What was read otherwise than expected, in words; empty when all is as it should be."""
    kind = found.kind.value if found else "human"
    differences = [] if kind in specimen.kinds else [f"{kind} instead of {'|'.join(specimen.kinds)}"]
    for fact in specimen.facts:
        expected, read = _compare(fact, found)
        differences += [] if expected == read else [f"{read} instead of {expected}"]
    return differences


def _compare(fact: str, found: MachineMail | None) -> tuple[object, object]:
    word, _, rest = fact.partition(" ")
    if word == "until":
        return rest, str(found.away_until if found and found.away_until else "?")
    if word == "alt":
        return sorted(re.split(r",\s*", rest)), sorted(found.alternates if found else ())
    return _compare_failed(fact, found)


def _compare_failed(fact: str, found: MachineMail | None) -> tuple[object, object]:
    expected = {}
    for entry in fact.split(";"):
        address, status, permanence = entry.split()
        expected[address] = (status, permanence)
    read = {}
    for failed in found.failed_recipients if found else ():
        status, permanence = expected.get(failed.address, ("", ""))
        read[failed.address] = (
            "?" if status == "?" else failed.status,
            "?" if permanence == "?" else "permanent" if failed.permanent else "transient",
        )
    return expected, read


def all_specimens(*names: str) -> Iterator[Specimen]:
    """The specimens of several files."""
    for name in names:
        yield from read_specimens(name)
