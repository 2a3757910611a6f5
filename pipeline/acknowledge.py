"""Tell a sender what was received and read: each message in one receipt, several in one, never to a machine."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from pipeline.adapters import store
from pipeline.circulate import read_letterhead
from pipeline.core import letters
from pipeline.core.model import (
    Agency,
    Identity,
    InboundMessage,
    MailKind,
    MailState,
    Occasion,
    OutgoingMail,
    Place,
    Recognition,
    Response,
    Roster,
    SentMail,
)
from pipeline.core.receipts import Receipt, make_receipt
from pipeline.core.recipients import find_recipients
from pipeline.core.tracking import responses
from pipeline.errors import UsageError
from pipeline.redline.model import ChangeKind

#: the first receipt leaves at once; what comes in this long after it is told together at the end
WINDOW = timedelta(minutes=10)
#: mail a person wrote to us as an answer to a round
_ANSWERED = frozenset(
    {
        MailKind.CONTRIBUTION,
        MailKind.NO_COMMENT,
        MailKind.ACKNOWLEDGEMENT,
        MailKind.EXTENSION_REQUEST,
        MailKind.QUESTION,
        MailKind.ENDORSEMENT,
        MailKind.OBJECTION,
        MailKind.DECLINE,
        MailKind.LEAD_REVISION,
        MailKind.OTHER,
    }
)
#: places whose mail is looked at by us or by a person, so that there is something to confirm
_RECEIVED = frozenset({Place.FILED, Place.HELD})


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sender:
    """Whom a receipt answers."""

    #: the body that wrote, or the member
    agency: Agency
    #: the address the receipt goes to
    to: str
    round_id: int


def acknowledge(db: store.Db, message: InboundMessage, *, now: datetime, secret: str) -> OutgoingMail | None:
    """The receipt in the outbox that names the message; None when there is none to send.

    None for machine mail, unknown senders, failed authentication, duplicates, mail older than our first connection to
    the mailbox, where receipts are switched off, and when the message was answered before. To be called in the
    transaction that keeps what the message means, after its proposals are kept. See: docs/analysis/receipts.md.
    """
    recognition = message.recognition
    if recognition is None or recognition.identity is None or not _deserves(message, recognition):
        return None
    if _is_old(db, message) or store.receipts.find_receipt(db, message.id) is not None:
        return None
    sender = _find_sender(store.rosters.get_roster(db), recognition, recognition.identity, now)
    if sender is None:
        return None
    letterhead = read_letterhead(db, store.rounds.get_round(db, sender.round_id), secret)
    codes = {sender.agency.code, sender.agency.member or sender.agency.code}
    if store.receipts.is_off(db, letterhead.draft.code, codes):
        return None
    return _tell(db, letterhead, sender, message, now)


def _tell(
    db: store.Db, letterhead: letters.Letterhead, sender: _Sender, message: InboundMessage, now: datetime
) -> OutgoingMail | None:
    """The receipt that still waits for the same sender and round, with this message named too; else one of its own."""
    earlier = store.outbox.find_latest(db, Occasion.ACKNOWLEDGEMENT, sender.to, sender.agency.code, letterhead.round.id)
    if earlier is not None and earlier.state is MailState.QUEUED:
        named = [store.messages.get_message(db, each) for each in store.receipts.list_answered(db, earlier.id)]
        mail = _write(db, letterhead, sender, [*named, message], now)
        if store.outbox.rewrite(db, earlier.id, mail):
            store.receipts.note_receipt(db, message.id, earlier.id)
            return mail
    mail = replace(_write(db, letterhead, sender, [message], now), not_before=_find_leave(earlier, now))
    if not store.outbox.queue(db, mail, now):
        return None
    (queued,) = store.outbox.find_outgoing(db, [mail.message_id])
    store.receipts.note_receipt(db, message.id, queued.id)
    return mail


def _find_leave(earlier: SentMail | None, now: datetime) -> datetime:
    """At once; ten minutes after the receipt before it where that is later, so that what follows is gathered."""
    if earlier is None:
        return now
    return max(now, (earlier.sent_at or earlier.mail.not_before) + WINDOW)


def _deserves(message: InboundMessage, recognition: Recognition) -> bool:
    """Whether a receipt may go out at all."""
    identity = recognition.identity
    return (
        recognition.action.acknowledge
        and message.duplicate_of is None
        and message.place in _RECEIVED
        and recognition.verdict.kind in _ANSWERED
        and identity is not None
        and not identity.authentication_failed
        and identity.lookalike_of is None
    )


def _is_old(db: store.Db, message: InboundMessage) -> bool:
    """Whether it lay in the mailbox before we first connected to it: nobody waits for a receipt any more."""
    opened = store.messages.opened_at(db)
    return opened is not None and message.received_at < opened


def _find_sender(roster: Roster, recognition: Recognition, identity: Identity, now: datetime) -> _Sender | None:
    """Whom to answer; None for a code the roster does not know, an unknown round, and when no address is known."""
    wanted = identity.body or identity.agency
    agency = next((agency for agency in roster.agencies if agency.code == wanted), None)
    to = _find_address(agency, recognition, now) if agency else None
    if agency is None or to is None or identity.round_id is None:
        return None
    return _Sender(agency=agency, to=to, round_id=identity.round_id)


def _find_address(agency: Agency, recognition: Recognition, now: datetime) -> str | None:
    """Where the receipt goes: to the sender on the roster, else to the focal point of an agency whose domain wrote.

    A colleague who is not on the roster is answered through the focal point: nothing goes to an unknown address.
    """
    sender = recognition.sender
    if sender is None:
        return None
    if sender.address in {contact.address for contact in agency.contacts}:
        return sender.address
    to = find_recipients(agency, now).to
    return to[0] if to and sender.address.rpartition("@")[2] in agency.domains else None


def _write(
    db: store.Db,
    letterhead: letters.Letterhead,
    sender: _Sender,
    messages: Sequence[InboundMessage],
    now: datetime,
) -> OutgoingMail:
    """The receipt for messages of one sender in one round."""
    receipts = [found for each in messages if (found := _read_receipt(db, letterhead, each)) is not None]
    response = _read_response(db, letterhead, sender.agency, now)
    deadline = response.deadline if response else letterhead.round.deadline
    return letters.acknowledgement(letterhead, sender.agency, receipts, sender.to, deadline, now)


def _read_receipt(db: store.Db, letterhead: letters.Letterhead, message: InboundMessage) -> Receipt | None:
    """What is to be said of one message; None for one that is not recognised."""
    recognition = message.recognition
    if recognition is None:
        return None
    kept = store.proposals.list_proposals(db, message_id=message.id)
    served = recognition.identity.other_rounds if recognition.identity and message.place is Place.FILED else ()
    code = letterhead.roster.code
    others = tuple((f"{code}-{draft}", *_count(kept, other)) for draft, other in served)
    changes, comments = _count(kept, letterhead.round.id)
    return make_receipt(message, recognition, changes=changes, comments=comments, others=others)


def _count(kept: Sequence[store.StoredProposal], round_id: int) -> tuple[int, int]:
    """How many changes and how many comments are kept in one round."""
    kinds = [stored.proposal.change.kind for stored in kept if stored.round_id == round_id]
    comments = kinds.count(ChangeKind.COMMENT)
    return len(kinds) - comments, comments


def _read_response(db: store.Db, letterhead: letters.Letterhead, agency: Agency, now: datetime) -> Response | None:
    """Where the member of the agency stands: it knows the deadline that applies."""
    round = letterhead.round
    decisions = store.rounds.list_decisions(db, round.id)
    found = responses(round, letterhead.draft, letterhead.roster, (), decisions, now)
    return next((each for each in found if each.agency == (agency.member or agency.code)), None)


def switch_receipts(
    database: store.Database, draft: str, agency: str, *, on: bool, by: str, now: datetime, dry_run: bool = False
) -> bool:
    """Whether this changes anything: receipts on a draft, to an agency, or of an agency in a draft; "" stands for all.

    A receipt goes out where none of the three is switched off. Raises: UsageError for an unknown draft or agency.
    """
    with database.read() if dry_run else database.begin() as db:
        if draft:
            store.drafts.get_draft(db, draft)
        known = {each.code for each in store.rosters.get_roster(db).agencies}
        if agency and agency not in known:
            raise UsageError(f"There is no agency {agency} on the roster: see penholder roster export.")
        if on is ((draft, agency) not in store.receipts.list_off(db)):
            return False
        if not dry_run:
            store.receipts.switch(db, draft, agency, on=on, by=by, at=now)
        return True
