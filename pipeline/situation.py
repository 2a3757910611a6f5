"""What is known when a message is looked at: the group, its rounds, and the mails it may answer."""

from dataclasses import dataclass
from datetime import datetime

from pipeline.adapters import store
from pipeline.core.context import Context, FiledMail, OurMail
from pipeline.core.evidence import find_named_messages
from pipeline.core.model import Draft, Occasion, ParsedMail, Place, Round, SentMail
from pipeline.core.tokens import start_thread_index
from pipeline.errors import UsageError


def has_roster(db: store.Db) -> bool:
    """Whether it is known who is in the group: nothing can be recognised before."""
    try:
        store.rosters.get_roster(db)
    except UsageError:
        return False
    return True


def own_addresses(db: store.Db) -> frozenset[str]:
    """The addresses that are us, lower case; empty before a roster was imported."""
    try:
        roster = store.rosters.get_roster(db)
    except UsageError:
        return frozenset()
    return frozenset((roster.mailbox, *roster.aliases))


@dataclass(frozen=True, slots=True, kw_only=True)
class Calls:
    """What was asked: the same for every message taken in within one transaction."""

    drafts: tuple[Draft, ...]
    #: open and past ones
    rounds: tuple[Round, ...]


def read_calls(db: store.Db) -> Calls:
    """The texts of the group and all its calls for inputs."""
    return Calls(drafts=store.drafts.list_drafts(db), rounds=store.rounds.list_rounds(db))


def build_context(
    db: store.Db, mail: ParsedMail, received_at: datetime, authserv_id: str, secret: str, calls: Calls
) -> Context:
    """Everything `mail` may point to. Raises: UsageError before a roster was imported."""
    named = find_named_messages(mail)
    ours = store.outbox.find_outgoing(db, named)
    receipts = [sent.mail.message_id for sent in ours if sent.mail.occasion is Occasion.ACKNOWLEDGEMENT]
    return Context(
        roster=store.rosters.get_roster(db),
        drafts=calls.drafts,
        rounds=calls.rounds,
        outgoing=_describe_outgoing(ours, calls.rounds),
        thread_indexes=_find_threads(calls.rounds, secret) if mail.thread_index else {},
        own_by_message_id=_find_filed(db, named),
        authserv_id=authserv_id,
        received_at=received_at,
        receipts=store.receipts.find_answered(db, receipts),
    )


def _describe_outgoing(ours: tuple[SentMail, ...], rounds: tuple[Round, ...]) -> dict[str, OurMail]:
    by_id = {round_.id: round_ for round_ in rounds}
    found = {}
    for sent in ours:
        round_ = by_id.get(sent.mail.round_id or 0)
        if round_ is not None and sent.mail.agency is not None:
            found[sent.mail.message_id] = (round_.id, round_.draft, round_.revision, sent.mail.agency)
    return found


def _find_threads(rounds: tuple[Round, ...], secret: str) -> dict[str, OurMail]:
    """The Thread-Index our calls carried: kept by Outlook where In-Reply-To is lost."""
    return {
        start_thread_index(
            secret.encode(), round_id=round_.id, agency=addressee.agency, opened_at=round_.opened_at
        ).hex(): (round_.id, round_.draft, round_.revision, addressee.agency)
        for round_ in rounds
        for addressee in round_.addressees
    }


def _find_filed(db: store.Db, named: tuple[str, ...]) -> dict[str, FiledMail]:
    found = {}
    for message_id in named:
        message = store.messages.find_message(db, message_id)
        # A forged mail must not vouch for the next one.
        filed = message.recognition if message and message.place is Place.FILED else None
        identity = filed.identity if filed else None
        if identity and identity.agency and identity.draft and identity.round_id is not None:
            found[message_id] = (identity.agency, identity.draft, identity.round_id)
    return found
