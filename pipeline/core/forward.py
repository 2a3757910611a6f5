"""The message that another message carries in its text: forwarded, or answered. See: docs/analysis/quoting.md."""

import re
from dataclasses import dataclass

from pipeline.core.announcement import Mark, find_mark
from pipeline.core.attribution import find_writer
from pipeline.core.header_block import read_header_block
from pipeline.core.quote import MAX_LINES, QUOTED, seen_lines, trim_rule


@dataclass(frozen=True, slots=True, kw_only=True)
class Forward:
    """One message embedded in the text of another."""

    #: "forward" under a header block or a forwarding line, "reply" under an attribution or mere quote marks
    type: str
    #: who wrote it, as the client shows it: 'Name <address>'; "" when not said
    sender: str
    subject: str
    #: as the client wrote it, in its language
    date: str
    #: what it says, without one level of quote marks
    text: str
    #: what stands above it
    text_top: str
    #: the whole block, its header lines included
    raw_text: str


def find_forward(text: str) -> Forward | None:
    """The first message embedded in `text`; None when there is none. What it embeds in turn stays in its text."""
    lines = seen_lines(text.split("\n")[:MAX_LINES])
    for index, line in enumerate(lines):
        if QUOTED.match(line):
            return _read_quoted(lines, index)
        if found := find_mark(lines, index):
            return _read_marked(lines, index, *found)
    return None


def _read_quoted(lines: list[str], start: int) -> Forward:
    """A block of marked lines, which may hold the announcement as well."""
    end = _quoted_end(lines, start)
    block = [_unquote(line) for line in lines[start:end]]
    top = next((index for index, line in enumerate(block) if line.strip()), 0)
    if found := find_mark(block, top):
        inner = _read_marked(block, top, *found)
        return _with_top(inner, lines[:start], lines[start:end])
    return _make("reply", {}, block, lines[:start], lines[start:end])


def _read_marked(lines: list[str], start: int, mark: Mark, size: int) -> Forward:
    """What follows an announcement, to the end of its quote marks or of the text."""
    top, after = lines[:start], _skip_blank(lines, start + size)
    if mark is Mark.HEADER_BLOCK:
        return _read_body("forward", read_header_block(lines[start : start + size]), lines, start, start + size)
    if mark is Mark.ATTRIBUTION:
        fields = {"from": find_writer(" ".join(line.strip() for line in lines[start : start + size]))}
        return _read_body("reply", fields, lines, start, start + size)
    block, end = lines, after
    if after < len(lines) and QUOTED.match(lines[after]):
        end = _quoted_end(lines, after)
        block, after = [_unquote(line) for line in lines[after:end]], 0
    found = find_mark(block, after) if after < len(block) else None
    if found and found[0] is not Mark.SEPARATOR:
        return _with_top(_read_marked(block, after, *found), top, None, forwarded=mark is Mark.FORWARD)
    return _make("forward" if mark is Mark.FORWARD else "reply", {}, block[after:], top, block[after:])


def _read_body(kind: str, fields: dict[str, str], lines: list[str], start: int, after: int) -> Forward:
    body = _skip_blank(lines, after)
    if body < len(lines) and QUOTED.match(lines[body]):
        end = _quoted_end(lines, body)
        return _make(kind, fields, [_unquote(line) for line in lines[body:end]], lines[:start], lines[start:end])
    return _make(kind, fields, lines[body:], lines[:start], lines[start:])


def _make(kind: str, fields: dict[str, str], body: list[str], top: list[str], raw: list[str]) -> Forward:
    return Forward(
        type=kind,
        sender=fields.get("from", ""),
        subject=fields.get("subject", ""),
        date=fields.get("date", ""),
        text=_join(body),
        text_top=_join(trim_rule(top)),
        raw_text=_join(raw),
    )


def _with_top(inner: Forward, top: list[str], raw: list[str] | None, *, forwarded: bool = False) -> Forward:
    return Forward(
        type="forward" if forwarded else inner.type,
        sender=inner.sender,
        subject=inner.subject,
        date=inner.date,
        text=inner.text,
        text_top=_join(trim_rule(top)),
        raw_text=inner.raw_text if raw is None else _join(raw),
    )


def _join(lines: list[str]) -> str:
    return "\n".join(lines).strip("\n").rstrip()


def _unquote(line: str) -> str:
    """`line` without one quote mark and the blank after it."""
    return re.sub(r"^\s{0,3}(?:>|\uff1e|&gt;) ?", "", line, count=1)


def _quoted_end(lines: list[str], start: int) -> int:
    """Where the run of marked lines from `start` ends; one blank line between two of them does not end it."""
    end = start
    for index in range(start, len(lines)):
        if QUOTED.match(lines[index]):
            end = index + 1
        elif lines[index].strip() or index > end:
            break
    return end


def _skip_blank(lines: list[str], index: int) -> int:
    return next((position for position in range(index, len(lines)) if lines[position].strip()), len(lines))
