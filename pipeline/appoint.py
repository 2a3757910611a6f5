"""Take the deputy an out-of-office reply names onto the roster: from then on they get copies."""

from datetime import datetime

from pipeline.adapters import store
from pipeline.core.absence import list_deputies
from pipeline.core.model import Absence, FocalPoint, Role
from pipeline.errors import UsageError


def appoint(database: store.Database, message_id: int, address: str, *, by: str, now: datetime) -> Absence:
    """The absence whose deputy is an alternate of its agency now.

    Raises: UsageError when this message does not say that somebody is away, or names no such deputy, or one who is on
    the roster already.
    """
    with database.begin() as db:
        absence = _get_absence(db, message_id, now)
        if address not in list_deputies(absence, store.rosters.get_roster(db)):
            raise UsageError(f"Message {message_id} names no deputy {address} who is not on the roster yet.")
        store.rosters.add_contact(db, absence.agency, FocalPoint(address=address, role=Role.ALTERNATE))
        words = f"added {address} to {absence.agency} as alternate of {absence.address}"
        store.audit.write(db, now, by, words, f"message {message_id}")
    return absence


def _get_absence(db: store.Db, message_id: int, now: datetime) -> Absence:
    for absence in store.absences.list_absences(db, now):
        if absence.message_id == message_id:
            return absence
    raise UsageError(f"Message {message_id} does not say that somebody is away now.")
