"""Mail as it arrives: what a message says, without judgement."""

import hashlib
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class RawMessage:
    """The bytes IMAP served and where they lay. See: RFC 9051 2.3."""

    raw: bytes
    folder: str
    uid: int
    uid_validity: int
    #: when the trusted server received it: lateness is judged by it, never by the Date field
    internal_date: datetime

    @property
    def sha256(self) -> str:
        """Identity of the message: hex sha256 of its bytes."""
        return hashlib.sha256(self.raw).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Mailbox:
    """One mailbox of an address list. See: RFC 5322 3.4."""

    name: str
    #: lower case
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A file that came with a message, directly or inside another one."""

    #: decoded, without any path; "" when the sender gave none
    filename: str
    #: lower case, as declared: "application/pdf"
    content_type: str
    content: bytes
    #: "attachment", "inline" or ""
    disposition: str = ""
    #: Content-ID without angle brackets; "" when absent
    content_id: str = ""
    #: names of the containers it was taken from, outermost first: ("winmail.dat",)
    inside: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FailedRecipient:
    """One address a delivery report speaks of. See: RFC 3464 2.3."""

    #: lower case
    address: str
    #: True for 5.x.x or given up
    permanent: bool
    #: enhanced status code, "" when the report has none
    status: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedMail:
    """What a message says, without judgement. Defects are data, not errors."""

    #: with angle brackets; None when missing
    message_id: str | None
    #: with angle brackets, in order
    in_reply_to: tuple[str, ...]
    references: tuple[str, ...]
    #: first 22 bytes of Thread-Index as hex; None when absent. See: MS-OXOMSG 2.2.1.3
    thread_index: str | None
    #: decoded and unfolded, prefixes kept
    subject: str
    #: the Date field; None when missing or senseless
    date: datetime | None
    #: first mailbox of From; None when missing
    sender: Mailbox | None
    reply_to: tuple[Mailbox, ...]
    to: tuple[Mailbox, ...]
    cc: tuple[Mailbox, ...]
    #: lower case; "" for the null path; None when the field is absent
    return_path: str | None
    #: every header in order: lower-case name, decoded value
    headers: tuple[tuple[str, str], ...]
    #: media type of the whole with its parameters: "multipart/report; report-type=delivery-status"
    content_type: str
    #: the whole body as text, quoted history included; HTML-only mail is rendered
    text: str
    #: the HTML body as sent, "" when there is none; never shown unsanitised
    html: str
    #: nested messages, archives and winmail.dat still closed
    attachments: tuple[Attachment, ...]
    #: machine-readable parts of a report: media type and text, e.g. ("message/delivery-status", "...")
    reports: tuple[tuple[str, str], ...] = ()
    #: what was wrong with the message, in words
    defects: tuple[str, ...] = ()
    #: multipart/signed that could be read
    signed: bool = False
    #: enveloped S/MIME or PGP: nothing inside can be read
    encrypted: bool = False

    def get_header(self, name: str) -> str | None:
        """The first header of this lower-case name, None when absent."""
        for key, value in self.headers:
            if key == name:
                return value
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """The body told apart: what the sender wrote now, and the rest."""

    #: without quoted history, attribution lines, signature, disclaimer, banner
    new_text: str
    #: the same with the sender's own signature kept
    new_text_with_signature: str
    #: quoted history, "" when there is none
    quoted: str
    #: (old, new) wordings changed inside the quoted HTML by strike-out and colour
    quote_edits: tuple[tuple[str, str], ...] = ()
    #: the sender wrote inside the quoted text
    interleaved: bool = False
