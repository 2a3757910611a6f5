"""The nouns of the mail side. Frozen values only; every datetime is aware; addresses are lower case."""

import hashlib
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

# --- The group and its members ------------------------------------------------------------------------------


class Role(StrEnum):
    """In which capacity an address writes."""

    #: the working-level person or box that gets the calls for inputs
    FOCAL_POINT = "focal_point"
    #: stands in for the focal point, gets copies
    ALTERNATE = "alternate"
    #: a section's mailbox
    GENERIC = "generic"
    #: the office of the head: its endorsement counts at principal level
    PRINCIPAL = "principal_office"
    #: drafts a text on behalf of the lead
    LEAD_DRAFTER = "lead_drafter"
    #: the chair's own mailbox: never an answer of the chair's agency
    SECRETARIAT = "chair_secretariat"


@dataclass(frozen=True, slots=True, kw_only=True)
class FocalPoint:
    """One known address of an agency."""

    #: lower case
    address: str
    role: Role
    #: when a permanent failure was reported for it; None while mail gets through
    bounced_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Agency:
    """A member of the group, or one body of a member that has bodies."""

    #: short code, upper case: "UNICEF"
    code: str
    name: str
    #: IANA zone of its duty station
    timezone: str
    station: str = ""
    #: BCP 47 tag of the language it is written to
    language: str = "en"
    aliases: tuple[str, ...] = ()
    #: lower-case mail domains that belong to this agency alone
    domains: tuple[str, ...] = ()
    contacts: tuple[FocalPoint, ...] = ()
    un_entity: bool = True
    #: code of the member this is a body of; None for members
    member: str | None = None
    #: code of the body that answers for all bodies; None where there are none
    coordinator: str | None = None
    #: lower-case English three-letter weekday names
    workdays: tuple[str, ...] = ("mon", "tue", "wed", "thu", "fri")
    holidays: tuple[date, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Roster:
    """The group, its drafts mailbox and everybody in it."""

    code: str
    name: str
    #: the mailbox the poller reads, lower case
    mailbox: str
    #: the display name on outgoing mail
    from_name: str
    #: other addresses that are us, lower case
    aliases: tuple[str, ...]
    #: codes of the chairing members
    chair: tuple[str, ...]
    #: IANA zone in which deadlines are announced unless a draft says otherwise
    timezone: str
    workdays: tuple[str, ...]
    holidays: tuple[date, ...]
    #: members first, in the order of the roster, each followed by its bodies
    agencies: tuple[Agency, ...]
    chair_term: tuple[date, date] | None = None
    incoming_chair: str | None = None

    def get_agency(self, code: str) -> Agency:
        """The member or body with this code. Raises: KeyError."""
        for agency in self.agencies:
            if agency.code == code:
                return agency
        raise KeyError(code)

    @property
    def members(self) -> tuple[Agency, ...]:
        """The agencies that are members, without bodies."""
        return tuple(agency for agency in self.agencies if agency.member is None)

    def bodies_of(self, code: str) -> tuple[Agency, ...]:
        """The bodies of member `code`; empty for most members."""
        return tuple(agency for agency in self.agencies if agency.member == code)


# --- Drafts, revisions, rounds --------------------------------------------------------------------------------


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


class RoundPurpose(StrEnum):
    """What a round asks for."""

    INPUTS = "inputs"
    SILENCE = "silence"
    ENDORSEMENT = "endorsement"


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


# --- Mail as it arrives -----------------------------------------------------------------------------------------


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
        return next((value for key, value in self.headers if key == name), None)


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
    clues: tuple["Clue", ...]
    failed_recipients: tuple[FailedRecipient, ...] = ()
    #: the day until which an out-of-office reply says its writer is away
    away_until: date | None = None
    #: addresses an out-of-office reply names instead, lower case
    alternates: tuple[str, ...] = ()


# --- Judgement ------------------------------------------------------------------------------------------------


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
    #: agencies whose already known proposals the file still carries
    carries: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class TypedEdit:
    """A change asked for in words: "Para 4: replace X by Y"."""

    #: the number of the paragraph as printed, "4"; "" for the whole draft
    paragraph: str
    #: wording to replace; "" for a new paragraph or a remark
    old: str
    #: new wording; "" for a deletion or a remark
    new: str
    #: "replace", "delete", "insert_after" (a new paragraph), "replace_sentence" (old is an ordinal), "comment"
    operation: str
    #: remark that goes with it
    remark: str = ""
    #: "ge", "te" or "ed" where a table says so, else ""
    type: str = ""


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
    #: revision endorsed, with its level, when kind is ENDORSEMENT
    endorsed_revision: str | None = None
    principal_level: bool = False


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


# --- Tracking -------------------------------------------------------------------------------------------------


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
    BOUNCED = "bounced"


@dataclass(frozen=True, slots=True, kw_only=True)
class Filing:
    """One message as the tracking sees it: filed, held, quarantined or failed, and what it said."""

    message_id: int
    agency: str
    body: str | None
    round_id: int
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


# --- Mail that goes out -----------------------------------------------------------------------------------------


class Occasion(StrEnum):
    """Why a mail goes out. (recipient, occasion key) is unique."""

    CALL = "call_for_inputs"
    REMINDER = "reminder"
    ACKNOWLEDGEMENT = "acknowledgement"
    NEW_REVISION = "new_revision"
    EXTENSION = "extension"


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


# --- Our records ------------------------------------------------------------------------------------------------


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
