"""Take in what the mailbox serves. Two idempotent steps: recording the bytes, and recognising what they mean.

The first is durable before anything is clever; the second can be run by any process, and run again.
See: docs/path-of-a-message.md.
"""

import re
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
    Identity,
    InboundMessage,
    MailKind,
    Place,
    Recognition,
    Verdict,
)
from pipeline.core.route import route
from pipeline.core.rules import Rules
from pipeline.core.versions import find_superseded
from pipeline.errors import PenholderError, SandboxError, StoreError, UsageError
from pipeline.log import get_logger, line
from pipeline.propose import collect_changes, find_inherited
from pipeline.reading import FileFindings, KnownRevision, MessageReading, read_base, read_files, read_message
from pipeline.redline.model import BaseText
from pipeline.situation import build_context, own_addresses

logger = get_logger("receive")

#: how often a message is tried that never came to an end; after that once more its head alone
MOST_ATTEMPTS = 3

_END_OF_HEAD = re.compile(rb"\r?\n\r?\n")


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
    """Recognise every message that was recorded and not yet recognised, oldest first; none before there is a roster."""
    with desk.database.read() as db:
        waiting = store.messages.list_unrecognised(db)
        if waiting and not has_roster(db):
            logger.warning(line("no roster", waiting=len(waiting), then="penholder roster import"))
            return ()
    if not waiting:
        return ()
    with desk.database.begin() as db:
        noted = store.messages.note_first_attempts(db)
    return tuple(recognise(message_id, desk, now, noted=message_id in noted) for message_id in waiting)


def has_roster(db: store.Db) -> bool:
    """Whether it is known who is in the group: nothing can be recognised before."""
    try:
        store.rosters.get_roster(db)
    except UsageError:
        return False
    return True


def recognise(message_id: int, desk: Desk, now: datetime, *, noted: bool = False) -> Receipt:
    """What became of one recorded message: it always ends in a named place with a reason.

    `noted`: that this is its first attempt is committed already.
    Raises: StoreError; the message is tried again then.
    """
    attempts = 1 if noted else _note_attempt(message_id, desk)
    with desk.database.read() as db:
        raw, message = store.messages.get_raw(db, message_id), store.messages.get_message(db, message_id)
    tries = (try_whole, try_head)[max(0, attempts - MOST_ATTEMPTS) :]
    error: Exception | None = None if attempts <= MOST_ATTEMPTS else _make_surrender(attempts)
    for attempt in tries:
        try:
            return _keep(message_id, attempt(raw, message, desk, error), desk, now)
        except StoreError:
            raise
        except Exception as failure:  # one poison message never stops the next one
            words = line("unreadable", message=message_id, why=type(failure).__name__)
            logger.warning(words, exc_info=not isinstance(failure, PenholderError))
            error = error or failure
    assert error is not None
    return _keep(message_id, Understanding(recognition=make_failure(error)), desk, now)


def try_whole(raw: bytes, message: InboundMessage, desk: Desk, error: Exception | None) -> Understanding:
    """A recorded message read and held against the rounds. Raises: PenholderError when it cannot be read."""
    return understand(raw, message.received_at, desk, message.id)


def try_head(raw: bytes, message: InboundMessage, desk: Desk, error: Exception | None) -> Understanding:
    """What can still be said of a message that could not be read: who sent it, if its head can be read alone.

    An agency whose mail lies here unread must not be chased.
    """
    assert error is not None
    end = _END_OF_HEAD.search(raw)
    known = understand(raw[: end.start() if end else None] + b"\r\n\r\n", message.received_at, desk).recognition
    failure = make_failure(error)
    return Understanding(recognition=replace(known, verdict=failure.verdict, action=failure.action, files=()))


def _make_surrender(attempts: int) -> SandboxError:
    return SandboxError(f"Reading this message stopped the program {attempts - 1} times; it is not tried again.")


def make_failure(error: Exception) -> Recognition:
    """What is kept of a message of which nothing could be read."""
    foreseen = isinstance(error, PenholderError)
    reason = str(error) if foreseen else f"An error nobody foresaw ({type(error).__name__}): open the message by hand."
    flags = ("parse_defect", "needs_attention")
    return Recognition(
        identity=None,
        verdict=Verdict(kind=MailKind.OTHER, certainty=Certainty.GUESS, clues=(), flags=flags),
        action=Action(place=Place.FAILED, reason=reason, needs_attention=True, acknowledge=False),
        subject="",
        sender=None,
        message_id=None,
        date=None,
        new_text="",
        text="",
    )


def _keep(message_id: int, understanding: Understanding, desk: Desk, now: datetime) -> Receipt:
    """Store what a message means and all that follows from it, in one transaction."""
    with desk.database.begin() as db:
        store.messages.save_recognition(db, message_id, understanding.recognition, understanding.duplicate_of)
        kept = store.messages.get_message(db, message_id)
        keep_consequences(db, kept, understanding, desk, now)
    receipt = _make_receipt(kept)
    logger.info(line("recognised", message=message_id, place=receipt.place, kind=receipt.kind, agency=receipt.agency))
    return receipt


def _note_attempt(message_id: int, desk: Desk) -> int:
    with desk.database.begin() as db:
        return store.messages.note_attempt(db, message_id)


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
        findings = _mark_inherited(db, findings, identity, message_id)
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
    db: store.Db, findings: tuple[FileFindings, ...], identity: Identity, message_id: int | None
) -> tuple[FileFindings, ...]:
    if identity.agency is None or identity.round_id is None or not findings:
        return findings
    _, owners = find_inherited(findings, identity.agency, _list_others(db, identity.round_id, message_id))
    return tuple(replace(each, reading=replace(each.reading, carries=owners)) for each in findings)


def _list_others(db: store.Db, round_id: int, message_id: int | None) -> tuple[store.StoredProposal, ...]:
    """What other messages propose in a round: a message read again does not inherit from itself."""
    known = store.proposals.list_proposals(db, round_id=round_id)
    return tuple(each for each in known if each.message_id != message_id)


# --- Consequences -------------------------------------------------------------------------------------------------


def keep_consequences(
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
    """Store what a filed message proposes; one that lies elsewhere proposes nothing, whatever it did before."""
    recognition = message.recognition
    identity = _find_filed(message)
    if recognition is None or identity is None or identity.agency is None or identity.round_id is None:
        store.proposals.keep_revisions(db, message.id, "", ())
        return
    round_ = store.rounds.get_round(db, identity.round_id)
    known = read_revisions(db, desk)
    current = next(each for each in known if (each.draft, each.name) == (round_.draft, round_.current_revision))
    inherited, _ = find_inherited(findings, identity.agency, _list_others(db, round_.id, message.id))
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


def _find_filed(message: InboundMessage) -> Identity | None:
    """Under whose name a message proposes something; None for all that is no filed answer."""
    recognition = message.recognition
    if recognition is None or message.place is not Place.FILED:
        return None
    return None if recognition.verdict.kind is MailKind.LEAD_REVISION else recognition.identity


def _supersede(db: store.Db, message: InboundMessage) -> None:
    identity = message.recognition.identity if message.recognition else None
    if identity is None or identity.agency is None or identity.round_id is None:
        return
    same = store.messages.list_messages(db, agency=identity.agency, round_id=identity.round_id, limit=10_000)
    replaced = find_superseded(message, tuple(reversed(same)))
    for older in replaced:
        store.messages.supersede_message(db, older, message.id)
    for spared in (each.id for each in same if each.superseded_by == message.id and each.id not in replaced):
        words = f"message {message.id} does not replace it after all"
        store.messages.revive_message(db, spared, "penholder", message.recorded_at, words)


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
