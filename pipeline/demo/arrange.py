"""The parts of a message in the order and nesting of its mail program."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

from pipeline.demo.clients import Client, Shape
from pipeline.demo.mime import MimePart, multipart, text_part


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What a message says, in both dresses."""

    #: typed now
    text: str
    #: history below it, "" without any
    quoted: str
    #: the whole as HTML
    html: str
    charset: str
    #: True when the program sent HTML alone
    html_only: bool = False


def arrange(
    client: Client, written: Written, files: Sequence[MimePart], inner: Sequence[MimePart], seed: str
) -> MimePart:
    """The parts of a message in the order and nesting of its program; `inner` are further forms of the text."""
    boundaries = [client.make_boundary(hashlib.sha256(f"{seed}/{level}".encode()).hexdigest()) for level in range(2)]
    if client.shape is Shape.SPLIT and files:
        pieces = [_text(client, written, written.text), *files]
        pieces += [_text(client, written, f"\n\n{written.quoted}")] if written.quoted else []
        return multipart("mixed", boundaries[0], pieces)
    body = _body(client, written, inner, boundaries[1])
    return multipart("mixed", boundaries[0], [body, *files]) if files else body


def _body(client: Client, written: Written, inner: Sequence[MimePart], boundary: str) -> MimePart:
    """The text, with its HTML form where the program writes one."""
    whole = "\n\n\n".join(piece for piece in (written.text, written.quoted) if piece)
    html = text_part(written.html, "html", written.charset, client.encoding)
    if written.html_only:
        return html
    forms = [_text(client, written, whole), *([html] if client.shape is Shape.ALTERNATIVE else []), *inner]
    return multipart("alternative", boundary, forms) if len(forms) > 1 else forms[0]


def _text(client: Client, written: Written, text: str) -> MimePart:
    """A plain text part."""
    if "flowed" in client.parameters:
        text = "\n".join(_flow(line, "delsp" in client.parameters) for line in text.split("\n"))
    return text_part(text + "\n", "plain", written.charset, client.encoding, client.parameters)


def _flow(line: str, deletes_space: bool) -> str:
    """A long line as several that end in a space; quoted lines stay as they are. See: RFC 3676 4.2."""
    if line.startswith(">") or len(line) <= 72:
        return f" {line}" if line.startswith((" ", "From ")) else line.rstrip()
    end = line.rfind(" ", 1, 72)
    if end < 0:
        return line
    soft = "  " if deletes_space else " "
    return f"{line[:end]}{soft}\n{_flow(line[end + 1 :], deletes_space)}"
