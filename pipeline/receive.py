"""Take in what the mailbox serves. Two idempotent steps: recording the bytes, and recognising what they mean.

The first is durable before anything is clever; the second can be run by any process, and run again.
See: docs/path-of-a-message.md.
"""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Protocol

from pipeline.acknowledge import acknowledge
from pipeline.adapters import store
from pipeline.core.canonical import canonical_digest
from pipeline.core.classify import classify
from pipeline.core.identify import identify
from pipeline.core.model import (
    Action,
    Certainty,
    InboundMessage,
    MailKind,
    Place,
    Recognition,
    Verdict,
)
from pipeline.core.route import route
from pipeline.core.rules import Rules
from pipeline.core.versions import find_superseded
from pipeline.errors import MailTooComplexError, PenholderError, SandboxError
from pipeline.log import get_logger, line
from pipeline.propose import collect_changes, find_inherited
from pipeline.reading import FileFindings, KnownRevision, MessageReading, read_base, read_files, read_message
from pipeline.redline.model import BaseText
from pipeline.situation import build_context, own_addresses

logger = get_logger("receive")

#: how often a message is tried that never came to an end
MOST_ATTEMPTS = 3


class Reader(Protocol):
    """Calls a function in a child process that may die of what it reads."""

    def call(self, function: Callable[..., Any], *arguments: Any) -> Any:
        """What the function returns. Raises: SandboxError, or the PenholderError the function raised."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """What recognising needs besides the message."""

    database: store.Database
    reader: Reader
    rules: Rules
    #: name of our own server in Authentication-Results; "" when none is trusted
    authserv_id: str
    #: signs our Message-IDs
    secret: str
    #: texts of revisions by sha256 of their file, read once
    texts: dict[str, BaseText] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Receipt:
    """What became of a message."""

    message_id: int
    #: hex sha256 of its bytes
    sha256: str
    place: Place
    kind: MailKind
    agency: str | None
    draft: str | None
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Understanding:
    """A message read and held against the rounds; nothing is stored yet."""

    recognition: Recognition
    findings: tuple[FileFindings, ...] = ()
    #: earlier message it repeats word for word
    duplicate_of: int | None = None


def recognise_all(desk: Desk, now: datetime) -> tuple[Receipt, ...]:
    """Recognise every message that was recorded and not yet recognised, oldest first."""
    with desk.database.read() as db:
        waiting = store.messages.list_unrecognised(db)
    if not waiting:
        return ()
    with desk.database.begin() as db:
        noted = store.messages.note_first_attempts(db)
    return tuple(recognise(message_id, desk, now, noted=message_id in noted) for message_id in waiting)


def recognise(message_id: int, desk: Desk, now: datetime, *, noted: bool = False) -> Receipt:
    """What became of one recorded message: it always ends in a named place with a reason.

    `noted`: that this is its first attempt is committed already.
    """
    attempts = 1 if noted else _note_attempt(message_id, desk)
    with desk.database.read() as db:
        raw, message = store.messages.get_raw(db, message_id), store.messages.get_message(db, message_id)
    try:
        _refuse_after(attempts)
        understanding = understand(raw, message.received_at, desk, message_id)
    except Exception as error:  # one poison message never stops the next one
        logger.warning(line("unreadable", message=message_id, why=type(error).__name__), exc_info=not _foreseen(error))
        understanding = _understand_head(raw, message.received_at, desk, error)
    with desk.database.begin() as db:
        store.messages.save_recognition(db, message_id, understanding.recognition, understanding.duplicate_of)
        kept = store.messages.get_message(db, message_id)
        _keep_consequences(db, kept, understanding, desk, now)
    receipt = _make_receipt(kept)
    logger.info(line("recognised", message=message_id, place=receipt.place, kind=receipt.kind, agency=receipt.agency))
    return receipt


def _note_attempt(message_id: int, desk: Desk) -> int:
    with desk.database.begin() as db:
        return store.messages.note_attempt(db, message_id)


def _refuse_after(attempts: int) -> None:
    """Give up on a message that took the process down before. Raises: SandboxError."""
    if attempts > MOST_ATTEMPTS:
        raise SandboxError(f"Reading this message stopped the program {attempts - 1} times; it is not tried again.")


# --- Understanding ------------------------------------------------------------------------------------------------


def understand(raw: bytes, received_at: datetime, desk: Desk, message_id: int | None = None) -> Understanding:
    """A message read, identified, classified and routed; nothing is stored.

    `message_id` is None for a message that is not ours. Raises: PenholderError when it cannot be read.
    """
    with desk.database.read() as db:
        reading: MessageReading = desk.reader.call(read_message, raw, own_addresses(db))
        context = build_context(db, reading.mail, received_at, desk.authserv_id, desk.secret)
        findings = read_attachments(db, reading, desk)
        duplicate = _find_duplicate(db, reading, raw, message_id)
        files = tuple(finding.reading for finding in findings)
        identity = identify(reading.mail, reading.reply, files, reading.machine, context)
        findings = _mark_inherited(db, findings, identity.agency, identity.round_id)
    files = tuple(finding.reading for finding in findings)
    verdict = classify(reading.mail, reading.reply, reading.machine, identity, files, desk.rules, context)
    action = route(verdict, identity, reading.mail, files)
    if duplicate is not None:
        action = _ignore_repeat(duplicate)
    recognition = Recognition(
        identity=identity,
        verdict=verdict,
        action=action,
        subject=reading.mail.subject,
        sender=reading.mail.sender,
        message_id=reading.mail.message_id,
        date=reading.mail.date,
        new_text=reading.reply.new_text,
        text=reading.mail.text,
        files=files,
    )
    return Understanding(recognition=recognition, findings=findings, duplicate_of=duplicate)


def read_revisions(db: store.Db, desk: Desk) -> tuple[KnownRevision, ...]:
    """The text of every revision, newest last; each file is read once in the life of the process."""
    revisions = store.drafts.list_revisions(db)
    for revision in revisions:
        if revision.sha256 not in desk.texts:
            desk.texts[revision.sha256] = desk.reader.call(read_base, revision.docx)
    return tuple(
        KnownRevision(draft=revision.draft, name=revision.name, text=desk.texts[revision.sha256])
        for revision in revisions
    )


def read_attachments(db: store.Db, reading: MessageReading, desk: Desk) -> tuple[FileFindings, ...]:
    """What the files of a message turned out to be; machine mail brings none."""
    if reading.machine is not None or not reading.mail.attachments:
        return ()
    findings: tuple[FileFindings, ...] = desk.reader.call(
        read_files, reading.mail.attachments, read_revisions(db, desk)
    )
    return findings


def _find_duplicate(db: store.Db, reading: MessageReading, raw: bytes, message_id: int | None) -> int | None:
    if message_id is None:
        return None
    return store.messages.find_same(db, reading.mail.message_id or "", canonical_digest(raw), message_id)


def _ignore_repeat(duplicate: int) -> Action:
    return Action(
        place=Place.IGNORED,
        reason=f"This is message {duplicate} once more, delivered a second time.",
        needs_attention=False,
        acknowledge=False,
    )


def _mark_inherited(
    db: store.Db, findings: tuple[FileFindings, ...], agency: str | None, round_id: int | None
) -> tuple[FileFindings, ...]:
    if agency is None or round_id is None or not findings:
        return findings
    known = store.proposals.list_proposals(db, round_id=round_id)
    _, owners = find_inherited(findings, agency, known)
    return tuple(replace(each, reading=replace(each.reading, carries=owners)) for each in findings)


def _foreseen(error: Exception) -> bool:
    return isinstance(error, PenholderError)


def _understand_head(raw: bytes, received_at: datetime, desk: Desk, error: Exception) -> Understanding:
    """What can still be said of a message that could not be read: who sent it, if its head can be read alone.

    An agency whose mail lies here unread must not be chased.
    """
    reason = str(error) if _foreseen(error) else f"an error nobody foresaw ({type(error).__name__})"
    action = Action(place=Place.FAILED, reason=reason, needs_attention=True, acknowledge=False)
    verdict = Verdict(
        kind=MailKind.OTHER, certainty=Certainty.GUESS, clues=(), flags=("parse_defect", "needs_attention")
    )
    nothing = Recognition(
        identity=None,
        verdict=verdict,
        action=action,
        subject="",
        sender=None,
        message_id=None,
        date=None,
        new_text="",
        text="",
    )
    if isinstance(error, MailTooComplexError):
        return Understanding(recognition=nothing)
    head = raw.replace(b"\r\n", b"\n").partition(b"\n\n")[0] + b"\n\n"
    try:
        known = understand(head, received_at, desk).recognition
    except PenholderError:
        return Understanding(recognition=nothing)
    return Understanding(recognition=replace(known, verdict=verdict, action=action))


# --- Consequences -------------------------------------------------------------------------------------------------


def _keep_consequences(
    db: store.Db, message: InboundMessage, understanding: Understanding, desk: Desk, now: datetime
) -> None:
    """Everything that follows from a message, in the transaction that keeps what it means."""
    _mark_bounced(db, message)
    _keep_proposals(db, message, understanding.findings, desk)
    _supersede(db, message)
    acknowledge(db, message, now=now, secret=desk.secret)


def _mark_bounced(db: store.Db, message: InboundMessage) -> None:
    recognition = message.recognition
    if recognition is None or recognition.verdict.kind is not MailKind.BOUNCE:
        return
    for recipient in recognition.verdict.failed_recipients:
        if recipient.permanent:
            store.rosters.mark_bounced(db, recipient.address, message.received_at)


def _keep_proposals(db: store.Db, message: InboundMessage, findings: tuple[FileFindings, ...], desk: Desk) -> None:
    """Store what a filed message proposes; a message that went elsewhere proposes nothing."""
    recognition = message.recognition
    identity = recognition.identity if recognition else None
    if recognition is None or identity is None or identity.agency is None or identity.round_id is None:
        return
    if message.place is not Place.FILED or recognition.verdict.kind is MailKind.LEAD_REVISION:
        return
    if not findings and not recognition.verdict.typed_edits:
        store.proposals.keep_revisions(db, message.id, "", ())
        return
    round_ = store.rounds.get_round(db, identity.round_id)
    known = read_revisions(db, desk)
    current = next(each for each in known if (each.draft, each.name) == (round_.draft, round_.current_revision))
    others = store.proposals.list_proposals(db, round_id=round_.id)
    inherited, _ = find_inherited(findings, identity.agency, others)
    proposed = collect_changes(
        findings,
        recognition.verdict.typed_edits,
        draft=round_.draft,
        current=current,
        known=known,
        inherited=inherited,
        written_at=recognition.date or message.received_at,
    )
    store.proposals.keep_revisions(db, message.id, round_.draft, {each.revision for each in proposed})
    for each in proposed:
        store.proposals.replace_proposals(
            db,
            message_id=message.id,
            round_id=round_.id,
            draft=round_.draft,
            revision=each.revision,
            agency=identity.agency,
            body=identity.body,
            changes=each.changes,
        )


def _supersede(db: store.Db, message: InboundMessage) -> None:
    identity = message.recognition.identity if message.recognition else None
    if identity is None or identity.agency is None or identity.round_id is None:
        return
    same = store.messages.list_messages(db, agency=identity.agency, round_id=identity.round_id, limit=10_000)
    for older in find_superseded(message, tuple(reversed(same))):
        store.messages.supersede_message(db, older, message.id)


def _make_receipt(message: InboundMessage) -> Receipt:
    recognition = message.recognition
    assert recognition is not None
    return Receipt(
        message_id=message.id,
        sha256=message.sha256,
        place=message.place,
        kind=recognition.verdict.kind,
        agency=recognition.identity.agency if recognition.identity else None,
        draft=recognition.identity.draft if recognition.identity else None,
        reason=recognition.action.reason,
    )
