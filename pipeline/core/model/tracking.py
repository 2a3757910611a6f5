"""Where each agency stands in a round."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from pipeline.core.model.drafts import Deadline, Level
from pipeline.core.model.judgement import MailKind, Place


class ResponseState(StrEnum):
    """Where one agency stands in one round. See: docs/analysis/tracking.md."""

    LEAD = "lead"
    AWAITING = "awaiting"
    ACKNOWLEDGED = "acknowledged"
    PARTIAL = "partial"
    CONTRIBUTED = "contributed"
    NO_COMMENT = "no_comment"
    EXTENSION_GRANTED = "extension_granted"
    OVERDUE = "overdue"
    DECLINED = "declined"
    ENDORSED = "endorsed"
    OBJECTED = "objected"
    #: goes along with the text and wishes a note on the record; only a person sets it
    RESERVATION = "reservation"
    BOUNCED = "bounced"


@dataclass(frozen=True, slots=True, kw_only=True)
class Filing:
    """One message as the tracking sees it: filed, held, quarantined or failed, and what it said."""

    message_id: int
    agency: str
    body: str | None
    #: None while nobody knows which round it belongs to
    round_id: int | None
    kind: MailKind
    place: Place
    received_at: datetime
    #: a person still has to look at it
    attention_open: bool
    flags: tuple[str, ...] = ()
    #: message that replaced it
    superseded_by: int | None = None
    #: how many changes and comments of it could be read: tells an answer from an unreadable one
    proposals: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Absence:
    """What an out-of-office reply says of somebody who writes for an agency."""

    message_id: int
    #: member or body code
    agency: str
    #: who is away, lower case
    address: str
    received_at: datetime
    #: the last day away
    until: date
    #: addresses it names instead, in its order, lower case
    deputies: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """What a person decided about an agency's response in a round."""

    agency: str
    round_id: int
    #: "grant_extension", "refuse_extension", "set_state"
    kind: str
    at: datetime
    by: str
    #: for grants: the new deadline
    until: Deadline | None = None
    #: for set_state
    state: ResponseState | None = None
    reason: str = ""
    #: for set_state: the message it rests on, the level that spoke, the paragraphs it names
    message_id: int | None = None
    level: Level | None = None
    paragraphs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """Where one agency stands in one round at one instant, and why."""

    agency: str
    state: ResponseState
    #: database id of the message that led to it; None when none did
    by: int | None
    since: datetime
    #: the instant that applies to this agency
    deadline: Deadline
    #: bodies heard and their kind of answer, in order of the roster
    bodies: tuple[tuple[str, MailKind], ...] = ()
    #: why nobody may chase this agency automatically; "" when it may be chased
    do_not_chase: str = ""
    #: it owes an answer and may be reminded
    outstanding: bool = False
    overdue: bool = False
    late: bool = False
    #: what a person entered, while no mail has changed it since
    entered: Decision | None = None
