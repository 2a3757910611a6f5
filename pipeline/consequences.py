"""What follows from a message once it is understood: proposals, what it replaces, bounced addresses, the receipt."""

from collections.abc import Iterator
from datetime import datetime

from pipeline.acknowledge import acknowledge
from pipeline.adapters import store
from pipeline.core.authors import make_name_key
from pipeline.core.identify import is_draft_named
from pipeline.core.model import Identity, InboundMessage, MailKind, Place, Recognition, Round
from pipeline.core.versions import find_superseded, may_supersede
from pipeline.propose import Proposed, collect_changes, find_carriers, is_anonymous, select_files
from pipeline.reading import FileFindings, KnownRevision
from pipeline.understand import Desk, Understanding, list_rounds_of, read_revisions, set_carried_apart


def keep_consequences(
    db: store.Db, message: InboundMessage, understanding: Understanding, desk: Desk, now: datetime
) -> tuple[int, ...]:
    """Keep everything that follows from a message, in the transaction that keeps what it means.

    Ids of earlier messages come back that have to be recognised again in the light of this one.
    """
    _mark_bounced(db, message)
    _keep_proposals(db, message, understanding, desk)
    _supersede(db, message)
    acknowledge(db, message, now=now, secret=desk.secret)
    return tuple(sorted({*_note_writer(db, message), *_find_carriers(db, message)}))


def _find_carriers(db: store.Db, message: InboundMessage) -> tuple[int, ...]:
    """Ids of earlier messages that were credited with changes by nobody which this one shows to be its sender's."""
    identity = message.recognition.identity if message.recognition and message.place is Place.FILED else None
    if identity is None:
        return ()
    proposed = store.proposals.list_proposals(db, message_id=message.id)
    made = [each for each in proposed if is_anonymous(each.proposal.change)]
    if not made:
        return ()
    known = [
        each for round_id in list_rounds_of(identity) for each in store.proposals.list_proposals(db, round_id=round_id)
    ]
    return find_carriers(made, known)


def _mark_bounced(db: store.Db, message: InboundMessage) -> None:
    recognition = message.recognition
    if recognition is None or recognition.verdict.kind is not MailKind.BOUNCE:
        return
    for recipient in recognition.verdict.failed_recipients:
        if recipient.permanent:
            store.rosters.mark_bounced(db, recipient.address, message.received_at)


def _keep_proposals(db: store.Db, message: InboundMessage, understanding: Understanding, desk: Desk) -> None:
    """Store what a filed message proposes; one that lies elsewhere proposes nothing, whatever it did before."""
    identity = message.recognition.identity if message.recognition else None
    found = [(round_, each) for round_, proposed in _collect_all(db, message, understanding, desk) for each in proposed]
    store.proposals.keep_revisions(db, message.id, {(round_.draft, each.revision) for round_, each in found})
    for round_, each in found:
        assert identity is not None
        assert identity.agency is not None
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


def _collect_all(
    db: store.Db, message: InboundMessage, understanding: Understanding, desk: Desk
) -> Iterator[tuple[Round, tuple[Proposed, ...]]]:
    """What a filed message proposes in each round it serves; a lead's new text is no proposal on its own draft."""
    recognition = message.recognition
    identity = recognition.identity if recognition and message.place is Place.FILED else None
    if recognition is None or identity is None or identity.agency is None:
        return
    if not understanding.findings and not recognition.verdict.typed_edits:
        return
    taken_for = [each for each in (identity, understanding.recognition.identity) if each is not None]
    findings = set_carried_apart(db, understanding.findings, taken_for, recognition.sender, message.id)
    known = read_revisions(db, desk)
    leads = recognition.verdict.kind is MailKind.LEAD_REVISION
    for round_id in list_rounds_of(identity):
        if not (leads and round_id == identity.round_id):
            round_ = store.rounds.get_round(db, round_id)
            yield round_, _collect(round_, findings, recognition, identity, known, message.received_at)


def _collect(
    round_: Round,
    findings: tuple[FileFindings, ...],
    recognition: Recognition,
    identity: Identity,
    known: tuple[KnownRevision, ...],
    received_at: datetime,
) -> tuple[Proposed, ...]:
    """What a message proposes in one of its rounds: typed sentences speak of the draft it is named for alone."""
    served = (identity.draft or "", *(draft for draft, _ in identity.other_rounds))
    main = round_.id == identity.round_id
    named = main and (not identity.other_rounds or is_draft_named(identity))
    return collect_changes(
        select_files(findings, round_.draft, main=identity.draft or "", served=served),
        recognition.verdict.typed_edits if named else (),
        draft=round_.draft,
        current=next(each for each in known if (each.draft, each.name) == (round_.draft, round_.current_revision)),
        known=known,
        written_at=recognition.date or received_at,
    )


def _note_writer(db: store.Db, message: InboundMessage) -> tuple[int, ...]:
    """Keep the name somebody of an agency writes under: it may stand beside their changes in files of others.

    Ids of the messages come back in which it does, and which were taken for the words of their senders.
    """
    recognition = message.recognition
    identity = recognition.identity if recognition and message.place is Place.FILED else None
    if recognition is None or identity is None or identity.agency is None or recognition.sender is None:
        return ()
    name = make_name_key(recognition.sender.name)
    behind_list = any(clue.source == "reply_to" for clue in identity.clues)
    if not name or behind_list or not store.writers.note_writer(db, name, identity.agency):
        return ()
    rounds = list_rounds_of(identity)
    known = [each for round_id in rounds for each in store.proposals.list_proposals(db, round_id=round_id)]
    others = [each for each in known if each.agency != identity.agency and each.message_id is not None]
    found = {each.message_id or 0 for each in others if make_name_key(each.proposal.change.person) == name}
    return tuple(sorted(found))


def _supersede(db: store.Db, message: InboundMessage) -> None:
    identity = message.recognition.identity if message.recognition else None
    if identity is None or identity.agency is None or identity.round_id is None:
        return
    for round_id in list_rounds_of(identity):
        main = round_id == identity.round_id
        # most answers replace nothing, and the earlier ones need not be read
        if main and not _may_replace(db, message, identity.agency, round_id):
            continue
        _supersede_in(db, message, identity.agency, store.rounds.get_round(db, round_id), main=main)


def _may_replace(db: store.Db, message: InboundMessage, agency: str, round_id: int) -> bool:
    """Whether a message may take the place of others in its round, or did when it was read before."""
    return may_supersede(message) or bool(store.messages.list_superseded(db, agency, round_id, message.id))


def _supersede_in(db: store.Db, message: InboundMessage, agency: str, round_: Round, *, main: bool) -> None:
    """What a message takes the place of in one round, and what it no longer does."""
    same = store.messages.list_answers(db, agency, round_.id)
    # a file without changes takes the place of nothing on a draft that the words do not speak of
    says = main or bool(store.proposals.list_proposals(db, message_id=message.id, round_id=round_.id))
    replaced = find_superseded(message, same, round_.draft) if says else ()
    for older in replaced:
        store.messages.supersede_message(db, older, message.id, round_.id)
    for spared in (each.id for each in same if each.superseded_by == message.id and each.id not in replaced):
        words = f"message {message.id} does not replace it after all"
        store.messages.revive_message(db, spared, "penholder", message.recorded_at, words, round_.id)
