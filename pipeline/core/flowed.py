"""A mail's text from logical lines: wrapped for every reader, and the same as simple HTML. See: RFC 3676."""

import html
import re

#: columns of a wrapped line, its trailing space included
WIDTH = 76
#: an invisible sign in front of a ">" that the format protects: it was typed and quotes nothing. See: RFC 3676 4.4
NO_QUOTE = "\u2060"
_NUMBERED = re.compile(r"\d+\. ")
_STYLE = "font-family: sans-serif; font-size: 1em; line-height: 1.4; max-width: 40em"


def flow(text: str) -> str:
    """Text in format=flowed: one logical line may take several, all but its last ending in a space."""
    return "\n".join(piece for line in text.split("\n") for piece in _flow_line(line)) + "\n"


def to_html(text: str, language: str) -> str:
    """The same text as an HTML page: paragraphs and lists, nothing that has to be fetched."""
    blocks = "\n".join(_to_block(block.split("\n")) for block in re.split(r"\n\n+", text.strip("\n")))
    return (
        f'<!DOCTYPE html>\n<html lang="{language}" dir="ltr">\n<head><meta charset="utf-8"></head>\n'
        f'<body style="{_STYLE}">\n{blocks}\n</body>\n</html>\n'
    )


def _flow_line(line: str) -> list[str]:
    """The lines one logical line takes; a word too long for a line stays whole."""
    if line == "-- ":
        return [line]
    pieces, current = [], ""
    for word in line.split(" "):
        if current and len(current) + len(word) + 1 > WIDTH:
            pieces.append(current)
            current = ""
        current += f"{word} "
    return [_stuff(piece) for piece in pieces] + [_stuff(current.rstrip())]


def _stuff(line: str) -> str:
    """The line with the space that protects a quote mark, a leading space and "From ". See: RFC 3676 4.4."""
    return f" {line}" if line.startswith((" ", ">", "From ")) else line


def _to_block(lines: list[str]) -> str:
    """One block of lines between blank ones; a heading line may stand before a list."""
    items = [line for line in lines if _item(line) is not None]
    lead = lines[: len(lines) - len(items)]
    if not items or any(_item(line) is not None for line in lead):
        return _paragraph(lines)
    tag = "ol" if _NUMBERED.match(items[0]) else "ul"
    entries = "".join(f"<li>{html.escape(_item(line) or '')}</li>" for line in items)
    return (f"{_paragraph(lead)}\n" if lead else "") + f"<{tag}>{entries}</{tag}>"


def _paragraph(lines: list[str]) -> str:
    """A paragraph that keeps its line ends."""
    return f"<p>{'<br>'.join(html.escape(line.rstrip()) for line in lines)}</p>"


def _item(line: str) -> str | None:
    """The words of a list item; None for a line that is none."""
    if line.startswith("- "):
        return line[2:]
    match = _NUMBERED.match(line)
    return line[match.end() :] if match else None
