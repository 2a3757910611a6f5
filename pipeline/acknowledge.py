"""Tell a sender what was received and read: one receipt for each message, never to a machine."""

from collections.abc import Sequence
from datetime import datetime

from pipeline.adapters import store
from pipeline.circulate import read_letterhead
from pipeline.core import letters
from pipeline.core.model import (
    Agency,
    Identity,
    InboundMessage,
    MailKind,
    OutgoingMail,
    Place,
    Recognition,
    Response,
    Roster,
)
from pipeline.core.receipts import make_receipt
from pipeline.core.recipients import find_recipients
from pipeline.core.tracking import responses
from pipeline.redline.model import ChangeKind

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


def acknowledge(db: store.Db, message: InboundMessage, *, now: datetime, secret: str) -> OutgoingMail | None:
    """The receipt put into the outbox; None when there is none to send.

    None for machine mail, unknown senders, failed authentication, duplicates, mail older than our first connection to
    the mailbox, and when one was sent before. To be called in the transaction that keeps what the message means, after
    its proposals are kept.
    """
    recognition = message.recognition
    if recognition is None or recognition.identity is None or not _deserves(message, recognition):
        return None
    if _is_old(db, message):
        return None
    identity = recognition.identity
    roster = store.rosters.get_roster(db)
    agency = _find_agency(roster, identity)
    to = _find_address(agency, recognition, now) if agency else None
    if agency is None or to is None or identity.round_id is None:
        return None
    mail = _write(db, message, recognition, agency, to, identity.round_id, now, secret)
    return mail if store.outbox.queue(db, mail, now) else None


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


def _find_agency(roster: Roster, identity: Identity) -> Agency | None:
    """The body that wrote, or the member; None for a code the roster does not know."""
    wanted = identity.body or identity.agency
    return next((agency for agency in roster.agencies if agency.code == wanted), None)


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
    message: InboundMessage,
    recognition: Recognition,
    agency: Agency,
    to: str,
    round_id: int,
    now: datetime,
    secret: str,
) -> OutgoingMail:
    """The receipt for one message."""
    letterhead = read_letterhead(db, store.rounds.get_round(db, round_id), secret)
    kept = store.proposals.list_proposals(db, message_id=message.id)
    served = recognition.identity.other_rounds if recognition.identity and message.place is Place.FILED else ()
    code = letterhead.roster.code
    others = tuple((f"{code}-{draft}", *_count(kept, other)) for draft, other in served)
    changes, comments = _count(kept, round_id)
    receipt = make_receipt(message, recognition, changes=changes, comments=comments, others=others)
    response = _read_response(db, letterhead, agency, now)
    deadline = response.deadline if response else letterhead.round.deadline
    return letters.acknowledgement(letterhead, agency, receipt, to, deadline, now)


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
