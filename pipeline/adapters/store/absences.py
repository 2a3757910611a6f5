"""Who is away, as far as out-of-office replies say it."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from sqlalchemy import bindparam, exists, func, select

from pipeline.adapters.store.codec import decode
from pipeline.adapters.store.database import Db
from pipeline.adapters.tables import message, recognition
from pipeline.core.model import Absence, Certainty, MailKind, Place, Recognition

#: nobody is away for longer on the word of one reply
LONGEST = timedelta(days=366)

_later = message.alias("later")
#: somebody of the same agency, and of the same body, has written since
_WROTE_SINCE = exists().where(
    _later.c.agency == message.c.agency,
    func.coalesce(_later.c.body, "") == func.coalesce(message.c.body, ""),
    _later.c.place == Place.FILED,
    _later.c.received_at > message.c.received_at,
)
# The flag is what the reading left of the day of return: most automatic replies name none.
_LIST = (
    select(message.c.id, message.c.received_at, recognition.c.content)
    .join(recognition, recognition.c.message_id == message.c.id)
    .where(message.c.kind == MailKind.AUTO_REPLY, message.c.agency.is_not(None))
    .where(message.c.flags.contains("ooo_until:"), message.c.received_at >= bindparam("since"), ~_WROTE_SINCE)
    .order_by(message.c.received_at, message.c.id)
)


def list_absences(db: Db, now: datetime) -> tuple[Absence, ...]:
    """Who is away at `now` or will be, the first to return first, by the newest word of each address.

    Whoever wrote since is back. Replies whose sender could not be confirmed say nothing.
    """
    latest = {absence.address: absence for absence in _read_all(db, now - LONGEST)}
    # wherever it is still the last day away, the day before is the latest that UTC may show
    away = (absence for absence in latest.values() if absence.until >= (now - timedelta(days=1)).date())
    return tuple(sorted(away, key=lambda absence: (absence.until, absence.address)))


def _read_all(db: Db, since: datetime) -> Iterator[Absence]:
    for row in db.execute(_LIST, {"since": since}):
        made = decode(Recognition, row.content)
        identity, until = made.identity, made.verdict.away_until
        if identity is None or identity.agency is None or until is None or made.sender is None:
            continue
        if identity.who is Certainty.SURE:
            yield Absence(
                message_id=row.id,
                agency=identity.body or identity.agency,
                address=made.sender.address,
                received_at=row.received_at,
                until=until,
                deputies=made.verdict.alternates,
            )
