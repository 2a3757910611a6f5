"""Outgoing mail: a template and its values made into a complete message. Same input, same bytes.

See: RFC 5322, RFC 3834 (Auto-Submitted), RFC 3676 (format=flowed); docs/analysis/sending-once.md.
"""

import base64
import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.header import Header
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import format_datetime
from functools import cache
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from jinja2 import FileSystemLoader, StrictUndefined, TemplateError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from pipeline.core import flowed, tokens
from pipeline.core.deadlines import describe, describe_short, pick_language
from pipeline.core.model import Agency, Attachment, Deadline, Draft, Occasion, OutgoingMail, Roster, Round, RoundPurpose
from pipeline.core.recipients import Recipients
from pipeline.errors import UsageError

#: the space before ":", ";", "?", "!" and a closing quotation mark, and the one after an opening mark
_BEFORE = re.compile(" (?=[:;?!\u00bb])")
_AFTER = re.compile("\u00ab ")
#: the template of the call, by what the round asks for
CALLS = {
    RoundPurpose.INPUTS: "call_for_inputs",
    RoundPurpose.SILENCE: "call_for_silence",
    RoundPurpose.ENDORSEMENT: "call_for_endorsement",
}
TEMPLATES = Path(__file__).parents[2] / "templates" / "mail"


#: fields with words of our own in them
_WORDED = frozenset({"subject", "thread-topic"})
#: longest line of a folded field, in characters. See: RFC 5322 2.1.1
_LINE = 76


class _MailPolicy(EmailPolicy):
    """The standard library's policy for SMTP, but for words beyond ASCII.

    When it breaks between two encoded words it loses the space between them: "procédure d’approbation" arrived as
    "procédured’approbation", as a subject and as a thread of its own.
    """

    def fold_binary(self, name: str, value: Any) -> bytes:
        """The field as bytes with its line ends."""
        if name.lower() not in _WORDED or str(value).isascii():
            return super().fold_binary(name, value)
        return f"{name}: {_encode_words(name, str(value))}\r\n".encode("ascii")


#: how every mail of ours becomes bytes
MAIL_POLICY = _MailPolicy(linesep="\r\n")


