"""Take in what the mailbox serves. Two idempotent steps: recording the bytes, and recognising what they mean.

The first is durable before anything is clever; the second can be run by any process, and run again.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any, Protocol

from pipeline.acknowledge import acknowledge
from pipeline.adapters import store
from pipeline.core.classify import classify
from pipeline.core.identify import Context, identify
from pipeline.core.model import (
    Action,
    Certainty,
    FileReading,
    Identity,
    MailKind,
    Place,
    RawMessage,
    Recognition,
    Verdict,
)
from pipeline.core.route import route
from pipeline.core.rules import Rules
from pipeline.core.versions import find_superseded
from pipeline.errors import PenholderError
from pipeline.log import get_logger, line
from pipeline.propose import Proposed, collect_changes, find_inherited
from pipeline.reading import FileFindings, KnownRevision, MessageReading, read_base, read_files, read_message
from pipeline.redline.model import BaseText

logger = get_logger("receive")


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
    place: Place
    kind: MailKind
    agency: str | None
    draft: str | None
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Understanding:
    """A message read against the rounds: ready to be stored in one transaction."""

    recognition: Recognition
    proposed: tuple[Proposed, ...] = ()
    duplicate_of: int | None = None


def record(database: store.Database, batch: Sequence[RawMessage], now: datetime) -> tuple[int, ...]:
    """Ids of the messages of a batch that are new; the bytes of all of them are durable when this returns."""
    with database.begin() as db:
        recorded = store.messages.record_batch(db, batch, now)
    return tuple(row.id for row in recorded if row.new)


def recognise_all(desk: Desk, now: datetime) -> tuple[Receipt, ...]:
    """Recognise every message that was recorded and not yet recognised, oldest first."""
    with desk.database.read() as db:
        waiting = store.messages.list_unrecognised(db)
    return tuple(recognise(message_id, desk, now) for message_id in waiting)


def recognise(message_id: int, desk: Desk, now: datetime) -> Receipt:
    """What became of one recorded message: it always ends in a named place with a reason."""
    with desk.database.read() as db:
        raw = store.messages.get_raw(db, message_id)
        received_at = store.messages.get_message(db, message_id).received_at
    try:
        understanding = understand(message_id, raw, received_at, desk)
    except Exception as error:  # the one place where a message may fail without stopping the next one
        logger.warning(line("failed", message=message_id, error=type(error).__name__), exc_info=not _expected(error))
        understanding = _understand_failed(raw, received_at, desk, error)
    receipt = _keep(message_id, understanding, desk, now)
    logger.info(line("recognised", message=message_id, place=receipt.place, kind=receipt.kind, agency=receipt.agency))
    return receipt


def understand(message_id: int | None, raw: bytes, received_at: datetime, desk: Desk) -> Understanding:
    """A message read, identified, classified and routed; nothing is stored. `message_id` None: not a recorded one."""
    with desk.database.read() as db:
        own = own_addresses(db)
        read: MessageReading = desk.reader.call(read_message, raw, own)
        duplicate = find_duplicate(db, message_id, raw, read)
        context = build_context(db, desk, read, received_at)
        known = read_revisions(db, desk)
        findings = desk.reader.call(read_files, read.mail.attachments, known) if read.mail.attachments else ()
        identity = identify(read.mail, read.reply, _readings(findings), read.machine, context)
        findings, inherited = _set_inherited_apart(db, findings, identity)
    files = _readings(findings)
    verdict = classify(read.mail, read.reply, read.machine, identity, files, desk.rules, context)
    recognition = _summarise(read, identity, verdict, route(verdict, identity, read.mail, files), files)
    proposed = _collect(recognition, findings, context, known, inherited)
    return Understanding(recognition=recognition, proposed=proposed, duplicate_of=duplicate)
