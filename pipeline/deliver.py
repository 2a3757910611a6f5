"""Drain the outbox: at most one mail for each recipient and occasion. See: docs/analysis/sending-once.md."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import chain
from typing import Protocol

from pipeline.adapters import store
from pipeline.core.model import MailState, OutgoingMail, SentMail
from pipeline.errors import UsageError

#: how long a mail waits after it was not accepted for the time being: at first, and at most
FIRST_PAUSE = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(hours=1)


class Outcome(Protocol):
    """What became of one mail."""

    @property
    def state(self) -> MailState:
        """SENT, QUEUED (nothing was accepted: try later), REFUSED (for good) or UNCERTAIN."""

    @property
    def note(self) -> str:
        """What the server said, in words."""

    @property
    def refused(self) -> tuple[str, ...]:
        """Addresses that were refused while the mail went to the others."""

    @property
    def unknown(self) -> tuple[str, ...]:
        """Addresses the server says do not exist."""


class Sender(Protocol):
    """Hands one mail to a server."""

    def send(self, mail: OutgoingMail) -> Outcome:
        """What became of the mail."""


def recover(database: store.Database, now: datetime) -> int:
    """How many mails were under way when the program stopped; they are uncertain now and are never sent again.

    To be called once, when the only program that sends starts.
    """
    with database.begin() as db:
        return store.outbox.recover(db, now)


def deliver(database: store.Database, sender: Sender, now: datetime) -> tuple[SentMail, ...]:
    """The mails that were tried, each with what became of it, oldest first.

    The intent to send is committed before the sender sees a mail, and the result right after, together with the intent
    to send the next one. Whatever interrupts this in between leaves the mail under way, which `recover` turns into
    uncertain.
    """
    with database.read() as db:
        waiting = iter(store.outbox.list_due(db, now))
    claimed = _claim_first(database, waiting)
    tried: list[SentMail] = []
    while claimed is not None:
        outcome = sender.send(claimed.mail)
        with database.begin() as db:
            tried.append(_settle(db, claimed, outcome, now))
            claimed = _claim_next(db, waiting)
    return tuple(tried)


def _claim_first(database: store.Database, waiting: Iterator[SentMail]) -> SentMail | None:
    """The first mail to try, claimed; nothing is written when none waits."""
    first = next(waiting, None)
    if first is None:
        return None
    with database.begin() as db:
        return _claim_next(db, chain((first,), waiting))


def _claim_next(db: store.Db, waiting: Iterator[SentMail]) -> SentMail | None:
    """The next mail that no other program and no person took first; None when none is left."""
    for sent in waiting:
        try:
            store.outbox.claim(db, sent.id)
        except UsageError:
            continue
        # what it says may have been written anew since it was listed
        return store.outbox.get_outgoing(db, sent.id)
    return None


def _settle(db: store.Db, sent: SentMail, outcome: Outcome, now: datetime) -> SentMail:
    """What became of one mail, kept."""
    note = outcome.note
    if outcome.refused:
        note = f"{note}; refused: {', '.join(outcome.refused)}"
    later = now + _find_pause(sent, now) if outcome.state is MailState.QUEUED else None
    store.outbox.settle(db, sent.id, outcome.state, now, note, not_before=later)
    for address in outcome.unknown:
        store.rosters.mark_bounced(db, address, now)
    return store.outbox.get_outgoing(db, sent.id)


def _find_pause(sent: SentMail, now: datetime) -> timedelta:
    """How long to wait: as long as the mail has waited already, within bounds, so that the pauses double."""
    return min(max(now - sent.queued_at, FIRST_PAUSE), LONGEST_PAUSE)
