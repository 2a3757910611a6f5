"""What was made of a message: who, which draft, what for, and where it goes; each with its reasons."""

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from pipeline.core.model.group import Role
from pipeline.core.model.mail import FailedRecipient


class Certainty(StrEnum):
    """How sure we are; no fake probabilities."""

    #: two independent lines agree and nothing contradicts them
    SURE = "sure"
    #: one line, or one of the two is weak: filed with confirm_match or held with a suggestion
    LIKELY = "likely"
    #: a suggestion only
    GUESS = "guess"


@dataclass(frozen=True, slots=True, kw_only=True)
class Clue:
    """One reason, in words a secretary understands."""

    #: which rung of the ladder: "in_reply_to", "subject_token", "attachment_text", "roster_address" ...
    source: str
    #: what it points to: an agency code, a draft code, a kind; "" when it only describes
    points_to: str
    #: one sentence
    words: str


class MachineKind(StrEnum):
    """Mail that no person wrote as an answer."""

    AUTO_REPLY = "auto_reply"
    BOUNCE = "bounce"
    DELAY = "delay_notice"
    COMPLAINT = "complaint"
    RECEIPT = "receipt"
    CALENDAR = "calendar"
    RECALL = "recall"
    OWN = "own_mail"
    LIST = "list"


@dataclass(frozen=True, slots=True, kw_only=True)
class MachineMail:
    """A message told to be machine mail, with the facts in it that are of use."""

    kind: MachineKind
    clues: tuple[Clue, ...]
    failed_recipients: tuple[FailedRecipient, ...] = ()
    #: the day until which an out-of-office reply says its writer is away
    away_until: date | None = None
    #: addresses an out-of-office reply names instead, lower case
    alternates: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Identity:
    """Who wrote, and about which draft, as far as the evidence goes."""

    #: member code; None when unknown
    agency: str | None
    #: code of the body that wrote, for members with bodies
    body: str | None
    #: the capacity of the sender's address; None when it is not on the roster
    role: Role | None
    draft: str | None
    round_id: int | None
    #: the revision it speaks of, when the evidence says so
    revision: str | None
    who: Certainty
    which: Certainty
    clues: tuple[Clue, ...]
    #: the drafts two rungs disagree on, best first; empty when they agree
    candidates: tuple[str, ...] = ()
    #: the drafts to suggest to a person when `draft` is None
    suggested_draft: str | None = None
    #: code of the member an unknown writer may be of: by the name shown, or because our mail to it is answered
    suggested_agency: str | None = None
    #: (draft, round id) besides the main one: rounds its files serve too; without a draft, rounds it may be about
    other_rounds: tuple[tuple[str, int], ...] = ()
    #: failed SPF, DKIM or DMARC from our own server for a roster domain
    authentication_failed: bool = False
    #: the domain looks like a member's but is not
    lookalike_of: str | None = None


class MailKind(StrEnum):
    """What a message is for; one per message."""

    #: edits or comments, in a file or in the body
    CONTRIBUTION = "contribution"
    #: a clear "no comments"
    NO_COMMENT = "no_comment"
    ACKNOWLEDGEMENT = "acknowledgement"
    EXTENSION_REQUEST = "extension_request"
    QUESTION = "question"
    ENDORSEMENT = "endorsement"
    OBJECTION = "objection"
    DECLINE = "decline"
    #: a new base text from a lead of the draft
    LEAD_REVISION = "lead_revision"
    BOUNCE = "bounce"
    DELAY = "delay_notice"
    COMPLAINT = "complaint"
    AUTO_REPLY = "auto_reply"
    RECEIPT = "receipt"
    CALENDAR = "calendar"
    RECALL = "recall"
    OWN_MAIL = "own_mail"
    LIST = "list"
    SPAM = "spam"
    OTHER = "other"


class Unreadable(StrEnum):
    """Why a file that may hold a contribution could not be read."""

    DOC = "doc"
    ENCRYPTED = "encrypted"
    PDF_SCAN = "pdf_scan"
    PDF = "pdf"
    IMAGE = "image"
    XLSX = "xlsx"
    ARCHIVE = "archive"
    BROKEN = "broken"
    TOO_LARGE = "too_large"
    OTHER = "other"


