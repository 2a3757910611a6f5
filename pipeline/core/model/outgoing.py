"""Mail that goes out, and the reminders that are planned."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Occasion(StrEnum):
    """Why a mail goes out. (recipient, occasion key) is unique."""

    CALL = "call_for_inputs"
    REMINDER = "reminder"
    ACKNOWLEDGEMENT = "acknowledgement"
    NEW_REVISION = "new_revision"
    EXTENSION = "extension"
    #: what became of an agency's own proposals
    OUTCOME = "outcome"
    #: a copy for a person of ours who looks before anything goes out
    TRIAL = "trial"
    #: an objection came in a silence procedure
    SILENCE_BROKEN = "silence_broken"
    #: a silence or endorsement round has ended
    RESULT = "result"
    #: every morning, to the chair
    DIGEST = "digest"
    #: to the chair: a deadline has passed and the round is still open
    NUDGE = "nudge"


class MailState(StrEnum):
    """The life of an outgoing mail."""

    QUEUED = "queued"
    #: intent committed, SMTP under way; found in this state at start: uncertain
    SENDING = "sending"
    SENT = "sent"
    #: the connection was cut after DATA: shown to a person, never re-sent blindly
    UNCERTAIN = "uncertain"
    #: refused for good
    REFUSED = "refused"
    HELD = "held"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True, kw_only=True)
class OutgoingMail:
    """A mail to one addressee, ready to be sent."""

    #: with angle brackets; our own, unguessable
    message_id: str
    occasion: Occasion
    #: unique with the first recipient: "reminder:3:T-7:ILO"
    key: str
    to: tuple[str, ...]
    cc: tuple[str, ...]
    subject: str
    text: str
    #: complete RFC 5322 message with CRLF line ends
    raw: bytes
    not_before: datetime
    agency: str | None = None
    round_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedReminder:
    """One step of the ladder for one addressee, sent or not."""

    round_id: int
    #: member or body code
    agency: str
    #: "T-7", "T-2", "T+1"
    step: str
    at: datetime
    #: why it will not be sent; "" when it will
    skipped: str = ""
    #: why it goes out later than its step says; "" when it does not
    moved: str = ""
