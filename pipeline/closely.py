"""One message looked at closely, for people who ask: what `inspect` and `explain` show beyond what is filed.

Runs in the child process, as all reading does. See: docs/analysis/isolation.md.
"""

from dataclasses import dataclass
from datetime import datetime

from pipeline.core.authentication import Authentication, find_authentication, find_topmost_authentication
from pipeline.core.forward import Forward, find_forward
from pipeline.core.model import Attachment, Mailbox, ParsedMail
from pipeline.core.parse import parse_mail
from pipeline.errors import MailTooComplexError
from pipeline.reading import MessageReading, read_message

#: attached messages beyond this many are not opened for showing
MAX_NESTED = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class CloseReading:
    """A message as its reader sees it."""

    reading: MessageReading
    #: the body with the texts of attached messages below it, as mail programs show them
    shown_text: str
    #: the files of the message, then those inside attached messages
    shown_files: tuple[Attachment, ...]
    forwarded: Forward | None
    authentication: Authentication
    #: the server that states `authentication`; "" when none does
    authserv_id: str
    #: the server is our own; otherwise the topmost field was taken, which decides nothing
    trusted: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SenderSide:
    """What a message says of who sent it, and what a server says of that."""

    sender: Mailbox | None
    #: the Date field
    date: datetime | None
    reply_to: tuple[Mailbox, ...]
    #: None without the field, "" for a message that must not be answered
    return_path: str | None
    #: the server that states `authentication`; "" when none does
    authserv_id: str
    authentication: Authentication
    #: the server is our own; the word of any other decides nothing
    trusted: bool


def read_sender_side(raw: bytes, authserv_id: str) -> SenderSide:
    """Who a message says it is from, and who vouches for it. Raises: MailTooComplexError."""
    mail = parse_mail(raw)
    server, authentication = _find_authentication(mail, authserv_id)
    return SenderSide(
        sender=mail.sender,
        date=mail.date,
        reply_to=mail.reply_to,
        return_path=mail.return_path,
        authserv_id=server,
        authentication=authentication,
        trusted=bool(authserv_id),
    )


def _find_authentication(mail: ParsedMail, authserv_id: str) -> tuple[str, Authentication]:
    """What our own server states; where none is configured, what the topmost field states, and whose it is."""
    if authserv_id:
        return authserv_id, find_authentication(mail, authserv_id)
    return find_topmost_authentication(mail)


def read_closely(raw: bytes, own_addresses: frozenset[str], authserv_id: str) -> CloseReading:
    """A message read, with what it embeds. Raises: MailTooComplexError."""
    reading = read_message(raw, own_addresses)
    mail = reading.mail
    nested = tuple(_open_nested(mail))
    server, authentication = _find_authentication(mail, authserv_id)
    return CloseReading(
        reading=reading,
        shown_text="\n\n".join(text for text in (mail.text, *(inner.text for inner in nested)) if text.strip()),
        shown_files=(*mail.attachments, *(file for inner in nested for file in inner.attachments)),
        forwarded=find_forward(mail.text),
        authentication=authentication,
        authserv_id=server,
        trusted=bool(authserv_id),
    )


def _open_nested(mail: ParsedMail) -> list[ParsedMail]:
    found: list[ParsedMail] = []
    for file in mail.attachments:
        if file.content_type in ("message/rfc822", "message/global") and len(found) < MAX_NESTED:
            try:
                found.append(parse_mail(file.content))
            except MailTooComplexError:
                continue
    return found
