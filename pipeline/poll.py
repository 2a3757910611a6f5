"""Read the drafts mailbox: bytes and cursor in one commit, meaning afterwards, the mailbox itself last if at all."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from threading import Event

from pipeline.adapters import store
from pipeline.adapters.imap import Batch, ImapMailbox, MailboxSettings
from pipeline.core.model import Place
from pipeline.errors import StoreError, UnavailableError
from pipeline.log import get_logger, line
from pipeline.receive import Receipt, recognise_all
from pipeline.understand import Desk

logger = get_logger("poll")

#: seconds between attempts to reach a server that is away: doubled each time up to the last
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Poll:
    """One look into the mailbox."""

    #: messages not seen before
    new: int
    receipts: tuple[Receipt, ...]
    #: what the first connection ever found, in words; "" on later ones
    first_words: str = ""


def poll_once(desk: Desk, mailbox: ImapMailbox, settings: MailboxSettings, clock: Callable[[], datetime]) -> Poll:
    """What one look into a connected mailbox brought. Raises: UnavailableError when the line is lost.

    The mailbox counts as read at the instant at which the look began: what came in during it may not have been seen.
    """
    began = clock()
    words = _meet(desk, mailbox, clock())
    with desk.database.read() as db:
        cursor = store.messages.get_cursor(db, settings.folder)
    new = 0
    receipts: tuple[Receipt, ...] = ()
    for batch in mailbox.new_messages(cursor):
        new += _record(desk, batch, settings, clock())
        receipts += recognise_all(desk, clock())
        _move_filed(mailbox, batch, receipts, settings)
    receipts += recognise_all(desk, clock())
    with desk.database.begin() as db:
        store.messages.note_poll(db, began)
    return Poll(new=new, receipts=receipts, first_words=words)


def _meet(desk: Desk, mailbox: ImapMailbox, now: datetime) -> str:
    """On the very first connection remember the instant: mail received before it is read and never answered."""
    with desk.database.read() as db:
        if store.messages.opened_at(db) is not None:
            return ""
    words = mailbox.survey().describe()
    with desk.database.begin() as db:
        store.messages.open_mailbox(db, now)
    logger.info(line("first connection", found=words))
    return words


def _record(desk: Desk, batch: Batch, settings: MailboxSettings, now: datetime) -> int:
    with desk.database.begin() as db:
        recorded = store.messages.record_batch(db, batch.messages, now)
        store.messages.set_cursor(db, settings.folder, *batch.cursor)
        for unfetched in batch.unfetched:
            store.audit.write(db, now, "poller", f"left on the server: {unfetched.reason}", f"uid {unfetched.uid}")
    return sum(row.new for row in recorded)


def _move_filed(mailbox: ImapMailbox, batch: Batch, receipts: tuple[Receipt, ...], settings: MailboxSettings) -> None:
    if settings.move_to is None:
        return
    filed = {receipt.sha256 for receipt in receipts if receipt.place is Place.FILED}
    mailbox.move([message.uid for message in batch.messages if message.sha256 in filed], settings.move_to)


def keep_polling(
    desk: Desk, settings: MailboxSettings, clock: Callable[[], datetime], stop: Event, seconds: float
) -> None:
    """Poll until `stop` is set; a server or database that is away is tried again, each time after a longer pause."""
    pause = FIRST_PAUSE
    while not stop.is_set():
        try:
            with ImapMailbox(settings) as mailbox:
                while not stop.is_set():
                    poll_once(desk, mailbox, settings, clock)
                    pause = FIRST_PAUSE
                    mailbox.wait(seconds)
        except (UnavailableError, StoreError) as error:
            with suppress(StoreError), desk.database.begin() as db:
                store.messages.note_poll(db, clock(), error=str(error))
            logger.warning(line("mailbox away", again_in=pause, why=error))
            stop.wait(pause)
            pause = min(pause * 2, LONGEST_PAUSE)
