"""The sample round, read once for all tests, and readers of its files that share no code with its writers."""

import email
import io
import zipfile
from email import policy
from email.message import EmailMessage
from functools import cache
from pathlib import Path
from typing import cast
from xml.etree import ElementTree

from pipeline.demo.messages import build_message
from pipeline.demo.scenario import Scenario, load_scenario

FOLDER = Path(__file__).parents[2] / "pipeline" / "demo" / "gmg"
W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"


@cache
def sample() -> Scenario:
    """The sample round."""
    return load_scenario(FOLDER)


@cache
def raw(name: str) -> bytes:
    """The bytes of one message."""
    scenario = sample()
    return build_message(scenario, scenario.get_message(name))


def read_mail(content: bytes) -> EmailMessage:
    """The message as the standard library reads it."""
    return cast(EmailMessage, email.message_from_bytes(content, policy=policy.default))


def mail(name: str) -> EmailMessage:
    """One message of the sample round."""
    return read_mail(raw(name))


def files(message: EmailMessage) -> dict[str, bytes]:
    """The attached files by name, those of nested messages included."""
    found = {}
    for part in message.walk():
        name = part.get_filename()
        if name and not part.is_multipart():
            found[name] = cast(bytes, part.get_payload(decode=True))
    return found


def plain_text(message: EmailMessage) -> str:
    """All plain text of a message, one part behind the other."""
    return "\n".join(part.get_content() for part in message.walk() if part.get_content_type() == "text/plain")


def html_text(message: EmailMessage) -> str:
    """The HTML of a message."""
    return "\n".join(part.get_content() for part in message.walk() if part.get_content_type() == "text/html")


def open_part(docx: bytes, name: str) -> ElementTree.Element:
    """One XML part of a Word file."""
    with zipfile.ZipFile(io.BytesIO(docx)) as archive:
        return ElementTree.fromstring(archive.read(name))


def paragraphs(docx: bytes, accept: bool) -> list[str]:
    """The paragraphs of the body with every tracked change accepted, or rejected; empty ones left out."""
    gone = {"del", "moveFrom"} if accept else {"ins", "moveTo"}
    texts, pending = [], ""
    for paragraph in open_part(docx, "word/document.xml").iter(f"{W}p"):
        pending += _text(paragraph, gone)
        mark = paragraph.find(f"{W}pPr/{W}rPr")
        marks = {child.tag.removeprefix(W) for child in mark} if mark is not None else set()
        if not marks & gone:
            texts.append(pending)
            pending = ""
    assert not pending
    return [text for text in texts if text]


def _text(element: ElementTree.Element, gone: set[str]) -> str:
    """The text below `element` without what is gone."""
    if element.tag.removeprefix(W) in gone:
        return ""
    if element.tag in (f"{W}t", f"{W}delText"):
        return element.text or ""
    return "".join(_text(child, gone) for child in element)


def authors(docx: bytes) -> set[str]:
    """Whoever is named as author of a tracked change."""
    root = open_part(docx, "word/document.xml")
    tags = {f"{W}{name}" for name in ("ins", "del", "moveFrom", "moveTo")}
    return {element.attrib[f"{W}author"] for element in root.iter() if element.tag in tags}