class UnreachableError(UsageError):
    """No address of an agency works."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Letterhead:
    """What every mail of a round has in common."""

    roster: Roster
    draft: Draft
    round: Round
    #: makes Message-IDs nobody else can make
    secret: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """One mail before it is written out."""

    #: folder under templates/mail
    template: str
    occasion: Occasion
    #: unique with the first recipient; names round, step and agency
    key: str
    agency: Agency
    recipients: Recipients
    #: the deadline that applies to the agency
    deadline: Deadline
    #: placeholders of the template besides the common ones
    values: Mapping[str, object]
    attachments: tuple[Attachment, ...] = ()
    #: Message-IDs of the thread, oldest first; the last one is answered
    thread: tuple[str, ...] = ()


def compose(letterhead: Letterhead, letter: Letter, now: datetime) -> OutgoingMail:
    """The mail, complete and ready to be queued.

    Raises: UnreachableError; UsageError when a template cannot be filled in.
    """
    if not letter.recipients.to:
        raise UnreachableError(f"No address of {letter.agency.code} works: correct its contacts in the roster.")
    subject, text = render(letterhead, letter)
    domain = letterhead.roster.mailbox.rpartition("@")[2]
    message_id = tokens.make_message_id(
        letterhead.secret,
        draft=letterhead.draft.code,
        revision=letterhead.round.current_revision,
        agency=letter.agency.code,
        key=letter.key,
        domain=domain,
    )
    mail = _write_headers(letterhead, letter, message_id, subject, now)
    language = pick_language(letter.agency.language)
    write_body(mail, letterhead.secret, message_id, text, language, letter.attachments)
    return OutgoingMail(
        message_id=message_id,
        occasion=letter.occasion,
        key=letter.key,
        to=letter.recipients.to,
        cc=letter.recipients.cc,
        subject=subject,
        text=flowed.flow(text),
        raw=mail.as_bytes(policy=MAIL_POLICY),
        not_before=now,
        agency=letter.agency.code,
        round_id=letterhead.round.id,
    )


def render(letterhead: Letterhead, letter: Letter) -> tuple[str, str]:
    """Subject and text (one logical line a paragraph) in the language the agency is written to."""
    language = pick_language(letter.agency.language)
    values = {**_common_values(letterhead, letter), **letter.values}
    subject, body = (fill(f"{letter.template}/{language}/{name}", values) for name in ("subject.txt", "body.txt"))
    body = body.strip("\n")
    return clean_subject(subject), join_french(body) if language == "fr" else body


def make_call_subject(letterhead: Letterhead, language: str) -> str:
    """The subject of the call for inputs in one of the languages mails are written in: it names the thread.

    Raises: UsageError when the template cannot be filled in.
    """
    roster, draft, round, tongue = letterhead.roster, letterhead.draft, letterhead.round, pick_language(language)
    values = {
        "token": f"{roster.code}-{draft.code}",
        "title": _shorten_title(letterhead),
        "revision": round.revision,
        "deadline_short": describe_short(round.deadline, tongue),
    }
    return clean_subject(fill(f"{CALLS[round.purpose]}/{tongue}/subject.txt", values))


def clean_subject(text: str) -> str:
    """One line without control characters: a title cannot begin another header."""
    visible = "".join(char if unicodedata.category(char)[0] not in "CZ" else " " for char in text)
    return " ".join(visible.split())


def _shorten_title(letterhead: Letterhead) -> str:
    """The title without the group's code, which the token gives already."""
    return letterhead.draft.title.removeprefix(f"{letterhead.roster.code} ")


@cache
def _environment() -> ImmutableSandboxedEnvironment:
    """The templates; an unknown placeholder is an error, never an empty place in a mail.

    People edit them: what one may call is what a sandbox allows.
    """
    # No autoescape: everything rendered here is plain text; HTML is made from the finished text and escaped there.
    return ImmutableSandboxedEnvironment(
        loader=FileSystemLoader(TEMPLATES), undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )


def fill(name: str, values: Mapping[str, object]) -> str:
    """A template with its values. Raises: UsageError naming the template."""
    try:
        return _environment().get_template(name).render(values)
    except (TemplateError, OverflowError) as error:
        raise UsageError(f"The template templates/mail/{name} cannot be filled in: {error}. Correct it.") from error


def _common_values(letterhead: Letterhead, letter: Letter) -> dict[str, object]:
    """The placeholders every template may use."""
    roster, draft, round, agency = letterhead.roster, letterhead.draft, letterhead.round, letter.agency
    return {
        "group": roster.name,
        "from_name": roster.from_name,
        "chair": ", ".join(roster.chair),
        "token": f"{roster.code}-{draft.code}",
        "title": _shorten_title(letterhead),
        "leads": ", ".join(draft.leads),
        "purpose": round.purpose.value,
        "opening_revision": round.revision,
        "revision": round.current_revision,
        "call_subject": make_call_subject(letterhead, agency.language),
        "agency": agency.code,
        "addressee": agency.code if agency.code == agency.name else f"{agency.code} ({agency.name})",
        "deadline": describe(letter.deadline, agency.timezone, agency.language, station=_find_place(agency)),
        "deadline_short": describe_short(letter.deadline, agency.language),
    }


def join_french(text: str) -> str:
    """French text with no line end before its double punctuation nor inside its quotation marks."""
    return _AFTER.sub("\u00ab\u00a0", _BEFORE.sub("\u00a0", text))


def _find_place(agency: Agency) -> str:
    """The name the agency's place goes by, without the state; "" where the roster names no single place."""
    place = agency.station.partition(",")[0].strip()
    return place if place[:1].isalpha() else ""


