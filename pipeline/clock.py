"""What the passing of time sets off: reminders fall due, the outbox is drained."""

from collections.abc import Callable
from datetime import datetime
from threading import Event

from pipeline.adapters import store
from pipeline.adapters.smtp import SmtpSender, SmtpSettings
from pipeline.close import announce_objections
from pipeline.core.model import OutgoingMail
from pipeline.deliver import deliver, recover
from pipeline.digest import tell_chair
from pipeline.errors import StoreError, UnavailableError, UsageError
from pipeline.handover import hand_over_when_due
from pipeline.log import get_logger, line
from pipeline.remind import remind

logger = get_logger("clock")

#: seconds between two ticks
BEAT = 1.0


def tick(database: store.Database, settings: SmtpSettings, now: datetime, secret: str) -> tuple[str, ...]:
    """Queue the reminders that are due and what the chair is told, then send what may leave now; a sentence a mail.

    On the first day of a planned term the chair changes before anything else, so that mail is signed by who chairs.
    Notices of broken silence are written and held for a person. A mail that cannot be written, for its template or
    its addressee, keeps no other one from leaving.

    Raises: UnavailableError when the server for outgoing mail is away; everything stays queued.
    """
    queued: list[OutgoingMail] = []
    for write in (
        lambda: hand_over_when_due(database, now),
        lambda: announce_objections(database, now, secret),
        lambda: queued.extend(remind(database, now, secret)),
        lambda: tell_chair(database, now, secret),
    ):
        _write(write)
    with database.read() as db:
        due = store.outbox.list_due(db, now)
    if not due:
        return ()
    with SmtpSender(settings) as sender:
        delivered = deliver(database, sender, now)
    reminders = {mail.message_id for mail in queued}
    return tuple(
        f"{sent.state}: {sent.mail.subject} -> {', '.join(sent.mail.to)}"
        + (" (reminder)" if sent.mail.message_id in reminders else "")
        for sent in delivered
    )


def _write(step: Callable[[], object]) -> None:
    try:
        step()
    except UsageError as error:
        logger.error(line("mail not written", why=error))


def keep_time(
    database: store.Database, settings: SmtpSettings, clock: Callable[[], datetime], secret: str, stop: Event
) -> None:
    """Tick until `stop` is set. A mail found under way at the start is uncertain and shown, never sent again."""
    pause, recovered = 0.0, False
    while not stop.wait(pause):
        try:
            if not recovered:
                recover(database, clock())
                recovered = True
            for words in tick(database, settings, clock(), secret):
                logger.info(line("mail", what=words))
            pause = BEAT
        except (UnavailableError, StoreError) as error:
            pause = min(max(pause, BEAT) * 2, 60.0)
            logger.warning(line("no way out for mail", again_in=pause, why=error))
