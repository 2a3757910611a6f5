"""What follows from a message once it is understood: proposals, what it replaces, bounced addresses, the receipt."""

from datetime import datetime

from pipeline.acknowledge import acknowledge
from pipeline.adapters import store
from pipeline.core.model import Identity, InboundMessage, MailKind, Place
from pipeline.core.versions import find_superseded, may_supersede
from pipeline.propose import collect_changes, find_inherited
from pipeline.reading import FileFindings
from pipeline.understand import Desk, Understanding, list_others, read_revisions


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
    if not findings and not recognition.verdict.typed_edits:
        store.proposals.keep_revisions(db, message.id, "", ())
        return
    round_ = store.rounds.get_round(db, identity.round_id)
    known = read_revisions(db, desk)
    current = next(each for each in known if (each.draft, each.name) == (round_.draft, round_.current_revision))
    inherited, _ = find_inherited(findings, identity.agency, list_others(db, round_.id, message.id))
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
    same = store.messages.list_answers(db, identity.agency, identity.round_id) if may_supersede(message) else ()
    replaced = find_superseded(message, same)
    for older in replaced:
        store.messages.supersede_message(db, older, message.id)
    standing_in = store.messages.list_superseded(db, identity.agency, identity.round_id, message.id)
    for spared in sorted(standing_in.difference(replaced)):
        words = f"message {message.id} does not replace it after all"
        store.messages.revive_message(db, spared, "penholder", message.recorded_at, words)
