"""The group and its members: one record, read and replaced as a whole."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from functools import lru_cache

from sqlalchemy import delete, insert, select

from pipeline.adapters.store.codec import decode, encode
from pipeline.adapters.store.database import Db
from pipeline.adapters.tables import call_round
from pipeline.adapters.tables import roster as table
from pipeline.core.model import Agency, FocalPoint, Roster
from pipeline.errors import UsageError

# Built once: every message asks for it, and building a statement costs more than running it.
_GET = select(table.c.content)
_ANY_ROUND = select(call_round.c.id).limit(1)


def save_roster(db: Db, roster: Roster) -> None:
    """Keep `roster` instead of the one before."""
    db.execute(delete(table))
    db.execute(insert(table).values(id=1, content=encode(roster)))


def import_roster(db: Db, roster: Roster) -> None:
    """Keep `roster` instead of the one before; which addresses have bounced is remembered.

    Raises: UsageError when it names another chair and rounds were opened already: an old file must not undo a change.
    """
    before = find_roster(db)
    if before is not None and set(before.chair) != set(roster.chair) and db.execute(_ANY_ROUND).first():
        raise UsageError(
            f"roster.toml: chair: the group is chaired by {', '.join(before.chair)}; write that, "
            "and change the chair with: penholder handover"
        )
    known = before.agencies if before is not None else ()
    bounced = {contact.address: contact.bounced_at for agency in known for contact in agency.contacts}
    save_roster(db, replace(roster, agencies=tuple(_remember(agency, bounced) for agency in roster.agencies)))


def get_roster(db: Db) -> Roster:
    """The roster. Raises: UsageError while none was imported."""
    roster = find_roster(db)
    if roster is None:
        raise UsageError("import a roster first: penholder roster import FILE")
    return roster


def find_roster(db: Db) -> Roster | None:
    """The roster; None while none was imported."""
    content = db.execute(_GET).scalar()
    return None if content is None else _read(content)


# Every message asks for it, more than once. What is kept is the meaning of a text, so it cannot grow old.
@lru_cache(maxsize=2)
def _read(content: str) -> Roster:
    return decode(Roster, content)


def add_contact(db: Db, agency: str, contact: FocalPoint) -> None:
    """Give the agency one more address, or replace what is known of this one.

    Raises: UsageError when there is no such agency.
    """
    roster = _get_roster_to_change(db)
    if agency not in {known.code for known in roster.agencies}:
        raise UsageError(f"There is no agency {agency} on the roster: add it to the roster file and import that.")
    save_roster(db, replace(roster, agencies=tuple(_with(known, agency, contact) for known in roster.agencies)))


def mark_bounced(db: Db, address: str, at: datetime) -> str | None:
    """Note that mail to `address` fails for good; the code of its agency, None when the roster does not have it."""
    roster = _get_roster_to_change(db)
    found = next(
        ((agency, contact) for agency in roster.agencies for contact in agency.contacts if contact.address == address),
        None,
    )
    if found is None:
        return None
    agency, contact = found
    add_contact(db, agency.code, replace(contact, bounced_at=at))
    return agency.code


def _get_roster_to_change(db: Db) -> Roster:
    """The roster, locked where the database can lock a row: it is read, changed and written back."""
    db.execute(select(table.c.id).with_for_update())
    return get_roster(db)


def _remember(agency: Agency, bounced: Mapping[str, datetime | None]) -> Agency:
    """`agency` with what is known of its addresses."""
    return replace(
        agency, contacts=tuple(replace(each, bounced_at=bounced.get(each.address)) for each in agency.contacts)
    )


def _with(agency: Agency, code: str, contact: FocalPoint) -> Agency:
    """`agency` with the contact when it is the one of this code; the order of its contacts is kept."""
    if agency.code != code:
        return agency
    if contact.address not in {known.address for known in agency.contacts}:
        return replace(agency, contacts=(*agency.contacts, contact))
    contacts = tuple(contact if known.address == contact.address else known for known in agency.contacts)
    return replace(agency, contacts=contacts)
