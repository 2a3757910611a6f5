"""What a message means, held against the rounds: read in the child process, identified, classified, routed.

Nothing is stored. See: docs/path-of-a-message.md.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from typing import Any, Protocol

from pipeline.adapters import store
from pipeline.core.authors import find_maker, make_name_key
from pipeline.core.canonical import canonical_digest
from pipeline.core.classify import classify
from pipeline.core.identify import identify
from pipeline.core.model import Action, Clue, FileReading, Identity, Mailbox, Place, Recognition
from pipeline.core.route import route
from pipeline.core.rules import Rules
from pipeline.propose import find_carried, list_people, mark_carried
from pipeline.reading import FileFindings, KnownRevision, MessageReading, read_base, read_files_of, read_message
from pipeline.redline.model import BaseText
from pipeline.situation import Calls, build_context, own_addresses, read_calls


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
class Understanding:
    """A message read and held against the rounds; nothing is stored yet."""

    recognition: Recognition
    #: with everything that stands in the files, whoever made it
    findings: tuple[FileFindings, ...] = ()
    #: earlier message it repeats word for word
    duplicate_of: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadMail:
    """What the child process read of one message, its files included."""

    reading: MessageReading
    findings: tuple[FileFindings, ...]
    #: equal for two deliveries of the same mail
    digest: str


def understand(raw: bytes, received_at: datetime, desk: Desk, message_id: int | None = None) -> Understanding:
    """A message read, identified, classified and routed; nothing is stored.

    `message_id` is None for a message that is not ours. Raises: PenholderError when it cannot be read.
    """
    with desk.database.read() as db:
        return judge(db, read_mail(db, raw, desk), received_at, desk, message_id, read_calls(db))


def read_mail(db: store.Db, raw: bytes, desk: Desk) -> ReadMail:
    """A message and its files, read in the child process. Raises: PenholderError when it cannot be read."""
    reading: MessageReading = desk.reader.call(read_message, raw, own_addresses(db), False)
    findings = read_attachments(db, raw, reading, desk)
    reading = replace(reading, mail=replace(reading.mail, attachments=()))
    return ReadMail(reading=reading, findings=findings, digest=canonical_digest(raw))


def judge(
    db: store.Db, read: ReadMail, received_at: datetime, desk: Desk, message_id: int | None, calls: Calls
) -> Understanding:
    """What was read, identified, classified and routed; `db` is only read."""
    reading, findings = read.reading, read.findings
    context = build_context(db, reading.mail, received_at, desk.authserv_id, desk.secret, calls)
    duplicate = _find_duplicate(db, read, message_id)
    files = tuple(finding.reading for finding in findings)
    identity = identify(reading.mail, reading.reply, files, reading.machine, context)
    marked = set_carried_apart(db, findings, (identity,), reading.mail.sender, message_id)
    files = tuple(finding.reading for finding in marked)
    verdict = classify(reading.mail, reading.reply, reading.machine, identity, files, desk.rules, context)
    verdict = replace(verdict, clues=(*verdict.clues, *_explain_carried(files)))
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


def read_attachments(db: store.Db, raw: bytes, reading: MessageReading, desk: Desk) -> tuple[FileFindings, ...]:
    """What the files of a message turned out to be; machine mail brings none."""
    if reading.machine is not None or not reading.mail.attachments:
        return ()
    findings: tuple[FileFindings, ...] = desk.reader.call(read_files_of, raw, read_revisions(db, desk))
    return findings


def _find_duplicate(db: store.Db, read: ReadMail, message_id: int | None) -> int | None:
    if message_id is None:
        return None
    return store.messages.find_same(db, read.reading.mail.message_id or "", read.digest, message_id)


def _ignore_repeat(duplicate: int) -> Action:
    return Action(
        place=Place.IGNORED,
        reason=f"This is message {duplicate} once more, delivered a second time.",
        needs_attention=False,
        acknowledge=False,
    )


def set_carried_apart(
    db: store.Db,
    findings: tuple[FileFindings, ...],
    identities: Sequence[Identity],
    sender: Mailbox | None,
    message_id: int | None,
) -> tuple[FileFindings, ...]:
    """The files without the changes of other agencies than those the sender was taken for."""
    own = {identity.agency for identity in identities if identity.agency is not None}
    rounds = {round_id for identity in identities for round_id in list_rounds_of(identity)}
    if not own or not rounds or not any(finding.changes or finding.rows or finding.people for finding in findings):
        return findings
    known = [each for round_id in sorted(rounds) for each in _list_others(db, round_id, message_id)]
    roster = store.rosters.get_roster(db)
    writers = store.writers.find_writers(db, {make_name_key(person) for person in list_people(findings)})
    if sender is not None and (name := make_name_key(sender.name)):
        writers[name] = writers.get(name, frozenset()) | own
    find_own_maker = partial(find_maker, roster=roster, writers=writers)
    return tuple(mark_carried(each, find_carried(each, own, known, find_own_maker)) for each in findings)


def _explain_carried(files: tuple[FileReading, ...]) -> tuple[Clue, ...]:
    """Whose changes the files still carry: they count as the sender's by no means, and are not lost sight of."""
    return tuple(
        Clue(
            source="carries",
            points_to=owner,
            words=f"{file.filename or 'A file'} carries changes made by {owner}: they count when {owner} sends them.",
        )
        for file in files
        for owner in file.carries
    )


def list_rounds_of(identity: Identity) -> tuple[int, ...]:
    """The ids of the rounds a message concerns, the main one first."""
    main = () if identity.round_id is None else (identity.round_id,)
    return *main, *(round_id for _, round_id in identity.other_rounds)


def _list_others(db: store.Db, round_id: int, message_id: int | None) -> tuple[store.StoredProposal, ...]:
    """What other messages propose in a round: a message read again does not inherit from itself."""
    known = store.proposals.list_proposals(db, round_id=round_id)
    return tuple(each for each in known if each.message_id != message_id)