class FileKind(StrEnum):
    """What a file turned out to be, by content first and name last."""

    DOCX = "docx"
    ODT = "odt"
    RTF = "rtf"
    MATRIX = "matrix"
    XLSX = "xlsx"
    PDF = "pdf"
    IMAGE = "image"
    DOC = "doc"
    ENCRYPTED = "encrypted"
    MACRO = "macro"
    EXECUTABLE = "executable"
    ARCHIVE = "archive"
    CALENDAR = "calendar"
    #: a logo, a vCard, a detached signature: not a contribution
    ORNAMENT = "ornament"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class FileReading:
    """What one attached file turned out to be; what it proposes is a redline and kept beside it."""

    filename: str
    #: names of the containers it was taken from, outermost first
    inside: tuple[str, ...]
    #: hex
    sha256: str
    #: bytes
    size: int
    kind: FileKind
    #: None when it was read
    unreadable: Unreadable | None = None
    #: sentence for people on why it could not be read
    reason: str = ""
    #: (draft, revision) of our stamp inside the file
    stamp: tuple[str, str] | None = None
    #: (draft, revision, share of that revision's text found in the file, 0-1), best first
    likeness: tuple[tuple[str, str, float], ...] = ()
    #: number of tracked and of untracked changes found against the best revision
    tracked: int = 0
    silent: int = 0
    #: number of comments in it
    comments: int = 0
    #: members whose changes the file still carries, and how many; they are not among those counted above
    carries: tuple[str, ...] = ()
    carried: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class TypedEdit:
    """A change asked for in words: "Para 4: replace X by Y"."""

    #: the number of the paragraph as printed, "4"; "" for the whole draft
    paragraph: str
    #: wording to replace; "" for a new paragraph or a remark
    old: str
    #: new wording; "" for a deletion or a remark
    new: str
    #: "replace", "delete", "replace_all", "delete_all" (every occurrence), "append", "prepend" (to the paragraph),
    #: "insert_after", "insert_before" (a new paragraph), "move_after", "move_before" (old is the number of the
    #: paragraph beside which it goes), "replace_sentence" (old is an ordinal), "comment"
    operation: str
    #: remark that goes with it
    remark: str = ""
    #: "ge", "te" or "ed" where a table says so, else ""
    type: str = ""
    #: read with less than full certainty: it holds only where `old` stands exactly once in the named paragraph
    only_there: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What a message is, and every fact taken from it."""

    kind: MailKind
    certainty: Certainty
    clues: tuple[Clue, ...]
    #: words of the scenario's expectations: "late", "needs_attention", "supersedes:<message id>" ...
    flags: tuple[str, ...] = ()
    #: asked-for day of an extension; None when none was named
    extension_until: date | None = None
    away_until: date | None = None
    alternates: tuple[str, ...] = ()
    failed_recipients: tuple[FailedRecipient, ...] = ()
    typed_edits: tuple[TypedEdit, ...] = ()
    #: the writer says that this replaces what was sent before
    supersedes: bool = False
    #: an answer for all bodies of the member
    consolidated: bool = False
    #: revision endorsed, when kind is ENDORSEMENT; whether the office of the head spoke, there and in objections
    endorsed_revision: str | None = None
    principal_level: bool = False
    #: the draft that it says an earlier mail was for; None when it says no such thing
    meant_draft: str | None = None
    #: ids of the messages that the receipt it answers is about
    answered: tuple[int, ...] = ()
    #: numbers of the paragraphs an objection names, as printed
    objected_paragraphs: tuple[str, ...] = ()


class Place(StrEnum):
    """Where a message ends; always with reasons."""

    #: stored, not yet recognised
    RECEIVED = "received"
    FILED = "filed"
    #: waits for a person, with a suggestion
    HELD = "held"
    #: machine mail, duplicates, our own
    IGNORED = "ignored"
    #: dangerous or forged: nothing in it is opened
    QUARANTINED = "quarantined"
    #: could not be read; the bytes are kept
    FAILED = "failed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """What to do with a message: the whole decision, ready to be stored."""

    place: Place
    #: one sentence for people
    reason: str
    #: a person has to look at it; nobody is chased meanwhile
    needs_attention: bool
    #: send a receipt
    acknowledge: bool
