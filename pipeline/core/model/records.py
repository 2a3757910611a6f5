"""Our records of the mail that came and went."""

from dataclasses import dataclass
from datetime import datetime

from pipeline.core.model.judgement import Action, FileReading, Identity, Place, Verdict
from pipeline.core.model.mail import Mailbox
from pipeline.core.model.outgoing import MailState, OutgoingMail


@dataclass(frozen=True, slots=True, kw_only=True)
class Recognition:
    """All that was made of a recorded message: stored as one, replaced as one when it is recognised again."""

    identity: Identity | None
    verdict: Verdict
    action: Action
    subject: str
    sender: Mailbox | None
    message_id: str | None
    #: the Date field
    date: datetime | None
    #: what the sender newly wrote
    new_text: str
    #: the whole body as text
    text: str
    files: tuple[FileReading, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class InboundMessage:
    """Our record of a message: one for each distinct message, however often the server shows it."""

    id: int
    #: hex sha256 of the raw bytes: its identity
    sha256: str
    #: bytes
    size: int
    #: receipt instant of the trusted server
    received_at: datetime
    recorded_at: datetime
    place: Place
    #: a person has to look at it
    attention_open: bool
    #: None until recognised
    recognition: Recognition | None
    #: of the message it repeats or that replaced it
    duplicate_of: int | None = None
    superseded_by: int | None = None
    #: how often the server has shown it
    sightings: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class SentMail:
    """An outgoing mail and what became of it."""

    id: int
    mail: OutgoingMail
    state: MailState
    queued_at: datetime
    sent_at: datetime | None = None
    #: what the server said, or why it is uncertain
    note: str = ""
