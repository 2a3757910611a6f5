"""The texts, and the rounds that ask for inputs to them. A round is not a revision."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadline:
    """An instant and the zone in which it was announced."""

    #: aware; compared as an instant
    at: datetime
    #: IANA name
    zone: str

    def __post_init__(self) -> None:
        if self.at.tzinfo is None:
            raise ValueError("a deadline needs a time zone: write 2012-10-31T18:00 with a zone such as Europe/Vienna")

    @property
    def local(self) -> datetime:
        """The instant on the wall clock of `zone`."""
        return self.at.astimezone(ZoneInfo(self.zone))


class Rule(StrEnum):
    """What makes a draft done."""

    #: inputs are collected; a silent agency is fine
    INPUTS = "inputs"
    #: every member must endorse in words
    ENDORSEMENT = "endorsement"
    #: the text stands unless somebody objects before the closing instant
    SILENCE = "silence"


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A text the group writes."""

    #: "YTH"; the subject token is [GROUP-CODE]
    code: str
    title: str
    #: free words: "thematic report"
    type: str
    #: codes of the agencies that lead it; they are not chased
    leads: tuple[str, ...]
    rule: Rule
    #: a sentence for people: "lead consolidates; chair solicits inputs"
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """One text of a draft, in the file that is or was circulated."""

    draft: str
    #: "r0", "r1"
    name: str
    #: sha256 of `docx`, hex
    sha256: str
    #: the file as circulated
    docx: bytes
    #: None until circulated
    circulated_at: datetime | None


#: when a round reminds unless the secretariat wants it otherwise; see `pipeline.core.ladder`
LADDER = ("T-7", "T-2", "T+1")


class RoundPurpose(StrEnum):
    """What a round asks for."""

    INPUTS = "inputs"
    SILENCE = "silence"
    ENDORSEMENT = "endorsement"


class RoundEnd(StrEnum):
    """How a round ended."""

    #: inputs were collected
    CLOSED = "closed"
    #: every member asked has endorsed the text, some perhaps with a reservation
    ENDORSED = "endorsed"
    NOT_ENDORSED = "not_endorsed"
    #: nobody objected before the closing instant
    NO_OBJECTION = "no_objection"
    SILENCE_BROKEN = "silence_broken"
    #: the draft was withdrawn while the round was open
    WITHDRAWN = "withdrawn"


class Level(StrEnum):
    """At which level an agency speaks for a text."""

    #: the experts who meet
    WORKING = "working"
    #: the head of the agency, or the head's office
    PRINCIPAL = "principal"


class DraftState(StrEnum):
    """How far a draft has come. See: docs/analysis/closing.md."""

    #: no round was opened on it yet
    PLANNED = "planned"
    OUT_FOR_INPUTS = "out_for_inputs"
    #: its last round is over, and nothing follows from that yet
    CONSOLIDATING = "consolidating"
    UNDER_SILENCE = "under_silence"
    SILENCE_BROKEN = "silence_broken"
    AWAITING_ENDORSEMENT = "awaiting_endorsement"
    #: nobody objected before the closing instant
    NO_OBJECTION = "no_objection"
    ENDORSED = "endorsed"
    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"


class StepKind(StrEnum):
    """What a person did with a draft as a whole."""

    PUBLISHED = "published"
    WITHDRAWN = "withdrawn"
    #: takes back one of the two others
    REOPENED = "reopened"


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftStep:
    """A draft was published, withdrawn or reopened: by whom, when, why."""

    draft: str
    kind: StepKind
    #: the text that was published; "" for the other steps
    revision: str
    at: datetime
    by: str
    reason: str = ""
    #: where it can be read; "" when nobody said
    link: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Addressee:
    """An agency a round asks, with the mail that asked it."""

    #: member or body code
    agency: str
    #: Message-ID of the call for inputs, with angle brackets; None before it is composed
    message_id: str | None
    #: its own deadline after a granted extension; None where the round's applies
    extension: Deadline | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Round:
    """A call for inputs: one request, one deadline, many addressees. Not a revision: several may pass during it."""

    id: int
    draft: str
    #: the revision it was opened on
    revision: str
    #: the newest revision circulated within it: the base of what comes in now
    current_revision: str
    purpose: RoundPurpose
    opened_at: datetime
    deadline: Deadline
    addressees: tuple[Addressee, ...]
    #: the subject of the call for inputs without reply prefixes
    subject: str
    closed_at: datetime | None = None
    #: steps at which it reminds, earliest first; empty when it reminds nobody
    ladder: tuple[str, ...] = LADDER
    #: reminders wait until a person releases them
    ask_first: bool = False
    #: None while it is open
    end: RoundEnd | None = None
