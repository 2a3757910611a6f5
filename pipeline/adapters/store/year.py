"""The work plan and the register of what was decided: read and replaced one entry at a time."""

from sqlalchemy import delete, select

from pipeline.adapters.store.codec import decode, encode
from pipeline.adapters.store.database import Db, insert_or_replace
from pipeline.adapters.tables import mandate, planned_draft
from pipeline.core.model import Mandate, PlannedDraft
from pipeline.errors import UsageError


def save_planned(db: Db, planned: PlannedDraft) -> None:
    """Put a text on the work plan, or replace what the plan says of this code."""
    insert_or_replace(db, planned_draft, "code", code=planned.code, content=encode(planned))


def list_planned(db: Db) -> tuple[PlannedDraft, ...]:
    """The work plan by the first day of each text; those without a day come last."""
    found = (decode(PlannedDraft, text) for text in db.execute(select(planned_draft.c.content)).scalars())
    return tuple(sorted(found, key=lambda each: (not each.days, each.days, each.code)))


def remove_planned(db: Db, code: str) -> None:
    """Take a text off the work plan, if it is on it."""
    db.execute(delete(planned_draft).where(planned_draft.c.code == code))


def save_mandate(db: Db, made: Mandate) -> None:
    """Enter a decision, or replace the one of this number."""
    insert_or_replace(db, mandate, "number", number=made.number, content=encode(made))


def get_mandate(db: Db, number: str) -> Mandate:
    """The decision of this number. Raises: UsageError when there is none."""
    content = db.execute(select(mandate.c.content).where(mandate.c.number == number)).scalar()
    if content is None:
        raise UsageError(f"The register has no decision {number}: see penholder year list.")
    return decode(Mandate, content)


def list_mandates(db: Db) -> tuple[Mandate, ...]:
    """The register in order of the days of the decisions, then of their numbers."""
    found = (decode(Mandate, text) for text in db.execute(select(mandate.c.content)).scalars())
    return tuple(sorted(found, key=lambda each: (each.decided_on, each.number)))
