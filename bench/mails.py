"""Mails for the benchmarks: plain ones, answers above their history, and the same as HTML; always the same."""

import random
from collections.abc import Callable
from datetime import UTC, datetime
from email.utils import format_datetime
from html import escape

from tests.make_mail import make_mail

WORDS = (
    "migration", "youth", "policy", "paragraph", "rights", "remittances", "skills", "return", "protection", "agency",
    "member", "state", "draft", "text", "comments", "deadline", "coherence", "development", "children", "gender",
)  # fmt: skip


def make_plain(rng: random.Random, number: int) -> bytes:
    """A plain mail of about 4 kB."""
    when = datetime.fromtimestamp(1_349_000_000 + 60 * number, UTC)
    head = (
        f"From: Focal Point {number % 16} <fp{number % 16}@agency{number % 16}.example>\r\n"
        "To: gmg-drafts@gmg.example\r\n"
        f"Subject: Re: [GMG-YTH] comments {number}\r\nDate: {format_datetime(when)}\r\n"
        f"Message-ID: <{number}.{rng.getrandbits(64):x}@agency{number % 16}.example>\r\n"
        "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=us-ascii\r\n\r\n"
    )
    lines = (" ".join(rng.choices(WORDS, k=9)) for _ in range(50))
    return (head + "\r\n".join(lines) + "\r\n").encode()


def make_reply(rng: random.Random, number: int) -> bytes:
    """A plain answer with closing and signature above a quoted call for inputs."""
    history = "\n".join(f"> {line}" for line in _write_call(rng))
    return make_mail(text=f"{_write_answer(rng)}\n\n{_ATTRIBUTION}\n\n{history}\n", **_address(rng, number))


def make_html(rng: random.Random, number: int) -> bytes:
    """The same as a web client sends it: text and HTML side by side, the history in a quotation."""
    answer, call = _write_answer(rng), _write_call(rng)
    text = f"{answer}\n\n{_ATTRIBUTION}\n\n" + "\n".join(f"> {line}" for line in call)
    quoted = f'<div class="gmail_quote">{escape(_ATTRIBUTION)}<blockquote>{_to_html(call)}</blockquote></div>'
    html = f"<html><body><div>{_to_html(answer.splitlines())}</div>{quoted}</body></html>"
    return make_mail(text=text, html=html, **_address(rng, number))


#: name of each kind of mail and what makes one
KINDS: dict[str, Callable[[random.Random, int], bytes]] = {
    "plain mails of about 4 kB": make_plain,
    "answers above their history": make_reply,
    "answers in text and HTML": make_html,
}

_ATTRIBUTION = "On Mon, 1 Oct 2012 at 10:00, GMG Drafts <gmg-drafts@gmg.example> wrote:"


def _address(rng: random.Random, number: int) -> dict[str, str]:
    place = f"agency{number % 16}.example"
    return {
        "sender": f"Focal Point {number % 16} <fp{number % 16}@{place}>",
        "subject": f"Re: [GMG-YTH] comments {number}",
        "message_id": f"<{number}.{rng.getrandbits(64):x}@{place}>",
        "in_reply_to": f"<call.{rng.getrandbits(64):x}@gmg.example>",
    }


def _write_answer(rng: random.Random) -> str:
    sentences = " ".join(f"{' '.join(rng.choices(WORDS, k=9)).capitalize()}." for _ in range(6))
    return (
        f"Dear colleagues,\n\nThank you for the draft.\n{sentences}\n\nBest regards,\n\nAnn Example\n-- \nFocal point\n"
        "Tel. +41 22 000 00 00\nann@agency.example"
    )


def _write_call(rng: random.Random) -> list[str]:
    return ["Dear colleagues,", "", *(" ".join(rng.choices(WORDS, k=9)) for _ in range(30)), "", "The Chair"]


def _to_html(lines: list[str]) -> str:
    return "<br>\n".join(map(escape, lines))