def _write_headers(
    letterhead: Letterhead, letter: Letter, message_id: str, subject: str, now: datetime
) -> EmailMessage:
    """A message without a body."""
    mail = start_message(letterhead.roster, letter.recipients, subject, message_id, letter.occasion, now)
    if letter.thread:
        mail["In-Reply-To"] = letter.thread[-1]
        mail["References"] = " ".join(dict.fromkeys(letter.thread))
    mail["Thread-Topic"] = make_call_subject(letterhead, letter.agency.language)
    mail["Thread-Index"] = base64.b64encode(_make_thread_index(letterhead, letter, now)).decode("ascii")
    return mail


def start_message(
    roster: Roster, recipients: Recipients, subject: str, message_id: str, occasion: Occasion, now: datetime
) -> EmailMessage:
    """A message of ours with the headers that every one has; no machine answers it."""
    mail = EmailMessage(policy=MAIL_POLICY)
    ours = Address(display_name=roster.from_name, addr_spec=roster.mailbox)
    mail["Date"] = format_datetime(now.astimezone(ZoneInfo(roster.timezone)))
    mail["From"] = ours
    mail["Reply-To"] = ours
    mail["To"] = [Address(addr_spec=address) for address in recipients.to]
    if recipients.cc:
        mail["Cc"] = [Address(addr_spec=address) for address in recipients.cc]
    mail["Subject"] = subject
    mail["Message-ID"] = message_id
    mail["Auto-Submitted"] = "auto-generated"
    mail["X-Auto-Response-Suppress"] = "All"
    mail["X-Penholder"] = occasion.value
    return mail


def _encode_words(name: str, words: str) -> str:
    """The words folded: plain up to the first one beyond ASCII, the rest as encoded words. See: RFC 2047."""
    split = words.split(" ")
    plain = next(at for at, word in enumerate(split) if not word.isascii())
    # the standard library takes a word with one of these at its edge for one with a space there
    while plain and not split[plain - 1][-1:].strip("()\\"):
        plain -= 1
    field = Header(maxlinelen=_LINE, header_name=name)
    if plain:
        field.append(" ".join(split[:plain]), "us-ascii")
    field.append(" ".join(split[plain:]), "utf-8")
    return field.encode(linesep="\r\n")


def _make_thread_index(letterhead: Letterhead, letter: Letter, now: datetime) -> bytes:
    """The call opens the agency's thread, every other mail is a child of the call."""
    round, secret = letterhead.round, letterhead.secret
    code = letter.agency.code
    start = tokens.start_thread_index(secret, round_id=round.id, agency=code, opened_at=round.opened_at)
    if letter.occasion is Occasion.CALL:
        return start
    return tokens.extend_thread_index(secret, start, key=letter.key, now=now)


def write_body(
    mail: EmailMessage,
    secret: bytes,
    message_id: str,
    text: str,
    language: str,
    attachments: Sequence[Attachment] = (),
) -> None:
    """Add text, HTML and attachments; boundaries are ours, so that the same mail always has the same bytes."""
    # Quoted-printable keeps the trailing spaces of format=flowed, which some servers cut off.
    mail.set_content(
        flowed.flow(text), charset="utf-8", cte="quoted-printable", params={"format": "flowed", "delsp": "no"}
    )
    mail.add_alternative(flowed.to_html(text, language), subtype="html", charset="utf-8", cte="quoted-printable")
    mail.set_boundary(tokens.make_boundary(secret, message_id, "alternative"))
    if attachments:
        mail.make_mixed(boundary=tokens.make_boundary(secret, message_id, "mixed"))
        _attach(mail, attachments)
    mail["Content-Language"] = language


def _attach(mail: EmailMessage, attachments: Sequence[Attachment]) -> None:
    """Add the files, each as base64."""
    for attachment in attachments:
        kind, _, subtype = attachment.content_type.partition("/")
        mail.add_attachment(attachment.content, maintype=kind, subtype=subtype, filename=attachment.filename)
